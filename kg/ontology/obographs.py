"""The ontology as OBO graphs JSON: nodes, edges, logical definitions, for tools that read graphs and not OWL.

An axiom that the format has no place for - a union, a cardinality, a data range, disjointness - stays out; it stands in
the Turtle and the RDF/XML. The names of the fields are those of the format.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from kg.namespaces import PREFIXES
from kg.ontology.statements import DEFINITION, OWL, RDF, RDFS, Statements, Term

__all__ = ["to_obographs"]

_OBO_IN_OWL = PREFIXES["oboInOwl"]
_XREF = _OBO_IN_OWL + "hasDbXref"
_SYNONYMS = [f"has{scope}Synonym" for scope in ("Broad", "Exact", "Narrow", "Related")]
_ABOUT = {OWL + "annotatedSource", OWL + "annotatedProperty", OWL + "annotatedTarget", RDF + "type"}
#: Types -> how the format names them, and for properties which kind.
_KINDS = {
    OWL + "Class": ("CLASS", ""),
    OWL + "ObjectProperty": ("PROPERTY", "OBJECT"),
    OWL + "DatatypeProperty": ("PROPERTY", "DATA"),
    OWL + "AnnotationProperty": ("PROPERTY", "ANNOTATION"),
    OWL + "NamedIndividual": ("INDIVIDUAL", ""),
}
_SOME, _ONLY = OWL + "someValuesFrom", OWL + "allValuesFrom"
#: What has a field of its own, or is an edge or an axiom.
_HAVE_A_PLACE = {
    *(DEFINITION, _XREF, RDF + "type", OWL + "deprecated", OWL + "versionIRI", _OBO_IN_OWL + "inSubset"),
    *(RDFS + name for name in ("label", "comment", "subClassOf", "subPropertyOf", "domain", "range")),
    *(_OBO_IN_OWL + name for name in _SYNONYMS),
}

_Json = dict[str, Any]


class _Annotations:
    """Finds what is said of a statement: `owl:Axiom` nodes by the statement that they are about."""

    def __init__(self, said: Statements) -> None:
        self.said = said
        self._nodes: defaultdict[tuple[Term, ...], list[Term]] = defaultdict(list)
        for node in said.of_type(OWL + "Axiom"):
            for target in said.values(node, OWL + "annotatedTarget"):
                for source in said.values(node, OWL + "annotatedSource"):
                    for predicate in said.values(node, OWL + "annotatedProperty"):
                        self._nodes[source, predicate, target].append(node)

    def meta(self, subject: Term, predicate: str, value: Term) -> _Json:
        """Give the cross-references and other remarks on a statement; fields without content are absent."""
        nodes = self._nodes.get((subject, ox.NamedNode(predicate), value), [])
        remarks = [(name, one) for node in nodes for name, ones in self.said.about(node).items() for one in ones]
        xrefs = sorted({_value(one) for name, one in remarks if name == _XREF})
        others = sorted({(name, _value(one)) for name, one in remarks if name not in {*_ABOUT, _XREF}})
        meta = {"basicPropertyValues": [{"pred": name, "val": one} for name, one in others]}
        return _filled({"xrefs": xrefs, "meta": _filled(meta)})


def _value(term: Term) -> str:
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)


def _filled(fields: _Json) -> _Json:
    return {name: value for name, value in fields.items() if value}


class _Graph:
    """Reads the parts of one graph document out of the statements."""

    def __init__(self, said: Statements) -> None:
        self.said, self.remarks = said, _Annotations(said)
        self.kinds: dict[str, tuple[str, str]] = {}
        for kind, words in _KINDS.items():
            for node in said.of_type(kind):
                if isinstance(node, ox.NamedNode):
                    self.kinds.setdefault(node.value, words)

    def of_kind(self, *kinds: str) -> Iterator[ox.NamedNode]:
        return (ox.NamedNode(iri) for iri, (kind, _) in sorted(self.kinds.items()) if kind in kinds)

    def meta(self, node: ox.NamedNode) -> _Json:
        said = self.said
        fields: _Json = {}
        if definitions := said.values(node, DEFINITION):
            # a table gives the source of a definition beside it, other files on the statement itself
            source = {"xrefs": said.texts(node, PREFIXES["dcterms"] + "source")}
            fields["definition"] = {"val": _value(definitions[0])} | _filled(source)
            fields["definition"] |= self.remarks.meta(node, DEFINITION, definitions[0])
        fields["comments"] = said.texts(node, RDFS + "comment")
        fields["subsets"] = said.iris(node, _OBO_IN_OWL + "inSubset")
        fields["synonyms"] = [
            {"pred": name, "val": _value(value)} | self.remarks.meta(node, _OBO_IN_OWL + name, value)
            for name in _SYNONYMS
            for value in said.values(node, _OBO_IN_OWL + name)
        ]
        fields["xrefs"] = [{"val": _value(value)} for value in said.values(node, _XREF)]
        fields["basicPropertyValues"] = [
            {"pred": predicate, "val": _value(value)}
            for predicate, values in sorted(said.about(node).items())
            if predicate not in _HAVE_A_PLACE and not predicate.startswith(OWL) and not self.is_fact(predicate)
            for value in values
            if not isinstance(value, ox.BlankNode)
        ]
        fields["deprecated"] = said.texts(node, OWL + "deprecated") == ["true"]
        return _filled(fields)

    def is_fact(self, predicate: str) -> bool:
        """Say whether a property links individuals: then it makes an edge."""
        return self.kinds.get(predicate) == ("PROPERTY", "OBJECT")

    def nodes(self) -> Iterator[_Json]:
        for iri, (kind, of_property) in sorted(self.kinds.items()):
            node = ox.NamedNode(iri)
            yield _filled(
                {
                    **{"id": iri, "lbl": self.said.text(node, RDFS + "label"), "type": kind},
                    **{"propertyType": of_property, "meta": self.meta(node)},
                }
            )

    def named(self, node: Term, quantifier: str) -> tuple[str, str] | None:
        """Give property and filler of `p some C`, or of `p only C`, with both named; or None."""
        said = self.said.about(node)
        if isinstance(node, ox.BlankNode) and said.keys() == {RDF + "type", OWL + "onProperty", quantifier}:
            values = [*said[OWL + "onProperty"], *said[quantifier]]
            if len(values) == 2 and all(isinstance(value, ox.NamedNode) for value in values):
                return _value(values[0]), _value(values[1])
        return None

    def edges(self) -> Iterator[_Json]:
        words = ((RDFS + "subClassOf", "is_a"), (RDFS + "subPropertyOf", "subPropertyOf"))
        for predicate, word in (*words, (OWL + "inverseOf", "inverseOf"), (RDF + "type", "type")):
            for node in self.of_kind("INDIVIDUAL") if word == "type" else self.of_kind("CLASS", "PROPERTY"):
                for value in self.said.values(node, predicate):
                    if isinstance(value, ox.NamedNode) and value.value not in _KINDS:
                        yield {"sub": node.value, "pred": word, "obj": value.value}
                    elif (found := self.named(value, _SOME)) is not None:
                        yield {"sub": node.value, "pred": found[0], "obj": found[1]}
        for node in self.of_kind("INDIVIDUAL"):
            for predicate, values in self.said.about(node).items():
                for value in values if self.is_fact(predicate) else ():
                    if isinstance(value, ox.NamedNode):
                        yield {"sub": node.value, "pred": predicate, "obj": value.value}

    def same(self) -> Iterator[_Json]:
        """Give the sets of named classes that are said to be the same."""
        group_of: dict[str, set[str]] = {}
        for node in self.of_kind("CLASS"):
            for other in self.said.iris(node, OWL + "equivalentClass"):
                group = group_of.get(node.value, {node.value}) | group_of.get(other, {other})
                group_of |= dict.fromkeys(group, group)
        for ids in sorted({tuple(sorted(group)) for group in group_of.values()}):
            yield {"representativeNodeId": ids[0], "nodeIds": list(ids)}

    def definitions(self) -> Iterator[_Json]:
        """Give `C = G and (p some D) and ...`, all named; any other definition has no place in the format."""
        for node in self.of_kind("CLASS"):
            for value in self.said.values(node, OWL + "equivalentClass"):
                said = self.said.about(value)
                lists = said.get(OWL + "intersectionOf", [])
                if not isinstance(value, ox.BlankNode) or said.keys() - {RDF + "type"} != {OWL + "intersectionOf"}:
                    continue
                members = self.said.members(lists[0]) or []
                genus = [member.value for member in members if isinstance(member, ox.NamedNode)]
                some = [found for member in members if (found := self.named(member, _SOME)) is not None]
                if members and len(genus) + len(some) == len(members):
                    yield {
                        "definedClassId": node.value,
                        "genusIds": genus,
                        "restrictions": [{"propertyId": name, "fillerId": filler} for name, filler in some],
                    }

    def domains(self) -> Iterator[_Json]:
        """Give domain and range of each property, and the classes in which it leads to one class only."""
        only: defaultdict[str, list[_Json]] = defaultdict(list)
        for node in self.of_kind("CLASS"):
            for value in self.said.values(node, RDFS + "subClassOf"):
                if (found := self.named(value, _ONLY)) is not None:
                    only[found[0]].append({"sub": node.value, "pred": found[0], "obj": found[1]})
        for node in self.of_kind("PROPERTY"):
            domain, range_ = self.said.iris(node, RDFS + "domain"), self.said.iris(node, RDFS + "range")
            fields = {"domainClassIds": domain, "rangeClassIds": range_, "allValuesFromEdges": only[node.value]}
            if any(fields.values()):
                yield {"predicateId": node.value} | _filled(fields)

    def chains(self) -> Iterator[_Json]:
        for node in self.of_kind("PROPERTY"):
            for head in self.said.values(node, OWL + "propertyChainAxiom"):
                members = self.said.members(head)
                if members and all(isinstance(member, ox.NamedNode) for member in members):
                    yield {"predicateId": node.value, "chainPredicateIds": [_value(member) for member in members]}


def to_obographs(triples: Iterable[ox.Triple]) -> str:
    """Give a graph document with one graph, sorted, as JSON text.

    >>> document = json.loads(to_obographs([]))
    >>> document["graphs"][0]["nodes"]
    []
    """
    said = Statements(triples)
    graph = _Graph(said)
    heads = [node for node in said.of_type(OWL + "Ontology") if isinstance(node, ox.NamedNode)]
    head: _Json = {"id": heads[0].value if heads else PREFIXES["ctmo"] + "ctmo.owl"}
    if heads:
        facts = [
            {"pred": predicate, "val": _value(value)}
            for predicate, values in sorted(said.about(heads[0]).items())
            if predicate not in {RDF + "type", OWL + "versionIRI"}
            for value in values
        ]
        version = "".join(said.iris(heads[0], OWL + "versionIRI")[:1])
        head["meta"] = _filled({"basicPropertyValues": facts, "version": version})
    parts = {
        "nodes": list(graph.nodes()),
        "edges": sorted(graph.edges(), key=lambda edge: (edge["sub"], edge["pred"], edge["obj"])),
        "equivalentNodesSets": list(graph.same()),
        "logicalDefinitionAxioms": list(graph.definitions()),
        "domainRangeAxioms": list(graph.domains()),
        "propertyChainAxioms": list(graph.chains()),
    }
    return json.dumps({"graphs": [head | parts]}, ensure_ascii=False, indent=1) + "\n"
