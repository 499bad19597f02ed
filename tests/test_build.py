"""Building: the same files give the same bytes, whatever their order; nothing is skipped."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import Built, build, curated_files
from kg.catalogue import find_query, select
from kg.errors import SourceError
from kg.fingerprint import Text
from kg.network import read_network
from kg.paths import curated_tables
from kg.rdf import ctmo
from kg.store import sorted_nquads
from kg.views.network import draw_page, draw_svg
from tests.conftest import DATA

TINY, STUDY = DATA / "tiny.yaml", DATA / "example2024.yaml"


def tiny_texts(old: str = "", new: str = "") -> dict[str, Text]:
    words = (DATA / "tiny.txt").read_text(encoding="utf-8")
    assert old in words
    return {"tiny": Text(words.replace(old, new) if old else words)}


def test_building_twice_gives_the_same_bytes(real: Built) -> None:
    again = build()
    assert sorted_nquads(again.store.quads()) == sorted_nquads(real.store.quads())
    assert draw_svg(read_network(again.store)) == draw_svg(read_network(real.store))
    assert draw_page(read_network(again.store)) == draw_page(read_network(real.store))


def test_the_order_of_the_files_makes_no_difference(real: Built) -> None:
    files = [*curated_files(), *curated_tables()]
    for seed in (1, 2):
        shuffled = random.Random(seed).sample(files, len(files))
        other = build(shuffled, packaged=False)
        assert sorted_nquads(other.store.quads()) == sorted_nquads(real.store.quads())
        assert draw_svg(read_network(other.store)) == draw_svg(read_network(real.store))


PRINT_DIGEST = """
import hashlib
from kg.build import build
from kg.store import sorted_nquads
print(hashlib.sha256(sorted_nquads(build().store.quads())).hexdigest())
"""


def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    digests = set()
    for seed in ("0", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        digests.add(subprocess.check_output([sys.executable, "-c", PRINT_DIGEST], env=env))
    assert len(digests) == 1


def test_only_axioms_have_blank_nodes(real: Built) -> None:
    axioms = tuple(f"https://w3id.org/ctmo/graph/{part}/" for part in ("ontology", "imports", "mappings"))
    quads = [quad for quad in real.store.quads() if not str(quad.graph_name)[1:].startswith(axioms)]
    ends = [end for quad in quads for end in (quad.subject, quad.object)]
    assert not [end for end in ends if isinstance(end, ox.BlankNode)]


def test_every_file_has_its_own_graph_and_every_record_is_counted(real: Built) -> None:
    names = real.store.graph_names()
    for path in curated_files():
        assert f"https://w3id.org/ctmo/graph/{path.parent.name}/{path.stem}" in names
        assert real.records_of_file[f"{path.parent.name}/{path.name}"] > 0
    files = [*curated_files(), *curated_tables()]
    assert set(real.records_of_file) == {f"{path.parent.name}/{path.name}" for path in files}


def test_a_file_with_one_broken_record_loads_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "tiny.yaml"
    broken.write_text(TINY.read_text().replace("relation: promotes", "relation: promote"))
    with pytest.raises(SourceError, match=r"tiny.yaml:\d+: claims\.\d+\.relation.*nearest: promotes"):
        build([broken, STUDY], packaged=False)


def status_of(built: Built, claim: str) -> str:
    text = (
        "SELECT ?status WHERE { ?a <https://w3id.org/ctmo/claimId> "
        f'"{claim}" ; <https://w3id.org/ctmo/status> ?status }}'
    )
    rows = list(built.store.query(text))  # type: ignore[arg-type]
    assert len(rows) == 1
    return str(rows[0]["status"].value).removeprefix(ctmo("").value)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("msc-secrete-bdnf", "Accepted"),
        ("homing-may-improve-motor-function", "Hypothesised"),
        ("msc-migrate-to-brain", "Disputed"),
        ("bdnf-promotes-angiogenesis", "Contradicted"),
    ],
)
def test_the_status_follows_from_the_evidence(tiny: Built, claim: str, status: str) -> None:
    assert status_of(tiny, claim) == status


def test_without_the_text_and_without_a_record_nothing_is_accepted() -> None:
    built = build([TINY], packaged=False)
    assert status_of(built, "msc-secrete-bdnf") == "Unverified"
    assert built.derived["rules/30-direct"] == 0


@pytest.mark.parametrize(
    ("old", "new", "claim"),
    [
        ("95 %", "94 %", "cells-carry-cxcr4"),
        ("MSCs secrete BDNF", "MSCs secrete GDNF", "msc-secrete-bdnf"),
        ("The pathway mediates", "The pathway mediated", "pathway-mediates-homing"),
    ],
)
def test_a_changed_word_or_number_takes_exactly_that_edge_away(old: str, new: str, claim: str) -> None:
    whole = build([TINY], packaged=False, texts=tiny_texts())
    changed = build([TINY], packaged=False, texts=tiny_texts(old, new))
    assert status_of(changed, claim) == "Unverified"
    assert changed.derived["rules/30-direct"] == whole.derived["rules/30-direct"] - 1


def test_words_of_a_source_are_in_the_graph_only_when_its_text_was_given(tiny: Built) -> None:
    words = ox.NamedNode("https://w3id.org/ctmo/words")
    assert {str(q.graph_name.value) for q in tiny.store.quads() if q.predicate == words} == {  # type: ignore[union-attr]
        "https://w3id.org/ctmo/graph/quotations/tiny"
    }
    assert not [q for q in build([TINY], packaged=False).store.quads() if q.predicate == words]


def test_two_sources_of_one_assertion_keep_their_own_words(tmp_path: Path) -> None:
    second = tmp_path / "second.yaml"
    words = TINY.read_text(encoding="utf-8").replace("id: tiny\n", "id: second\n").replace("Tiny 2024", "Second 2025")
    words = words.replace("Mesenchymal stem cells release BDNF in culture.", "In culture the cells give off BDNF.")
    second.write_text(words.split("paths:")[0].replace("id: msc-secrete-bdnf", "id: cells-give-off-bdnf"))
    text = (DATA / "tiny.txt").read_text(encoding="utf-8")
    built = build([TINY, second], packaged=False, texts={"tiny": Text(text), "second": Text(text)})
    rows = list(select(built.store, find_query("factors/secreted-factors")))
    told = {(row["source_label"].value, row["claim_id"].value, row["statement"].value) for row in rows}
    assert told == {
        ("Tiny 2024", "msc-secrete-bdnf", "Mesenchymal stem cells release BDNF in culture."),
        ("Second 2025", "cells-give-off-bdnf", "In culture the cells give off BDNF."),
    }
    assert len(rows) == 2
    assert len(read_network(built.store).edges) == 7


def test_a_comparison_keeps_which_arm_came_first() -> None:
    built = build([STUDY], packaged=False)
    first = [q.object.value for q in built.store.quads() if q.predicate == ctmo("firstArm")]  # type: ignore[union-attr]
    assert first == ["https://w3id.org/ctmo/study/example2024#cells"]
