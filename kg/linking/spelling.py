"""One word -> the form under which all its spellings meet: plural, British, Greek, numeral. Knows words, not names."""

from __future__ import annotations

import re

__all__ = ["GREEK", "american", "number_of_roman", "singular"]

#: Greek letter -> its name.
GREEK = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta"},
    **{"θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi"},
    **{"ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega"},
}
#: British beginning or part of a word -> the American one. The part stands in medical words only.
_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"(?<=[a-z])our(?=s?$|al$)", "or"),  # tumour, behavioural; not "hour", see below
        (r"haem", "hem"),
        (r"aem(?=i|a)", "em"),  # ischaemia, anaemic
        (r"oedem", "edem"),
        (r"^oe(?=s|d|t)", "e"),  # oesophagus, oestrogen
        (r"^foet", "fet"),
        (r"^paed", "ped"),
        (r"paedic", "pedic"),
        (r"aesthe", "esthe"),
        (r"^gynaec", "gynec"),
        (r"^caec", "cec"),
        (r"^leuco", "leuko"),
        (r"diarrhoe", "diarrhe"),
        (r"pnoe", "pne"),
        (r"isation", "ization"),
        (r"is(?=(?:ed|ing|er)$)(?<=[lnr]is)", "iz"),
        (r"yse(?=d?$)", "yze"),
        (r"ll(?=(?:ing|ed)$)(?<=[aeiou]ll)", "l"),  # signalling, labelled
        (r"(?<=[a-z]{2})tre$", "ter"),
        (r"^grey$", "gray"),
        (r"^sulph", "sulf"),
        (r"^coeliac$", "celiac"),
    )
)
_NOT_BRITISH = frozenset(
    {
        *("hour", "hours", "four", "our", "your", "pour", "sour", "tour", "contour", "contours", "detour"),
        *("falling", "calling", "rolling", "pulling", "telling", "selling", "filling", "killing", "swelling", "called"),
        *("smelling", "spelling", "walled", "celled", "billing", "polled", "yelling", "filled", "pilling"),
    }
)
_IRREGULAR = {
    **{"children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse", "men": "man", "women": "woman"},
    **{"vertebrae": "vertebra", "ganglia": "ganglion", "nuclei": "nucleus", "bacteria": "bacterium"},
    **{"mitochondria": "mitochondrion", "metastases": "metastasis", "diagnoses": "diagnosis", "axes": "axis"},
    **{"palsies": "palsy", "villi": "villus", "fungi": "fungus", "bronchi": "bronchus"},
    **{"cilia": "cilium", "atria": "atrium", "septa": "septum", "media": "medium", "stimuli": "stimulus"},
    **{"criteria": "criterion", "analyses": "analysis", "meta-analyses": "meta-analysis", "synapses": "synapse"},
    **{"diseases": "disease", "exosomes": "exosome", "biopsies": "biopsy", "thromboses": "thrombosis"},
    **{"fibroses": "fibrosis", "hypotheses": "hypothesis", "prostheses": "prosthesis"},
    **{"lives": "life", "halves": "half", "calves": "calf", "leaves": "leaf"},
}
#: Words that end in s and are no plurals.
_NO_PLURALS = frozenset(
    {
        *("herpes", "rabies", "diabetes", "tabes", "series", "species", "scabies", "caries", "facies", "lens", "gas"),
        *("always", "forceps", "biceps", "triceps", "quadriceps", "ascites", "feces", "menses", "mumps", "measles"),
        *("rickets", "pubes", "graves", "williams", "pancreas", "bias", "atlas", "chaos", "aids", "sars", "pons"),
        *("nates", "fauces", "stevens", "gilles", "barnes"),
    }
)
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}
#: Single letters that count as numerals after a word that counts.
_ROMAN_LETTER = {"i": "1", "v": "5", "x": "10"}


def singular(word: str) -> str:
    """Give a word in the singular, as far as its ending tells; small letters are expected.

    >>> [singular(word) for word in ("cells", "biopsies", "ganglia", "stenosis", "virus", "mass")]
    ['cell', 'biopsy', 'ganglion', 'stenosis', 'virus', 'mass']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word in _NO_PLURALS:
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if re.search(r"(?:ss|x|ch|sh)es$", word):
        return word[:-2]
    return word if re.search(r"(?:ss|us|is|ics)$", word) else word[:-1]


def american(word: str) -> str:
    """Give the American spelling of a word; small letters are expected.

    >>> [american(word) for word in ("haemorrhage", "tumour", "signalling", "oedema", "hour", "characterised")]
    ['hemorrhage', 'tumor', 'signaling', 'edema', 'hour', 'characterized']
    """
    if word in _NOT_BRITISH or len(word) < 4:
        return word
    for pattern, letters in _BRITISH:
        word = pattern.sub(letters, word)
    return word


def number_of_roman(word: str, *, counted: bool = False) -> str:
    """Give the digits of a Roman numeral, or the word as it is; single letters only where something is counted.

    >>> number_of_roman("ii"), number_of_roman("i"), number_of_roman("i", counted=True), number_of_roman("mix")
    ('2', 'i', '1', 'mix')
    """
    return _ROMAN.get(word) or (_ROMAN_LETTER.get(word, word) if counted else word)
