"""An answer of efetch -> its articles, each with its number, cut out as it was sent and not written anew."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from kg.errors import InputError

__all__ = ["split_articles"]

_NUMBERED = ("MedlineCitation", "BookDocument")  # what the number of an article or a book stands in


def split_articles(content: bytes) -> list[tuple[str, bytes]]:
    """Give (PubMed number, XML) of each article; raise `InputError` for anything else, and for a complaint.

    >>> split_articles(b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID></MedlineCitation>"
    ...                b"</PubmedArticle></PubmedArticleSet>")[0][0]
    '7'
    """
    cut = _Cut(content)
    try:
        cut.parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InputError(f"not valid XML: {error}") from error
    if cut.complaint is not None:
        raise InputError(f"it says: {' '.join(cut.complaint.split())}")
    if cut.root != "PubmedArticleSet":
        raise InputError(f"found <{cut.root}>, expected <PubmedArticleSet>")
    unnumbered = sum(not number for number, _ in cut.articles)
    if unnumbered:
        raise InputError(f"found {unnumbered} articles without a number")
    return cut.articles


class _Cut:
    """Remembers where the articles begin and end while expat reads."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.EntityDeclHandler = self._entity
        self.parser.SkippedEntityHandler = self._skipped
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.root, self.path = "", list[str]()
        self.articles = list[tuple[str, bytes]]()
        self.complaint: str | None = None
        self.begin, self.number = 0, ""

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").casefold() not in ("utf-8", "us-ascii"):
            raise InputError(f"found XML in {encoding}, expected UTF-8")

    def _entity(self, *_declared: object) -> NoReturn:
        raise InputError("found an entity declared inside the answer, which PubMed does not do")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            raise InputError(f"found the entity &{name}; that is declared nowhere")

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.root = self.root or tag
        self.path.append(tag)
        if len(self.path) == 2:
            self.begin, self.number = self.parser.CurrentByteIndex, ""
        if tag == "ERROR":
            self.complaint = ""

    def _text(self, words: str) -> None:
        if self.path[-1] == "ERROR":
            self.complaint = (self.complaint or "") + words
        elif len(self.path) == 4 and self.path[-1] == "PMID" and self.path[-2] in _NUMBERED:
            self.number += words.strip()

    def _end(self, tag: str) -> None:
        if len(self.path) == 2 and tag in ("PubmedArticle", "PubmedBookArticle"):
            end = self.content.index(b">", self.parser.CurrentByteIndex) + 1
            self.articles.append((self.number, self.content[self.begin : end]))
        self.path.pop()
