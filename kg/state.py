"""One state of the graph for comparing: its records, what belongs to each, and how each is called in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from kg.namespaces import CTMO, PREFIXES, compress
from kg.rdf import LABEL, RDF_TYPE, ctmo

__all__ = ["LINE", "ORDER", "OTHER", "State", "Values", "base_of", "identifier", "owner_of"]

#: Class -> what its records are called, in the order of the answer. Whatever ends in Estimate is a pooled estimate.
_KINDS = {
    "Assertion": "assertions",
    "Study": "studies",
    "Arm": "arms",
    "Result": "results",
    "Comparison": "comparisons",
    "Readout": "readouts",
    "PlannedReadout": "planned readouts",
    "AdverseEventCount": "adverse event counts",
    "PooledEstimate": "pooled estimates",
    "PoolingRefusal": "refusals to pool",
    "Audit": "audits",
    "Source": "sources",
    "MechanismPath": "paths",
    "Product": "products",
    "Search": "searches",
    "MapGroup": "groups of the gap map",
}
_TERMS, OTHER = "terms", "other statements"
ORDER = {kind: place for place, kind in enumerate([*_KINDS.values(), _TERMS, OTHER])}
_OWL, _RDF = PREFIXES["owl"], PREFIXES["rdf"]
_TERM_TYPES = {
    _OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")
}
LINE, _SOURCE = ctmo("hasEvidenceLine"), ox.NamedNode(PREFIXES["dcterms"] + "source")
_FIRST, _REST = ox.NamedNode(_RDF + "first"), ox.NamedNode(_RDF + "rest")
#: What names a record that has no label, in this order.
_NAMING = [ctmo(name) for name in ("outcome", "marker", "event", "instrument", "arm", "firstArm", "hasArm", "month")]
_ANNOTATED = [ox.NamedNode(f"{_OWL}annotated{part}") for part in ("Source", "Property", "Target")]
_NUMBERS = {PREFIXES["xsd"] + name for name in ("decimal", "double", "float", "integer")}
#: How far down parts of parts are followed. No record has as many levels; a blank node is compared by its name, which
#: stands for all that it says.
_DEEPEST = 6

Values = dict[ox.NamedNode, list[object]]


def base_of(node: object) -> str:
    """Give the IRI of a node without its fragment: the study of a result, the assertion of an audit."""
    return str(getattr(node, "value", node)).partition("#")[0]


def _kind(types: set[str]) -> str | None:
    """Give the kind of a record by its types, the first of the table where there are several."""
    ours = {iri.removeprefix(CTMO) for iri in types if iri.startswith(CTMO)}
    found = {_KINDS.get(name) or ("pooled estimates" if name.endswith("Estimate") else OTHER) for name in ours}
    if types & _TERM_TYPES:
        found.add(_TERMS)
    kind = min(found, key=ORDER.__getitem__, default=OTHER)
    return None if kind == OTHER else kind


class State:
    """One state of the graph: what is said of each node, which nodes are records, and how they are called."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.said: defaultdict[object, list[ox.Triple]] = defaultdict(list)
        self.assertion_of_line: dict[object, object] = {}
        self.pointed_at: set[object] = set()  # blank nodes that stand within something
        types: defaultdict[object, set[str]] = defaultdict(set)
        for triple in triples:
            self.said[triple.subject].append(triple)
            if triple.predicate == RDF_TYPE and isinstance(triple.object, ox.NamedNode):
                types[triple.subject].add(triple.object.value)
            elif triple.predicate == LINE:
                self.assertion_of_line[triple.object] = triple.subject
            if isinstance(triple.object, ox.BlankNode):
                self.pointed_at.add(triple.object)
        kinds = {node: _kind(given) for node, given in types.items() if isinstance(node, ox.NamedNode)}
        self.kind_of: dict[object, str] = {node: kind for node, kind in kinds.items() if kind}

    def values(self, node: object) -> Values:
        """Give property -> values of a node."""
        found: Values = {}
        for triple in self.said.get(node, ()):
            found.setdefault(triple.predicate, []).append(triple.object)
        return found

    def holds(self, node: object, value: object) -> bool:
        """Say whether a value is a record of its own within the node: a result of a study, an audit of an assertion."""
        return value in self.kind_of and value != node and base_of(value) == str(getattr(node, "value", ""))

    def owns(self, node: object, value: object) -> bool:
        """Say whether a value is a part of the node that has no life of its own: an effect, a dose, an excerpt."""
        if value not in self.said or value in self.kind_of or value == node:
            return False
        if isinstance(value, ox.BlankNode) or self.assertion_of_line.get(value) == node:
            return True
        return isinstance(value, ox.NamedNode) and "#" in value.value and base_of(value) == base_of(node)

    def parts(self, node: object) -> set[object]:
        """Give the node and all that it owns."""
        found, waiting = {node}, [node]
        while waiting:
            owner = waiting.pop()
            inner = {t.object for t in self.said.get(owner, ()) if self.owns(owner, t.object)} - found
            found |= inner
            waiting += inner
        return found

    def _cells(self, node: object) -> list[object]:
        """Give the cells of an RDF list, or nothing where the node is none."""
        cells: list[object] = []
        seen = set()
        while node not in seen and any(triple.predicate == _FIRST for triple in self.said.get(node, ())):
            seen.add(node)
            cells.append(node)
            node = min((t.object for t in self.said[node] if t.predicate == _REST), key=str, default=None)
        return cells

    def members(self, node: object) -> list[object]:
        """Give the members of an RDF list, or nothing where the node is none."""
        return [min(self.values(cell)[_FIRST], key=str) for cell in self._cells(node)]

    def key(self, owner: object, value: object, above: frozenset[object] = frozenset()) -> object:
        """Give what decides whether two values are the same: a part counts by what it says, a number by its size."""
        if isinstance(value, ox.NamedNode) and value not in above and len(above) < _DEEPEST and self.owns(owner, value):
            if cells := self._cells(value):  # told cell by cell: a list may be longer than calls can be deep
                all_cells = set(cells)
                return ("list", *(self._said(cell, above | {value}, skip=all_cells) for cell in cells))
            return self._said(value, above | {value})
        if isinstance(value, ox.Literal) and value.datatype.value in _NUMBERS:
            try:
                number = Decimal(value.value)
            except InvalidOperation:
                return value
            return (value.datatype, number) if number.is_finite() else value
        return value

    def _said(self, node: object, above: frozenset[object], skip: Container[object] = ()) -> object:
        pairs = (
            (p, self.key(node, v, above)) for p, values in self.values(node).items() for v in values if v not in skip
        )
        return frozenset(Counter(pairs).items())

    def label(self, node: object) -> str:
        """Give the label of a node, or nothing."""
        labels = [t.object for t in self.said.get(node, ()) if t.predicate in (LABEL, ctmo("label"))]
        found = [each for each in labels if isinstance(each, ox.Literal)]
        return min((each.language not in (None, "en"), each.value) for each in found)[1] if found else ""

    def words(self, value: object, depth: int = 0) -> str:
        """Give a value in words, its identifier beside its label."""
        if isinstance(value, ox.Literal):
            return value.value
        if depth < _DEEPEST and (members := self.members(value)):
            return "; ".join(f"{i}. {self.words(each, depth + 1)}" for i, each in enumerate(members, 1))
        label = self.label(value) or (self.what(value) if value in self.kind_of else "")
        fragment = str(value).startswith(f"<{CTMO}") and "#" in str(value)
        part = fragment or isinstance(value, ox.BlankNode) or value in self.assertion_of_line
        if label or not part or depth >= _DEEPEST or not self.said.get(value):
            return f"{label} ({identifier(value)})" if label else identifier(value)
        return self._contents(value, depth)

    def _contents(self, node: object, depth: int) -> str:
        said = {self.name_of(p): values for p, values in self.values(node).items() if p != RDF_TYPE}
        shown = {name: values for name, values in said.items() if f"{name}Text" not in said}
        parts = (
            f"{name.removesuffix('Text')} {', '.join(sorted(self.words(v, depth + 1) for v in values))}"
            for name, values in sorted(shown.items())
        )
        types = sorted(compress(v.value) for v in self.values(node).get(RDF_TYPE, []) if isinstance(v, ox.NamedNode))
        return f"{', '.join(each.removeprefix('ctmo:') for each in types)}: {'; '.join(parts)}".removeprefix(": ")

    def name_of(self, predicate: ox.NamedNode) -> str:
        """Give the name of a property: our own ones by their readable local name, others as label and CURIE."""
        local = predicate.value.removeprefix(CTMO)
        return local if local != predicate.value and not local[0].isdigit() else self.words(predicate)

    def what(self, node: object) -> str:
        """Give a record in words: its label, its statement with the source, or what was measured where and when."""
        said = self.values(node)
        if all(part in said for part in _ANNOTATED):
            return "about: " + " ".join(self.words(min(said[part], key=str), _DEEPEST) for part in _ANNOTATED)
        statements = {v.value for v in said.get(ctmo("statement"), []) if isinstance(v, ox.Literal)}
        own = self.label(node) or " / ".join(sorted(statements))
        if own and statements:
            lines = [self.values(line) for line in said.get(LINE, [])]
            sources = {self.label(v) or identifier(v) for each in (said, *lines) for v in each.get(_SOURCE, [])}
            studies = [self.label(owner_of(v)) or identifier(v) for v in said.get(ctmo("against"), [])]
            names = ", ".join(sorted(sources)) + "".join(f" against {each}" for each in sorted(studies))
            own += f" [{names}]" if names else ""
        named = list(dict.fromkeys(word for p in _NAMING for word in sorted(self._naming(p, said.get(p, [])))))
        text = own or ", ".join(named) or self._search(said)
        owner = self.label(owner_of(node)) if isinstance(node, ox.NamedNode) and "#" in node.value else ""
        if owner and not statements:
            return f"{owner}: {text}" if text else owner
        return text or (identifier(node) if isinstance(node, ox.NamedNode) else self._contents(node, 0))

    def _naming(self, predicate: ox.NamedNode, values: list[object]) -> Iterator[str]:
        for value in values:
            if isinstance(value, ox.Literal):
                yield f"{self.name_of(predicate)} {value.value}"
            elif isinstance(value, ox.NamedNode):
                yield self.label(value) or compress(value.value)

    def _search(self, said: Values) -> str:
        return ", ".join(
            v.value for p in ("searchWords", "where") for v in said.get(ctmo(p), []) if isinstance(v, ox.Literal)
        )

    def names(self, node: object) -> set[object]:
        """Give by what a node is known whose IRI is made of its content: source and claim id, or what it annotates."""
        said = self.values(node)
        found: set[object] = set()
        for each in (said, *(self.values(line) for line in said.get(LINE, []))):
            found |= {(s, c) for s in each.get(_SOURCE, []) for c in each.get(ctmo("claimId"), [])}
        if all(part in said for part in _ANNOTATED):
            found.add(tuple(min(said[part], key=str) for part in _ANNOTATED))
        return found


def owner_of(node: object) -> object:
    """Give the node whose fragment a node is, or the node itself."""
    return ox.NamedNode(base_of(node)) if isinstance(node, ox.NamedNode) else node


def identifier(node: object) -> str:
    """Give the CURIE of a node, its IRI where no prefix fits, or the name of a blank node."""
    return compress(node.value) if isinstance(node, ox.NamedNode) else str(node)
