"""The graph, its mappings and its network in exchange formats: nothing lost or added, read back by our readers."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.answers import rows_of
from kg.catalogue import find_query, select
from kg.commands.exporting import _drawn
from kg.exporters import find_exporter
from kg.exporters.drawn import DrawnNetwork
from kg.exporters.dump import Dump, dump_of
from kg.exporters.ro_crate import Crate
from kg.gate import Skipped, walk
from kg.knowledge import kgx, sssom
from kg.knowledge.piece import Piece
from kg.model.intake import Ignored, Refused
from kg.namespaces import CTMO, PREFIXES
from kg.network import read_network
from kg.ontology.blank import name_blank_nodes
from kg.ontology.sssom import read_sssom
from kg.store import LocalStore

RDF = PREFIXES["rdf"]
FORMS = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ttl": ox.RdfFormat.TURTLE,
}


@pytest.fixture(scope="module")
def curated(real_store: LocalStore) -> list[ox.Quad]:
    """The curated part of the graph: small enough to write it in each format twice."""
    keep = ("/claims/", "/inferred/status", "/inferred/levels", "/inferred/direct", "/schema/")
    chosen = [quad for quad in real_store.quads() if any(part in quad.graph_name.value for part in keep)]  # type: ignore[union-attr]
    blank = [
        ox.Quad(ox.BlankNode(), ox.NamedNode("urn:p"), ox.Literal(str(n)), ox.NamedNode("urn:g")) for n in range(3)
    ]
    assert len(chosen) > 5000
    return chosen + blank


@pytest.fixture(scope="module")
def dump(curated: list[ox.Quad]) -> Dump:
    return dump_of(curated)


@pytest.fixture(scope="module")
def drawn(real_store: LocalStore) -> DrawnNetwork:
    return _drawn(read_network(real_store, title="Mechanisms"), False, False)


@pytest.fixture(scope="module")
def mappings(real_store: LocalStore) -> tuple[list[str], list[list[str]]]:
    return rows_of(select(real_store, find_query("graph/mapping-rows")))


def renamed(quads: list[ox.Quad]) -> list[ox.Quad]:
    """Give the quads in another order with other names of blank nodes, as a store does when it is opened again."""
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def name(term: object) -> object:
        return names.setdefault(term, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term

    again = [ox.Quad(name(q.subject), q.predicate, name(q.object), q.graph_name) for q in quads]  # type: ignore[arg-type]
    random.Random(3).shuffle(again)
    return again


@pytest.mark.parametrize("form", [*FORMS, "ttl12", "nanopub"])
def test_the_same_graph_gives_the_same_bytes(form: str, curated: list[ox.Quad], dump: Dump) -> None:
    write = find_exporter(form).write
    assert write(dump) == write(dump_of(renamed(curated)))


@pytest.mark.parametrize("form", FORMS)
def test_a_format_holds_every_triple_and_no_other(form: str, dump: Dump) -> None:
    content = find_exporter(form).write(dump)
    found = list(ox.parse(content, format=FORMS[form]))
    ours = {quad.triple for quad in dump.quads}
    assert name_blank_nodes({quad.triple for quad in found}) == name_blank_nodes(ours)
    graphs = {str(quad.graph_name) for quad in found}
    assert graphs == ({"DEFAULT"} if form == "ttl" else {str(quad.graph_name) for quad in dump.quads})


@pytest.mark.parametrize("form", ["trig", "ttl", "ttl12", "nanopub"])
def test_prefixes_stand_in_order(form: str, dump: Dump) -> None:
    content = find_exporter(form).write(dump).decode()
    names = re.findall(r"^@prefix (\w*):", content, re.MULTILINE)
    assert names == sorted(names)
    assert "ctmo" in names


def test_the_words_of_sources_stay_behind_unless_asked_for() -> None:
    words = ox.Quad(
        ox.NamedNode("urn:x"), ox.NamedNode(CTMO + "words"), ox.Literal("their words"), ox.NamedNode("urn:g")
    )
    assert (dump_of([words]).quads, dump_of([words]).left_out) == ((), 1)
    assert b"their words" in find_exporter("nq").write(dump_of([words], quoted=True))


def assertions(dump: Dump) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for quad in dump.quads:
        if quad.predicate.value == CTMO + "status":
            found.setdefault(quad.object.value, set()).add(quad.subject.value)  # type: ignore[union-attr]
    return found


def test_rdf_12_has_a_reifier_for_each_assertion_and_adds_no_plain_triple(dump: Dump) -> None:
    found = list(ox.parse(find_exporter("ttl12").write(dump), format=ox.RdfFormat.TURTLE))
    reified = {quad.subject.value: quad.object for quad in found if quad.predicate.value == RDF + "reifies"}
    assert set(reified) == set().union(*assertions(dump).values())
    plain = {quad.triple for quad in found if quad.predicate.value != RDF + "reifies"}
    assert plain < {quad.triple for quad in dump.quads}
    refuted = assertions(dump)[CTMO + "Contradicted"]
    assert refuted
    assert not {reified[each] for each in refuted if reified[each].predicate.value == CTMO + "migratesTo"} & plain


def test_only_accepted_assertions_are_nanopublications_and_each_has_four_graphs(dump: Dump) -> None:
    found = list(ox.parse(find_exporter("nanopub").write(dump), format=ox.RdfFormat.TRIG))
    np = "http://www.nanopub.org/nschema#"
    whole = {q.subject.value for q in found if q.object == ox.NamedNode(np + "Nanopublication")}
    accepted = assertions(dump)[CTMO + "Accepted"]
    assert {each.rpartition("/")[2] for each in whole} == {each.rpartition("/")[2] for each in accepted}
    graphs = {quad.graph_name.value for quad in found}
    assert graphs == {f"{each}#{part}" for each in whole for part in ("head", "assertion", "provenance", "info")}
    sourced = {q.subject.value for q in found if q.predicate.value.endswith("#wasDerivedFrom")}
    assert sourced == {f"{each}#assertion" for each in whole}
    stated = {
        q.graph_name.value
        for q in found
        if q.predicate.value == CTMO + "statement" and "#assertion" in str(q.graph_name)
    }
    assert stated == sourced, "the bare triple would say more than the source"


def read(reader: object, folder: Path) -> Iterator[object]:
    for member in walk([folder]):
        assert not isinstance(member, Skipped)
        assert reader.accepts(member)  # type: ignore[attr-defined]
        yield from reader.read(member)  # type: ignore[attr-defined]


def test_our_reader_takes_the_mappings_that_were_written(
    mappings: tuple[list[str], list[list[str]]], tmp_path: Path
) -> None:
    path = tmp_path / "all.sssom.tsv"
    path.write_bytes(find_exporter("sssom").write(mappings))
    text = read_sssom(path)
    assert len(text.rows) == len({tuple(row) for row in mappings[1]})
    assert text.header["license"] == "https://creativecommons.org/licenses/by/4.0/"
    places = [text.columns.index(name) for name in ("subject_id", "predicate_id", "object_id", "mapping_justification")]
    for _, row in text.rows:
        for place in places:
            assert row[place].partition(":")[0] in text.curie_map, row[place]
    assert any(row[text.columns.index("object_id")] == "sssom:NoTermFound" for _, row in text.rows)
    refused = [
        each for each in read(sssom, tmp_path) if isinstance(each, Refused) and "relation of ours" not in each.reason
    ]
    assert refused == []


@pytest.fixture(scope="module")
def kgx_files(drawn: DrawnNetwork) -> dict[str, bytes]:
    return dict(find_exporter("kgx").write(drawn))


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_our_reader_takes_the_kgx_files_that_were_written(kgx_files: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("nodes.tsv", "edges.tsv"):
        (tmp_path / name).write_bytes(kgx_files[name])
    told = list(read(kgx, tmp_path))
    refused = [each for each in told if isinstance(each, Refused)]
    assert all("names and parents of our terms are ours" in each.reason for each in refused), "our own, from outside"
    pieces = [each for each in told if isinstance(each, Piece)]
    edges = kgx_files["edges.tsv"].count(b"\n") - 1
    assert sum(any("Association" in str(triple) for triple in piece.triples) for piece in pieces) == edges
    left = {each.field if hasattr(each, "field") else str(each) for each in told if isinstance(each, Ignored)}
    assert all(
        any(word in str(each) for word in ("evidence_level", "statement", "context", "measured_by", "planned_by"))
        for each in left
    )


def test_only_accepted_assertions_are_edges_and_the_others_are_not_lost(
    drawn: DrawnNetwork, kgx_files: dict[str, bytes]
) -> None:
    status = {edge.edge.iri.rpartition("/")[2]: edge.edge.status for edge in drawn.edges}
    edges, apart = table(kgx_files["edges.tsv"]), table(kgx_files["not-asserted.tsv"])
    assert {status[row["id"].rpartition("/")[2]] for row in edges} == {"accepted"}
    assert {row["status"] for row in apart} == {"contradicted", "hypothesised"}
    assert len(edges) + len(apart) == len(drawn.edges)
    nodes = {row["id"] for row in table(kgx_files["nodes.tsv"])}
    assert {row[end] for row in edges for end in ("subject", "object")} <= nodes
    assert all(row["original_predicate"].startswith("ctmo:") and row["primary_knowledge_source"] for row in edges)


def test_no_direction_is_given_to_what_merely_gets_better(kgx_files: dict[str, bytes]) -> None:
    told = {(row["original_predicate"], row["object_direction_qualifier"]) for row in table(kgx_files["edges.tsv"])}
    assert ("ctmo:improves", "") in told
    assert ("ctmo:inhibitsReleaseOf", "decreased") in told


def test_a_crate_tells_of_each_file_what_it_is(
    dump: Dump, drawn: DrawnNetwork, mappings: tuple[list[str], list[list[str]]]
) -> None:
    small = Crate(Dump(dump.quads[:50]), drawn, mappings, "2026-11-26")
    files = find_exporter("ro-crate").write(small)
    assert files == find_exporter("ro-crate").write(small)
    metadata = json.loads(files["ro-crate-metadata.json"])
    assert metadata["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {each["@id"]: each for each in metadata["@graph"]}
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = entities["./"]
    assert root["datePublished"] == "2026-11-26"
    assert all(root[name] for name in ("name", "description", "license"))
    assert {part["@id"] for part in root["hasPart"]} == set(files) - {"ro-crate-metadata.json"}
    for name in set(files) - {"ro-crate-metadata.json"}:
        assert entities[name]["sha256"] == sha256(files[name]).hexdigest()
        assert entities[name]["contentSize"] == str(len(files[name]))
