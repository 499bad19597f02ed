"""Skeletons load as they are, and the JSON Schemas accept every packaged file and refuse what the models refuse."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from kg.build import curated_files
from kg.curation.plausible import implausible
from kg.curation.schema import KINDS, json_schema
from kg.curation.skeletons import claim_skeleton, source_skeleton, study_skeleton
from kg.loaders import read_head
from kg.loaders.claims import read_claims
from kg.loaders.studies import accepts, read_study
from kg.vocabulary import Lexicon

MARK = "passage: {section: s, at: 0, tokens: 1, exact: " + "0" * 32 + ", loose_tokens: 1, loose: " + "0" * 32 + "}"
Validators = dict[str, jsonschema.Draft202012Validator]


class Editor(yaml.SafeLoader):
    """Reads as editors do: YAML 1.2, where `no` is a word and not false."""


Editor.yaml_implicit_resolvers = {
    letter: [(tag, regexp) for tag, regexp in pairs if tag != "tag:yaml.org,2002:bool" or letter in "tf"]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_a_study_skeleton_loads_and_is_plausible(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "author2026.yaml"
    path.write_text(study_skeleton("author2026"), encoding="utf-8")
    assert implausible(read_study(path, lexicon)) == []


def test_a_source_skeleton_loads_once_a_passage_stands_in_it(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "author2026.yaml"
    empty = source_skeleton("author2026")
    path.write_text(empty.replace(claim_skeleton(), claim_skeleton(MARK)), encoding="utf-8")
    assert [claim.modality for claim in read_claims(path, lexicon).claims] == ["asserted"]


@pytest.fixture(scope="session")
def validators(lexicon: Lexicon) -> Validators:
    schemas = {kind: json.loads(json_schema(kind, lexicon.iri_of_relation)) for kind in KINDS}
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    return {kind: jsonschema.Draft202012Validator(schema) for kind, schema in schemas.items()}


def content(text: str) -> object:
    """Read a file as an editor does: dates stay words."""
    return json.loads(json.dumps(yaml.load(text, Loader=Editor), default=str))


@pytest.mark.parametrize("path", curated_files(), ids=lambda path: path.stem)
def test_every_packaged_file_fits_its_schema(path: Path, validators: Validators) -> None:
    kind = "study" if accepts(path, read_head(path)) else "claims"
    found = validators[kind].iter_errors(content(path.read_text(encoding="utf-8")))
    faults = [f"{'.'.join(map(str, e.path))}: {e.message[:200]}" for e in found]
    assert faults == []


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("role: treated", "role: treatd", "treatd"),
        ("status: read", "status: red", "'red'"),
        ("type: SD", "type: sd", "'sd'"),
        ("finding: no difference", "finding: none", "'none'"),
        ("measure: change", "mesure: change", "mesure"),
        ("n: 20", "n: -20", "-20"),
        ("donor: allogeneic", "donor: allogenic", "allogenic"),
    ],
)
def test_the_schema_refuses_what_the_model_refuses(validators: Validators, old: str, new: str, word: str) -> None:
    text = study_skeleton("author2026")
    assert old in text
    assert not list(validators["study"].iter_errors(content(text)))
    faults = list(validators["study"].iter_errors(content(text.replace(old, new))))
    assert any(word in str(fault.message) + str(fault.context) for fault in faults)


def test_a_relation_that_is_not_is_refused(validators: Validators) -> None:
    text = source_skeleton("author2026").replace("relation: secretes", "relation: secrets")
    faults = list(validators["claims"].iter_errors(yaml.load(text, Loader=Editor)))
    assert any("secrets" in fault.message for fault in faults)
