"""What stands around a name and takes its meaning away: a negation, another trial, an earlier treatment, an animal.

The words are named tables. A rule looks only inside the sentence or clause of the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.grounding.tables import word_group
from kg.grounding.words import Word, is_break, read_words

__all__ = [
    "Field",
    "is_background",
    "is_denied",
    "is_earlier_treatment",
    "is_of_this_trial",
    "left_words",
    "right_words",
    "sentences",
]

#: Right before a name: what follows is not given, or is what the product is compared with.
_DENIALS = (
    "without", "no", "not", "non", "neither", "nor", "instead of", "rather than", "compared with", "compared to",
    "comparison with", "comparison to", "unlike", "than", "absence of", "lack of", "excluding", "except", "free of",
    "placebo of", "placebo for", "alternative to", "negative for", "depleted of", "never", "in place of",
)  # fmt: skip
#: Words that may stand between a denial and the name.
_FILLERS = word_group("context: fillers")
#: Before a transplantation: it is the patient's history or the setting, not what the trial gives.
_EARLIER = word_group("context: earlier")
_EARLIER_AFTER = word_group("context: earlier after")
#: A sentence with one of these tells of other work.
_BACKGROUND = re.compile(
    r"\b(animal|animals|mouse|mice|murine|rat|rats|rabbit|rabbits|sheep|canine|dogs?|pigs?|porcine|primates?|"
    r"pre-?clinical|in vitro|previous (?:stud|trial|work|clinical)\w*|earlier (?:stud|trial)\w*|"
    r"prior (?:stud|trial)\w*|(?:stud|trial|report|experiment|publication|investigator|author|group)(?:s|ies|y)? "
    r"(?:have|has|had) (?:shown|demonstrated|suggested|reported|been|found|indicated)|it (?:has|have) (?:also )?been "
    r"(?:also )?(?:shown|demonstrated|reported|suggested|found)|(?:was|were|been) (?:shown|reported|demonstrated) "
    r"(?:to|that|in)|have been (?:used|isolated|identified|investigated|widely)|can be (?:isolated|obtained|"
    r"derived|found|harvested|differentiated|easily)|literature|number of reports|therefore|et al"
    r"|for example|such as|including bone marrow|"
    r"recent (?:stud|evidence|data)\w*|several (?:stud|source)\w*|many (?:stud|source|tissue)\w*|various (?:tissue|"
    r"source|organ)\w*|different (?:tissue|source)\w*|originally (?:identified|isolated|described)|"
    r"first (?:isolated|identified|described)|hypothes\w+|(?:we|investigators|researchers"
    r"|authors) (?:have )?(?:found|showed|"
    r"shown|demonstrated|observed|reported)|results (?:of|from|have|show|suggest)\w*|our (?:previous|earlier|prior)|"
    r"(?:was|were) superior|is superior|significantly improved|outcomes revealed|has been (?:used|performed|widely)|"
    r"experience with|clinical studies|are known|is known|currently available)\b",
    re.IGNORECASE,
)


#: A sentence of the description counts only if it speaks of what is done in this trial.
_THIS_TRIAL = re.compile(
    r"\b(will|shall|this (?:study|trial|protocol|project|product|clinical|phase)|the (?:present|current|proposed) "
    r"(?:study|trial)|the aims?|the purpose|the objective|each patient|every patient|patients? (?:receive"
    r"|are|were|in)|subjects?|participants?|"
    r"enrolled|recruited|study (?:drug|product|treatment|arm|group|design)|arm|group|cohort|receive[sd]?|injected|"
    r"infused|administered|infusions? of|injections? of|dose|dosage|route|regimen|harvested|aspirated"
    r"|treated|randomi[sz]ed|(?:was|were) (?:obtained|isolated|collected|extracted|harvested|taken|manufactured)"
    r"|(?:is|are) manufactured|for injection|study is|trial is|product is|investigational)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a record, with its words, and the name of its place."""

    where: str
    text: str
    words: tuple[Word, ...]

    @classmethod
    def of(cls, where: str, text: str) -> Field:
        """Give a text as a field."""
        return cls(where, text, tuple(read_words(text)))


def sentences(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Give where sentences and clauses begin and end, by the breaks between words."""
    found: list[tuple[int, int]] = []
    first = 0
    for place in range(1, len(words)):
        if is_break(words[place].gap):
            found.append((first, place))
            first = place
    if words:
        found.append((first, len(words)))
    return found


def left_words(words: Sequence[Word], first: int, count: int) -> list[str]:
    """Give the folded words before a place, the nearest last, inside the clause."""
    found: list[str] = []
    place = first
    while place > 0 and len(found) < count and not is_break(words[place].gap):
        place -= 1
        found.append(words[place].folded)
    return found[::-1]


def right_words(words: Sequence[Word], last: int, count: int) -> list[str]:
    """Give the folded words from a place on, inside the clause."""
    found: list[str] = []
    place = last
    while place < len(words) and len(found) < count and not is_break(words[place].gap):
        found.append(words[place].folded)
        place += 1
    return found


_DENIAL_ENDS = tuple(tuple(denial.split()) for denial in _DENIALS)


def is_denied(words: Sequence[Word], first: int) -> bool:
    """Tell whether a name is denied, or only what something is compared with.

    >>> words = read_words("treatment without any autologous stem cell")
    >>> is_denied(words, 4), is_denied(words, 0)
    (True, False)
    """
    before = left_words(words, first, 6)
    while before:
        for denial in _DENIAL_ENDS:
            if tuple(before[-len(denial) :]) == denial:
                return denial != ("no",) or len(before) < 6
        if before[-1] not in _FILLERS:
            return False
        before.pop()
    return False


def is_earlier_treatment(words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether a transplantation is the patient's history: "after allogeneic stem cell transplantation".

    >>> words = read_words("GVHD after allogeneic hematopoietic stem cell transplantation")
    >>> is_earlier_treatment(words, 3, 7)
    True
    """
    before = left_words(words, first, 8)
    if any(word in _EARLIER for word in before):
        return True
    return any(word in _EARLIER_AFTER for word in right_words(words, last, 2))


def is_background(sentence: str) -> bool:
    """Tell whether a sentence speaks of other work: animals, earlier studies, what is known in general.

    >>> is_background("In rats, bone marrow cells improved gait."), is_background("Cells are given once.")
    (True, False)
    """
    return bool(_BACKGROUND.search(sentence))


def is_of_this_trial(sentence: str) -> bool:
    """Tell whether a sentence speaks of what is done in the trial, and of nothing else.

    >>> is_of_this_trial("Patients receive one infusion."), is_of_this_trial("Stem cells are of interest.")
    (True, False)
    """
    return bool(_THIS_TRIAL.search(sentence)) and not is_background(sentence)
