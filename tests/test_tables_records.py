"""What a row may be: an arm, a dose, a comparison, a readout, a study; rows that fit, and some that do not."""

from __future__ import annotations

from pathlib import Path

from kg.vocabulary import Lexicon
from tests.tables import ignored, read, refused, studies

ONE_STUDY = "status: read\nstudy: {id: aster2031, design: randomized clinical trial}\n"


def test_a_comparison_names_its_arms_in_one_cell(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = (
        f"row: comparison\n{ONE_STUDY}"
        + """
arms: {cells: {role: treated}, sham: {role: control}}
constants: {outcome: gross motor function, effect.measure: mean difference}
columns:
  Arms: {property: arms, separator: vs}
  What: finding
  P: p
  Difference: {property: effect, unit: points}
"""
    )
    table = "Arms,What,P,Difference\ncells vs sham,higher,0.03,3.5\ncells vs shame,higher,0.2,1\n"
    answers, _ = read(table, mapping, tmp_path, lexicon)
    assert refused(answers) == ["row 3: found the arm 'shame', which nothing describes; nearest: sham"]
    (study,) = studies(answers)
    (comparison,) = study.comparisons
    assert ([arm.role for arm in study.arms], comparison.arms) == (["treated", "control"], ["cells", "sham"])
    assert comparison.effect is not None
    assert (str(comparison.effect.value), comparison.effect.unit, comparison.p) == ("3.5", "points", "0.03")


def test_a_readout_keeps_its_weeks(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = f"row: readout\n{ONE_STUDY}columns: {{Marker: marker, Week: week, Went: direction}}\n"
    answers, _ = read("Marker,Week,Went\ninterleukin-6,4,decrease\nBDNF,2,up\n", mapping, tmp_path, lexicon)
    assert [one.split(",")[0] for one in refused(answers)] == ["row 3: Went: found 'up'"]
    (readout,) = studies(answers)[0].readouts
    assert (readout.id, str(readout.week), readout.arm, readout.month) == ("interleukin-6-week-4", "4", None, None)


ARMS = """
row: arm
status: read
columns:
  Study: study
  Design: study.design
  Arm: id
  Role: role
  N: n
  Cells: cell_source
  Dose: {property: dose, kind: power of ten, unit: cells}
"""


def test_an_arm_stands_in_one_row(tmp_path: Path, lexicon: Lexicon) -> None:
    rows = [
        "Aster 2031,randomized clinical trial,MSC,treated,20,mesenchymal stem cell,2×10⁷",
        "Aster 2031,randomized clinical trial,sham,control,19,,",
        "Aster 2031,randomized clinical trial,sham,control,19,,",
        "Borage 2032,,MSC,treated,19,,",
    ]
    answers, tally = read("Study,Design,Arm,Role,N,Cells,Dose\n" + "\n".join(rows), ARMS, tmp_path, lexicon)
    assert refused(answers) == [
        "row 4: found the arm 'sham' of 'Aster 2031' again; it stands in row 3",
        "row 5: the study 'Borage 2032': design: has no value",
    ]
    assert tally.taken == 2
    (study,) = studies(answers)
    first, second = study.arms
    assert first.dose is not None
    assert (first.label, str(first.dose.value), first.dose.notation) == ("MSC", "20000000", "2×10⁷ cells")
    assert (second.product, second.dose, second.n) == (None, None, 19)


def test_a_dose_without_an_amount_is_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = f"row: dose\n{ONE_STUDY}constants: {{arm.role: treated, standing: given}}\n"
    mapping += "columns: {Arm: arm, Amount: {property: value, unit: million cells/kg}, Times: times}\n"
    answers, _ = read("Arm,Amount,Times\na,2,4\nb,,3\n", mapping, tmp_path, lexicon)
    assert refused(answers) == ["row 3: found no value of value or low or high in this row, expected one"]
    (arm,) = studies(answers)[0].arms
    assert arm.dose is not None
    assert (str(arm.dose.value), arm.dose.basis, arm.dose.standing, arm.dose.times) == ("2000000", "per kg", "given", 4)


def test_a_study_keeps_the_precision_of_its_dates(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = """
row: study
status: read
columns:
  Name: study
  Title: title
  Design: design
  N: enrolled
  Sites: {property: sites, separator: ;}
  Start: {property: start, order: day first}
  Age: {property: ages_years.mean, kind: mean ± spread, type: SD}
"""
    rows = [
        "Aster 2031,A trial,randomized clinical trial,40,Kyiv; Lviv,3.4.2021,4.5 ± 1.2",
        "Borage 2032,B,randomized clinical trial,,,2020,",
        "Borage 2032,B,randomized clinical trial,,,2020,",
    ]
    answers, _ = read("Name,Title,Design,N,Sites,Start,Age\n" + "\n".join(rows), mapping, tmp_path, lexicon)
    assert refused(answers) == ["row 4: found the study 'Borage 2032' again; it stands in row 3"]
    first, second = studies(answers)
    assert (first.start, second.start) == ("2021-04-03", "2020")
    assert first.sites == ["Kyiv", "Lviv"]
    assert first.enrolled is not None
    assert (first.enrolled.value, first.enrolled.status, first.enrolled.where) == (40, "read", "t.csv, row 2")
    assert first.ages_years is not None
    assert first.ages_years.spread is not None
    assert (str(first.ages_years.spread.value), second.ages_years, second.enrolled) == ("1.2", None, None)


def test_months_of_age_become_years_only_where_that_is_exact(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = "row: study\nstatus: read\nstudy: {design: randomized clinical trial}\n"
    mapping += "columns: {Name: study, Age: {property: ages_years.mean, unit: months}}\n"
    answers, _ = read("Name,Age\nAster 2031,18\nBorage 2032,20\n", mapping, tmp_path, lexicon)
    assert refused(answers) == ["row 3: Age: found 20, which divided by 12 has no exact decimal form"]
    (study,) = studies(answers)
    assert study.ages_years is not None
    assert str(study.ages_years.mean) == "1.5"


def test_an_arm_that_a_row_says_nothing_of_is_told(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = f"row: adverse event\n{ONE_STUDY}constants: {{event: fever AE}}\narms:\n"
    mapping += (
        "  cells: {role: treated, columns: {A: events, B: n}}\n  sham: {role: control, columns: {C: events, D: n}}\n"
    )
    mapping += "columns: {Serious: serious}\n"
    table = "Serious,A,B,C,D\nyes,1,20,,\nno,2,20,3,19\nno,,,,\n"
    answers, tally = read(table, mapping, tmp_path, lexicon)
    assert ignored(answers) == ["sham: 1 rows without any value for this arm"]
    assert refused(answers) == ["row 4: found no value for any of its arms, expected one"]
    (study,) = studies(answers)
    assert [(event.arm, event.serious, event.events) for event in study.adverse_events] == [
        ("cells", True, 1),
        ("cells", False, 2),
        ("sham", False, 3),
    ]
    assert tally.taken == 2
