"""The gap map is recounted from the Turtle file by a script that knows nothing of the query."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.answers import write_answer
from kg.build import Built
from kg.catalogue import find_query, run, select
from kg.errors import SourceError
from kg.loaders.gap_tables import accepts, load, read_groups, read_searches
from kg.store import LocalStore
from kg.vocabulary import Lexicon

C = "https://w3id.org/ctmo/"
Triples = dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="session")
def triples(real: Built) -> tuple[Triples, Triples]:
    """Give predicate -> (subject, object) and subject -> (predicate, object), read from the Turtle that users get."""
    turtle = write_answer(run(real.store, find_query("graph/everything")), "ttl")
    by_predicate, by_subject = defaultdict(list), defaultdict(list)
    for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE):
        by_predicate[quad.predicate.value].append((str(quad.subject.value), quad.object.value))
        by_subject[quad.subject.value].append((quad.predicate.value, quad.object.value))
    return by_predicate, by_subject


@pytest.fixture(scope="session")
def cells(real_store: LocalStore) -> dict[tuple[str, str, str], dict[str, str]]:
    answer = select(real_store, find_query("evidence/gap-map"))
    names = [variable.value for variable in answer.variables]
    rows = [{name: row[name].value for name in names if row[name] is not None} for row in answer]
    return {(row["domain_label"], row["product_label"], row["design_label"]): row for row in rows}


def recount(by_predicate: Triples, by_subject: Triples) -> dict[tuple[str, str, str], dict[str, set[str]]]:
    """Count studies, findings and plans of each cell with loops over triples."""
    label = dict(by_predicate["http://www.w3.org/2000/01/rdf-schema#label"])
    above = defaultdict(set)
    for term, wider in by_predicate[C + "below"]:
        above[term].add(wider)
    group_of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    axis = dict(by_predicate[C + "axis"])
    for group, term in by_predicate[C + "groupMember"]:
        group_of[axis[group]][term].add(label[group])

    def values(node: str, predicate: str) -> list[str]:
        return [value for name, value in by_subject[node] if name == C + predicate]

    def groups(kind: str, term: str) -> set[str]:
        terms = {term} if kind == "design" else above[term] | {term}
        return {group for each in terms for group in group_of[kind][each]}

    found: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for study, design in by_predicate[C + "design"]:
        if values(study, "species"):
            continue
        sources = {
            c for arm in values(study, "hasArm") for p in values(arm, "administers") for c in values(p, "cellSource")
        }
        products = {group for source in sources for group in groups("product", source)}
        records = [("hasComparison", "outcome"), ("hasResult", "outcome"), ("hasAdverseEventCount", "event")]
        for link, about in records:
            for record in values(study, link):
                for outcome in values(record, about):
                    for key in (
                        (d, p, k) for d in groups("domain", outcome) for p in products for k in groups("design", design)
                    ):
                        found[key]["studies"].add(study)
                        finding = (values(record, "finding") or ["Result"])[0].rpartition("/")[2]
                        found[key][finding].add(record)
    return found


def test_every_filled_cell_is_recounted(triples: tuple[Triples, Triples], cells: dict) -> None:  # type: ignore[type-arg]
    counted = recount(*triples)
    assert {key for key, row in cells.items() if row["standing"] == "studies"} == set(counted)
    columns = {"higher": "Higher", "no_difference": "NoDifference", "lower": "Lower", "without_comparison": "Result"}
    columns["not_classified"] = "DifferenceNotClassified"
    for key, found in counted.items():
        assert int(cells[key]["studies"]) == len(found["studies"]), key
        for column, finding in columns.items():
            assert int(cells[key][column]) == len(found[finding]), (key, column)


def test_each_cell_of_the_three_axes_is_there_once(cells: dict) -> None:  # type: ignore[type-arg]
    axes = [{key[i] for key in cells} for i in range(3)]
    assert len(cells) == len(axes[0]) * len(axes[1]) * len(axes[2])


def test_all_kinds_of_empty_occur_and_say_what_they_rest_on(cells: dict) -> None:  # type: ignore[type-arg]
    kinds = {row["standing"]: row["basis"] for row in cells.values()}
    assert {"empty: looked for, none found", "empty: not looked for"} <= set(kinds)
    for row in cells.values():
        if row["standing"] == "empty: not looked for":
            assert row["basis"] == "no study, no search"
        if row["standing"] == "empty: looked for, none found":
            assert row["basis"] != "no study, no search"
    ipsc = [row["standing"] for key, row in cells.items() if key[1] == "induced pluripotent stem cells"]
    assert set(ipsc) == {"empty: looked for, none found"}
    assert (
        cells["communication and speech", "umbilical cord mesenchymal stem cells", "randomized trial"]["studies"] == "0"
    )


def test_every_cell_source_of_a_trial_lies_in_a_group(real_store: LocalStore) -> None:
    ask = f"""SELECT DISTINCT ?cells WHERE {{ ?study <{C}hasArm>/<{C}administers>/<{C}cellSource> ?cells
        MINUS {{ ?study <{C}species> ?s }} MINUS {{ ?cells <{C}below> ?member . ?group <{C}groupMember> ?member }} }}"""
    answer = real_store.query(ask)
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["cells"].value for row in answer] == []


GROUPS, SEARCHES = "axis\tgroup\tterm\tlabel\n", "product\tdomain\tdesign\twhere\tquery\tdate\toutcome\tfound\tnote\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GROUPS + "product\tg\tCL:0000134\tmesenchymal stem sell\n", r"t.tsv:2: term: CL:0000134 has the label"),
        (
            GROUPS + "product\tg\tCL:9999999\tmesenchymal stem sell\n",
            "no term CL:9999999; nearest: mesenchymal stem cell",
        ),
        (GROUPS + "produkt\tg\tCL:0000134\tmesenchymal stem cell\n", "t.tsv:2: axis"),
        (GROUPS + "product\tg\n", "found 2 cells, expected 4"),
        (
            GROUPS + "product\tg\tCL:0000134\tmesenchymal stem cell\nproduct\th\tCL:0000134\tmesenchymal stem cell\n",
            "t.tsv:3: group: mesenchymal stem cell stands in 'g' too",
        ),
        (SEARCHES + "\t\t\tpages\twords\t2026-11-26\tnone fund\t\t\n", "t.tsv:2: outcome: .*nearest: none found"),
        (SEARCHES + "\t\t\tpages\twords\tyesterday\tnone found\t\t\n", "t.tsv:2: date"),
        (SEARCHES + "\t\t\tpages\twords\t2026-11-26\tin the graph\tGu 2020\t\n", "t.tsv:2: found.0"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(tmp_path: Path, lexicon: Lexicon, text: str, message: str) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(text, encoding="utf-8")
    assert accepts(path, text)
    with pytest.raises(SourceError, match=message):
        load(path, lexicon, {})


def test_the_packaged_tables_are_sorted_and_name_groups_that_are(lexicon: Lexicon) -> None:
    from kg.paths import gap_map_files

    groups_file, searches_file = gap_map_files()
    groups = {(group.axis, group.group) for group in read_groups(groups_file, lexicon)}
    searches = read_searches(searches_file)
    named = {(axis, name) for s in searches for axis in ("product", "domain", "design") if (name := getattr(s, axis))}
    assert named <= groups
    keys = [(s.product or "", s.domain or "", s.design or "", s.where, s.query) for s in searches]
    assert keys == sorted(keys)
