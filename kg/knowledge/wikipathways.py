"""WikiPathways diagrams (GPML 2013a, 2021) -> the pathway, its participants, and the lines drawn between two of them.

A line between two molecules with identifiers is a listed interaction, of the kind that its arrow says. Lines to groups,
anchors and words are counted and told; so is what only places things on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree

import pyoxigraph as ox

from kg.errors import SourceError
from kg.gate import Member, parse_xml
from kg.knowledge.identifiers import address_of
from kg.knowledge.listed import interaction_triples, participant_triples
from kg.knowledge.piece import LABEL, RDF_TYPE, Piece, is_iri, node, ours, record_node
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "pathway_node", "read"]

KIND = "wikipathways"
SUMMARY = "a pathway diagram of WikiPathways (GPML 2013a or 2021)"

_NAMESPACE = re.compile(r"\{http://pathvisio\.org/GPML/(2013a|2021)\}Pathway")
_PATHWAY = re.compile(r"(?<![A-Za-z0-9])WP\d{1,6}(?![0-9])")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T?\d\d:?\d\d:?\d\d|\Z)")
_DATABASE, _IDENTIFIER = ("Database", "dataSource"), ("ID", "identifier")
#: Parts of a diagram that are counted only.
_LEFT_OUT = {
    "Comment": "sentences of other people",
    "GraphicalLine": "lines that mean nothing by themselves",
    "Group": "which molecules are drawn together is not taken over",
    "Label": "words on the page",
    "Shape": "shapes on the page",
    "State": "states of molecules are not taken over",
}
#: BridgeDb's name of a database, as diagrams write it -> the prefix of its identifiers.
_DATABASES = {
    "brenda": "EC",
    "cas": "CAS",
    "chebi": "CHEBI",
    "chembl compound": "ChEMBL.COMPOUND",
    "chemspider": "chemspider",
    "complex portal": "ComplexPortal",
    "drugbank": "DRUGBANK",
    "ensembl": "ENSEMBL",
    "entrez gene": "NCBIGene",
    "enzyme nomenclature": "EC",
    "geneontology": "GO",
    "hgnc accession number": "HGNC",
    "hmdb": "HMDB",
    "inchikey": "inchikey",
    "interpro": "InterPro",
    "kegg compound": "KEGG.COMPOUND",
    "kegg drug": "KEGG.DRUG",
    "kegg glycan": "KEGG.GLYCAN",
    "kegg pathway": "KEGG.PATHWAY",
    "lipid maps": "lipidmaps",
    "mirbase mature sequence": "mirbase.mature",
    "mirbase sequence": "mirbase",
    "ncbi gene": "NCBIGene",
    "pfam": "Pfam",
    "pubchem-compound": "pubchem.compound",
    "pubchem compound": "pubchem.compound",
    "pubchem-substance": "PUBCHEM.SUBSTANCE",
    "reactome": "Reactome",
    "refseq": "refseq",
    "rfam": "Rfam",
    "rhea": "RHEA",
    "uniprot": "uniprot",
    "uniprot-trembl": "uniprot",
    "uniprotkb": "uniprot",
    "wikidata": "wikidata",
    "wikipathways": "WikiPathways",
}


def accepts(member: Member) -> bool:
    """Say whether the file begins as GPML does."""
    return re.search(rb"<Pathway\s[^>]*\bhttps?://(?:www\.)?(?:pathvisio|genmapp)\.org/GPML/", member.head) is not None


def pathway_node(words: str) -> ox.NamedNode | None:
    """Give the node of the pathway whose number stands in a text, such as the name of a file; or None.

    >>> pathway_node("WP4495_r142054"), pathway_node("wnt.gpml")
    (<NamedNode value=http://identifiers.org/wikipathways/WP4495>, None)
    """
    found = _PATHWAY.search(words)
    return node(PREFIXES["WikiPathways"] + found[0]) if found else None


def _said(element: ElementTree.Element, *names: str) -> str:
    """Give the first attribute that is there; the two versions of the format write them differently."""
    return next((text.strip() for name in names if (text := element.get(name))), "")


class _Diagram:
    """One diagram: finds its parts by their names, whatever the version of the format."""

    def __init__(self, root: ElementTree.Element, file: str) -> None:
        self.root, self.file = root, file
        self.namespace = root.tag.partition("}")[0] + "}"
        name = PurePosixPath(file).name
        own = root.find(f"{self.namespace}Xref")
        stated = [_said(root, "Version", "version"), _said(own, "identifier", "ID") if own is not None else "", name]
        found = next((one for words in stated if (one := pathway_node(words))), None)
        self.pathway = found or record_node("pathway", name, _said(root, "Name", "title"))
        self.molecules: dict[str, ox.NamedNode] = {}  # by the identifier that lines point to

    def every(self, name: str) -> Iterator[ElementTree.Element]:
        return self.root.iter(self.namespace + name)

    def about(self) -> Piece:
        """Give the pathway: name, species, revision, day, the terms it is annotated with, the papers it rests on."""
        root, said = self.root, [ox.Triple(self.pathway, RDF_TYPE, ours("ListedPathway"))]
        if name := _said(root, "Name", "title"):
            said.append(ox.Triple(self.pathway, LABEL, ox.Literal(name)))
        if species := _said(root, "Organism", "organism"):
            said.append(ox.Triple(self.pathway, ours("organism"), ox.Literal(species)))
        if version := _said(root, "Version", "version"):
            revision = ox.Literal(version.rpartition("_")[2])
            said.append(ox.Triple(self.pathway, node(PREFIXES["owl"] + "versionInfo"), revision))
        if day := _DAY.fullmatch(_said(root, "Last-Modified", "lastModified")):
            date = ox.Literal("-".join(day.groups()), datatype=node(PREFIXES["xsd"] + "date"))
            said.append(ox.Triple(self.pathway, node(PREFIXES["dcterms"] + "modified"), date))
        if licence := _said(root, "License", "license"):
            said.append(ox.Triple(self.pathway, node(PREFIXES["dcterms"] + "license"), ox.Literal(licence)))
        for iri in sorted(self._terms()):
            said.append(ox.Triple(self.pathway, ours("annotatedWith"), node(iri)))
        for number in sorted(self._papers()):
            said.append(ox.Triple(self.pathway, ours("pmid"), ox.Literal(number)))
        said.append(ox.Triple(self.pathway, ours("listedIn"), ox.Literal("WikiPathways")))
        return Piece(self.pathway.value, tuple(said))

    def _terms(self) -> set[str]:
        """Give the terms of ontologies: of the older format in BioPAX, of the newer one as annotations."""
        words = [
            each.text or ""
            for vocabulary in self.root.iter()
            if vocabulary.tag.endswith("}openControlledVocabulary")
            for each in vocabulary
            if each.tag.endswith("}ID")
        ]
        for annotation in self.every("Annotation"):
            words += [_said(each, "identifier") for each in annotation.iter(f"{self.namespace}Xref")]
        return {iri for one in words if (iri := address_of(one.strip())[0])}

    def _papers(self) -> set[str]:
        found = set()
        for reference in self.root.iter():
            if reference.tag.endswith("}PublicationXref"):
                parts = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in reference}
                found |= {parts.get("ID", "")} if parts.get("DB", "").casefold() == "pubmed" else set()
        for citation in self.every("Citation"):
            for each in citation.iter(f"{self.namespace}Xref"):
                found |= {_said(each, "identifier")} if _said(each, "dataSource").casefold() == "pubmed" else set()
        return {number for number in found if number.isascii() and number.isdigit()}

    def identifier(self, molecule: ElementTree.Element) -> tuple[str, str]:
        """Give the identifier of a molecule with its prefix, or why there is none though the diagram has one."""
        xref = molecule.find(f"{self.namespace}Xref")
        database, local = ("", "") if xref is None else (_said(xref, *_DATABASE), _said(xref, *_IDENTIFIER))
        if not database or not local:
            return "", ""
        if database.casefold() == "hgnc":  # symbols, unless they are written as accessions
            number = local.removeprefix("HGNC:")
            return (f"HGNC:{number}", "") if number.isdigit() else ("", f"HGNC {local}: a symbol, no identifier")
        prefix = _DATABASES.get(database.casefold())
        if prefix is None:
            return "", f"{database} {local}: this database is not known here"
        return f"{prefix}:{local.removeprefix(f'{prefix}:')}", ""

    def molecule(self, element: ElementTree.Element, number: int) -> Iterator[Piece | Refused | Ignored]:
        name = " ".join(_said(element, "TextLabel", "textLabel").split())
        row = f"data node {number}" + (f" ({name})" if name else "")
        identifier, why = self.identifier(element)
        kind = _said(element, "Type", "type")
        made = participant_triples(self.pathway, name, kind, identifier, (), row, 0)
        if isinstance(made, Refused):
            yield made
            return
        said, told = made
        yield Piece(row, tuple(said))
        yield from told
        if why:
            yield Ignored(row, "identifier", why)
        iri = address_of(identifier)[0] if identifier else ""
        if iri:
            self.molecules[_said(element, "GraphId", "elementId")] = node(iri)

    def line(self, element: ElementTree.Element, number: int) -> Piece | str:
        """Give a line between two molecules, or in what way it is another one."""
        points = list(element.iter(f"{self.namespace}Point"))
        if len(points) < 2:
            return "without two ends"
        ends = [self.molecules.get(_said(point, "GraphRef", "elementRef") or "-") for point in (points[0], points[-1])]
        arrows = [_said(point, "ArrowHead", "arrowHead") for point in (points[0], points[-1])]
        if ends[0] is None or ends[1] is None:
            return "to a group, a line, a word, or a molecule without an identifier"
        if arrows[0] and not arrows[1]:  # drawn from its head to its tail
            ends.reverse()
            arrows.reverse()
        first, second = ends
        kind = arrows[1] or "line without an arrow"
        kind += f", and {arrows[0]} on the first" if arrows[0] else ""
        place = _said(element, "GraphId", "elementId") or str(number)
        assert first is not None
        assert second is not None
        record = record_node("drawn", self.pathway.value, place, first.value, second.value, kind)
        said = list(interaction_triples(record, first, second, kind))
        said.append(ox.Triple(record, ours("drawnIn"), self.pathway))
        return Piece(f"line {number}", tuple(said))


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give the pathway, its participants, and the lines between two of them; the rest is counted by kind."""
    root = parse_xml(member.read(), member.name)
    if not _NAMESPACE.fullmatch(root.tag):
        raise SourceError(member.name, 0, "", f"found the element {root.tag!r}, expected Pathway of GPML 2013a or 2021")
    diagram = _Diagram(root, member.name)
    if not is_iri(diagram.pathway.value):
        raise SourceError(member.name, 0, "", "the pathway has no identifier")
    yield diagram.about()
    for number, element in enumerate(diagram.every("DataNode"), 1):
        yield from diagram.molecule(element, number)
    left_out: Counter[str] = Counter()
    for number, element in enumerate(diagram.every("Interaction"), 1):
        line = diagram.line(element, number)
        if isinstance(line, Piece):
            yield line
        else:
            left_out[line] += 1
    for words, times in sorted(left_out.items()):
        yield Ignored(member.name, f"{times} lines {words}", "only a line between two molecules is taken")
    for name, reason in _LEFT_OUT.items():
        if times := sum(1 for _ in diagram.every(name)):
            yield Ignored(member.name, f"{times} of {name}", reason)
