"""The sections of reports by anchor: their headings, and what stands there where a section has no rows.

Words for silence are chosen with care: not measured, not reported and measured without a difference are three things.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.views.report import Block, Section, Text

__all__ = ["part"]

#: Anchor -> heading, and the words for that there is nothing.
_HEADINGS = {
    "assertions": ("Assertions", "No assertion of this graph speaks of it."),
    "chains": ("Chains and their weakest links", "No chain of assertions passes through it."),
    "studies": ("Studies", "No study of this graph gave, measured, counted or plans it."),
    "comparisons": ("Comparisons", "No comparison is in this graph. That is not a finding of no difference."),
    "results": ("Numbers of the arms", "No number of an arm is in this graph."),
    "readouts": ("Biomarkers", "No biomarker that has to do with it was measured in a study of this graph."),
    "adverse-events": ("Adverse events", "No count is in this graph. That is not a count of none."),
    "contradictions": (
        "Contradictions",
        "No two findings or claims on it conflict in this graph. With few of them that says little.",
    ),
    "voices": ("Review against primary study", "No statement of a review on it was held against a primary study."),
    "pooled": (
        "Pooled estimates",
        "Nothing was pooled here: estimates are made of outcomes and of adverse events.",
    ),
    "registered": (
        "Registered but unpublished",
        "Every registered study that has to do with it has results here, or none is registered.",
    ),
    "gaps-unmeasured": ("Not measured", "No gap of this kind is known here."),
    "gaps-silence": (
        "Not reported",
        "No study has an arm whose record is silent on dose, donor, n, ages or follow-up.",
    ),
    "gaps-searched": ("Searched for", "No search of this graph was made for the groups that hold this term."),
    "gaps-map": ("In the evidence gap map", "This term stands in no group of the evidence gap map."),
    "gaps": ("Evidence gap map", "No gap map is in this graph."),
    "matrix": ("Which mechanism was examined how far", "No mechanism is claimed in this graph."),
    "weakest": ("Weakest links of all outcomes", "No chain of assertions reaches an outcome."),
    "coverage": ("What the graph holds", "The graph holds no record."),
    "mechanisms": ("Mechanism by mechanism", "No mechanism is claimed in this graph."),
}


def part(anchor: str, blocks: Iterable[Block | None], sections: Iterable[Section] = ()) -> Section:
    """Give a section of the blocks that are there, or with the words for that there are none."""
    title, empty = _HEADINGS[anchor]
    found, inner = tuple(block for block in blocks if block is not None), tuple(sections)
    return Section(anchor, title, found or (() if inner else (Text(empty),)), inner)
