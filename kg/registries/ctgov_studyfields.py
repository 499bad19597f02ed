"""ClinicalTrials.gov, StudyFields of the former API (version 1): every field a flat list -> API v2's shape.

Nesting is lost. What belongs together is put together only where the lists prove it: three labels and three types are
three arms, three labels and two descriptions are three arms without a description, and the two descriptions are
reported. Which arm receives which intervention follows from the two lists of links, where names are not used twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kg.errors import SourceError
from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ctgov_fields import GROUPS, LISTS, NOT_TAKEN_FIELDS, SINGLE
from kg.registries.ctgov_json import documents
from kg.registries.ctgov_study import read_study
from kg.registries.ctgov_words import word
from kg.registries.parts import show

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ctgov-studyfields"
SUMMARY = "ClinicalTrials.gov, flat JSON of the former API: StudyFieldsResponse, single records, JSON Lines"

_LOOK = re.compile(rb'"StudyFieldsResponse"\s*:|"NCTId"\s*:\s*\[')


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
        records = _records(member.name, line, content)
        for position, record in enumerate(records, 1):
            place = f"line {line}" if line else "record" if len(records) == 1 else f"record {position}"
            if not isinstance(record, Mapping):
                yield Refused(place, f"found {show(record)}, expected an object", line)
                continue
            fields = _Fields(record)
            study = _in_new_shape(fields)
            notes = tuple(fields.notes)
            yield from read_study(study, source_format=KIND, place=place, line=line, notes=notes)


def _records(name: str, line: int, content: object) -> list[object]:
    if isinstance(content, Mapping) and "StudyFieldsResponse" in content:
        response = content["StudyFieldsResponse"]
        records = response.get("StudyFields") if isinstance(response, Mapping) else None
        if not isinstance(records, list):
            raise SourceError(name, line, "StudyFieldsResponse.StudyFields", f"found {show(records)}, expected a list")
        return records
    return content if isinstance(content, list) else [content]


class _Fields:
    """The lists of one record, and what is to be told about them."""

    def __init__(self, record: Mapping[str, object]) -> None:
        self.record = record
        self.asked: set[str] = set()
        self.notes: list[tuple[str, str]] = []

    def of(self, field: str) -> list[str]:
        """Give the texts of a field; a text that stands alone is a list of one."""
        self.asked.add(field)
        value = self.record.get(field)
        found = []
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) or type(each) is int:
                found.append(str(each).strip())
            elif each is not None:
                self.notes.append((field, f"found {show(each)}, expected a list of texts"))
        return [text for text in found if text]

    def beside(self, leading: Sequence[str], field: str, of_what: str) -> list[str] | None:
        """Give the list that runs beside the leading one, or None where whose is whose is lost."""
        texts = self.of(field)
        if len(texts) == len(leading):
            return texts
        if texts:
            reason = f"found {len(texts)} for {len(leading)} {of_what}, expected one for each: which is whose is lost"
            self.notes.append((field, reason))
        return None

    def tell_the_rest(self) -> None:
        """Note every field that holds something and was not read."""
        for field in sorted(str(key) for key, value in self.record.items() if value not in (None, "", [], {})):
            if field not in self.asked:
                known = (why for start, why in NOT_TAKEN_FIELDS.items() if field.startswith(start))
                self.notes.append((field, next(known, "no such field is known")))


def _in_new_shape(fields: _Fields) -> dict[str, object]:
    study: dict[str, object] = {}
    for field, path in SINGLE.items():
        texts = fields.of(field)
        if len(texts) > 1:
            fields.notes.append((field, f"found {len(texts)} values, expected one"))
        elif texts:
            _put(study, path, texts[0])
    for field, path in LISTS.items():
        if texts := fields.of(field):
            _put(study, path, texts)
    for path, (of_what, leading, columns) in GROUPS.items():
        if objects := _objects(fields, of_what, leading, columns):
            _put(study, path, objects)
    _put_references(study, fields)
    _put_links(study, fields)
    _put_events(study, fields)
    if fields.of("ResultsFirstPostDate") or fields.of("OutcomeMeasureTitle"):
        study["hasResults"] = True
    elif "ResultsFirstPostDate" in fields.record:
        study["hasResults"] = False
    fields.tell_the_rest()
    return study


def _put(study: dict[str, object], path: str, value: object) -> None:
    *way, last = path.split(".")
    for key in way:
        inner = study.setdefault(key, {})
        assert isinstance(inner, dict)  # the paths are ours
        study = inner
    study[last] = value


def _objects(fields: _Fields, of_what: str, leading: str, columns: Mapping[str, str]) -> list[dict[str, object]]:
    """Give one object for each value of the leading field, with the values of the fields that run beside it."""
    texts = fields.of(leading)
    objects: list[dict[str, object]] = [{columns[leading]: text} for text in texts]
    for field, key in columns.items():
        if field != leading and (beside := fields.beside(texts, field, of_what)):
            for each, text in zip(objects, beside, strict=True):
                each[key] = text
    return objects


def _put_references(study: dict[str, object], fields: _Fields) -> None:
    """Papers: where some have no PMID, the PMIDs stand for themselves, with a kind where all are of one kind."""
    citations, kinds, pmids = (fields.of(f"Reference{each}") for each in ("Citation", "Type", "PMID"))
    taken_back = fields.of("RetractionPMID")
    papers: list[dict[str, object]]
    if pmids and len(pmids) != len(citations):
        reason = f"found {len(citations)} for {len(pmids)} PMIDs, expected one for each: the PMIDs are taken over"
        fields.notes.append(("ReferenceCitation", reason))
        kinds = kinds[:1] * len(pmids) if len(set(kinds)) == 1 else []
        papers = [{"pmid": pmid} for pmid in pmids]
    else:
        papers = [{"citation": citation} for citation in citations]
        for paper, pmid in zip(papers, pmids, strict=False):
            paper["pmid"] = pmid
    if len(kinds) == len(papers):
        for paper, kind in zip(papers, kinds, strict=True):
            paper["type"] = kind
    elif kinds:
        fields.notes.append(("ReferenceType", "which paper is of which kind is lost"))
    if len(papers) == 1 and taken_back:
        papers[0]["retractions"] = [{"pmid": pmid} for pmid in taken_back]
    elif taken_back:
        fields.notes.append(("RetractionPMID", f"found {', '.join(taken_back)}: which paper was taken back is lost"))
    if papers:
        _put(study, "protocolSection.referencesModule.references", papers)


def _put_links(study: dict[str, object], fields: _Fields) -> None:
    """Say which arm receives which intervention.

    One list has the interventions of arm 1, then of arm 2 ..., the other the arms of intervention 1, then of 2 ...: the
    second says how often each arm occurs, and so where the first is to be cut. Both must agree.
    """
    names, labels, other_names = (
        fields.of(each) for each in ("ArmGroupInterventionName", "InterventionArmGroupLabel", "InterventionOtherName")
    )
    given = study.get("protocolSection")
    module = given.get("armsInterventionsModule") if isinstance(given, dict) else None
    arms, interventions = (
        module.get(key, []) if isinstance(module, dict) else [] for key in ("armGroups", "interventions")
    )
    if other_names and len(interventions) == 1:
        interventions[0]["otherNames"] = other_names
    elif other_names:
        reason = f"found {len(other_names)} for {len(interventions)} interventions: which is whose is lost"
        fields.notes.append(("InterventionOtherName", reason))
    if not names and not labels:
        return
    plain = [_without_type(name) for name in names]
    of_arm = _cut(plain, [each["label"] for each in arms], labels)
    of_intervention = _cut(labels, [each["name"] for each in interventions], plain)
    if of_arm is None or of_intervention is None or _pairs(of_arm) != {(b, a) for a, b in _pairs(of_intervention)}:
        fields.notes.append(("ArmGroupInterventionName", "which arm receives which intervention is lost"))
        return
    with_type = dict(zip(plain, names, strict=True))
    for arm in arms:
        arm["interventionNames"] = [with_type[name] for name in of_arm[arm["label"]]]
    for intervention in interventions:
        intervention["armGroupLabels"] = of_intervention[intervention["name"]]


def _cut(links: Sequence[str], owners: Sequence[str], ends: Sequence[str]) -> dict[str, list[str]] | None:
    """Cut a list of links into the parts of their owners; None where the other list does not tell where."""
    counts = Counter(ends)
    if len(set(owners)) != len(owners) or counts.keys() - set(owners) or len(links) != len(ends):
        return None
    found: dict[str, list[str]] = {}
    start = 0
    for owner in owners:
        found[owner] = list(links[start : start + counts[owner]])
        start += counts[owner]
    return found


def _pairs(links: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    return {(owner, end) for owner, ends in links.items() for end in ends}


def _without_type(name: str) -> str:
    kind, colon, rest = name.partition(": ")
    return rest.strip() if colon and word("InterventionType", kind) else name


def _put_events(study: dict[str, object], fields: _Fields) -> None:
    """Adverse events: each event lists all groups in their order, or its numbers cannot be told apart."""
    module = "resultsSection.adverseEventsModule"
    groups = fields.of("EventGroupId")
    for kind in ("Serious", "Other"):
        columns = {f"{kind}EventTerm": "term", f"{kind}EventOrganSystem": "organSystem"}
        columns[f"{kind}EventSourceVocabulary"] = "sourceVocabulary"
        events = _objects(fields, "events", f"{kind}EventTerm", columns)
        if not events:
            continue
        wanted = groups * len(events)
        named = fields.of(f"{kind}EventStatsGroupId")
        if not groups or named != wanted:
            reason = (
                f"found {len(named)} numbers for {len(events)} events and {len(groups)} groups: whose is whose is lost"
            )
            fields.notes.append((f"{kind}EventStatsGroupId", reason))
            fields.asked.update(f"{kind}EventStatsNum{each}" for each in ("Affected", "AtRisk", "Events"))
            continue
        columns = {f"{kind}EventStatsGroupId": "groupId"}
        columns |= {f"{kind}EventStatsNum{each}": f"num{each}" for each in ("Affected", "AtRisk", "Events")}
        stats = _objects(fields, "numbers", f"{kind}EventStatsGroupId", columns)
        for position, event in enumerate(events):
            event["stats"] = stats[position * len(groups) : (position + 1) * len(groups)]
        _put(study, f"{module}.{kind.lower()}Events", events)
