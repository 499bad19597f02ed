"""What a picture of the network must say in words: the weakest link, its numbers, and what trials measured.

Plain sentences. A study that measured only an outcome is never counted for a mechanism.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.network import Edge, EvidenceNote, Network, TrialEvidence

__all__ = ["NO_SUPPORT", "best_chain", "caption", "chip_lines", "count", "trial_words", "weakest_link", "why_level"]

NO_SUPPORT = "A study that measured only the outcome does not support the steps to it."
OUTCOME, MECHANISMS = 4, (2, 3)
NOTHING_FOUND = ("no difference", "not detected")


def count(number: int, noun: str, plural: str = "") -> str:
    """Give a number with its noun.

    >>> count(1, "study", "studies"), count(1200, "term")
    ('1 study', '1,200 terms')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def chip_lines(trials: Sequence[TrialEvidence]) -> tuple[str, str, str]:
    """Give how many studies measured it, of which design, and in how many there was or was not a difference."""
    design = {trial.study: trial.design for trial in trials if trial.finding != "planned"}
    planned = {trial.study for trial in trials} - design.keys()
    words = [f"{count(len(design), 'study', 'studies')} measured this"] if design else []
    words += [f"{len(planned)} planned"] if planned else []
    random = sum("random" in each.casefold() for each in design.values())
    rest = len(design) - random
    designs = [f"{random} randomized"] if random else []
    designs += [f"{rest} of other design"] if rest else []
    none = {trial.study for trial in trials if trial.finding in NOTHING_FOUND}
    some = {t.study for t in trials if t.finding not in (*NOTHING_FOUND, "planned", "difference not classified")}
    found = [f"a change in {len(some)}"] if some else []
    found += [f"no difference in {len(none)}"] if none else []
    unknown = design.keys() - some - none
    found += [f"not classified in {len(unknown)}"] if unknown else []
    return "; ".join(words), ", ".join(designs), ", ".join(found)


def best_chain(network: Network) -> tuple[Edge, ...]:
    """Give a chain from a cell or treatment through a mechanism to an outcome, the weakest step as strong as can be.

    Steps keep the order of the columns; what is contradicted is no step. () when there is no chain.
    """
    column = {node.iri: node.column for node in network.nodes}
    steps = [
        edge
        for edge in sorted(network.edges, key=lambda edge: (-edge.level, edge.iri))
        if edge.status.casefold() != "contradicted"
        and edge.subject in column
        and column[edge.subject] <= column.get(edge.object, -1) <= OUTCOME
    ]
    for level in sorted({edge.level for edge in steps}, reverse=True):
        leaving: dict[str, list[Edge]] = defaultdict(list)
        for edge in steps:
            if edge.level >= level:
                leaving[edge.subject].append(edge)
        if chain := _first_chain(leaving, column):
            return chain
    return ()


def _first_chain(leaving: Mapping[str, Sequence[Edge]], column: Mapping[str, int]) -> tuple[Edge, ...]:
    """Walk breadth first; a place is a term together with whether a mechanism lies behind."""
    came: dict[tuple[str, bool], tuple[tuple[str, bool], Edge] | None] = {
        (iri, False): None for iri in sorted(column) if column[iri] == 0
    }
    for here in (waiting := list(came)):
        for edge in leaving.get(here[0], ()):
            there = (edge.object, here[1] or column[edge.object] in MECHANISMS)
            if there in came:
                continue
            came[there] = (here, edge)
            waiting.append(there)
            if there[1] and column[edge.object] == OUTCOME:
                chain: list[Edge] = []
                back = came[there]
                while back:
                    chain.insert(0, back[1])
                    back = came[back[0]]
                return tuple(chain)
    return ()


def weakest_link(network: Network) -> str:
    """Give the sentence that stands with every picture: what was measured, and where the chain is weakest."""
    column = {node.iri: node.column for node in network.nodes}
    outcome = {t.study for t in network.trials if t.finding != "planned" and column.get(t.node) == OUTCOME}
    mechanism = {t.study for t in network.trials if t.finding != "planned" and column.get(t.node) in MECHANISMS}
    words = (
        f"Trials here: {count(len(outcome), 'study', 'studies')} measured an outcome, "
        f"{len(outcome - mechanism)} of them only outcomes; {len(mechanism)} measured a mechanism. {NO_SUPPORT}"
    )
    chain = best_chain(network)
    if not chain:
        return f"{words} No chain of assertions leads here from a cell or treatment through a mechanism to an outcome."
    weakest = min(reversed(chain), key=lambda edge: edge.level)
    label = weakest.level_label or "no evidence"
    statement = weakest.statement.rstrip(".") or weakest.relation_label
    return (
        f"{words} Even the best supported chain through a mechanism is as weak as this link: “{statement}” ({label})."
    )


def caption(network: Network, *, question: str = "network/edges") -> str:
    """Give what a caption owes the reader: n, sources, day of the data, and the question that made it."""
    lines = Counter(name for edge in network.edges for name in {note.source_label for note in edge.evidence})
    order = sorted(lines, key=lambda name: (-lines[name], name))
    sources = ", ".join(f"{name} ({lines[name]})" for name in order[:6])
    sources += f" and {len(order) - 6} more" if len(order) > 6 else ""
    studies = len({trial.study for trial in network.trials})
    words = [
        f"n = {count(len(network.nodes), 'term')}, {count(len(network.edges), 'assertion')}, "
        f"{count(studies, 'study', 'studies')} beside them.",
        f"Sources (assertions): {sources}." if sources else "",
        f"Data of {network.dated}." if network.dated else "",
        f"Question: {question}." if question else "",
        network.note,
    ]
    return " ".join(filter(None, words))


def why_level(edge: Edge) -> str:
    """Give why an assertion has its level: the rule of the graph in words, and the lines it looked at."""
    ways = Counter(note.direction for note in edge.evidence)
    told = ", ".join(f"{number} {way}" for way, number in sorted(ways.items())) or "none"
    kinds = sorted({note.study_kind for note in edge.evidence if note.direction == "supports" and note.study_kind})
    words = f"Lines: {told}."
    if kinds:
        words += f" Best verified support: of {', '.join(kinds)}."
    if edge.status.casefold() == "hypothesised":
        words += " The source hedges (may, might, could): no more than hypothesised."
    if edge.status.casefold() == "contradicted":
        words += " Passages speak against it and none for it."
    return words + _second_hand(edge.evidence)


def _second_hand(notes: Iterable[EvidenceNote]) -> str:
    roles = {note.role for note in notes if note.direction == "supports"}
    return " A review says so; it did not measure." if roles == {"review synthesis"} else ""


def trial_words(trials: Sequence[TrialEvidence]) -> tuple[str, str]:
    """Give how many studies measured something, and which."""
    names = {trial.study: trial.study_label for trial in trials}
    done = {trial.study for trial in trials if trial.finding != "planned"}
    planned = names.keys() - done
    words = [f"{len(done)} {'study' if len(done) == 1 else 'studies'} measured this"] if done else []
    words += [f"{len(planned)} planned"] if planned else []
    order = sorted(names, key=lambda study: (study in planned, names[study], study))
    return "; ".join(words), ", ".join(names[study] for study in order)
