"""Interventions and groups out of the two texts that the WHO's portal has for them.

ChiCTR writes "Group A:cells;Group B:saline;" and, as target size, "Group A:30;Group B:30;". Arms are made only where
both name the same groups in the same order: a text alone does not tell the ";" of a description from that of a list.
"""

from __future__ import annotations

import re

from kg.model.trials import Intervention, TrialArm
from kg.registries.ctgov_words import word
from kg.registries.parts import Part
from kg.registries.shared_words import once, one_line, plain_text

__all__ = ["read_groups"]

_SIZES = re.compile(r"\s*([^:;]*[^:;\s])\s*:\s*([0-9]{1,9})\s*(?:;|$)")
_TYPES = (
    *("Behavioral", "Biological", "Combination Product", "Device", "Diagnostic Test", "Dietary Supplement", "Drug"),
    *("Genetic", "Other", "Procedure", "Radiation"),
)
_TYPED = re.compile(rf"(?:{'|'.join(_TYPES)}): ")
_PRODUCT = re.compile(r"(Product Name|Trade Name): ?(.*)")
_OTHER_NAME = re.compile(r"(?:INN or Proposed INN|Product Code|Other descriptive name): ?(.+)")
_LONGEST = 2000  # signs of a list of groups and their sizes
_NOTHING = frozenset(["", "no", "none", "nil", "na", "n/a", "not applicable"])


def read_groups(row: Part, target: str) -> tuple[tuple[Intervention, ...], tuple[TrialArm, ...]]:
    """Give the interventions of a row, and its arms where they are certain."""
    text = plain_text(row.text("Intervention"))
    if text.lower().rstrip("; ") in _NOTHING:
        return (), ()
    sizes = _group_sizes(target)
    if given := _of_groups(one_line(text), [label for label, _ in sizes]):
        return _arms(sizes, given)
    if _TYPED.match(text):
        return _typed(text), ()
    if _PRODUCT.match(text):
        if "\nConcentration" in text:
            row.notes.add("Intervention", "the concentration of a product is not taken over: it is no dose")
        return tuple(_products(text)), ()
    return (Intervention(one_line(text).rstrip("; ")),), ()


def _group_sizes(target: str) -> list[tuple[str, int]]:
    """Read "Group A:30;Group B:30;", [] where anything else stands there."""
    if len(target) > _LONGEST:
        return []
    found = list(_SIZES.finditer(target))
    whole = "".join(each[0] for each in found)
    labels = [one_line(each[1]) for each in found]
    return (
        [(label, int(each[2])) for label, each in zip(labels, found, strict=True)]
        if (whole.strip() == target.strip() and len(set(labels)) == len(labels))
        else []
    )


def _of_groups(text: str, labels: list[str]) -> list[str]:
    """Give what each group gets; [] where the text does not name each of these groups once, and in this order."""
    marks = [list(re.finditer(rf"(?:^|;)\s*{re.escape(label)}\s*:", text)) for label in labels]
    if not marks or any(len(found) != 1 for found in marks) or marks[0][0].start():
        return []
    starts = [found[0].start() for found in marks] + [len(text)]
    ends = [found[0].end() for found in marks]
    if starts != sorted(starts):
        return []
    return [text[end:start].strip().rstrip("; ") for end, start in zip(ends, starts[1:], strict=True)]


def _arms(sizes: list[tuple[str, int]], given: list[str]) -> tuple[tuple[Intervention, ...], tuple[TrialArm, ...]]:
    arms = tuple(
        TrialArm(label, n=n, intervention_names=() if what.lower() in _NOTHING else (what,))
        for (label, n), what in zip(sizes, given, strict=True)
    )
    names = once(name for arm in arms for name in arm.intervention_names)
    labels = {name: tuple(arm.label for arm in arms if name in arm.intervention_names) for name in names}
    return tuple(Intervention(name, arm_labels=labels[name]) for name in names), arms


def _typed(text: str) -> tuple[Intervention, ...]:
    """Read what ClinicalTrials.gov gives: "Biological: UC-MSCs;Other: Placebo"."""
    parts = re.split(rf";(?={_TYPED.pattern})", one_line(text))
    found = []
    for part in parts:
        kind, _, name = part.partition(": ")
        found.append(Intervention(name.rstrip("; "), word("InterventionType", kind) or ""))
    return tuple(dict.fromkeys(found))


def _products(text: str) -> list[Intervention]:
    """Read what the EU's register gives: lines for each product, and those that speak of the placebo."""
    products: list[tuple[str, list[str], list[str]]] = []
    placebo: list[str] = []
    for line in text.splitlines():
        if named := _PRODUCT.fullmatch(line):
            if products and not products[-1][0]:
                products[-1] = (named[2].strip(), products[-1][1], products[-1][2])
            elif products and named[1] == "Product Name" and not products[-1][2] and not products[-1][1]:
                products[-1][1].append(named[2].strip())
            else:
                products.append((named[2].strip(), [], []))
        elif "placebo" in line.lower():
            placebo.append(line)
        elif products and (other := _OTHER_NAME.fullmatch(line)):
            products[-1][1].append(other[1].strip())
        elif products and not line.startswith("Concentration"):  # of the product, which is no dose
            products[-1][2].append(line)
    found = [
        Intervention(name or (names or [""])[0], description="\n".join(lines), other_names=once(names))
        for name, names, lines in products
    ]
    if placebo:
        found.append(Intervention("Placebo", description="\n".join(placebo)))
    return [each for each in found if each.name]
