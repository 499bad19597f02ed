"""Registries beside ClinicalTrials.gov: what of a record is taken over, what is told, what is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError, SourceError
from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Age, Trial
from kg.registries import readers
from kg.registries.shared_words import other_names, plain_text, read_phases
from tests.conftest import DATA, SHARED

REGISTRY = DATA / "registry"
KINDS = {
    "ctis.json": "ctis-json",
    "euctr.json": "euctr-json",
    "ictrp.csv": "ictrp-csv",
    "ictrp.xml": "ictrp-xml",
    "isrctn.json": "isrctn-json",
    "isrctn.xml": "isrctn-xml",
}
REAL = {
    "ctis_json": ("ctis-json", 3),
    "euctr_json": ("euctr-json", 2),
    "ictrp": ("ictrp", 58),
    "isrctn_json": ("isrctn-json", 6),
}
JSON = [name for name in KINDS if name.endswith("json")]


def member(content: bytes, name: str = "x") -> Member:
    return Member(name, Path(name), content[:65_536], lambda: content)


def read(content: bytes, kind: str) -> list[Trial | Refused | Ignored]:
    return list(readers()[kind].read(member(content)))


def fixture(name: str) -> list[Trial | Refused | Ignored]:
    return read((REGISTRY / name).read_bytes(), KINDS[name])


def trials(found: list[Trial | Refused | Ignored]) -> list[Trial]:
    return [each for each in found if isinstance(each, Trial)]


def told(found: list[Trial | Refused | Ignored], part: str) -> list[str]:
    return [each.reason for each in found if isinstance(each, Ignored) and each.part == part]


@pytest.mark.parametrize("name", KINDS)
def test_each_file_is_of_one_kind(name: str) -> None:
    content = (REGISTRY / name).read_bytes()
    assert [kind for kind, reader in readers().items() if reader.accepts(member(content))] == [KINDS[name]]
    assert [kind for kind, reader in readers().items() if reader.accepts(member(b"\xff\x00{" + content))] == []


@pytest.mark.parametrize("name", ["ictrp.xml", "ictrp.csv"])
def test_the_portal_gives_the_same_trials_in_both_formats(name: str) -> None:
    cells, another, third = trials(fixture(name))
    assert (cells.number, cells.registry, cells.status) == ("ChiCTR9900000001", "ChiCTR", "")
    assert cells.official_title == "Invented cells for spastic children: a made-up trial"
    assert cells.start
    assert (cells.start.iso, cells.start.text) == ("2021-04", "April 2021")
    assert cells.data_date
    assert cells.data_date.iso == "2021-02-17"
    assert (cells.enrolment, cells.enrolment_text) == (None, "cell group :15;second cell group:20;Control group:15;")
    assert cells.phases == ("PHASE1", "PHASE2")
    assert cells.eligibility.minimum_age == Age(Decimal(2), "", "2")
    assert cells.eligibility.maximum_age == Age(Decimal(14), "years", "14 Years")
    assert cells.eligibility.criteria == "Inclusion criteria: 1. aged <15;\n2. GMFCS >=2.\nno epilepsy"
    assert [outcome.measure for outcome in cells.outcomes] == ["GMFM-66", "Ashworth; arms only"]
    assert (another.enrolment, another.enrolment_text) == (48, "")
    assert another.first_posted
    assert (another.first_posted.iso, another.first_posted.text) == ("2021-04-03", "03/04/2021")
    assert another.countries == ("Korea, Republic of", "Australia")
    assert another.conditions == ("Cerebral Palsy", "Brain; Injury")
    assert [(each.name, each.type) for each in another.interventions] == [
        ("MSCs; two doses", "BIOLOGICAL"),
        ("Placebo", "OTHER"),
    ]
    assert (another.allocation, another.masking, another.purpose) == ("RANDOMIZED", "DOUBLE", "TREATMENT")
    assert (third.number, third.registry, third.other_ids) == ("2099-000001-11", "EU CTR", ("EUCTR2099-000001-11-DK",))
    assert (third.phases, third.masking, third.eligibility.sex) == (("PHASE2",), "DOUBLE", "ALL")
    assert third.start
    assert third.start.iso == "2021-04-03"
    assert (third.outcomes[0].measure, third.outcomes[0].time_frame) == ("GMFM-66 gain.", "month 6")


def test_arms_are_made_where_both_texts_of_the_portal_name_them() -> None:
    cells = trials(fixture("ictrp.xml"))[0]
    assert [(arm.label, arm.n, arm.intervention_names) for arm in cells.arms] == [
        ("cell group", 15, ("1×10^6/kg; twice",)),
        ("second cell group", 20, ("cells",)),
        ("Control group", 15, ("saline",)),
    ]
    assert [each.arm_labels for each in cells.interventions] == [(arm.label,) for arm in cells.arms]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"second cell group:20", b"third cell group:20"),
        (b"Control group:saline", b"Control group:more;Control group:saline"),
        (b"cell group :15;second", b"about 15;second"),
        (b"cell group :1\xc3\x97", b"note;cell group :1\xc3\x97"),
    ],
)
def test_arms_are_not_guessed(old: bytes, new: bytes) -> None:
    content = (REGISTRY / "ictrp.xml").read_bytes()
    assert old in content
    changed = trials(read(content.replace(old, new, 1), "ictrp-xml"))[0]
    assert changed.arms == ()
    assert len(changed.interventions) == 1


def test_what_speaks_of_a_placebo_is_not_said_of_the_product() -> None:
    product, placebo = trials(fixture("ictrp.xml"))[2].interventions
    assert (product.name, product.description) == ("Celluline", "Pharmaceutical Form: Suspension for injection")
    assert (placebo.name, placebo.description) == ("Placebo", "Route of administration of the placebo: Intravenous use")


@pytest.mark.parametrize("name", ["ictrp.xml", "ictrp.csv"])
def test_what_the_portal_says_and_nobody_can_use_is_told(name: str) -> None:
    found = fixture(name)
    assert told(found, "Recruitment Status") == [
        "found 'Not Recruiting', for which API v2 has no word",
        "found 'Authorised', for which API v2 has no word",
    ]
    assert told(found, "Bridging flag truefalse") == ["other registers hold this trial (parent); no number is given"]
    refused = [each for each in found if isinstance(each, Refused)]
    assert [each.reason for each in refused] == ["found '' as TrialID, expected the number of a trial"]
    assert refused[0].line


def test_a_row_of_another_length_is_refused_with_its_line() -> None:
    content = (REGISTRY / "ictrp.csv").read_bytes() + b"NCT99000002,one column too few\r\n"
    refused = [each for each in read(content, "ictrp-csv") if isinstance(each, Refused)]
    assert refused[-1].reason == "found 2 columns, expected 34"
    assert refused[-1].line == len(content.splitlines())


@pytest.mark.parametrize("name", KINDS)
def test_a_cut_file_is_refused(name: str) -> None:
    content = (REGISTRY / name).read_bytes()
    with pytest.raises(SourceError, match=r"^x:\d|^x: "):
        read(content[: len(content) - (400 if name.endswith("csv") else 30)].rstrip(b'"}\n '), KINDS[name])


def test_isrctn_json_becomes_a_trial() -> None:
    found = fixture("isrctn.json")
    trial = trials(found)[0]
    assert (trial.number, trial.registry, trial.status) == ("ISRCTN99000001", "ISRCTN", "TERMINATED")
    assert (trial.other_numbers, trial.other_ids) == (("2099-000001-11", "NCT99000001"), ("P-1",))
    assert (trial.summary, trial.why_stopped, trial.phases) == ("", "No money", ("PHASE2", "PHASE3"))
    assert (trial.enrolment, trial.enrolment_kind) == (9, "ACTUAL")
    assert [outcome.measure for outcome in trial.outcomes] == ["GMFM-66 at 6 months", "Bayley-III at 12 months", "Pain"]
    assert [(paper.pmid, paper.doi, paper.kind) for paper in trial.papers] == [
        ("99000001", "", "RESULT"),
        ("", "10.1000/invented", "BACKGROUND"),
    ]
    assert told(found, "trialDescription.secondaryOutcome") == [
        "a former version, kept below the current one, is not taken over"
    ]


def test_a_stopped_trial_without_participants_is_not_said_to_be_terminated() -> None:
    record = json.loads((REGISTRY / "isrctn.json").read_text())
    record["participants"]["totalFinalEnrolment"] = ""
    found = read(json.dumps(record).encode(), "isrctn-json")
    assert trials(found)[0].status == ""
    assert (trials(found)[0].enrolment, trials(found)[0].enrolment_kind) == (20, "ESTIMATED")
    assert told(found, "trialDesign.overallStatusOverride") == ["found 'Stopped', for which API v2 has no word"]


def test_isrctn_xml_has_what_its_json_lost() -> None:
    found = fixture("isrctn.xml")
    trial = trials(found)[0]
    assert (trial.sponsor, trial.masking, trial.intervention_model) == ("Nowhere University", "NONE", "PARALLEL")
    assert trial.first_posted
    assert trial.first_posted.iso == "2015-10-01"
    assert trial.last_updated
    assert trial.last_updated.iso == "2024-04-20"
    assert trial.outcomes[0].time_frame == "6 months"
    assert trial.eligibility.healthy_volunteers is False
    assert [each.record for each in found if isinstance(each, Refused)] == ["record 2"]


def test_the_eu_register_has_one_record_for_each_member_state() -> None:
    record = json.loads((REGISTRY / "euctr.json").read_text())
    other = record | {"a1_member_state_concerned": "Spain - AEMPS", "_id": "2099-000001-11-ES"}
    danish, spanish = trials(read(json.dumps([record, other]).encode(), "euctr-json"))
    assert danish.number == spanish.number == "2099-000001-11"
    assert (danish.countries, spanish.countries) == (("Denmark",), ("Spain",))
    assert danish.other_ids[0] == "2099-000001-11 (Denmark - DHMA)"
    assert spanish.other_ids[0] == "2099-000001-11-ES"
    assert danish.other_numbers == ("NCT99000001", "U1111-0000-0001")


def test_the_eu_register_tells_arms_results_and_events() -> None:
    trial = trials(fixture("euctr.json"))[0]
    assert (trial.status, trial.purpose, trial.masking, trial.enrolment) == ("TERMINATED", "TREATMENT", "DOUBLE", 40)
    assert [(arm.label, arm.type, arm.n, arm.intervention_names) for arm in trial.arms] == [
        ("Cells", "EXPERIMENTAL", 21, ("CELLULINE",)),
        ("Sham", "SHAM_COMPARATOR", 19, ()),
    ]
    (product,) = trial.interventions
    assert (product.name, product.type, product.arm_labels) == ("Celluline", "BIOLOGICAL", ("Cells",))
    assert "route: Intravenous use" in product.description
    assert "10^6 cells/kg once" in product.description
    (result,) = trial.results
    assert (result.rank, result.parameter, result.dispersion) == ("PRIMARY", "MEAN", "Standard Deviation")
    first, second = result.measurements
    assert (first.value, first.spread, first.n) == (Decimal("5.10"), Decimal("2.0"), 20)
    assert (second.value, second.value_text, second.spread) == (None, "NA", None)
    assert (result.analyses[0].p_value, result.analyses[0].low) == ("<0.04", Decimal("0.1"))
    counts = [(each.term, each.serious, each.affected, each.fatal) for each in trial.adverse_events]
    assert counts == [("", True, 1, False), ("", None, 0, True), ("Fever", True, 1, False)]
    assert (trial.eligibility.sex, trial.eligibility.minimum_age) == ("FEMALE", None)


def test_ctis_gives_a_number_only_where_it_is_that_of_the_whole_trial() -> None:
    found = fixture("ctis.json")
    trial = trials(found)[0]
    assert (trial.enrolment, trial.enrolment_text) == (None, "13 in the European Economic Area, 19 outside of it")
    record = json.loads((REGISTRY / "ctis.json").read_text())
    record["authorizedApplication"]["authorizedPartI"]["rowSubjectCount"] = 0
    assert trials(read(json.dumps(record).encode(), "ctis-json"))[0].enrolment == 13


def test_ctis_tells_the_status_of_the_trial_and_not_that_of_an_application() -> None:
    trial = trials(fixture("ctis.json"))[0]
    assert (trial.status, trial.phases) == ("ACTIVE_NOT_RECRUITING", ("PHASE1", "PHASE2"))
    assert trial.start
    assert (trial.start.iso, trial.start.kind) == ("2098-04-03", "ACTUAL")
    assert trial.completion
    assert (trial.completion.iso, trial.completion.kind) == ("2099-12-31", "ESTIMATED")


def test_ctis_numbers_of_other_trials_are_none_of_this_one() -> None:
    found = fixture("ctis.json")
    trial = trials(found)[0]
    assert (trial.other_numbers, trial.other_ids) == (("2098-000002-22", "NCT99000001"), ("IND 77", "INV-1"))
    assert (trial.sponsor, trial.collaborators) == ("Nowhere Ltd", ("Other Ltd",))
    assert [outcome.measure for outcome in trial.outcomes] == ["second", "tenth"]
    assert trial.description == "a\nb"
    place = "authorizedApplication.authorizedPartI.trialDetails.associatedClinicalTrials"
    assert told(found, place) == ["they are other trials"]


@pytest.mark.parametrize("name", JSON)
def test_a_key_that_nobody_knows_is_told(name: str) -> None:
    record = json.loads((REGISTRY / name).read_text()) | {"surprise": 1}
    assert told(read(json.dumps(record).encode(), KINDS[name]), "surprise") == ["no such key is known"]


@pytest.mark.parametrize("name", JSON)
def test_json_lines_are_records(name: str) -> None:
    line = json.dumps(json.loads((REGISTRY / name).read_text())).encode()
    found = read(line + b"\n{broken}\n" + line, KINDS[name])
    assert len(trials(found)) == 2
    assert [each.line for each in found if isinstance(each, Refused)] == [2]


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("", ()),
        ("N/A", ("NA",)),
        ("0", ("EARLY_PHASE1",)),
        ("Early Phase 1", ("EARLY_PHASE1",)),
        ("Phase 1/Phase 2", ("PHASE1", "PHASE2")),
        ("Phase I/II", ("PHASE1", "PHASE2")),
        ("1-2", ("PHASE1", "PHASE2")),
        ("Phase 2a", ("PHASE2",)),
        ("Phase III", ("PHASE3",)),
        ("Human Pharmacology (Phase I)- Other", ("PHASE1",)),
        ("Not Specified", ()),
        ("Others", None),
        ("New Treatment Measure Clinical Study", None),
        ("Phase 7", None),
        ("2-phase study", None),
    ],
)
def test_phases_in_their_many_spellings(text: str, phases: tuple[str, ...] | None) -> None:
    assert read_phases(text) == phases


def test_a_comparison_is_no_mark_of_html() -> None:
    assert plain_text("age <5 or >8<br/>x &amp; y") == "age <5 or >8\nx & y"


@given(st.text())
def test_names_are_split_without_loss(text: str) -> None:
    numbers, others = other_names([text], "NCT99000001")
    assert all(number != "NCT99000001" for number in numbers)
    assert len(others) <= 1


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from paths(each, (*path, key))


@pytest.mark.parametrize("name", JSON)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_record_with_anything_in_any_place_is_read_or_refused(name: str, data: st.DataObject) -> None:
    record = json.loads((REGISTRY / name).read_text())
    odd = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
        max_leaves=4,
    )
    for path in data.draw(st.lists(st.sampled_from(list(paths(record))[1:]), max_size=4)):
        changed: Any = copy.deepcopy(record)
        place = changed
        try:
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = data.draw(odd)
        except (KeyError, IndexError, TypeError):
            continue
        record = changed
    found = read(json.dumps(record).encode(), KINDS[name])
    assert len([each for each in found if isinstance(each, Trial | Refused)]) == 1


@pytest.mark.parametrize("name", [name for name in KINDS if not name.endswith("json")])
@settings(max_examples=50, deadline=None)
@given(at=st.integers(0, 4000), length=st.integers(0, 30), new=st.binary(max_size=12))
def test_a_file_with_anything_in_any_place_is_read_or_refused(name: str, at: int, length: int, new: bytes) -> None:
    content = (REGISTRY / name).read_bytes()
    content = content[:at] + new + content[at + length :]
    assert isinstance(readers()[KINDS[name]].accepts(member(content)), bool)
    with suppress(InputError):
        read(content, KINDS[name])


@pytest.mark.parametrize("folder", REAL)
def test_every_real_record_is_read(folder: str) -> None:
    if not (SHARED / "registry").is_dir():
        pytest.skip("the registry records are not on this machine")
    kind, count = REAL[folder]
    found: list[Trial | Refused | Ignored] = []
    for path in sorted((SHARED / "registry" / folder).iterdir()):
        content = path.read_bytes()
        (accepted,) = [name for name, reader in readers().items() if reader.accepts(member(content))]
        assert accepted.startswith(kind)
        found += read(content, accepted)
    assert len(trials(found)) == count
    assert [each for each in found if isinstance(each, Refused)] == []
    assert [each for each in found if isinstance(each, Ignored) and "no such key" in each.reason] == []
    for trial in trials(found):
        assert trial.title == " ".join(trial.title.split())
        assert "<br" not in repr(trial)
        assert trial.data_date
        assert trial.interventions or trial.arms
        assert all(arm.n is not None for arm in trial.arms)
