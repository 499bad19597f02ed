"""Files that people write: what is refused, and whether the message says where."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import build, curated_files
from kg.curation.verification import read_records, read_texts
from kg.errors import InputError, KgError, SourceError
from kg.fingerprint import Fingerprint, Outcome, find
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
    ("kind: primary study", "kind: blog", "source.kind"),
    ("- id: cells-carry-cxcr4", "- id: msc-secrete-bdnf", "stands twice"),
    ("  id: tiny", "  id: tin", "source.id: found 'tin', expected the file's name"),
    ("id: CL:0000134, label", "id: foo, label", r"claims.0.subject.id: found 'foo'; expected a CURIE"),
    ("id: CL:0000134, label", "id: 'study:a b', label", r"claims.0.subject.id: found 'study:a b'; expected a CURIE"),
    ("id: CL:0000134, label", 'id: "study:a\\nb", label', r"claims.0.subject.id: found 'study:a\\nb'; expected"),
    ("id: CL:0000134, label", "id: 'study:a<b', label", r"claims.0.subject.id: found 'study:a<b'; expected a CURIE"),
    ("id: CL:0000134, label", "id: [':'], label", r"claims.0.subject.id: found a list; .*valid string"),
    ("id: CL:0000134, label", "id: {':': a}, label", r"claims.0.subject.id: found keys and values; .*valid string"),
    ("label: mesenchymal stem cell}", "label: [q]}", r"claims.0.subject.label: found a list; .*valid string"),
    ("cites: [7]", "study: studi:gu2020", r"study: found 'studi:gu2020', whose prefix .*nearest: study"),
    ("cites: [7]", "study: 'study:a b'", r"study: found 'study:a b'; expected a CURIE"),
    ("cites: [7]", "study: 'study:gu2020#'", r"study: found 'study:gu2020#'; expected a CURIE"),
    ("modality: possible", "audit: {against: gu2020, verdict: agrees, why: x}", r"against: found 'gu2020'; expected a"),
    (
        "modality: possible",
        "audit: {against: 'study:a b', verdict: agrees, why: x}",
        r"against: found 'study:a b'; exp",
    ),
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cites: [7]", "study: study:gu2020"),
        ("cites: [7]", "study: study:gu2020#pet-suv"),
        ("modality: possible", "audit: {against: 'study:gu2020#gmfm-month-12', verdict: agrees, why: x}"),
        ("id: CL:0000134, label: mesenchymal stem cell", "id: study:gu2020#uc-msc, label: umbilical cord cells"),
        ("id: CL:0000134, label: mesenchymal stem cell", "id: source:petriv2020, label: Petriv 2020"),
    ],
)
def test_a_study_or_a_part_of_one_may_be_named(tmp_path: Path, lexicon: Lexicon, old: str, new: str) -> None:
    assert old in TINY
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY.replace(old, new, 1), encoding="utf-8")
    assert load_file(path, lexicon).quads


@given(
    part=st.sampled_from(["id: CL:0000134, label: mesenchymal stem cell", "cites: [7]", "id: tiny"]),
    key=st.sampled_from(["id", "label", "study"]),
    value=st.recursive(
        st.text(alphabet=":#abCL09 -<>\n\u00e9", max_size=12),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", ":"]), inner, max_size=2),
        max_leaves=4,
    ),
)
def test_any_value_of_a_term_is_loaded_or_refused_in_our_words(
    tmp_path_factory: pytest.TempPathFactory, lexicon: Lexicon, part: str, key: str, value: object
) -> None:
    other = ", label: x" if key == "id" else ""
    path = tmp_path_factory.mktemp("any") / "tiny.yaml"
    path.write_text(TINY.replace(part, f"{key}: {json.dumps(value)}{other}", 1), encoding="utf-8")
    try:
        load_file(path, lexicon)
    except KgError as error:
        assert "tiny.yaml:" in str(error)  # noqa: PT017 - either outcome is good


@pytest.mark.parametrize("name", ["my study.yaml", "My.yaml", "a<b.yaml", "a_b.yaml", "a--b.yaml", "-a.yaml"])
@pytest.mark.parametrize("content", [TINY, STUDY], ids=["claims", "study"])
def test_a_file_name_that_cannot_name_a_graph_is_refused(
    tmp_path: Path, lexicon: Lexicon, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=r"found the file name .*, expected small letters a-z, digits and single"):
        load_file(path, lexicon)


def test_a_file_name_of_words_with_hyphens_is_good(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "my-study-2.yaml"
    path.write_text(STUDY.replace("id: example2024", "id: my-study-2", 1), encoding="utf-8")
    assert load_file(path, lexicon).graph.value.endswith("graph/studies/my-study-2")


@pytest.mark.parametrize(
    ("content", "key"), [(TINY, "claims"), (TINY, "source"), (STUDY, "id"), (STUDY, "design"), (STUDY, "arms")]
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_key_may_stand_in_quotes(tmp_path: Path, lexicon: Lexicon, content: str, key: str, quote: str) -> None:
    path = tmp_path / ("tiny.yaml" if content == TINY else "example2024.yaml")
    quoted, count = re.subn(f"^{key}:", f"{quote}{key}{quote}:", content, flags=re.MULTILINE)
    assert count == 1
    path.write_text(quoted, encoding="utf-8")
    assert load_file(path, lexicon).records


@pytest.mark.parametrize(
    "head", ["\"claims': []\n", "#claims: []\n", "  claims: []\n", "claims:[]\n", "myclaims: []\n"]
)
def test_what_is_no_key_of_the_top_level_makes_no_claims_file(tmp_path: Path, lexicon: Lexicon, head: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(head, encoding="utf-8")
    with pytest.raises(InputError, match="no loader knows this kind of file"):
        load_file(path, lexicon)


_ARM = "{id: cells, label: more cells, role: treated}"
BROKEN_STUDIES = [
    ("arm: cells", "arm: cell", "found the arm 'cell', which the study has not; nearest: cells"),
    ("events: 2", "events: 22", "22 events of 10"),
    ("type: SEM", "type: sem", "found 'sem'"),
    ("id: example2024", "id: other", "expected the file's name"),
    ("finding: higher", "finding: better", "found 'better'"),
    ("status: read", "status: guessed", "found 'guessed'"),
    (
        "- {id: control",
        f"- {_ARM}\n  - {{id: control",
        r":20: arms.1.id: found 'cells', which is used twice: also at arms.0.id",
    ),
    ("- id: il6", "- id: cells", r":45: readouts.0.id: found 'cells', which is used twice: also at arms.0.id"),
    ("- id: fever-cells", "- id: gmfm-6", "adverse_events.0.id: found 'gmfm-6', .*also at comparisons.0.id"),
    ("- id: il6", "- id: enrolled", "readouts.0.id: found 'enrolled', expected a name that is no field"),
    ("- id: il6", "- id: registration-1", "found 'registration-1', expected a name that is no field"),
    (
        "- {id: control",
        f"- {_ARM.replace('cells', 'outcomes-12')}\n  - {{id: control",
        "found 'outcomes-12', expected a name that is no field",
    ),
    ("- id: il6", "- id: cells-dose", "found 'cells-dose', .*node made for arms.0.dose"),
    ("- id: il6", "- id: gmfm-cells-6-spread", "'gmfm-cells-6-spread', .*node made for results.0.spread"),
    ("{id: OBI:0004001, label: randomized clinical trial}", "{id: OBI, label: x}", "design.id: found 'OBI'; expected"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN_STUDIES)
def test_a_broken_study_file_is_refused(tmp_path: Path, lexicon: Lexicon, old: str, new: str, message: str) -> None:
    assert old in STUDY
    path = tmp_path / "example2024.yaml"
    path.write_text(STUDY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_study(path, lexicon)


@pytest.mark.parametrize("name", ["control-product", "enrolled-late", "design-details", "cells-outcome", "month-1"])
def test_an_id_that_only_looks_like_a_made_name_is_good(tmp_path: Path, lexicon: Lexicon, name: str) -> None:
    path = tmp_path / "example2024.yaml"
    path.write_text(STUDY.replace("- id: il6", f"- id: {name}", 1), encoding="utf-8")
    quads = load_file(path, lexicon).quads
    assert any(quad.subject.value.endswith(f"#{name}") for quad in quads)  # type: ignore[union-attr]


def test_a_planned_readout_shares_the_names_of_the_study(tmp_path: Path, lexicon: Lexicon) -> None:
    planned = "planned_readouts: [{id: NAME, marker: {id: PR:000001393, label: interleukin-6}, where: registry}]\n"
    path = tmp_path / "example2024.yaml"
    path.write_text(STUDY + planned.replace("NAME", "planned-il6"), encoding="utf-8")
    assert read_study(path, lexicon).planned_readouts[0].id == "planned-il6"
    path.write_text(STUDY + planned.replace("NAME", "il6"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"planned_readouts\.0\.id: found 'il6', .*also at readouts\.0\.id"):
        read_study(path, lexicon)


def test_every_node_of_a_study_has_one_class(lexicon: Lexicon) -> None:
    for path in (DATA / "example2024.yaml", *(p for p in curated_files() if p.parent.name == "studies")):
        typed = [q.subject for q in load_file(path, lexicon).quads if q.predicate.value.endswith("#type")]
        assert len(typed) == len(set(typed)), path.name


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


def test_a_text_keeps_its_line_ends_and_offsets(tmp_path: Path) -> None:
    words = "MSCs express\nCXCR4 in\n\nculture."
    (tmp_path / "unix.txt").write_bytes(words.encode())
    (tmp_path / "dos.md").write_bytes(words.replace("\n", "\r\n").encode())
    texts = read_texts(tmp_path)
    unix, dos = texts["unix"], texts["dos"]
    assert [token.text for token in unix.exact] == [token.text for token in dos.exact]
    assert [token.text for token in unix.loose] == [token.text for token in dos.loose]
    assert unix.normalised_digest == dos.normalised_digest
    match = find(Fingerprint.of("CXCR4 in culture."), dos)
    assert match.outcome is Outcome.VERIFIED
    raw = (tmp_path / "dos.md").read_bytes().decode()
    assert raw[match.start : match.end] == match.words == "CXCR4 in\r\n\r\nculture."


def test_a_text_that_is_not_utf_8_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "tiny.txt").write_bytes(b"MSCs \xff")
    with pytest.raises(InputError, match=r"tiny\.txt: not UTF-8 text: byte 5"):
        read_texts(tmp_path)


def test_a_folder_that_is_named_like_a_text_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()
    (tmp_path / "tiny.txt").write_text("MSCs")
    assert list(read_texts(tmp_path)) == ["tiny"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"claim\tsection\tseal\n\xff\tresults\tab\n", "not UTF-8 text: byte 19"),
        (b"claim\tsection\tseal\nx\tresults\t" + b"a" * 131073 + b"\n", "field larger than field limit"),
        (b"claim\tsection\nx\tresults\n", "a row without a seal"),
    ],
)
def test_a_broken_record_of_verification_is_refused_with_its_name(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "tiny.tsv").write_bytes(content)
    with pytest.raises(InputError, match=rf"tiny\.tsv: .*{message}"):
        read_records(tmp_path)


def test_a_record_of_verification_may_hold_a_cell_up_to_the_limit(tmp_path: Path) -> None:
    seal = "a" * 131072
    (tmp_path / "tiny.tsv").write_text(f"#normalised text: 0\nclaim\tsection\tseal\nx\tresults\t{seal}\n")
    assert read_records(tmp_path) == {seal: "verified"}


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
