"""Files that people write: what is refused, and whether the message says where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import build, curated_files
from kg.errors import InputError, KgError, SourceError
from kg.loaders import load_file, loaders
from kg.loaders.claims import read_claims
from kg.loaders.strict_yaml import read_document
from kg.loaders.studies import read_study
from kg.vocabulary import Lexicon
from tests.conftest import DATA

TINY = (DATA / "tiny.yaml").read_text(encoding="utf-8")
STUDY = (DATA / "example2024.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", curated_files(), ids=lambda path: path.name)
def test_every_curated_file_loads_whole(path: Path, lexicon: Lexicon) -> None:
    loaded = load_file(path, lexicon)
    assert loaded.records > 0
    assert len(loaded.quads) == len(set(loaded.quads)), "a quad was written twice"


def test_each_file_kind_has_one_loader() -> None:
    assert {"claims", "studies"} <= set(loaders())


BROKEN_CLAIMS = [
    ("relation: secretes", "relation: secrete", "no relation 'secrete'; nearest: secretes"),
    ("relation: secretes", "relaton: secretes", r"relaton: unknown key; nearest: relation"),
    ("id: CL:0000134, label: mesenchymal stem cell", "id: CL:0000134, label: BDNF", "CL:0000134 has the label"),
    (
        "id: CL:0000134, label: mesenchymal stem cell",
        "id: CL:9999999, label: mesenchymal stem cell",
        "no term CL:9999999",
    ),
    ("direction: supports", "direction: suports", "found 'suports'; expected one of: supports"),
    ("study_kind: in vitro", "study_kind: vitro", "nearest: in vitro"),
    ("- id: msc-secrete-bdnf", "- id: MSC secrete", "claims.0.id"),
    ("tokens: 6", "tokens: six", "passage.tokens"),
    ("tokens: 6", "tokens: 0", "passage.tokens"),
    ("value: 95", "value: ninety", "numbers.0.value"),
    ("value: 95", "value: NaN", "numbers.0.value"),
    ("kind: review", "kind: blog", "source.kind"),
    ("- id: cells-carry-cxcr4", "- id: msc-secrete-bdnf", "stands twice"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN_CLAIMS)
def test_a_broken_claims_file_names_file_line_and_field(
    tmp_path: Path, lexicon: Lexicon, old: str, new: str, message: str
) -> None:
    assert old in TINY
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=message) as caught:
        read_claims(path, lexicon)
    name, line, _ = str(caught.value).split(":", 2)
    assert name == "tiny.yaml"
    at = int(line)
    near = "\n".join(path.read_text(encoding="utf-8").splitlines()[max(0, at - 6) : at + 5])
    assert new.split(",")[0] in near


BROKEN_STUDIES = [
    ("arm: cells", "arm: cell", "names arm 'cell'"),
    ("events: 2", "events: 22", "22 events of 10"),
    ("type: SEM", "type: sem", "found 'sem'"),
    ("id: example2024", "id: other", "expected the file's name"),
    ("finding: higher", "finding: better", "found 'better'"),
    ("status: read", "status: guessed", "found 'guessed'"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN_STUDIES)
def test_a_broken_study_file_is_refused(tmp_path: Path, lexicon: Lexicon, old: str, new: str, message: str) -> None:
    assert old in STUDY
    path = tmp_path / "example2024.yaml"
    path.write_text(STUDY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_study(path, lexicon)


HOSTILE = {
    "not yaml": ("claims: [", "not valid YAML"),
    "doubled key": ("claims: []\nclaims: []\n", "stands twice"),
    "alias": ("source: &a {id: x}\nclaims: *a\n", "alias"),
    "bomb": ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nclaims: *c\n", "alias"),
    "tag": ("claims: !!python/object/apply:os.system ['true']\n", "tag"),
    "own tag": ("claims: !thing []\n", "tag"),
    "list": ("- claims: x\n", "expected keys and values"),
    "empty": ("", "expected keys and values"),
    "empty value": ("claims:\n", "no value"),
    "deep": ("claims: " + "[" * 60 + "]" * 60, "nested deeper"),
    "key is a list": ("? [a, b]\n: c\n", "key must be a word"),
    "control character": ("claims: 'a\x07b'\n", "not valid YAML"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_yaml_is_refused_with_its_place(tmp_path: Path, case: str) -> None:
    content, message = HOSTILE[case]
    path = tmp_path / "x.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_document(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"claims: \xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        load_file(path, lexicon)


def test_a_file_of_no_known_kind_says_which_there_are(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("hello: world\n")
    with pytest.raises(InputError, match="loaders: claims"):
        load_file(path, lexicon)


def test_words_that_yaml_likes_to_convert_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: no\nb: 007\nc: 59.000\nd: 2020-01-01\ne: 1e3\nf: null\n")
    assert read_document(path).content == {
        "a": "no", "b": "007", "c": "59.000", "d": "2020-01-01", "e": "1e3", "f": "null"
    }  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_our_words(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    path = tmp_path_factory.mktemp("any") / "x.yaml"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    message = "x.yaml"
    try:
        read_document(path)
    except KgError as error:
        message = str(error)
    assert "x.yaml" in message


def test_two_files_for_one_graph_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for folder in ("a", "b"):
        (tmp_path / folder / "tiny.yaml").write_text(TINY)
    with pytest.raises(InputError, match="same graph"):
        build([tmp_path / "a", tmp_path / "b"], packaged=False)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        build([tmp_path / "nothing.yaml"], packaged=False)
