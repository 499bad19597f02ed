"""A paper as a literature database or a publisher tells it, whatever the format: one `Paper` for one record.

Readers (`kg.papers`) make it, `kg.rdf.papers` writes its bibliographic part. Texts (abstract, body) serve as the local
source that fingerprints are held against; they are never written into a graph. What a record does not say is "" or
None or an empty tuple.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.trials import Date

__all__ = ["MeshHeading", "Paper", "PaperReference", "RegistryMention", "Substance"]


@dataclass(frozen=True, slots=True)
class MeshHeading:
    """A subject heading that an indexer gave the paper."""

    id: str  # "D002547"; "" where the file gives the words only
    heading: str
    major: bool = False  # whether it, or one of its qualifiers, is marked as a main subject


@dataclass(frozen=True, slots=True)
class Substance:
    """A chemical that the paper is indexed with."""

    name: str
    id: str = ""  # of MeSH: "D000970"
    registry_number: str = ""  # CAS, UNII or EC number; "" where there is none


@dataclass(frozen=True, slots=True)
class RegistryMention:
    """A trial number, and where it was seen: a paper that names a trial need not report it."""

    number: str  # in the spelling of its registry
    registry: str
    where: str  # "DataBankList", "abstract: Trial registration", "body: Discussion", "title"
    declared: bool  # whether the record says that this is the registration of the paper's own trial


@dataclass(frozen=True, slots=True)
class PaperReference:
    """A work that the paper cites."""

    key: str  # the number or identifier that the paper uses for it
    pmid: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One record on one paper, in the state that a file has it."""

    source_format: str  # the kind of file: "pubmed-xml"
    pmid: str = ""
    pmcid: str = ""  # with its letters: "PMC6998370"
    doi: str = ""  # without an address before it
    title: str = ""
    authors: tuple[str, ...] = ()  # "Gu J", "METRIC Study Group", in their order
    journal: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""  # as printed: "107-14"; or the number of the article
    publication_types: tuple[str, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()
    substances: tuple[Substance, ...] = ()
    registry_numbers: tuple[RegistryMention, ...] = ()
    licence: str = ""  # the address of the licence, else its words as printed
    is_open_access: bool | None = None
    is_retracted: bool | None = None  # True only where the record says so
    abstract: tuple[tuple[str, str], ...] = ()  # (label, text); the label is "" where there is none
    body: tuple[tuple[str, str], ...] = ()  # (heading, text); "Methods / Participants" for a section in a section
    references: tuple[PaperReference, ...] = ()
    data_date: Date | None = None  # of the database's record: its last revision

    @property
    def id(self) -> str:
        """Give the identifier by which the paper is known here: PMID, else PMCID, else DOI; "" for none of them."""
        return self.pmid or self.pmcid or self.doi
