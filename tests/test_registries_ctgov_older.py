"""The older formats of ClinicalTrials.gov: the same trial as in API v2, but for what each of them cannot carry."""

from __future__ import annotations

import dataclasses
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.gate import Member
from kg.model.trials import Date, Trial
from kg.registries import ctgov_csv, ctgov_fullstudies, ctgov_studyfields, ctgov_v2, ctgov_xml, readers
from kg.registries.ctgov_words import WORDS, mesh_id
from tests.conftest import DATA, SHARED
from tests.registry import Found, file, member, notes, reader_of, refusals, trials

GARDEN = DATA / "registry"
REGISTRY = SHARED / "registry"
BULK = REGISTRY / "ctgov_studyfields_v1" / "msc_trials_2022-10.jsonl.gz"
real = pytest.mark.skipif(not REGISTRY.is_dir(), reason="the real records are not on this machine")

#: What the table of a search never has.
_NO_COLUMN = {
    *("adverse_events", "arms", "baseline", "condition_mesh", "data_date", "description", "eligibility", "flow"),
    *("enrolment_kind", "intervention_mesh", "interventions", "ipd_sharing", "keywords", "official_title", "outcomes"),
    *("papers", "results"),
}
#: What each format cannot carry, or carries in other words.
LOST = {
    "ctgov_fullstudies.json": {"eligibility"},  # its criteria have no bullets
    # the other names of three interventions are one list; numbers lost their groups
    "ctgov_studyfields.json": {"baseline", "eligibility", "flow", "interventions", "results"},
    # headings have no identifier; criteria have other bullets; groups have other identifiers
    "ctgov_former.xml": {
        *("adverse_events", "baseline", "condition_mesh", "eligibility", "flow", "intervention_mesh", "results"),
    },
    "ctgov_former.csv": {*_NO_COLUMN, "summary"},
    "ctgov_today.csv": _NO_COLUMN,
}
DATES = ("data_date", "start", "primary_completion", "completion", "first_posted", "results_posted", "last_updated")


def read(path: Path) -> Found:
    one = file(path)
    return list(reader_of(one).read(one))


def comparable(trial: Trial, *, kinds: bool) -> dict[str, Any]:
    """Give the fields of a trial; dates without the words they were printed in, and without a kind where told."""
    fields = {field.name: getattr(trial, field.name) for field in dataclasses.fields(trial)}
    for name in DATES:
        if isinstance(date := fields[name], Date):
            fields[name] = Date(date.iso, date.kind if kinds else "")
    return fields | {"source_format": ""}


@pytest.mark.parametrize("name", LOST)
def test_every_format_gives_the_same_trial_but_for_what_it_cannot_carry(name: str) -> None:
    has_kinds = not name.endswith(".csv")
    (whole,) = trials(read(GARDEN / "ctgov_v2.json"))
    (trial,) = trials(read(GARDEN / name))
    expected, found = (comparable(each, kinds=has_kinds) for each in (whole, trial))
    assert {field for field in expected if expected[field] != found[field]} == LOST[name]


def test_xml_gives_the_same_results_under_other_names_of_groups() -> None:
    (whole,), (trial,) = trials(read(GARDEN / "ctgov_v2.json")), trials(read(GARDEN / "ctgov_former.xml"))

    def without_ids(value: object) -> object:
        text = repr(value)
        for new, old in (("OG", "O"), ("BG", "B"), ("FG", "P"), ("EG", "E")):
            for number in (0, 1):
                text = text.replace(f"'{new}00{number}'", f"'{old}{number + 1}'")
        return text

    for field in ("results", "baseline", "flow", "adverse_events"):
        assert without_ids(getattr(whole, field)) == without_ids(getattr(trial, field))
    assert trial.eligibility.criteria.endswith("- Age < 2 years")


def test_tables_keep_interventions_with_their_type_and_outcomes_as_one_text() -> None:
    (former,), (today,) = trials(read(GARDEN / "ctgov_former.csv")), trials(read(GARDEN / "ctgov_today.csv"))
    assert [(each.type, each.name) for each in former.interventions] == [
        ("BIOLOGICAL", "Cultured garden cells"),
        ("DRUG", "Saline"),
        ("BEHAVIORAL", "Training: at home"),
    ]
    assert former.interventions == today.interventions
    assert [each.rank for each in former.outcomes] == [""] * 3
    assert [each.rank for each in today.outcomes] == ["PRIMARY", "SECONDARY", "SECONDARY"]
    assert today.outcomes[0].measure == "Change in GMFM-66, Higher is better, Baseline to 12 months"
    assert former.eligibility.minimum_age is not None
    assert former.missing == today.missing == ()


def test_a_table_of_tabs_is_the_same_table() -> None:
    rows = [line.split("\t") for line in ("NCT Number\tStudy Title\tPhases", "NCT90000001\tA, b\tPHASE1|PHASE2")]
    one = member("\n".join("\t".join(row) for row in rows))
    assert reader_of(one) is ctgov_csv
    (trial,) = trials(ctgov_csv.read(one))
    assert (trial.title, trial.phases, trial.missing) == ("A, b", ("PHASE1", "PHASE2"), ())


def test_rows_of_another_length_are_refused_with_their_line() -> None:
    content = 'NCT Number,Title,Status\nNCT90000001,"a\nb",Completed\nNCT90000002,x\nNCT90000003,y,Completed\n'
    found = list(ctgov_csv.read(member(content)))
    (refusal,) = refusals(found)
    assert (refusal.record, refusal.line) == ("row 2", 4)
    assert "found 2 cells, expected 3" in refusal.reason
    assert [each.number for each in trials(found)] == ["NCT90000001", "NCT90000003"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("NCT Nummer,Title\n", "expected a column 'NCT Number', found 2 columns; nearest: 'NCT Nummer'"),
        ("NCT Number,Title,Title\n", "found the column twice"),
        ('NCT Number,Title\nNCT90000001,"a" b\n', "x.csv:2: no table"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(content: str, message: str) -> None:
    with pytest.raises(SourceError, match=r"^x\.csv:") as caught:
        list(ctgov_csv.read(member(content, "x.csv")))
    assert message in str(caught.value)


def fields(**changed: object) -> dict[str, object]:
    return {"NCTId": ["NCT90000001"], "StudyType": ["Interventional"], **changed}


def flat(record: object) -> Found:
    return list(ctgov_studyfields.read(member(json.dumps(record))))


def test_lists_of_another_length_are_reported_and_not_put_together() -> None:
    found = flat(
        fields(ArmGroupLabel=["A", "B", "C"], ArmGroupType=["Experimental"] * 3, ArmGroupDescription=["x", "y"])
    )
    (trial,) = trials(found)
    assert [(each.label, each.type, each.description) for each in trial.arms] == [
        (label, "EXPERIMENTAL", "") for label in "ABC"
    ]
    assert notes(found)["ArmGroupDescription"].startswith("found 2 for 3 arms, expected one for each")


def test_links_of_arms_are_recovered_where_the_lists_prove_them() -> None:
    lists = {
        "ArmGroupLabel": ["A", "B", "C"],
        "InterventionName": ["cells", "rest"],
        "ArmGroupInterventionName": ["Biological: cells", "Other: rest", "Other: rest"],
        "InterventionArmGroupLabel": ["A", "A", "B"],
    }
    (trial,) = trials(flat(fields(**lists)))
    assert [each.intervention_names for each in trial.arms] == [("cells", "rest"), ("rest",), ()]
    assert [each.arm_labels for each in trial.interventions] == [("A",), ("A", "B")]


@pytest.mark.parametrize(
    "changed",
    [
        {"ArmGroupLabel": ["A", "A"]},  # two arms of one name
        {"InterventionArmGroupLabel": ["A", "X"]},  # an arm that is not listed
        {"InterventionArmGroupLabel": ["A"]},  # one link is lost
        {"ArmGroupInterventionName": ["Other: rest", "Biological: cells"]},  # the lists contradict each other
    ],
)
def test_links_of_arms_that_the_lists_do_not_prove_are_none_and_told(changed: dict[str, object]) -> None:
    lists = {
        "ArmGroupLabel": ["A", "B"],
        "InterventionName": ["cells", "rest"],
        "ArmGroupInterventionName": ["Biological: cells", "Other: rest"],
        "InterventionArmGroupLabel": ["A", "B"],
    }
    found = flat(fields(**{**lists, **changed}))
    assert all(each.intervention_names == () for each in trials(found)[0].arms)
    assert notes(found)["ArmGroupInterventionName"] == "which arm receives which intervention is lost"


def test_papers_without_a_pmid_cost_the_citations_not_the_pmids() -> None:
    found = flat(fields(ReferenceCitation=["a", "b"], ReferencePMID=["7"], ReferenceType=["derived", "derived"]))
    assert [(each.pmid, each.kind, each.citation) for each in trials(found)[0].papers] == [("7", "DERIVED", "")]
    assert "found 2 for 1 PMIDs" in notes(found)["ReferenceCitation"]


def test_event_numbers_that_do_not_go_round_the_groups_are_not_given_to_any() -> None:
    lists = {
        "EventGroupId": ["E0", "E1"],
        "SeriousEventTerm": ["Seizure", "Fall"],
        "SeriousEventStatsGroupId": ["E0", "E1", "E1"],
        "SeriousEventStatsNumAffected": ["1", "2", "3"],
    }
    found = flat(fields(**lists))
    assert trials(found)[0].adverse_events == ()
    assert "whose is whose is lost" in notes(found)["SeriousEventStatsGroupId"]


def test_several_records_in_one_xml_file_are_all_read() -> None:
    study = (GARDEN / "ctgov_former.xml").read_text().split("?>", 1)[1]
    one = member(f"<search_results>{study}<clinical_study/>{study}</search_results>")
    assert reader_of(one) is ctgov_xml
    found = list(ctgov_xml.read(one))
    assert len(trials(found)) == 2
    assert refusals(found)[0].record == "clinical_study 2"


def test_unknown_elements_are_told() -> None:
    content = (GARDEN / "ctgov_former.xml").read_text().replace("<source>", "<rumour>x</rumour><source>")
    assert notes(ctgov_xml.read(member(content)))["rumour"] == "no such element is known"


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_cut_xml_file_is_refused(cut: int) -> None:
    content = (GARDEN / "ctgov_former.xml").read_bytes()
    with pytest.raises(SourceError, match="not valid XML"):
        list(ctgov_xml.read(member(content[: len(content) * cut // 20])))


def test_mesh_identifiers_lose_the_zeros_that_mesh_does_not_have() -> None:
    assert mesh_id("D000066331") == "D066331"
    for genuine in ("D000066388", "D000086382", "C000588423", "C000711674", "D002547", "M11249", ""):
        assert mesh_id(genuine) == genuine


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(["ctgov_former.xml", "ctgov_fullstudies.json", "ctgov_studyfields.json", "ctgov_today.csv"]),
    st.data(),
)
def test_a_file_with_any_stretch_replaced_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = (GARDEN / name).read_bytes()
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start, min(start + 40, len(content))))
    patch = data.draw(
        st.sampled_from([b"", b"null", b"7", b'"', b"{}", b"[]", b"<a/>", b"|", b",", b"\n", b"\x00", b"\xff"])
    )
    one = member(content[:start] + patch + content[end:])
    for reader in readers().values():
        if reader.accepts(one):
            try:
                found = list(reader.read(one))
            except SourceError:
                continue
            assert len(trials(found)) + len(refusals(found)) <= 2


def real_files() -> list[Path]:
    folders = ("ctgov_fullstudies_v1", "ctgov_studyfields_v1", "ctgov_xml_legacy", "ctgov_csv")
    return [path for each in folders for path in sorted((REGISTRY / each).glob("*.*")) if path.suffix != ".gz"]


def bulk() -> Member:
    return member(gzip.decompress(BULK.read_bytes()), "msc.jsonl")


@real
@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.stem)
def test_every_real_file_is_read_by_its_reader_alone(path: Path) -> None:
    expected = {"ctgov_csv": ctgov_csv, "ctgov_xml_legacy": ctgov_xml, "ctgov_studyfields_v1": ctgov_studyfields}
    one = file(path)
    assert reader_of(one) is expected.get(path.parent.name, ctgov_fullstudies)
    found = read(path)
    assert refusals(found) == []
    assert len(trials(found)) == (781 if path.suffix == ".csv" else 1)
    assert not [part for part, reason in notes(found).items() if "is known" in reason]


@real
def test_998_flat_records_are_all_read_with_words_and_dates_as_printed() -> None:
    raw = {each["NCTId"][0]: each for each in map(json.loads, gzip.decompress(BULK.read_bytes()).splitlines())}
    found = list(ctgov_studyfields.read(bulk()))
    assert refusals(found) == []
    assert [each.number for each in trials(found)] == list(raw)
    for trial in trials(found):
        printed = raw[trial.number].get("StartDate", [""])[0]
        precision = 10 if "," in printed else 7 if printed else 0
        assert len(trial.start.iso if trial.start else "") == precision
        assert trial.status in WORDS["Status"]
        assert set(trial.phases) <= set(WORDS["Phase"])
        assert {each.type for each in trial.interventions} <= set(WORDS["InterventionType"])
        assert {each.type for each in trial.arms} <= {*WORDS["ArmGroupType"], ""}
        assert (trial.enrolment is None) == ("EnrollmentCount" not in raw[trial.number])
    reasons = {each.reason for each in found if not isinstance(each, Trial) and "expected one of" in each.reason}
    assert reasons == set()


@real
def test_flat_and_constructed_records_of_one_trial_agree() -> None:
    compared = 0
    for path in sorted((REGISTRY / "ctgov_studyfields_v1").glob("*.json")):
        twin = REGISTRY / "constructed_v2" / path.name
        if not twin.is_file():
            continue
        (former,), (today,) = trials(read(path)), trials(ctgov_v2.read(file(twin)))
        for name in ("status", "phases", "enrolment", "allocation", "masking", "conditions", "countries", "sponsor"):
            assert getattr(former, name) == getattr(today, name), (path.name, name)
        assert [each.label for each in former.arms] == [each.label for each in today.arms]
        compared += 1
    assert compared >= 8
