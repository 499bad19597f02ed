"""ClinicalTrials.gov API v2: what a record becomes, what it loses and says so, and what hostile input does."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.model.trials import Date, Trial
from kg.registries import ctgov_v2, readers
from kg.registries.ctgov_words import DISPERSIONS, WORDS
from tests.conftest import DATA, SHARED
from tests.registry import Found, file, member, notes, reader_of, refusals, trials

GARDEN = json.loads((DATA / "registry" / "ctgov_v2.json").read_text())
REAL = [
    path
    for folder in ("ctgov_v2", "constructed_v2", "ctgov_v2_partial")
    for path in sorted((SHARED / "registry" / folder).glob("*.json"))
]
real = pytest.mark.skipif(not REAL, reason="the real records are not on this machine")


def study(**modules: dict[str, Any]) -> dict[str, Any]:
    """Give a small invented record; a module that is named replaces the record's."""
    section = {"identificationModule": {"nctId": "NCT90000002", "briefTitle": "Small"}, **modules}
    return {"protocolSection": section}


def read(content: object) -> Found:
    return list(ctgov_v2.read(member(json.dumps(content))))


def only(content: object) -> Trial:
    (trial,) = trials(read(content))
    return trial


def test_a_whole_record_gives_arms_interventions_outcomes_and_results() -> None:
    trial = only(GARDEN)
    assert (trial.number, trial.status, trial.phases) == ("NCT90000001", "ACTIVE_NOT_RECRUITING", ("PHASE1", "PHASE2"))
    assert trial.data_date == Date("2032-07-01")
    assert trial.start == Date("2031-06", "ACTUAL")
    assert trial.other_numbers == ("2031-004489-24", "U1111-9999-0001")
    assert trial.other_ids == ("GARDEN-7", "R01XX000001")
    assert trial.arms[0].intervention_names == ("Cultured garden cells", "Training: at home")
    assert trial.interventions[0].arm_labels == ("Garden cells",)
    assert trial.countries == ("Korea, Republic of", "Spain")
    assert trial.papers[0].doi == "10.5555/garden(30)1-x"
    assert trial.missing == ()
    assert trial.ipd_sharing == "NO"


def test_another_nct_number_is_this_trial_only_where_the_registry_says_so() -> None:
    module = {
        "nctId": "NCT90000002",
        "nctIdAliases": ["NCT90000003"],
        "orgStudyIdInfo": {"id": "NCT90000004"},
        "secondaryIdInfos": [
            {"id": "Follow-up of NCT90000005", "type": "OTHER"},
            {"id": "NL1234", "type": "OTHER"},
            {"id": "NL5678", "type": "REGISTRY"},
            {"id": "EudraCT: 2031-004489-24"},
        ],
    }
    trial = only(study(identificationModule=module))
    assert trial.other_numbers == ("NCT90000003", "NL5678", "2031-004489-24")
    assert trial.other_ids == ("NCT90000004", "Follow-up of NCT90000005", "NL1234", "EudraCT: 2031-004489-24")


def test_markdown_escapes_are_undone() -> None:
    trial = only(GARDEN)
    assert trial.summary.startswith("Children get >= 2*10^7 garden cells per kg.")
    assert trial.arms[0].description == "One infusion of 2x10^7/kg"
    assert "Age < 2 years" in trial.eligibility.criteria


def test_measurements_keep_their_denominator_class_and_text() -> None:
    measured, waiting = only(GARDEN).results
    first, _, third, last = measured.measurements
    assert (first.value, first.low, first.n, first.class_title) == (Decimal("3.1"), Decimal("1.0"), 12, "Month 6")
    assert (third.n, third.high) == (11, None)
    assert (last.value, last.value_text, last.comment) == (None, "NA", "Nobody was left to measure")
    assert measured.analyses[0].p_value == "<0.01"
    assert waiting.measurements == ()
    told = notes(read(GARDEN))
    assert told["resultsSection.outcomeMeasuresModule.outcomeMeasures.reportingStatus"].startswith(
        "a result that is not"
    )
    limit = "resultsSection.outcomeMeasuresModule.outcomeMeasures.classes.categories.measurements.upperLimit"
    assert told[limit] == "found 'NA', expected a number"


def test_the_denominator_counts_what_the_measure_counts() -> None:
    changed = copy.deepcopy(GARDEN)
    measure = changed["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    measure["typeUnitsAnalyzed"] = "Hips"
    measure["denoms"].append({"units": "Hips", "counts": [{"groupId": "OG000", "value": "24"}]})
    first = only(changed).results[0].measurements[0]
    assert (first.n, first.n_unit) == (24, "Hips")


def test_adverse_events_have_totals_of_each_group_and_every_listed_event() -> None:
    events = only(GARDEN).adverse_events
    totals = [(each.group.title, each.serious, each.affected) for each in events if not each.term]
    assert totals == [
        ("Garden cells", True, 1),
        ("Garden cells", False, 3),
        ("Placebo", True, 0),
        ("Placebo", False, 4),
    ]
    assert [(each.term, each.affected, each.events) for each in events if each.serious and each.term] == [
        ("Seizure", 1, 2),
        ("Seizure", 0, 0),
    ]


def test_deaths_are_a_total_of_their_own() -> None:
    changed = copy.deepcopy(GARDEN)
    changed["resultsSection"]["adverseEventsModule"]["eventGroups"][0] |= {
        "deathsNumAffected": 0,
        "deathsNumAtRisk": 12,
    }
    (death,) = [each for each in only(changed).adverse_events if each.fatal]
    assert (death.term, death.serious, death.affected, death.at_risk) == ("", None, 0, 12)


def test_flow_and_baseline_are_read() -> None:
    trial = only(GARDEN)
    assert [(each.step, each.n, each.reason) for each in trial.flow if each.group.id == "FG000"] == [
        ("STARTED", 12, ""),
        ("COMPLETED", 11, ""),
        ("NOT COMPLETED", 1, "Lost to Follow-up"),
    ]
    (age,) = trial.baseline
    assert (age.dispersion, age.measurements[0].spread, age.measurements[0].n) == (
        "Standard Deviation",
        Decimal("0.9"),
        12,
    )


def test_expanded_access_has_no_arms_and_misses_none() -> None:
    record = study(designModule={"studyType": "EXPANDED_ACCESS"}, statusModule={"overallStatus": "AVAILABLE"})
    trial = only(record)
    assert trial.study_type == "EXPANDED_ACCESS"
    assert "arms" not in trial.missing
    assert "interventions" in trial.missing


def test_modules_that_are_not_there_are_missing_and_nothing_is_made_up() -> None:
    trial = only(study(designModule={"studyType": "INTERVENTIONAL"}))
    assert {"arms", "interventions", "outcomes", "start", "phases", "enrolment"} <= set(trial.missing)
    assert (trial.start, trial.enrolment, trial.has_results, trial.masking) == (None, None, None, "")


def test_an_enrolment_of_none_is_not_a_missing_one() -> None:
    trial = only(study(designModule={"studyType": "INTERVENTIONAL", "enrollmentInfo": {"count": 0}}))
    assert trial.enrolment == 0
    assert "enrolment" not in trial.missing


def test_unknown_keys_and_words_are_told_and_the_record_is_loaded() -> None:
    record = study(statusModule={"overallStatus": "DREAMING"}, designModule={"phases": ["PHASE9", "PHASE2"]})
    record["_private"] = {"x": 1}
    record["protocolSection"]["newModule"] = {"y": 2}
    found = read(record)
    told = notes(found)
    assert trials(found)[0].phases == ("PHASE2",)
    assert told["_private"] == told["protocolSection.newModule"] == "no such key is known"
    assert told["protocolSection.statusModule.overallStatus"].startswith("found 'DREAMING', expected one of ACTIVE_NOT")
    assert "'PHASE9'" in told["protocolSection.designModule.phases"]


def test_a_date_that_is_none_is_told() -> None:
    found = read(study(statusModule={"startDateStruct": {"date": "2031-02-30"}}))
    assert trials(found)[0].start is None
    assert "a date that exists" in notes(found)["protocolSection.statusModule.startDateStruct.date"]


@pytest.mark.parametrize("number", [None, 7, "", "NCT123", "ISRCTN12949496", ["NCT90000002"], "NCT90000002 or so"])
def test_a_record_without_its_number_is_refused_and_the_next_is_read(number: object) -> None:
    bad = study(identificationModule={"nctId": number})
    found = read([bad, study()])
    (refusal,) = refusals(found)
    assert refusal.record == "study 1"
    assert "expected a record with an NCT number" in refusal.reason
    assert len(trials(found)) == 1


def test_a_page_tells_that_more_pages_follow() -> None:
    page = {"studies": [study()], "nextPageToken": "abc", "totalCount": 12}
    found = read(page)
    assert len(trials(found)) == 1
    assert notes(found)["nextPageToken"] == "more pages follow: this one has 1 of 12 studies"


def test_a_page_without_studies_is_accepted_and_empty() -> None:
    one = member('{"totalCount": 0, "studies": []}')
    assert ctgov_v2.accepts(one)
    assert list(ctgov_v2.read(one)) == []


@pytest.mark.parametrize("indent", [None, 1])
def test_lists_and_bare_protocol_sections_are_read(indent: int | None) -> None:
    records = [study(), study()["protocolSection"]]
    one = member(json.dumps(records, indent=indent))
    assert ctgov_v2.accepts(one)
    assert [each.number for each in trials(ctgov_v2.read(one))] == ["NCT90000002"] * 2


def test_a_list_with_a_line_for_each_record_is_one_document() -> None:
    content = '{"studies": [' + json.dumps(study()) + "\n," + json.dumps(study()) + "\n]}"
    assert len(trials(ctgov_v2.read(member(content)))) == 2


def test_a_broken_line_of_json_lines_is_refused_with_its_line() -> None:
    lines = [
        json.dumps(study()),
        '{"protocolSection": {"identificationModule": {"nctId": "NCT9}',
        "",
        json.dumps(study()),
    ]
    found = list(ctgov_v2.read(member("\n".join(lines))))
    (refusal,) = refusals(found)
    assert (refusal.record, refusal.line) == ("line 2", 2)
    assert len(trials(found)) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n ",
        b'{"protocolSection": ',
        b'{"studies": 7}',
        b"\xff\xfe{}",
        b'{"protocolSection": NaN}',
        b"[" * 100_000,
        b'{"protocolSection": ' + b"9" * 10_000 + b"}",
        b"<html>no</html>",
    ],
    ids=lambda content: content[:20].decode("latin-1"),
)
def test_a_file_that_is_no_json_is_refused_with_its_name(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^bulk\.zip/x\.json"):
        list(ctgov_v2.read(member(content, "bulk.zip/x.json")))


def paths(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(inner, (*way, key))


GARDEN_PATHS = sorted(paths(GARDEN), key=str)[1:]
ODD = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just("9" * 5000)),
    *(st.just([[]]), st.just([None, 1, "x", {}]), st.just({"x": []}), st.floats(allow_nan=False, allow_infinity=False)),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(GARDEN_PATHS), ODD), min_size=1, max_size=4))
def test_a_record_with_wrong_types_anywhere_is_read_or_refused(changes: list[tuple[tuple[Any, ...], object]]) -> None:
    changed = copy.deepcopy(GARDEN)
    for way, odd in changes:
        place = changed
        try:
            for key in way[:-1]:
                place = place[key]
            place[way[-1]] = odd
        except (KeyError, IndexError, TypeError):
            continue  # a change before this one took the place away
    try:
        found = read({"studies": [changed, study()]})
    except KgError:
        pytest.fail("one odd record must not cost the file")
    assert len(trials(found)) + len(refusals(found)) == 2
    assert [each.number for each in trials(found)][-1] == "NCT90000002"
    for trial in trials(found):
        hash(trial)


def test_readers_have_what_a_reader_has() -> None:
    for kind, reader in readers().items():
        assert kind == reader.KIND
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind)
        assert 10 < len(reader.SUMMARY) < 100
        assert reader.accepts(member(b"")) is False
        assert reader.accepts(member(bytes(range(256)))) is False


@real
@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_real_record_is_read_by_this_reader_alone(path: Path) -> None:
    one = file(path)
    assert reader_of(one) is ctgov_v2
    found = list(ctgov_v2.read(one))
    assert refusals(found) == []
    content = json.loads(path.read_bytes())
    assert len(trials(found)) == len(content.get("studies", [content]))
    unknown = {part for part, reason in notes(found).items() if "known" in reason}
    assert unknown <= {"_constructed"}


@real
def test_no_date_of_a_real_record_has_more_than_its_source() -> None:
    for path in REAL:
        content = json.loads(path.read_bytes())
        for raw, trial in zip(content.get("studies", [content]), trials(ctgov_v2.read(file(path))), strict=True):
            status = raw["protocolSection"]["statusModule"]
            for name, key in (("start", "startDateStruct"), ("completion", "completionDateStruct")):
                date: Date | None = getattr(trial, name)
                assert (date.iso if date else None) == status.get(key, {}).get("date")


@pytest.mark.skipif(
    not (SHARED / "registry").is_dir(), reason="the description of the interface is not on this machine"
)
def test_our_words_are_those_of_the_interface() -> None:
    schemas = yaml.safe_load((SHARED / "registry" / "ctgov_v2" / "ctg-oas-v2.yaml").read_text())["components"][
        "schemas"
    ]
    for name, words in WORDS.items():
        assert sorted(words) == sorted(schemas[name]["enum"])
    assert sorted(DISPERSIONS) == sorted(schemas["MeasureDispersionType"]["enum"])
