"""Ontology files of any of the usual formats -> terms as OWL, one piece a term.

A restriction stays what it is in OWL, `subClassOf (part of some nerve)`, with blank nodes named by content; it never
becomes an edge between two classes, which would say something else and would stand beside our edges without their
evidence. An obsolete term points to its replacement as the file says and, where the chain of replacements ends in a
living term of the file, to that one too. Definitions are other people's sentences and are left out, told once a file;
`owl:imports` are not followed. How files are read is `kg.ontology.external`'s business.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import pyoxigraph as ox

from kg.errors import InputError
from kg.gate import Member
from kg.knowledge.guard import fault_of_triple
from kg.knowledge.piece import LABEL, RDF_TYPE, Node, Piece, is_iri, node, ours
from kg.model.intake import Ignored, Refused
from kg.namespaces import CTMO, PREFIXES
from kg.ontology.external import Entry, OntologyFile, read_ontology
from kg.ontology.external.files import layout_of

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ontology"
SUMMARY = "an ontology: OBO, OBO graphs, OWL (RDF/XML, Turtle, functional, OWL/XML), or a list of terms as JSON"

_OWL, _RDF, _RDFS, _OBO_IN_OWL = (PREFIXES[name] for name in ("owl", "rdf", "rdfs", "oboInOwl"))
_CLASS, _RESTRICTION = node(_OWL + "Class"), node(_OWL + "Restriction")
_ON, _SOME, _AND = node(_OWL + "onProperty"), node(_OWL + "someValuesFrom"), node(_OWL + "intersectionOf")
_FIRST, _REST, _NIL = node(_RDF + "first"), node(_RDF + "rest"), node(_RDF + "nil")
_BELOW, _SAME = node(_RDFS + "subClassOf"), node(_OWL + "equivalentClass")
_DEPRECATED, _REPLACED_BY = node(_OWL + "deprecated"), node("http://purl.obolibrary.org/obo/IAO_0100001")
_XREF, _ALTERNATIVE = node(_OBO_IN_OWL + "hasDbXref"), node(_OBO_IN_OWL + "hasAlternativeId")
_TRUE = ox.Literal(True)
_KINDS = {
    "class": _CLASS,
    "object property": node(_OWL + "ObjectProperty"),
    "data property": node(_OWL + "DatatypeProperty"),
    "annotation property": node(_OWL + "AnnotationProperty"),
    "individual": node(_OWL + "NamedIndividual"),
}
#: Scope -> property; a file that does not say the scope gives the property that says none.
_SYNONYMS = {
    scope: node(f"{_OBO_IN_OWL}has{scope.title()}Synonym") for scope in ("exact", "narrow", "broad", "related")
}
_SYNONYMS[""] = node(_OBO_IN_OWL + "hasSynonym")
_BETWEEN = (
    ("disjoint", node(_OWL + "disjointWith")),
    ("domains", node(_RDFS + "domain")),
    ("ranges", node(_RDFS + "range")),
    ("inverses", node(_OWL + "inverseOf")),
)
#: What the beginning of an ontology in JSON looks like: OBO graphs, a list of terms by identifier, a list of terms.
_JSON = (
    re.compile(rb'\{\s*"graphs"\s*:\s*\[\s*\{\s*"(?:id|meta|nodes|edges|lbl)"'),
    re.compile(rb'\{\s*"(?:[A-Za-z][\w.]*:[\w.-]+)"\s*:\s*\{\s*"(?:ancestors|label|deprecated)"'),
    re.compile(rb'\[\s*\{(?=[^{}]*"id"\s*:)(?=[^{}]*"name"\s*:)(?=[^{}]*"namespace"\s*:)[^{}]*[{}]'),
)
_OBOGRAPH = re.compile(rb'\{\s*"(?:nodes|edges|id|meta)"')
_SAYS_OWL = re.compile(rb"\bowl:Ontology\b|\bowl:Class\b|2002/07/owl#(?:Ontology|Class)\b|<Ontology\b")


def accepts(member: Member) -> bool:
    """Say whether the file begins as an ontology does; RDF without a word of OWL is of kind `rdf`."""
    head, layout = member.head, layout_of(member.head)
    if layout == "json":
        start = head.lstrip()[:20_000]
        if _OBOGRAPH.match(start):
            return b"http://purl.obolibrary.org/obo/" in head and (b'"sub"' in head or b'"lbl"' in head)
        return any(form.match(start) for form in _JSON)
    if layout in ("turtle", "xml"):
        return _SAYS_OWL.search(head) is not None and (layout == "turtle" or _root_is_owl(head))
    return layout in ("obo", "functional")


def _root_is_owl(head: bytes) -> bool:
    root = re.search(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)", re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL))
    return root is not None and root[1] in (b"RDF", b"Ontology")


class _Writer:
    """Turns the entries of one file into triples, and counts what has no place."""

    def __init__(self, file: OntologyFile, salt: str) -> None:
        self.file, self.salt = file, salt
        self.left_out: Counter[str] = Counter()

    def blank(self, *content: str) -> ox.BlankNode:
        """Name a blank node by file, place and content: two files never share one, and one file read twice does."""
        said = "\n".join((self.salt, *content)).encode("utf-8", "surrogatepass")
        return ox.BlankNode("o" + blake2b(said, digest_size=12).hexdigest())

    def nodes(self, iris: Iterable[str], words: str) -> Iterator[ox.NamedNode]:
        for iri in iris:
            if is_iri(iri):
                yield node(iri)
            else:
                self.left_out[words] += 1

    def unless_ours(self, triple: ox.Triple) -> Iterator[ox.Triple]:
        """Leave out what would make relations of ours out of a file's own."""
        target = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
        if target.startswith(CTMO) and fault_of_triple("", triple.predicate.value, target):
            self.left_out["axioms that equate a relation with one of ours"] += 1
        else:
            yield triple

    def restriction(self, owner: str, relation: str, filler: str) -> tuple[ox.BlankNode | None, list[ox.Triple]]:
        """Give the blank node of `relation some filler`, and its triples; nothing where one has no identifier."""
        ends = list(self.nodes((relation, filler), "relations named without an identifier"))
        if len(ends) < 2:
            return None, []
        blank = self.blank(owner, relation, filler)
        return blank, [
            ox.Triple(blank, RDF_TYPE, _RESTRICTION),
            ox.Triple(blank, _ON, ends[0]),
            ox.Triple(blank, _SOME, ends[1]),
        ]

    def meaning(self, entry: Entry, subject: ox.NamedNode, number: int) -> Iterator[ox.Triple]:
        """Write one definition by axiom: all of it or nothing, since a part of it would say more than the file."""
        meaning, place = entry.meanings[number], f"{entry.iri}\n={number}"
        members: list[Node] = list(self.nodes(meaning.genera, "definitions with a name that is no identifier"))
        said: list[ox.Triple] = []
        for some in meaning.differentia:
            blank, about = self.restriction(place, some.relation, some.filler)
            members += [blank] if blank else []
            said += about
        if len(members) < len(meaning.genera) + len(meaning.differentia) or len(members) < 2:
            return
        whole = self.blank(place)
        links: list[Node] = [self.blank(place, str(position)) for position in range(len(members))]
        yield ox.Triple(subject, _SAME, whole)
        yield ox.Triple(whole, RDF_TYPE, _CLASS)
        yield ox.Triple(whole, _AND, links[0])
        for link, member, after in zip(links, members, [*links[1:], _NIL], strict=True):
            yield ox.Triple(link, _FIRST, member)
            yield ox.Triple(link, _REST, after)
        yield from said

    def names(self, entry: Entry, subject: ox.NamedNode) -> Iterator[ox.Triple]:
        if entry.label:
            yield ox.Triple(subject, LABEL, ox.Literal(entry.label))
        for synonym in entry.synonyms:
            yield ox.Triple(subject, _SYNONYMS[synonym.scope], ox.Literal(synonym.text))
        for xref in entry.xrefs:
            yield ox.Triple(subject, _XREF, ox.Literal(xref))
        for iri in entry.merged:
            yield ox.Triple(subject, _ALTERNATIVE, ox.Literal(iri))

    def axioms(self, entry: Entry, subject: ox.NamedNode) -> Iterator[ox.Triple]:
        below = _BELOW if entry.kind == "class" else node(_RDFS + "subPropertyOf")
        for parent in self.nodes(entry.parents, "parents named without an identifier"):
            yield from self.unless_ours(ox.Triple(subject, below, parent))
        for some in entry.relations:
            blank, said = self.restriction(entry.iri, some.relation, some.filler)
            if blank:
                yield ox.Triple(subject, _BELOW, blank)
                yield from said
        for number in range(len(entry.meanings)):
            yield from self.meaning(entry, subject, number)
        for field, predicate in _BETWEEN:
            for target in self.nodes(getattr(entry, field), "relations named without an identifier"):
                yield from self.unless_ours(ox.Triple(subject, predicate, target))
        if entry.transitive:
            yield ox.Triple(subject, RDF_TYPE, node(_OWL + "TransitiveProperty"))

    def piece(self, entry: Entry) -> Piece | Refused:
        """Give a term with all that is kept of it."""
        if not is_iri(entry.iri):
            return Refused(entry.iri, f"found {entry.iri!r}, expected an identifier with a prefix, as in CL:0000134")
        if entry.iri.startswith(CTMO):
            return Refused(entry.iri, "a term of ours; it is defined in the ontology of this package")
        subject = node(entry.iri)
        written = [ox.Triple(subject, RDF_TYPE, _KINDS[entry.kind])] if entry.kind else []
        written += self.names(entry, subject)
        if entry.deprecated:
            written.append(ox.Triple(subject, _DEPRECATED, _TRUE))
        for target in self.nodes(entry.replaced_by, "replacements named without an identifier"):
            written.append(ox.Triple(subject, _REPLACED_BY, target))
        if entry.deprecated:
            written += [ox.Triple(subject, ours("livingReplacement"), node(end)) for end in self.living(entry)]
        written += self.axioms(entry, subject)
        self.left_out.update(entry.left_out)
        self.left_out["definitions in words"] += bool(entry.definition)
        return Piece(entry.iri, tuple(written))

    def living(self, entry: Entry) -> list[str]:
        """Follow the replacements of an obsolete term to the living terms of this file at their ends."""
        ends, seen, waiting = set[str](), {entry.iri}, [*entry.replaced_by]
        while waiting:
            iri = waiting.pop()
            after = self.file.entries.get(iri)
            if iri in seen or after is None:
                continue
            seen.add(iri)
            if after.deprecated:
                waiting += after.replaced_by
            elif is_iri(iri):
                ends.add(iri)
        return sorted(ends)

    def no_end(self, entry: Entry) -> str:
        """Say why a chain of replacements that stays in the file has no living end, or nothing."""
        chain = [entry.iri]
        while entry.deprecated and entry.replaced_by:
            entry = self.file.entries.get(entry.replaced_by[0]) or Entry(entry.replaced_by[0])
            chain.append(entry.iri)
            if entry.iri in chain[:-1]:
                return "the replacements go in a circle: " + " -> ".join(chain)
        ends_obsolete = entry.deprecated and len(chain) > 1
        return "the last replacement is obsolete without one: " + " -> ".join(chain) if ends_obsolete else ""


def _header(file: OntologyFile) -> Iterator[Piece]:
    """Give what the file says of itself, where it has a name."""
    iri = file.name if "://" in file.name else f"http://purl.obolibrary.org/obo/{file.name}.owl"
    if not file.name or not is_iri(iri):
        return
    subject = node(iri)
    said = [ox.Triple(subject, RDF_TYPE, node(_OWL + "Ontology"))]
    if file.version:
        said.append(ox.Triple(subject, node(_OWL + "versionInfo"), ox.Literal(file.version)))
        if file.date:
            said.append(ox.Triple(subject, node(PREFIXES["dcterms"] + "issued"), ox.Literal(file.date)))
    if is_iri(file.version_iri):
        said.append(ox.Triple(subject, node(_OWL + "versionIRI"), node(file.version_iri)))
    if file.licence:
        value = node(file.licence) if is_iri(file.licence) else ox.Literal(file.licence)
        said.append(ox.Triple(subject, node(PREFIXES["dcterms"] + "license"), value))
    yield Piece(iri, tuple(said))


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give what the file says of itself, then its terms in order; at the end what was left out, counted by kind."""
    file = read_ontology(Path(member.name), member.read())
    if file is None:
        raise InputError(f"{member.name}: no ontology with terms in a layout that is known here")
    yield from _header(file)
    writer = _Writer(file, member.name)
    for entry in file.stream():
        yield writer.piece(entry)
        if entry.deprecated and entry.replaced_by and not writer.living(entry) and (why := writer.no_end(entry)):
            yield Ignored(entry.iri, "livingReplacement", why)
    for iri in file.imports:
        yield Ignored(
            member.name, f"owl:imports <{iri}>", "files that a file names are never fetched; load it by itself"
        )
    writer.left_out["remarks on single statements"] += file.remarks
    yield Ignored(member.name, "comments, subsets and other annotations", "no place for them here")
    for words, times in sorted(writer.left_out.items()):
        if times:
            reason = "sentences of other people" if words == "definitions in words" else "no place for them here"
            yield Ignored(member.name, f"{times} {words}", reason)
