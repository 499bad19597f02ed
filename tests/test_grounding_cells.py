"""Grounding of cells, tissues, forms and donors: what is given, and what is only spoken of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import NotFoundError
from kg.grounding import KINDS, Synonym, ground, ground_trial
from kg.grounding.expansions import read_expansions
from kg.grounding.words import fold, read_words
from kg.model.trials import Eligibility, Intervention, Trial, TrialArm


def _cells(trial: Trial) -> list[str]:
    return sorted(one.label for one in ground_trial(trial).cell_sources)


def _donors(trial: Trial) -> list[str]:
    return [one.label for one in ground_trial(trial).donors]


def _given(name: str, description: str = "", **more: object) -> Trial:
    intervention = Intervention(name, "BIOLOGICAL", description)
    return Trial("NCT90000001", "ClinicalTrials.gov", "test", interventions=(intervention,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("umbilical cord mesenchymal stem cells", "mesenchymal stem cell of umbilical cord"),
        ("Umbilical cord-derived mesenchymal stromal cells", "mesenchymal stem cell of umbilical cord"),
        ("hUC-MSCs", "mesenchymal stem cell of umbilical cord"),
        ("HUCMSC", "mesenchymal stem cell of umbilical cord"),
        ("umbilcal cord mesenchyamal stem cells", "mesenchymal stem cell of umbilical cord"),
        ("Wharton’s Jelly-derived MSCs", "mesenchymal stem cell of Wharton's jelly"),
        ("MSCs isolated from the patient's own bone marrow", "mesenchymal stem cell of the bone marrow"),
        ("bone marrow mononuclear cells", "bone marrow mononuclear cell"),
        ("adipose-derived stem cells", "mesenchymal stem cell of adipose tissue"),
        ("cord blood mononuclear cells", "umbilical cord blood mononuclear cell"),
        ("dental pulp stem cells", "dental pulp stem cell"),
        ("menstrual blood-derived mesenchymal stem cells", "endometrial mesenchymal stem cell"),
        ("autologous umbilical cord blood", "umbilical cord blood cell"),
        ("foetal neural stem cells", "fetal neural progenitor cell"),
        ("remestemcel-L", "mesenchymal stem cell of the bone marrow"),
    ],
)
def test_cells_are_read_in_the_words_of_registries(text: str, label: str) -> None:
    assert label in {one.label for one in ground(text, ["cell source"])}


@pytest.mark.parametrize(
    "text",
    [
        "treatment without stem cells",
        "no mesenchymal stem cells are given",
        "CL2020",
        "cord blood bank",
        "umbilical cord blood plasma",
        "Child Development",
        "the stage of the disease over a period",
        "",
    ],
)
def test_where_no_cells_are_given_none_are_found(text: str) -> None:
    assert ground(text, ["cell source"]) == []


def test_a_disease_is_not_read_into_child_development() -> None:
    assert ground("Child Development") == []


def test_a_candidate_tells_its_words_its_place_and_its_reason() -> None:
    (found,) = ground("two infusions of Intra venous cells", ["route"], where="arm 2 description")
    assert (found.matched, found.where) == ("Intra venous", "arm 2 description")
    assert 0 < found.score <= 1
    assert found.reason


def test_an_abbreviation_that_is_spelled_out_otherwise_does_not_count() -> None:
    spasticity = ground("Modified Ashworth Scale (MAS) of the elbow; MAS of the wrist", ["instrument"])
    assert {one.label for one in spasticity} == {"Modified Ashworth Scale"}
    assert "abbreviation expanded in the same record" in {one.reason for one in spasticity}
    assert ground("Macrophage activation syndrome (MAS); MAS in spastic children", ["instrument"]) == []


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="route"):
        ground("intravenous", ["rout"])


def test_names_of_other_vocabularies_fill_what_our_tables_leave() -> None:
    more = [Synonym("MONDO:0000001", "a disease of this test", "quux fever")]
    assert [one.term for one in ground("patients with Quux fever", more=more)] == ["MONDO:0000001"]


def test_cells_of_eligibility_and_background_ground_nothing() -> None:
    trial = _given(
        "Neural stem cells",
        summary="Umbilical cord blood has been used in rats.",
        eligibility=Eligibility(criteria="Exclusion: an autologous cord blood unit, intrathecal Baclofen"),
    )
    found = ground_trial(trial)
    assert [one.label for one in found.cell_sources] == ["neural stem cell"]
    assert not found.donors
    assert not found.routes


def test_cells_without_a_tissue_take_the_one_that_is_harvested() -> None:
    trial = _given("Autologous mesenchymal stem cells", "Two injections one month after bone marrow aspiration.")
    assert _cells(trial) == ["mesenchymal stem cell of the bone marrow"]


def test_a_transplantation_before_the_trial_is_no_product() -> None:
    trial = _given(
        "Mesenchymal stromal cells",
        title="MSC for GVHD After Allogeneic Hematopoietic Stem Cell Transplantation",
        summary="Chronic GVHD follows allogeneic hematopoietic stem cell transplantation (allo-HSCT).",
    )
    assert _cells(trial) == ["mesenchymal stem cell"]
    assert _donors(trial) == []


def test_exosomes_keep_the_cells_that_made_them() -> None:
    (product,) = ground_trial(_given("Exosomes derived from mesenchymal stromal cells")).products
    assert product.cell is not None
    assert product.cell.label == "mesenchymal stem cell"
    assert product.form is not None
    assert product.form.label == "extracellular exosome"


@pytest.mark.parametrize(
    ("text", "donors"),
    [
        ("Autolgous cord blood cells", ["autologous"]),
        ("Allogenic mesenchymal stem cells", ["allogeneic"]),
        ("Matched sibling donor cord blood cell infusion", ["related allogeneic"]),
        ("stem cells of the patient's own bone marrow", ["autologous"]),
        ("unrelated donor cord blood cells", ["unrelated allogeneic"]),
        ("mesenchymal stem cells in autologous serum", []),
        ("mesenchymal stem cells on an allogeneic bone graft", []),
        ("mesenchymal stem cells", []),
    ],
)
def test_the_donor_is_that_of_the_cells(text: str, donors: list[str]) -> None:
    assert _donors(_given(text)) == donors


def test_arms_bear_their_own_product_and_a_placebo_bears_none() -> None:
    trial = Trial(
        "NCT90000002",
        "ClinicalTrials.gov",
        "test",
        arms=(
            TrialArm("Cord blood", "EXPERIMENTAL", "10x107/kg cord blood cells intravenously", ("Cord blood",)),
            TrialArm("MSC", "EXPERIMENTAL", "three intrathecal doses of 2x106/kg UC-MSC", ("MSC",)),
            TrialArm("Placebo", "PLACEBO_COMPARATOR", "saline, as the stem cells are given", ("Placebo",)),
        ),
        interventions=(Intervention("Cord blood"), Intervention("MSC", "BIOLOGICAL"), Intervention("Placebo")),
    )
    blood, cells, placebo = ground_trial(trial).arms
    assert [p.cell.label for p in blood.products if p.cell] == ["umbilical cord blood cell"]
    assert [one.label for one in blood.routes] == ["intravenous administration"]
    assert [p.cell.label for p in cells.products if p.cell] == ["mesenchymal stem cell of umbilical cord"]
    assert [str(dose.value) for dose in cells.doses] == ["2000000"]
    assert (placebo.role, placebo.products, placebo.doses) == ("control", (), ())


def test_grown_and_not_grown_cells_are_told_apart() -> None:
    (grown,) = ground_trial(_given("Culture-expanded mesenchymal stem cells")).products
    (fresh,) = ground_trial(_given("Stromal vascular fraction", "minimally manipulated, the same day")).products
    assert (grown.culture, fresh.culture) == ("cultured", "not cultured")


def test_abbreviations_are_learned_from_the_record() -> None:
    learned = read_expansions(["amyotrophic lateral sclerosis (ALS), mesenchymal stem cells (MSCs)"])
    assert learned["ALS"] == "amyotrophic lateral sclerosis"
    assert learned["MSC"] == "mesenchymal stem cells"


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered_with_candidates_that_stand_in_it(text: str) -> None:
    for one in ground(text):
        assert one.matched in text
        assert one.kind in KINDS


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_words_keep_their_place(text: str) -> None:
    for word in read_words(text):
        assert 0 <= word.start < word.end <= len(text)
    assert fold("CELLS") == fold("cell")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("mesenchymal bone marrow stem cells", "mesenchymal stem cell of the bone marrow"),
        ("mesenchymal bone marrow cells", "mesenchymal stem cell of the bone marrow"),
        ("mesenchymal umbilical cord stem cells", "mesenchymal stem cell of umbilical cord"),
        ("bone marrow stem cells", "bone marrow stem cell"),
    ],
)
def test_mesenchymal_counts_although_the_tissue_stands_between(text: str, label: str) -> None:
    assert [one.label for one in ground(text, ["cell source"])] == [label]


def test_bmsc_are_mesenchymal_where_the_record_speaks_of_such_cells() -> None:
    assert _cells(_given("Autologous BMSCs", summary="Mesenchymal stem cells are compared.")) == [
        "mesenchymal stem cell of the bone marrow"
    ]
    assert _cells(_given("Autologous BMSCs", summary="Bone marrow stem cells are compared.")) == [
        "bone marrow stem cell"
    ]
    assert _cells(_given("Autologous BMSCs")) == []


def test_the_name_of_a_product_adds_nothing_to_what_the_record_says_of_its_cells() -> None:
    assert _cells(_given("Cartistem")) == ["umbilical cord blood mesenchymal stem cell"]
    assert _cells(_given("Cartistem", "mesenchymal stem cells")) == ["mesenchymal stem cell"]


def test_cells_that_a_study_only_looks_at_are_not_given() -> None:
    looking = Trial("NCT90000001", "test", "test", title="Mesenchymal stem cells in the fluid of the hip")
    assert _cells(replace(looking, study_type="OBSERVATIONAL")) == []
    giving = replace(looking, title="Injection of mesenchymal stem cells", study_type="OBSERVATIONAL")
    assert _cells(giving) == ["mesenchymal stem cell"]


def test_what_is_done_after_cells_were_given_gives_none() -> None:
    trial = Trial(
        "NCT90000001",
        "test",
        "test",
        title="Exercise after mesenchymal stem cell transplantation",
        interventions=(Intervention("Exercise"),),
    )
    assert _cells(trial) == []


def test_an_intervention_that_bears_only_a_name_gives_the_cells_that_stand_beside_it_in_the_title() -> None:
    trial = Trial(
        "NCT90000001",
        "test",
        "test",
        title="ZORB-1® Allogeneic Mesenchymal Stem Cells in Ataxia",
        arms=(TrialArm("ZORB-1 low", "EXPERIMENTAL", "2 x 10^7 cells", ("ZORB-1",)),),
        interventions=(Intervention("ZORB-1", "BIOLOGICAL"),),
    )
    (arm,) = ground_trial(trial).arms
    assert [one.cell.label for one in arm.products if one.cell] == ["mesenchymal stem cell"]
    assert [str(one.value) for one in arm.doses] == ["20000000"]


def test_an_intervention_does_not_take_the_cells_of_what_it_is_compared_with() -> None:
    trial = Trial(
        "NCT90000001",
        "test",
        "test",
        title="ZORB-1 vs. Mesenchymal Stem Cells",
        arms=(TrialArm("ZORB-1", "ACTIVE_COMPARATOR", "", ("ZORB-1",)),),
        interventions=(Intervention("ZORB-1"), Intervention("Mesenchymal stem cells")),
    )
    (arm,) = ground_trial(trial).arms
    assert arm.products == ()


def test_a_donor_that_only_keywords_tell_counts_where_they_tell_one() -> None:
    assert _donors(_given("Mesenchymal stem cells", keywords=("Allogeneic stem cells",))) == ["allogeneic"]
    assert _donors(_given("Mesenchymal stem cells", keywords=("Allogeneic stem cells", "Autologous stem cells"))) == []
