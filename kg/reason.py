"""HermiT through owlready2: is the ontology consistent, is every class satisfiable, do the facts fit? Needs Java.

Terms are classes in the ontology and ends of edges in the graph. owlready2 knows an IRI as one of both only, so a term
that stands where a thing stands gets an IRI of its own here, an instance of its class.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import KgError, Problem
from kg.namespaces import CTMO, PREFIXES
from kg.ontology import ontology_quads

if TYPE_CHECKING:
    import owlready2

__all__ = ["check_facts", "check_ontology", "classify", "java_is_there", "model", "reasoned"]

_OWL, _RDF, _RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]
_TYPE = ox.NamedNode(_RDF + "type")
_CLASS = ox.NamedNode(_OWL + "Class")
_INDIVIDUAL = ox.NamedNode(_OWL + "NamedIndividual")
#: Predicates of the ontology whose objects, or the members of whose lists, are things.
_THINGS = {_OWL + "hasValue", _OWL + "oneOf", _OWL + "distinctMembers"}
_AS_A_THING = CTMO + "thing/"
_SHORT = 20
#: The ontology's own graphs, and what the rules derive that is no fact about a thing.
_NO_FACTS = tuple(CTMO + "graph/" + part for part in ("ontology/", "imports/", "terms/", "mappings/", "inferred/sub"))


def java_is_there() -> bool:
    """Say whether a Java runtime can be found."""
    return shutil.which("java") is not None


def _members(head: object, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Give the `rdf:first` triples of the list that starts at a node."""
    firsts = {t.subject: t for t in triples if t.predicate.value == _RDF + "first"}
    rests = {t.subject: t.object for t in triples if t.predicate.value == _RDF + "rest"}
    while head in firsts:
        yield firsts[head]  # type: ignore[index]
        head = rests.get(head)  # type: ignore[call-overload]


def _as_thing(term: object, classes: set[object]) -> object:
    if term not in classes:
        return term
    assert isinstance(term, ox.NamedNode)
    return ox.NamedNode(_AS_A_THING + term.value)


def _facts(quads: Iterable[ox.Quad], tbox: list[ox.Triple], classes: set[object]) -> Iterator[ox.Triple]:
    """Give what the graph says about things: their classes, and their edges by declared properties."""
    kinds = (_OWL + "ObjectProperty", _OWL + "DatatypeProperty")
    properties = {t.subject for t in tbox if t.predicate == _TYPE and str(t.object)[1:-1] in kinds}
    string = ox.NamedNode(PREFIXES["xsd"] + "string")
    for quad in quads:
        if str(quad.graph_name)[1:].startswith(_NO_FACTS):
            continue
        if quad.predicate == _TYPE:
            if quad.object in classes and quad.subject not in classes:
                yield quad.triple
        elif quad.predicate in properties:
            # HermiT needs no numbers and no sentences; the words that definitions ask for are short plain strings
            value = quad.object
            if not isinstance(value, ox.Literal) or (value.datatype == string and len(value.value) < _SHORT):
                yield quad.triple


def _belongs(quad: ox.Quad, *, with_facts: bool) -> bool:
    """Leave out mappings, and beside facts the definitions that other ontologies give.

    Cord blood contains hematopoietic stem cells, as a source says; that makes not all of them cord blood cells, and a
    definition of the Cell Ontology would conclude just that.
    """
    graph = str(quad.graph_name)
    if "/graph/mappings/" in graph:
        return False
    anonymous = isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
    return not (with_facts and anonymous and "/graph/imports/" in graph)


def model(quads: Iterable[ox.Quad] = ()) -> list[ox.Triple]:
    """Give the ontology and, from the quads of a built graph, the facts, with things told from classes."""
    quads = list(quads)
    tbox = [quad.triple for quad in ontology_quads() if _belongs(quad, with_facts=bool(quads))]
    classes: set[object] = {t.subject for t in tbox if t.predicate == _TYPE and t.object == _CLASS}
    heads = [t.object for t in tbox if t.predicate.value in _THINGS]
    things = {member for head in heads for member in _members(head, tbox)}
    out, used = [], set()
    for triple in tbox:
        if triple in things or triple.predicate.value in _THINGS:
            used.add(triple.object)
            triple = ox.Triple(triple.subject, triple.predicate, _as_thing(triple.object, classes))  # type: ignore[arg-type]
        if not (triple.subject in classes and triple.object == _INDIVIDUAL):
            out.append(triple)
    for fact in _facts(quads, tbox, classes):
        if fact.predicate == _TYPE:
            out.append(fact)
            continue
        ends = [_as_thing(end, classes) for end in (fact.subject, fact.object)]
        used |= {fact.subject, fact.object}
        out.append(ox.Triple(ends[0], fact.predicate, ends[1]))  # type: ignore[arg-type]
    out += [ox.Triple(_as_thing(term, classes), _TYPE, term) for term in used if term in classes]  # type: ignore[arg-type]
    return sorted(set(out), key=str)


def reasoned(triples: Iterable[ox.Triple], extra: bytes = b"") -> owlready2.World | None:
    """Give the world of owlready2 after HermiT, or None where it is inconsistent; `KgError` without Java."""
    if not java_is_there():
        raise KgError("the reasoner needs a Java runtime, and `java` was not found; all other checks work without it")
    import owlready2

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ctmo.nt"
        file.write_bytes((ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"") + extra)
        world = owlready2.World()  # isolated: the default world would keep classes of an earlier call
        ontology = world.get_ontology(file.as_uri()).load()
        try:
            with ontology:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return None
        return world


def check_ontology(extra: bytes = b"") -> list[Problem]:
    """Give what HermiT finds wrong with the ontology; raise `KgError` when there is no Java.

    `extra` takes N-Triples that are read in besides, for tests of what must be refused.
    """
    return _problems(reasoned(model(), extra), Problem("reasoner", "ontology", "is inconsistent"))


def check_facts(quads: Iterable[ox.Quad]) -> list[Problem]:
    """Give what HermiT finds wrong with the ontology and the facts of a built graph together."""
    message = (
        "the facts contradict the ontology; the question quality/category-error names what stands in a wrong place"
    )
    return _problems(reasoned(model(quads)), Problem("reasoner", "graph", message))


def _problems(world: object, inconsistent: Problem) -> list[Problem]:
    import owlready2

    if not isinstance(world, owlready2.World):
        return [inconsistent]
    return [
        Problem("reasoner", str(broken.iri), "can have no instance: its axioms contradict each other")
        for broken in sorted(world.inconsistent_classes(), key=str)
        if broken is not owlready2.Nothing
    ]


def classify(quads: Iterable[ox.Quad] = ()) -> set[tuple[str, str]]:
    """Give (IRI, IRI of a defined class) for each term and record that HermiT finds to belong there.

    A term is listed for its class and as a thing alike. Raises `KgError` for an inconsistent graph or without Java.
    """
    import owlready2

    triples = model(quads)
    defined = {
        t.subject.value
        for t in triples
        if t.predicate.value == _OWL + "equivalentClass" and isinstance(t.subject, ox.NamedNode)
    }
    world = reasoned(triples)
    if not isinstance(world, owlready2.World):
        raise KgError("the graph is inconsistent: nothing can be classified")
    found = set()
    for iri in sorted(defined):
        one = world[iri]
        for member in (*one.descendants(), *one.instances()):
            if member is not one and getattr(member, "iri", None):
                found.add((str(member.iri).removeprefix(_AS_A_THING), iri))
    return found
