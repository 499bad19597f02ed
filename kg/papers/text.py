"""The words of a paper as one plain text: the local source that fingerprints are held against."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model.papers import Paper

__all__ = ["source_text"]


def source_text(paper: Paper) -> str:
    """Give title, abstract and body, headings on lines of their own; for a file `<source id>.txt` of `--sources`.

    Only the words that the record has: most records have no body. How raised and lowered characters are written is told
    in `kg.papers.markup`.

    >>> print(source_text(Paper("jats", title="A trial", abstract=(("Methods", "Five children."),))), end="")
    A trial
    <BLANKLINE>
    Methods
    Five children.
    """
    return "\n\n".join(_parts(paper)) + "\n"


def _parts(paper: Paper) -> Iterator[str]:
    if paper.title:
        yield paper.title
    for heading, words in (*paper.abstract, *paper.body):
        yield f"{heading}\n{words}" if heading else words
