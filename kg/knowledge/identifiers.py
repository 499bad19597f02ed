"""Identifiers as databases of genes, proteins, molecules and pathways write them -> addresses.

One table of prefixes, written in any letter case: what our own files use (`kg.namespaces`), and what graphs and
pathways of other people name besides. A prefix that is not here is told, with the nearest; nothing is guessed.
"""

from __future__ import annotations

import re

from kg.errors import nearest
from kg.knowledge.piece import is_iri
from kg.namespaces import CTMO, PREFIXES

__all__ = ["KNOWN", "address_of", "uniprot"]

_IDENTIFIERS = "http://identifiers.org/"
#: Prefix -> beginning of the address.
KNOWN: dict[str, str] = {name: iri for name, iri in PREFIXES.items() if not iri.startswith(CTMO)}
KNOWN |= {
    "CLO": "http://purl.obolibrary.org/obo/CLO_",
    "ENVO": "http://purl.obolibrary.org/obo/ENVO_",
    "FBbt": "http://purl.obolibrary.org/obo/FBbt_",
    "FMA": "http://purl.obolibrary.org/obo/FMA_",
    "MI": "http://purl.obolibrary.org/obo/MI_",
    "MOD": "http://purl.obolibrary.org/obo/MOD_",
    "MP": "http://purl.obolibrary.org/obo/MP_",
    "OBA": "http://purl.obolibrary.org/obo/OBA_",
    "PW": "http://purl.obolibrary.org/obo/PW_",
    "SO": "http://purl.obolibrary.org/obo/SO_",
    "UPHENO": "http://purl.obolibrary.org/obo/UPHENO_",
    "ZFA": "http://purl.obolibrary.org/obo/ZFA_",
    "infores": "https://w3id.org/information-resource-registry/",
    "orcid": "https://orcid.org/",
    "OMIM": "http://purl.obolibrary.org/obo/OMIM_",
    "REACT": PREFIXES["Reactome"],
    "SCTID": "http://snomed.info/id/",
    "SNOMEDCT": "http://snomed.info/id/",
    "UMLS": "http://linkedlifedata.com/resource/umls/id/",
    "uniprot": PREFIXES["UniProtKB"],
    "wikidata": "http://www.wikidata.org/entity/",
}
#: Prefixes under which identifiers.org keeps what has no better known address; the second word is its name there.
for _names, _folder in (
    ("CAS", "cas"),
    ("ChEMBL.COMPOUND CHEMBL.COMPOUND", "chembl.compound"),
    ("chemspider", "chemspider"),
    ("ClinicalTrials CLINICALTRIALS clinicaltrials", "clinicaltrials"),
    ("ComplexPortal", "complexportal"),
    ("dbSNP DBSNP", "dbsnp"),
    ("DOI", "doi"),
    ("DRUGBANK", "drugbank"),
    ("eccode EC", "ec-code"),
    ("HMDB", "hmdb"),
    ("inchikey INCHIKEY", "inchikey"),
    ("InterPro", "interpro"),
    ("KEGG.COMPOUND", "kegg.compound"),
    ("KEGG.DRUG", "kegg.drug"),
    ("KEGG.GLYCAN", "kegg.glycan"),
    ("KEGG.ORTHOLOGY", "kegg.orthology"),
    ("KEGG.PATHWAY", "kegg.pathway"),
    ("lipidmaps LIPIDMAPS LM", "lipidmaps"),
    ("MGI", "mgi"),
    ("mirbase MIRBASE", "mirbase"),
    ("mirbase.mature", "mirbase.mature"),
    ("PANTHER.FAMILY", "panther.family"),
    ("Pfam", "pfam"),
    ("PMC PMCID", "pmc"),
    ("PMID PUBMED pubmed", "pubmed"),
    ("PUBCHEM.COMPOUND pubchem.compound CID", "pubchem.compound"),
    ("PUBCHEM.SUBSTANCE", "pubchem.substance"),
    ("refseq", "refseq"),
    ("RGD", "rgd"),
    ("RHEA", "rhea"),
    ("Rfam", "rfam"),
    ("ZFIN", "zfin"),
):
    KNOWN |= dict.fromkeys(_names.split(), f"{_IDENTIFIERS}{_folder}/")
_BY_FOLDED = {name.casefold(): iri for name, iri in reversed(KNOWN.items())}
_UNIPROT = re.compile(r"(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})(?:-\d{1,3})?")


def address_of(identifier: str) -> tuple[str, str]:
    """Give the address of an identifier with a prefix, or of one that is an address; else why there is none.

    >>> address_of("uniprot:P48061"), address_of("hmdb:HMDB0001143")[0]
    (('http://purl.uniprot.org/uniprot/P48061', ''), 'http://identifiers.org/hmdb/HMDB0001143')
    >>> address_of("NCBIgen:627")
    ('', "NCBIgen:627: no prefix 'NCBIgen' is known here; nearest: NCBIGene")
    """
    if re.match(r"https?://", identifier):
        return (identifier, "") if is_iri(identifier) else ("", f"found {identifier!r}, which is no address")
    prefix, colon, local = identifier.partition(":")
    if not colon or not local or not prefix:
        return "", f"found {identifier!r}, expected a prefix and a name, as in NCBIGene:627"
    start = KNOWN.get(prefix) or _BY_FOLDED.get(prefix.casefold())
    if start is None:
        near = ", ".join(nearest(prefix, KNOWN, 1))
        return "", f"{identifier}: no prefix {prefix!r} is known here" + (f"; nearest: {near}" if near else "")
    # MGI:MGI:101757 and HMDB:HMDB0001143 repeat the prefix in different ways; only the first is doubled
    local = local.removeprefix(f"{prefix}:")
    return (start + local, "") if is_iri(start + local) else ("", f"found {identifier!r}, which makes no address")


def uniprot(accession: str) -> str:
    """Give the address of a UniProt accession, with or without the number of its isoform, or nothing.

    >>> uniprot("P48061"), uniprot("CXCL12")
    ('http://purl.uniprot.org/uniprot/P48061', '')
    """
    return PREFIXES["UniProtKB"] + accession if _UNIPROT.fullmatch(accession) else ""
