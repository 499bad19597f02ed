"""Files of other people in a store: each a graph of its own, whole or not at all; one trial is one study."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.catalogue import Query, find_query, load_catalogue, run, select
from kg.errors import InputError, NotFoundError
from kg.intake.load import Options, graph_of, load_into, loaded_graphs, remove_from
from kg.namespaces import CTMO
from kg.store import LocalStore, sorted_nquads

DATA = Path(__file__).parent / "data"
INVENTED = DATA / "intake" / "NCT90000002.json"
GARDEN = [DATA / "registry" / f"ctgov_{name}" for name in ("v2.json", "former.xml", "fullstudies.json", "former.csv")]


def copy_of(store: LocalStore) -> LocalStore:
    copy = LocalStore.in_memory()
    copy.extend(store.quads())
    return copy


@pytest.fixture(scope="module")
def loaded(real_store: LocalStore, tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    """The packaged graph, an invented trial with results, another in four formats, and one of a curated study."""
    store = copy_of(real_store)
    identification = {"nctId": "NCT01147653", "briefTitle": "Invented"}
    curated = edited(tmp_path_factory.mktemp("records"), "curated.json", identificationModule=identification)
    report = load_into(store, [INVENTED, *GARDEN, curated])
    assert [(file.read, file.loaded) for file in report.files] == [(1, 1)] * 6
    return store


def ask(store: LocalStore, text: str) -> list[tuple[str, ...]]:
    """Give the rows of a small query, as words."""
    prefixes = f"PREFIX ctmo: <{CTMO}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    answer = store.query(prefixes + text)
    assert isinstance(answer, ox.QuerySolutions)
    return sorted(tuple(str(getattr(row[i], "value", "")) for i in range(len(answer.variables))) for row in answer)


def empty() -> LocalStore:
    """Give a store without the packaged graph: what follows from a load is then derived in no time."""
    return LocalStore.in_memory()


def edited(tmp_path: Path, name: str, **changes: Any) -> Path:  # noqa: ANN401 - whatever JSON can hold
    """Give a copy of the invented record with other values; `a__b` names a key within a key."""
    record = json.loads(INVENTED.read_text())
    for path, value in changes.items():
        *folders, last = path.split("__")
        place = record["protocolSection"]
        for folder in folders:
            place = place[folder]
        place[last] = value
    file = tmp_path / name
    file.write_text(json.dumps(record))
    return file


def test_a_loaded_trial_answers_the_questions_of_curated_studies(loaded: LocalStore) -> None:
    arms = {
        row["arm_label"].value: row
        for row in select(loaded, find_query("studies/arms"))
        if "90000002" in row["study"].value
    }
    said = [arms["Cells"][name].value for name in ("arm_role", "cells", "donor", "route_label", "dose_status")]
    assert said == [
        "treated",
        "mesenchymal stem cell of umbilical cord",
        "allogeneic",
        "intravenous administration",
        "read",
    ]
    assert arms["Cells"]["dose"].value.startswith("2000000 cells per kg")
    assert [arms["Placebo"][name].value for name in ("arm_role", "cells")] == ["control", "none"]


def test_eligibility_does_not_become_a_route(loaded: LocalStore) -> None:
    routes = ask(
        loaded,
        "SELECT DISTINCT ?route { ?arm ctmo:route|ctmo:otherRoute ?route FILTER(CONTAINS(STR(?arm), '90000002')) }",
    )
    assert len(routes) == 1


def test_results_land_on_arms_with_their_spread_type(loaded: LocalStore) -> None:
    rows = ask(
        loaded,
        "SELECT ?arm_label ?mean ?spread_label ?sd ?n ?month ?measure { ?study a ctmo:Study ; ctmo:hasResult ?r . "
        "?r ctmo:arm/ctmo:label ?arm_label ; ctmo:mean ?mean ; ctmo:n ?n ; ctmo:month ?month ; ctmo:measure ?measure ; "
        "ctmo:spread ?s . ?s ctmo:spreadType/rdfs:label ?spread_label ; ctmo:valueText ?sd "
        "FILTER(CONTAINS(STR(?study), 'nct90000002')) }",
    )
    assert rows == [
        ("Cells", "5.5", "SD", "2.1", "10", "6", "change from baseline"),
        ("Placebo", "3.2", "SD", "1.9", "9", "6", "change from baseline"),
    ]


def test_a_spread_of_another_type_is_told_and_never_taken_for_one_of_ours() -> None:
    report = load_into(empty(), [INVENTED])
    reasons = [one.reason for one in report.files[0].ignored if one.part == "result"]
    assert reasons == [
        "value printed as 'NA', no number",
        "spread of type '90% Confidence Interval', which is none of ours",
    ]


def test_a_group_of_the_results_that_is_no_arm_is_only_observed(loaded: LocalStore) -> None:
    rows = ask(loaded, "SELECT DISTINCT ?role { ?arm ctmo:label 'Everybody' ; ctmo:armRole ?role }")
    assert rows == [("observed",)]


def test_an_event_that_no_term_stands_for_is_a_class_of_its_own(loaded: LocalStore) -> None:
    rows = ask(
        loaded,
        "SELECT DISTINCT ?above ?events ?n { ?r ctmo:event ?event ; ctmo:events ?events ; ctmo:n ?n . "
        "?event rdfs:label 'Moss on the knee'@en ; rdfs:subClassOf ?above }",
    )
    assert [(events, n) for _, events, n in rows] == [("2", "9"), ("3", "10")]
    assert {above for above, _, _ in rows} == {"http://purl.obolibrary.org/obo/OAE_0000001"}


def test_one_trial_in_four_formats_is_one_study_with_the_arms_of_one_record(loaded: LocalStore) -> None:
    rows = ask(
        loaded,
        "SELECT ?study ?format { ?record ctmo:recordOf ?study ; ctmo:registryId 'NCT90000001'; ctmo:sourceFormat ?format }",
    )
    assert {study for study, _ in rows} == {CTMO + "study/nct90000001"}
    assert [kind for _, kind in rows] == ["ctgov-csv", "ctgov-fullstudies", "ctgov-v2", "ctgov-xml"]
    arms = ask(loaded, f"SELECT ?arm {{ <{CTMO}study/nct90000001> ctmo:hasArm ?arm }}")
    assert len({arm.partition("#")[0] for (arm,) in arms}) == 1


def test_records_of_two_registries_meet_by_the_number_that_one_names(tmp_path: Path) -> None:
    numbers = {"nctId": "NCT90000003", "secondaryIdInfos": [{"id": "ISRCTN90000002", "type": "REGISTRY"}]}
    other = edited(tmp_path, "other.json", identificationModule={**numbers, "briefTitle": "The same again"})
    store = empty()
    load_into(store, [INVENTED, other])
    studies = {study for study, _ in ask(store, "SELECT ?study ?record { ?record ctmo:recordOf ?study }")}
    assert studies == {CTMO + "study/nct90000002"}


def test_a_record_of_a_curated_study_leaves_its_arms_alone(real_store: LocalStore, loaded: LocalStore) -> None:
    arms = f"SELECT ?arm {{ <{CTMO}study/sun2017> ctmo:hasArm ?arm }}"
    assert ask(loaded, arms) == ask(real_store, arms) != []
    of = ask(loaded, "SELECT ?study { ?record ctmo:registryId 'NCT01147653' ; ctmo:recordOf ?study }")
    assert of == [(CTMO + "study/sun2017",)]


def test_the_registry_and_the_paper_are_held_against_each_other(loaded: LocalStore) -> None:
    rows = select(loaded, find_query("registry/against-study"))
    found = {
        (row["what"].value, row["registered"].value): row["reported"].value
        for row in rows
        if row["registry_id"].value == "NCT01147653"
    }
    assert found["participants, actual", "20"] == "63"
    assert found["instrument", "GMFM-88"] == "not reported in this graph"


@pytest.mark.parametrize(
    "query", [query for query in load_catalogue().values() if "loaded" in query.tags], ids=lambda q: q.name
)
def test_every_question_on_loaded_files_answers(query: Query, loaded: LocalStore) -> None:
    assert next(iter(run(loaded, query)), None) is not None  # type: ignore[arg-type]


def test_loading_again_replaces_and_the_order_does_not_matter() -> None:
    store, other = empty(), empty()
    load_into(store, [INVENTED, *GARDEN])
    load_into(other, [*reversed(GARDEN), INVENTED])
    assert sorted_nquads(other.quads()) == sorted_nquads(store.quads())
    load_into(other, [INVENTED])
    assert sorted_nquads(other.quads()) == sorted_nquads(store.quads())


def test_what_a_new_state_of_a_file_no_longer_says_is_gone(tmp_path: Path) -> None:
    store = empty()
    load_into(store, [INVENTED])
    file = edited(tmp_path, INVENTED.name, conditionsModule={"conditions": ["Stroke"]})
    load_into(store, [file])
    assert ask(store, "SELECT ?words { ?record ctmo:conditionText ?words }") == [("Stroke",)]


def test_a_file_that_was_taken_out_has_left_nothing() -> None:
    store = empty()
    load_into(store, [GARDEN[0]])
    before = sorted_nquads(store.quads())
    load_into(store, [INVENTED])
    assert loaded_graphs(store) == [INVENTED.name, GARDEN[0].name]
    with pytest.raises(NotFoundError, match=r"NCT9000000.json.*NCT90000002.json"):
        remove_from(store, ["NCT9000000.json"])
    remove_from(store, [INVENTED.name])
    assert sorted_nquads(store.quads()) == before


def test_an_archive_is_one_graph_and_packing_changes_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bulk.zip", "w") as archive:
        archive.write(INVENTED, "b/NCT90000002.json")
        archive.write(GARDEN[0], "a/NCT90000001.json")
    (tmp_path / "one.json.gz").write_bytes(gzip.compress(INVENTED.read_bytes()))
    store = empty()
    report = load_into(store, [tmp_path / "bulk.zip", tmp_path / "one.json.gz"])
    assert [(file.name, file.loaded) for file in report.files] == [("bulk.zip", 2), ("one.json.gz", 1)]
    graphs = [
        ask(
            store,
            f"SELECT ?s ?p ?o {{ GRAPH <{graph_of(name).value}> {{ ?s ?p ?o FILTER(REGEX(STR(?s), '90000002')) }} }}",
        )
        for name in ("bulk.zip", "one.json.gz")
    ]
    assert graphs[0] == graphs[1] != []


def test_a_folder_gives_what_can_be_used_and_reports_the_rest(tmp_path: Path) -> None:
    edited(tmp_path, "good.json")
    (tmp_path / "bad.json").write_text('{"protocolSection": {"identificationModule": {"nctId": "NCT9')
    (tmp_path / "page.html").write_text("<!DOCTYPE html><html><body>Not found</body></html>")
    store = empty()
    report = load_into(store, [tmp_path])
    assert [file.loaded for file in report.files] == [1]
    reasons = {name.rpartition("/")[2]: reason for name, reason in report.broken}
    assert set(reasons) == {"bad.json", "page.html"}
    assert "HTML" in reasons["page.html"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", Options(), "no loader knows"),
        (b"just words", Options(), "no loader knows this kind of file"),
        (b'{"protocolSection": {}}', Options(kind="ctgov-v3"), "'ctgov-v3'.*nearest: ctgov-v2"),
        (INVENTED.read_bytes()[:900], Options(), "cut"),
        (INVENTED.read_bytes(), Options(kind="ictrp-xml"), "cut|XML|not well-formed"),
    ],
)
def test_a_named_file_that_cannot_be_used_is_an_error(
    tmp_path: Path, content: bytes, options: Options, message: str
) -> None:
    (tmp_path / "file.json").write_bytes(content)
    with pytest.raises(InputError, match=rf"(?s)file.json.*({message})|{message}"):
        load_into(empty(), [tmp_path / "file.json"], options)
