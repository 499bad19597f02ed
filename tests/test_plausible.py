"""Each gate finds the fault it is there for, and says nothing of a study that is sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.build import curated_files
from kg.curation.plausible import implausible, unfit_roles
from kg.model import ClaimsFile, Study
from kg.validate import check_records

MOTOR = {"id": "ctmo:0000704", "label": "gross motor function"}
GMFM = {"id": "ctmo:0000802", "label": "GMFM"}
READ = {"status": "read", "where": "table 2"}


def result(arm: str, mean: str, spread: str, kind: str = "SEM") -> dict[str, Any]:
    place = {"id": f"r-{arm}", "outcome": MOTOR, "instrument": GMFM, "arm": arm, "month": "6", "measure": "change"}
    return {**place, "mean": mean, "spread": {"type": kind, "value": spread}, "n": "20", **READ}


def sound() -> dict[str, Any]:
    """Give a study like Gu 2020 at month 6: SEM printed, p 0.005."""
    dose = {"value": "50000000", "unit": "cells", "basis": "per kg", "notation": "5 × 107 cells/kg", **READ}
    effect = {"measure": {"id": "STATO:0000457", "label": "mean difference"}, "value": "11", "low": "4", "high": "18"}
    return {
        "id": "sound",
        "title": "A sound study",
        "citation": "Sound 2026",
        "design": {"id": "OBI:0004001", "label": "randomized clinical trial"},
        "enrolled": {"value": "40", **READ},
        "completed": {"value": "40", **READ},
        "arms": [
            {"id": "cells", "label": "cells", "role": "treated", "n": "20", "dose": dose},
            {"id": "control", "label": "placebo", "role": "control", "n": "20"},
        ],
        "results": [result("cells", "21.05", "2.86"), result("control", "10.13", "2.25")],
        "comparisons": [
            {
                "id": "c",
                "outcome": MOTOR,
                "instrument": GMFM,
                "arms": ["cells", "control"],
                "month": "6",
                "finding": "higher",
                "p": "0.005",
                "effect": effect,
                **READ,
            }
        ],
        "adverse_events": [
            {"id": "fever", "event": {"id": "HP:0001945", "label": "Fever"}, "arm": "cells", "events": "7", "n": "20"}
            | {"percent": "35", **READ}
        ],
    }


def test_a_sound_study_has_no_problem() -> None:
    assert implausible(Study.model_validate(sound())) == []


Change = Callable[[dict[str, Any]], Any]
FAULTS: list[tuple[Change, str, str]] = [
    (lambda s: s["arms"][0].update(n="41"), "arms.0.n", "more than the 40 enrolled"),
    (lambda s: s["results"][1].update(n="60"), "results.1.n", "more than the 40 enrolled"),
    (lambda s: s["completed"].update(value="44"), "completed", "44 completed"),
    (lambda s: s["adverse_events"][0].update(percent="135"), "adverse_events.0.percent", "expected 0 to 100"),
    (lambda s: s["adverse_events"][0].update(percent="30"), "adverse_events.0.percent", "7 of 20 are 35.0 %"),
    (
        lambda s: s["comparisons"][0]["effect"].update(value="19"),
        "comparisons.0.effect",
        "outside its interval",
    ),
    (lambda s: s["comparisons"][0]["effect"].update(low="20"), "comparisons.0.effect", "falls from 20 to 18"),
    (lambda s: [r["spread"].update(type="SD") for r in s["results"]], "comparisons.0.p", "read as SD"),
    (lambda s: s["arms"][0]["dose"].update(value="5000000"), "arms.0.dose", "reads as 50000000"),
    (lambda s: s["arms"][0]["dose"].update(basis="per patient"), "arms.0.dose", "says 'per kg'"),
    (lambda s: s["arms"][0]["dose"].update(notation="106 cells"), "arms.0.dose", "say so in `ambiguous`"),
    (lambda s: s["arms"][0]["dose"].update(notation="a dose"), "arms.0.dose", "no amount of cells"),
    (lambda s: s["results"][0].pop("instrument"), "results.0.instrument", "has no instrument"),
    (lambda s: s["results"][0].pop("month"), "results.0.month", "has no month"),
    (lambda s: s["results"][0].update(not_reported=["month"]), "results.0.not_reported", "has the month"),
    (lambda s: s["results"][0].pop("mean"), "results.0", "has no number"),
    (lambda s: s["results"][0]["spread"].update(value="-1"), "results.0.spread", "negative spread"),
    (
        lambda s: s["results"][0]["spread"].update(low="22", high="30"),
        "results.0.spread",
        "lies outside 22 to 30",
    ),
]


@pytest.mark.parametrize(
    ("change", "where", "message"), FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_fault_is_found_where_it_stands(change: Change, where: str, message: str) -> None:
    study = sound()
    change(study)
    found = [(problem.where, problem.message) for problem in implausible(Study.model_validate(study))]
    assert any(place == where and message in told for place, told in found), found


def test_a_study_without_arms_is_found_and_a_meta_analysis_needs_none() -> None:
    study = {key: value for key, value in sound().items() if key in ("id", "title", "citation", "design")}
    assert [problem.where for problem in implausible(Study.model_validate(study))] == ["arms"]
    study["design"] = {"id": "STATO:0000155", "label": "meta analysis"}
    assert implausible(Study.model_validate(study)) == []


def test_sd_read_as_sem_is_found_too() -> None:
    study = sound()
    for each, sd in zip(study["results"], ("12.79", "10.06"), strict=True):  # 2.86 and 2.25 times the root of 20
        each["spread"] = {"type": "SEM", "value": sd}
    assert any("read as SEM" in problem.message for problem in implausible(Study.model_validate(study)))


@pytest.mark.parametrize(
    ("kind", "role", "fits"),
    [
        ("review", "primary result", False),
        ("web page", "primary result", False),
        ("primary study", "review synthesis", False),
        ("review", "review synthesis", True),
        ("primary study", "primary result", True),
        ("meta-analysis", "primary result", True),
    ],
)
def test_the_role_of_a_quotation_fits_the_kind_of_its_source(kind: str, role: str, fits: bool) -> None:
    passage = {"section": "s", "tokens": 1, "exact": "0" * 32, "loose_tokens": 1, "loose": "0" * 32}
    claim = {
        "id": "c",
        "statement": "Cells do something.",
        "subject": {"id": "CL:0000134", "label": "mesenchymal stem cell"},
        "relation": "secretes",
        "object": {"id": "ctmo:0000308", "label": "brain-derived neurotrophic factor"},
        "evidence": [{"direction": "supports", "role": role, "study_kind": "animal", "passage": passage}],
    }
    source = {"id": "s", "title": "T", "label": "L", "kind": kind}
    problems = unfit_roles(ClaimsFile.model_validate({"source": source, "claims": [claim]}))
    assert [problem.where for problem in problems] == ([] if fits else ["claims.0.evidence.0.role"])


@pytest.mark.parametrize("path", curated_files(), ids=lambda path: path.stem)
def test_the_packaged_records_are_plausible(path: Path) -> None:
    assert [str(problem) for problem in check_records([path], {})] == []
