"""The design of a trial in the one field that the WHO's portal has for it, in the words of each register."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.registries.ctgov_words import word
from kg.registries.parts import Part, show
from kg.registries.shared_words import once, one_line

__all__ = ["Design", "read_design"]


@dataclass(frozen=True, slots=True)
class Design:
    """What a field tells of the design, in the words of API v2."""

    allocation: str = ""
    model: str = ""
    purpose: str = ""
    masking: str = ""
    who_masked: tuple[str, ...] = ()
    observational_model: str = ""


#: What ChiCTR says in one word.
_SINGLE_WORDS = {
    "case-control study": Design(observational_model="CASE_CONTROL"),
    "cohort study": Design(observational_model="COHORT"),
    "cross-over": Design(model="CROSSOVER"),
    "factorial": Design(model="FACTORIAL"),
    "non randomized control": Design(allocation="NON_RANDOMIZED"),
    "parallel": Design(model="PARALLEL"),
    "sequential": Design(model="SEQUENTIAL"),
    "single arm": Design(model="SINGLE_GROUP"),
}
#: What ClinicalTrials.gov says: label -> field and enumeration.
_LABELS = {
    "allocation": "DesignAllocation",
    "intervention model": "InterventionalAssignment",
    "primary purpose": "PrimaryPurpose",
    "masking": "DesignMasking",
}
_LABELLED = re.compile(r"(Allocation|Intervention model|Primary purpose|Masking): ", re.IGNORECASE)
_ANSWER = re.compile(
    r"(Randomised|Open|Single blind|Double blind|Parallel group|Cross over): (yes|no)\b", re.IGNORECASE
)


def read_design(row: Part) -> Design:
    """Give the design, and note what of it is not understood."""
    text = one_line(row.text("Study design"))
    if not text:
        return Design()
    if text.lower() in _SINGLE_WORDS:
        return _SINGLE_WORDS[text.lower()]
    if len(parts := _LABELLED.split(text)) > 2:
        return _labelled(row, parts)
    if answers := _ANSWER.findall(text):
        return _answered({question.lower() for question, answer in answers if answer.lower() == "yes"})
    row.notes.add("Study design", f"found {show(text)}, expected words such as 'Parallel' or 'Allocation: Randomized.'")
    return Design()


def _labelled(row: Part, parts: list[str]) -> Design:
    found: dict[str, str] = {}
    who: tuple[str, ...] = ()
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        name, plain = label.lower(), value.strip().rstrip(".")
        if name == "masking" and (masked := re.fullmatch(r"(Single|Double|Triple|Quadruple) \((.*)\)", plain)):
            plain = masked[1]
            who = once(word("WhoMasked", each) or "" for each in masked[2].split(","))
        read = word(_LABELS[name], plain)
        if read is None:
            row.notes.add("Study design", f"found {show(f'{label}: {plain}')}, expected a word of API v2")
        found[name] = read or ""
    return Design(
        allocation=found.get("allocation", ""),
        model=found.get("intervention model", ""),
        purpose=found.get("primary purpose", ""),
        masking=found.get("masking", ""),
        who_masked=who,
    )


def _answered(yes: set[str]) -> Design:
    """Read what the EU's register answers; "no" to all kinds of masking says of none that it is used."""
    maskings = [kind for question, kind in _EU_MASKING.items() if question in yes]
    models = [kind for question, kind in _EU_MODEL.items() if question in yes]
    return Design(
        allocation="RANDOMIZED" if "randomised" in yes else "",
        model=models[0] if len(models) == 1 else "",
        masking=maskings[0] if len(maskings) == 1 else "",
    )


_EU_MASKING = {"open": "NONE", "single blind": "SINGLE", "double blind": "DOUBLE"}
_EU_MODEL = {"parallel group": "PARALLEL", "cross over": "CROSSOVER"}
