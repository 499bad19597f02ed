"""ClinicalTrials.gov, FullStudies of the former API (version 1): nested, in the keys of its time -> API v2's shape.

A key of version 1 repeats the name of the object that it is in ("ArmGroupLabel" in "ArmGroup"), and a list stands in
an object of its own; taking both away gives the key of version 2, but for the few that are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.errors import SourceError
from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ctgov_json import documents
from kg.registries.ctgov_study import read_study
from kg.registries.parts import show

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ctgov-fullstudies"
SUMMARY = "ClinicalTrials.gov, JSON of the former API: FullStudiesResponse"

_LOOK = re.compile(rb'"(?:FullStudiesResponse|FullStudies|ProtocolSection)"\s*:')

#: The name that the keys of a module begin with, where version 2 has dropped it.
_PREFIX_OF_MODULE = {
    "AdverseEventsModule": "Events",
    "BaselineCharacteristicsModule": "Baseline",
    "ConditionBrowseModule": "Condition",
    "IPDSharingStatementModule": "IPDSharing",
    "InterventionBrowseModule": "Intervention",
    "OutcomeMeasuresModule": "Outcome",
    "ParticipantFlowModule": "Flow",
}
_OTHER_NAMES = {
    "ArmGroupInterventionList": "interventionNames",
    "DesignWhoMaskedList": "whoMasked",
    "Gender": "sex",
    "GenderBased": "genderBased",
    "NCTIdAliasList": "nctIdAliases",
    "OutcomeMeasureList": "outcomeMeasures",
}


def accepts(member: Member) -> bool:
    """Say whether a file looks like this format."""
    head = member.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return head[:1] in (b"{", b"[") and bool(_LOOK.search(head))


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give the trials of a file, and what is refused or not taken over. Raises `SourceError` for what is no JSON."""
    for document in documents(member):
        if isinstance(document, Refused):
            yield document
            continue
        line, content = document
        studies = _studies(member.name, line, content)
        for position, study in enumerate(studies, 1):
            place = f"line {line}" if line else "study" if len(studies) == 1 else f"study {position}"
            yield from read_study(in_new_shape(study), source_format=KIND, place=place, line=line)


def _studies(name: str, line: int, content: object) -> list[object]:
    """Give the studies of a response, of a list, or the one that stands alone."""
    for key in ("FullStudiesResponse", "FullStudies"):
        if isinstance(content, Mapping) and key in content:
            content = content[key]
            expected = list if key == "FullStudies" else Mapping
            if not isinstance(content, expected):
                kind = "a list" if expected is list else "an object"
                raise SourceError(name, line, key, f"found {show(content)}, expected {kind}")
    studies = content if isinstance(content, list) else [content]
    return [each["Study"] if isinstance(each, Mapping) and "Study" in each else each for each in studies]


def in_new_shape(study: object) -> object:
    """Give a study of version 1 in the shape of version 2; what is no object comes back as it is."""
    if not isinstance(study, Mapping):
        return study
    changed = {_small(key): _object(value, "", "") for key, value in study.items()}
    return {**changed, "hasResults": "ResultsSection" in study}


def _object(value: object, own: str, of_module: str) -> object:
    """Give an object with its keys renamed: `own` is the name that its keys repeat, `of_module` that of its module."""
    if not isinstance(value, Mapping):
        return value
    changed: dict[str, object] = {}
    for key, inner in value.items():
        module = _PREFIX_OF_MODULE.get(key, of_module)
        inside = _in_list(inner) if key.endswith("List") else None
        if inside is not None:
            name, entries = inside
            changed[_key(key.removesuffix("List"), own, of_module, plural=True, whole=key)] = [
                _object(each, name.removesuffix("Info"), module) for each in entries
            ]
        else:
            struct = key.removesuffix("Struct") if key.endswith("DateStruct") else ""
            name = key.removesuffix("MaskingInfo").removesuffix("Info") if key.endswith("Info") else key
            changed[_key(key, own, of_module, whole=key)] = (
                _struct(inner, struct) if struct else _object(inner, name, module)
            )
    return changed


def _struct(inner: object, name: str) -> object:
    if not isinstance(inner, Mapping):
        return inner
    return {{name: "date", f"{name}Type": "type"}.get(key, _small(key)): value for key, value in inner.items()}


def _in_list(inner: object) -> tuple[str, list[object]] | None:
    """Give the name and the entries of a list that stands in an object of its own, or None."""
    if isinstance(inner, Mapping) and len(inner) == 1:
        ((name, entries),) = inner.items()
        if isinstance(entries, list):
            return name, entries
    return None


def _key(key: str, own: str, of_module: str, *, plural: bool = False, whole: str) -> str:
    if whole in _OTHER_NAMES:
        return _OTHER_NAMES[whole]
    if own and key.startswith(own) and own != "Org":
        key = key.removeprefix(own) or "Id"
    elif of_module and key.startswith(of_module) and key != of_module:
        key = key.removeprefix(of_module)
    return _plural(_small(key)) if plural else _small(key)


def _small(key: str) -> str:
    """Give a key with a small first letter and abbreviations as words.

    >>> _small("NCTId"), _small("IsFDARegulatedDrug"), _small("PMID")
    ('nctId', 'isFdaRegulatedDrug', 'pmid')
    """
    words = re.sub(r"([A-Z])([A-Z]+)(?=[A-Z][a-z]|$)", lambda found: found[1] + found[2].lower(), key)
    return words[:1].lower() + words[1:]


def _plural(key: str) -> str:
    for end, ends in (
        ("sis", "ses"),
        ("ss", "sses"),
        ("s", "s"),
        ("sh", "shes"),
        ("ch", "ches"),
        ("y", "ies"),
        ("f", "ves"),
    ):
        if key.endswith(end):
            return key.removesuffix(end) + ends
    return f"{key}s"
