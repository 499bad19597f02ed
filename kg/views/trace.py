"""A traced path in words: every step with what stands behind it, and the weakest link."""

from __future__ import annotations

from collections.abc import Sequence

from kg.network import Edge, EvidenceNote, Network
from kg.trace import Path, Step, trials_of

__all__ = ["chain_of", "draw_path", "lines_beside", "sentence_beside", "words_behind"]

#: How many trials beside a path are named; the line stays one that can be read.
_SHOWN = 6


def _voice(note: EvidenceNote) -> str:
    cited = f" {note.cited_as}" if note.cited_as else ""
    kind = "" if note.study_kind == "stated" else f"{note.study_kind}, "
    return f"{kind}{note.role}: {note.source_label}{cited}, {note.section}"


def words_behind(edge: Edge) -> str:
    """Give what supports an assertion: who says it, where, and of what kind of study; hedged where it is no fact."""
    lines = [_voice(note) for note in edge.evidence if note.direction == "supports"]
    hedge = "" if edge.status == "accepted" else f"{edge.status}; "
    return hedge + ("; ".join(lines) or "no supporting line")


def _step_line(step: Step, weakest: bool) -> list[str]:
    mark = "   <- weakest link" if weakest else ""
    if step.is_a:
        return [f"  is a                {step.start.label} is a {step.end.label}; what follows is stated of the latter"]
    if step.edge is None:
        return [f"  no evidence         {step.start.label} -> {step.end.label}{mark}"]
    first = f"  {step.edge.level_label:<18}  {step.edge.statement}{mark}"
    context = f" ({step.edge.context})" if step.edge.context else ""
    return [first, f"  {'':<18}  {words_behind(step.edge)}{context}"]


def sentence_beside(network: Network, goal: str, goal_label: str, others: Sequence[tuple[str, str]]) -> list[str]:
    """Give what trials measured of the goal and of the mechanisms on the path; it stands beside the path, not on it."""
    measured = [trial for trial in trials_of(network, goal) if trial.finding != "planned"]
    studies = sorted({f"{trial.study_label}: {trial.cells or 'cells not reported'}" for trial in measured})
    count = f"{len(studies)} {'study' if len(studies) == 1 else 'studies'}"
    lines = [f"beside the path, not on it: {count} here measured {goal_label} after cell therapy"]
    if studies:
        more = f"; and {len(studies) - _SHOWN} more: mechtrail query network/trials" if len(studies) > _SHOWN else ""
        lines[0] += f" ({'; '.join(studies[:_SHOWN])}{more})"
    for node, label in others:
        trials = trials_of(network, node)
        done = sorted({trial.study_label for trial in trials if trial.finding != "planned"})
        planned = sorted({f"{trial.study_label} plans {trial.what}" for trial in trials if trial.finding == "planned"})
        text = f"  {len(done)} measured {label} in participants" + (f" ({', '.join(done)})" if done else "")
        lines.append(text + (f"; {'; '.join(planned)}" if planned else ""))
    return lines


def chain_of(path: Path) -> str:
    """Give the terms of a path with the relations between them, in one line."""
    chain = path.steps[0].start.label
    for step in path.steps:
        chain += f" --{step.words}--> {step.end.label}"
    return chain


def lines_beside(path: Path, network: Network) -> list[str]:
    """Give what disputes a step of a path, and what trials measured beside it."""
    lines = []
    on_path = {node.iri for node in path.nodes}
    for edge in network.edges:
        if edge.object in on_path or edge.subject in on_path:
            against = [_voice(note) for note in edge.evidence if note.direction == "disputes"]
            lines += [f"{edge.status}: {edge.statement} Against it: {'; '.join(against)}"] if against else []
    mechanisms = [(node.iri, node.label) for node in path.nodes[:-1] if node.kind in ("mechanism", "pathway")]
    goal = path.nodes[-1]
    return [*lines, *sentence_beside(network, goal.iri, goal.label, mechanisms)]


def draw_path(path: Path, network: Network) -> str:
    """Give one path as text: the chain, its steps with their evidence, what disputes it, and the trials beside it."""
    lines = [chain_of(path)]
    for step in path.steps:
        lines += _step_line(step, step is path.weakest)
    return "\n".join([*lines, *lines_beside(path, network)])
