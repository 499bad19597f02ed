"""Grounding of routes: the cells' own, in the words of registries."""

from __future__ import annotations

import pytest

from kg.grounding import ground, ground_trial
from kg.model.trials import Intervention, Trial, TrialArm


def _routes(trial: Trial) -> list[str]:
    return sorted(one.label for one in ground_trial(trial).routes)


def _given(text: str, **more: object) -> Trial:
    intervention = Intervention("Mesenchymal stem cells", "BIOLOGICAL", text)
    return Trial("NCT90000003", "ClinicalTrials.gov", "test", interventions=(intervention,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("cells are given IV", "intravenous administration"),
        ("cells are given i.v.", "intravenous administration"),
        ("Intra thecal injection of cells", "intrathecal administration"),
        ("injected into the subarachnoid space", "intrathecal administration"),
        ("cells by lumbar puncture", "intrathecal administration by lumbar puncture"),
        ("intra-articular injection of cells", "intra-articular administration"),
        ("injection of cells into the knee joint", "intra-articular administration"),
        ("intracoronary infusion of cells", "intracoronary administration"),
        ("transendocardial injection of cells", "transendocardial administration"),
        ("intramyocardial injection of cells", "intramyocardial administration"),
        ("cells via the hepatic artery", "hepatic artery administration"),
        ("cells through the portal vein", "portal vein administration"),
        ("intranasal drops of exosomes", "nasal administration"),
        ("intracavernous injection of cells", "intracavernous administration"),
        ("intravitreal injection of cells", "intravitreal administration"),
        ("sub-Tenon injection of cells", "sub-Tenon administration"),
        ("nebulised exosomes", "administration by inhalation"),
        ("intratracheal instillation of cells", "intratracheal administration"),
        ("intradiscal injection of cells", "intradiscal administration"),
        ("injected into the fistula tract", "intralesional administration"),
        ("intraovarian injection of cells", "intraovarian administration"),
        ("intrauterine infusion of cells", "intrauterine administration"),
    ],
)
def test_routes_are_read_in_the_words_of_registries(text: str, label: str) -> None:
    assert _routes(_given(text)) == [label]


@pytest.mark.parametrize(
    "text",
    [
        "cells after G-CSF given subcutaneously for five days",
        "patients with intracranial hemorrhage receive cells",
        "cells are taken from subcutaneous fat",
        "methylprednisolone is given intravenously before the cells",
        "cells are given, not intravenously",
        "cells are given to patients with raised intraocular pressure",
        "",
    ],
)
def test_the_route_of_another_thing_is_not_that_of_the_cells(text: str) -> None:
    assert _routes(_given(text)) == []


def test_two_substances_in_one_sentence_keep_their_routes() -> None:
    text = "G-CSF subcutaneously for five days and then intrathecal injection of CD34+ cells"
    assert _routes(_given(text)) == ["intrathecal administration"]


def test_several_routes_of_one_product_are_all_given() -> None:
    text = "Intravenous and intrathecal transplantation of cells"
    assert _routes(_given(text)) == ["intrathecal administration", "intravenous administration"]


def test_the_broader_route_gives_way_to_the_narrower() -> None:
    assert _routes(_given("intra-arterial, that is intracoronary, infusion of cells")) == [
        "intracoronary administration"
    ]


def test_the_summary_tells_what_the_arms_leave_open() -> None:
    assert _routes(_given("", summary="Cells are infused intravenously.")) == ["intravenous administration"]
    told = _given("intrathecal injection of cells", summary="Cells were given intravenously in earlier trials.")
    assert _routes(told) == ["intrathecal administration"]


def test_a_route_in_eligibility_is_never_read() -> None:
    trial = _given("one dose of cells", description="Excluded is who has intrathecal Baclofen.")
    assert _routes(trial) == []


def test_a_trial_without_cells_has_no_route() -> None:
    trial = Trial(
        "NCT90000004",
        "ClinicalTrials.gov",
        "test",
        interventions=(Intervention("Methotrexate", "DRUG", "intrathecal methotrexate"),),
        arms=(TrialArm("Methotrexate", "EXPERIMENTAL", "given intrathecally"),),
    )
    assert _routes(trial) == []


def test_the_words_as_read_are_kept() -> None:
    (found,) = ground("cells are given i.v. once", ["route"])
    assert found.matched == "i.v."


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Cells were injected in the treatment knee", "intra-articular administration"),
        ("Randomly, one knee will be injected with cells", "intra-articular administration"),
        ("cells are transplanted back to the tendon", "intratendinous administration"),
        ("injection of cells inside the wound", "topical administration"),
        ("cells are given through an arm vein", "intravenous administration"),
        ("cells are implanted in the striatum", "intracerebral administration"),
    ],
)
def test_a_place_that_cells_are_put_into_is_a_route(text: str, label: str) -> None:
    assert _routes(_given(text)) == [label]


@pytest.mark.parametrize(
    "text",
    [
        "pain in the knee after the injection",
        "the effect of an infusion on the brain",
        "transplantation of cells to repair knee joint injury",
        "administration in the management of liver cirrhosis",
        "osteoarthritis of the knee",
    ],
)
def test_a_place_that_nothing_is_put_into_is_none(text: str) -> None:
    assert ground(text, ["route"]) == []
    assert _routes(_given(text)) == []


@pytest.mark.parametrize(
    "text", ["grades III-IV", "grade III or IV", "type IV collagen", "stage IV", "class IV lesions"]
)
def test_a_roman_number_is_no_vein(text: str) -> None:
    assert _routes(_given(f"cells for disease of {text}")) == []


def test_what_cells_are_suspended_in_has_no_route_of_its_own() -> None:
    assert _routes(_given("The cells are suspended in 100 ml saline and infused intravenously.")) == [
        "intravenous administration"
    ]


def test_a_second_vessel_counts_beside_a_route_that_is_named() -> None:
    text = "Intravenous infusion, one week later the cells are injected to the mesenteric artery"
    assert _routes(_given(text)) == ["intra-arterial administration", "intravenous administration"]
