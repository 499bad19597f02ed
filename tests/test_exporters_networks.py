"""The network in the formats of desktop tools: read back by others, with places and looks, no evidence inherited."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kg.cli import command_line
from kg.commands.exporting import _drawn
from kg.errors import InputError, NotFoundError
from kg.exporters import find_exporter, load_exporters
from kg.exporters.drawn import CAUTION, DrawnNetwork
from kg.exporters.network_graph import scalars, to_graph
from kg.network import Edge, EvidenceNote, Network, Node, TrialEvidence, read_network
from kg.store import LocalStore

HOSTILE = ('"><script>alert(1)</script>', "]]>&<!--", "nul\x00 \ud800 \ufffe \u202e", "a|b", "", "脳性麻痺")
FORMATS = ("cx2", "gexf", "graphml")


@pytest.fixture(scope="module")
def drawn(real_store: LocalStore) -> DrawnNetwork:
    return _drawn(read_network(real_store, title="Mechanisms"), False, False)


def hostile() -> DrawnNetwork:
    nodes = [Node(f"urn:x{n}", f"x:{n}", text, text, n % 6, text, (text,)) for n, text in enumerate(HOSTILE)]
    note = EvidenceNote(HOSTILE[0], HOSTILE[1], "supports", HOSTILE[2], HOSTILE[3], HOSTILE[0], "javascript:x", "words")
    edges = [
        Edge(
            f"urn:a{n}", "urn:x0", f"urn:x{n % 6}", text, f"urn:x{n % 3}", text, n, text, n % 3 - 1, text, text, (note,)
        )
        for n, text in enumerate(HOSTILE * 2)
    ]
    trials = [TrialEvidence("urn:x1", "urn:s", text, text, text, text, text, text) for text in HOSTILE]
    return _drawn(Network(tuple(nodes), tuple(edges), tuple(trials), HOSTILE[0], "", HOSTILE[1]), True, False)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_network_gives_the_same_bytes_and_no_day(form: str, drawn: DrawnNetwork) -> None:
    content = find_exporter(form).write(drawn)
    assert content == find_exporter(form).write(drawn)
    assert b"lastmodified" not in content
    content.decode("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_a_network_without_nodes_is_a_valid_file(form: str) -> None:
    content = find_exporter(form).write(DrawnNetwork("", "", (), ()))
    assert json.loads(content) if form == "cx2" else ET.fromstring(content) is not None


@pytest.mark.parametrize(("form", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_networkx_reads_back_what_was_written(form: str, read: Any, drawn: DrawnNetwork) -> None:  # noqa: ANN401
    graph = read(io.BytesIO(find_exporter(form).write(drawn)))
    ours = to_graph(drawn)
    assert isinstance(graph, nx.MultiDiGraph)
    assert set(graph) == set(ours)
    assert sorted(graph.edges(keys=True)) == sorted(ours.edges(keys=True))
    for node, facts in ours.nodes(data=True):
        for name in ("label", "curie", "kind", "column", "synonyms", "measured_by", "studies_that_measured_it"):
            assert graph.nodes[node].get(name) == facts.get(name), name
    for a, b, key, facts in ours.edges(keys=True, data=True):
        for name in ("relation", "status", "level", "sign", "statement", "supported_by", "disputed_by", "urls"):
            assert graph.edges[a, b, key].get(name) == facts.get(name), name


def test_parallel_assertions_stay_two_edges() -> None:
    pair = [Node("urn:a", "", "a", "mechanism", 3), Node("urn:b", "", "b", "outcome", 4)]
    facts = {
        "relation": "urn:r",
        "relation_label": "r",
        "status": "accepted",
        "level_label": "stated",
        "statement": "s",
    }
    edges = [Edge(f"urn:e{n}", "urn:a", object="urn:b", level=2, sign=1, **facts) for n in range(3)]  # type: ignore[arg-type]
    network = _drawn(Network(tuple(pair), tuple(edges)), True, False)
    assert nx.read_graphml(io.BytesIO(find_exporter("graphml").write(network))).number_of_edges() == 3
    assert nx.read_gexf(io.BytesIO(find_exporter("gexf").write(network))).number_of_edges() == 3
    (elements,) = [part["edges"] for part in json.loads(find_exporter("cx2").write(network)) if "edges" in part]
    assert len(elements) == 3


def test_gexf_carries_places_turned_over_and_looks(drawn: DrawnNetwork) -> None:
    root = ET.fromstring(find_exporter("gexf").write(drawn))
    viz = "{http://www.gexf.net/1.2draft/viz}"
    at = {each.attrib["id"]: each.find(f"{viz}position") for each in root.iter("{http://www.gexf.net/1.2draft}node")}
    first = drawn.nodes[0]
    place = at[first.node.iri]
    assert place is not None
    assert (float(place.attrib["x"]), float(place.attrib["y"])) == (first.x, -first.y)
    widths = {float(each.attrib["value"]) for each in root.iter(f"{viz}thickness")}
    assert widths == {edge.width for edge in drawn.edges}
    assert {each.attrib["value"] for each in root.iter(f"{viz}shape")} == {edge.style for edge in drawn.edges}


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_labels_stay_texts(form: str) -> None:
    content = find_exporter(form).write(hostile())
    if form == "cx2":
        check_cx2(json.loads(content))
        return
    root = ET.fromstring(content)
    assert not [each.tag for each in root.iter() if each.tag.rpartition("}")[2] == "script"]
    read = nx.read_graphml if form == "graphml" else nx.read_gexf
    graph = read(io.BytesIO(content))
    assert graph.nodes["urn:x0"]["label"] == HOSTILE[0]
    assert graph.number_of_edges() == len(HOSTILE) * 2


def test_lists_become_texts_and_a_bar_in_a_member_does_not_part_it() -> None:
    assert scalars({"a": ["x|y", "z"], "b": [], "c": None, "d": 0, "e": 1.5}) == {"a": "x¦y|z", "d": 0, "e": 1.5}


def test_no_edge_carries_a_trial_and_a_planned_study_measured_nothing(drawn: DrawnNetwork) -> None:
    graph = to_graph(drawn)
    names = {trial.study_label for node in drawn.nodes for trial in node.trials}
    for _, _, facts in graph.edges(data=True):
        assert not {"measured_by", "studies_that_measured_it", "trial_results"} & set(facts)
    homing = graph.nodes["https://w3id.org/ctmo/0000508"]
    assert homing["studies_that_measured_it"] == 0
    assert homing["planned_by"] in names
    assert CAUTION in graph.graph["description"]


def test_words_of_sources_stay_behind_unless_asked_for() -> None:
    network = hostile()
    edges = to_graph(network).edges(data=True)
    assert not any("quotations" in facts for *_, facts in edges)
    asked = DrawnNetwork(network.title, network.note, network.nodes, network.edges, quoted=True)
    assert all(facts["quotations"] == "words" for *_, facts in to_graph(asked).edges(data=True))


#: Portable visual properties of CX2 that we write, with what the specification allows.
COLOUR = re.compile(r"#[0-9A-F]{6}")
CHOICES = {
    "NODE_SHAPE": {"ellipse", "triangle", "rectangle", "round-rectangle", "diamond", "hexagon", "octagon", "vee"},
    "NODE_BORDER_STYLE": {"solid", "dashed", "dotted", "double"},
    "EDGE_LINE_STYLE": {"solid", "dashed", "dotted", "double"},
    "EDGE_TARGET_ARROW_SHAPE": {"none", "triangle", "triangle-cross", "square", "diamond", "circle", "vee", "tee"},
}
TYPES = {"string": str, "integer": int, "double": float, "list_of_string": list}


def check_property(name: str, value: object) -> None:
    if name.endswith("COLOR"):
        assert COLOUR.fullmatch(str(value)), (name, value)
    elif name in CHOICES:
        assert value in CHOICES[name], (name, value)
    elif name.endswith("OPACITY"):
        assert 0 <= float(str(value)) <= 1
    elif name.endswith(("WIDTH", "HEIGHT", "SIZE")):
        assert float(str(value)) > 0, (name, value)
    else:
        assert name in {"NODE_LABEL_FONT_FACE", "EDGE_CURVED"}, name


def check_cx2(document: list[dict[str, Any]]) -> None:
    """Hold a document against the rules of the CX2 specification."""
    assert document[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert document[-1] == {"status": [{"success": True}]}
    assert all(len(part) == 1 for part in document[1:])
    order = [next(iter(part)) for part in document[1:]]
    assert len(set(order)) == len(order)
    assert order[:2] == ["metaData", "attributeDeclarations"]
    aspects = {name: part[name] for part in document[1:] for name in part}
    counts = {each["name"]: each["elementCount"] for each in aspects["metaData"]}
    assert counts == {name: len(aspects[name]) for name in order[1:-1]}
    (declared,) = aspects["attributeDeclarations"]
    (whole,) = aspects["networkAttributes"]
    for name, records in (
        ("networkAttributes", [whole]),
        *((name, [each["v"] for each in aspects[name]]) for name in ("nodes", "edges")),
    ):
        for record in records:
            assert "id" not in record
            for key, value in record.items():
                assert isinstance(value, TYPES[declared[name][key]["d"]]), (key, value)
                assert value is not None
    numbers = [each["id"] for each in aspects["nodes"]]
    assert len(set(numbers)) == len(numbers)
    assert all(isinstance(each[key], float) for each in aspects["nodes"] for key in ("x", "y"))
    ids = [each["id"] for each in aspects["edges"]]
    assert len(set(ids)) == len(ids)
    assert all(each["s"] in numbers and each["t"] in numbers for each in aspects["edges"])
    (look,) = aspects["visualProperties"]
    assert set(look) == {"default", "nodeMapping", "edgeMapping"}
    for group in look["default"].values():
        for name, value in group.items():
            check_property(name, value)
    for side, name in (("nodeMapping", "nodes"), ("edgeMapping", "edges")):
        for key, mapping in look[side].items():
            attribute = mapping["definition"]["attribute"]
            assert not declared[name] or attribute in declared[name], attribute
            if mapping["type"] == "PASSTHROUGH":
                continue
            assert mapping["type"] == "DISCRETE"
            pairs = mapping["definition"]["map"]
            assert {each["v"] for each in pairs} >= {each["v"].get(attribute) for each in aspects[name]} - {None}
            for pair in pairs:
                check_property(key, pair["vp"])


def test_cx2_keeps_the_rules_of_its_specification(drawn: DrawnNetwork) -> None:
    document = json.loads(find_exporter("cx2").write(drawn))
    check_cx2(document)
    (nodes,) = [part["nodes"] for part in document if "nodes" in part]
    assert {each["v"]["represents"] for each in nodes} == {each.node.curie for each in drawn.nodes}


def test_the_check_of_cx2_finds_a_fault(drawn: DrawnNetwork) -> None:
    document = json.loads(find_exporter("cx2").write(drawn))
    next(part for part in document if "edges" in part)["edges"][0]["s"] = 10**6
    with pytest.raises(AssertionError):
        check_cx2(document)


def test_the_folder_is_the_registry_and_a_wrong_name_gets_the_nearest() -> None:
    folder = Path(__file__).resolve().parents[1] / "kg" / "exporters"
    formats = {path.stem.replace("_", "-") for path in folder.glob("*.py") if "\nNEEDS = " in path.read_text("utf-8")}
    assert set(load_exporters()) == formats
    assert all(
        each.summary and each.needs in ("network", "triples", "mappings", "references", "outcome", "crate")
        for each in load_exporters().values()
    )
    with pytest.raises(NotFoundError, match=r"no export format matches 'graphm'. Nearest: graphml"):
        find_exporter("graphm")


def run(*words: str) -> None:
    arguments = vars(command_line().parse_args([*words]))
    arguments.pop("run")(**arguments)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, real_store: LocalStore) -> str:
    from kg.versions import write_version

    folder = tmp_path_factory.mktemp("store")
    write_version(folder, real_store.quads())
    return str(folder)


def test_draw_network_writes_what_export_writes(store: str, tmp_path: Path) -> None:
    for form in FORMATS:
        run("draw", "network", "-o", str(tmp_path / f"a.{form}"), "--store", store)
        run("export", form, "-o", str(tmp_path / f"b.{form}"), "--store", store)
        assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{n}.{f}" for n in "ab" for f in FORMATS)


def test_a_write_that_fails_leaves_the_file_that_was_there(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.cx2"
    out.write_text("before", encoding="utf-8")

    def full(self: Path, raw: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(raw[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        run("export", "cx2", "-o", str(out), "--store", store)
    assert out.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.cx2"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("export", "cx2", "gross motor function"), "cx2 is made of the whole graph; found 'gross motor function'"),
        (("export", "cx2", "--at", "6"), "found --at, which only OUTCOME takes"),
        (("export", "metafor"), "metafor needs an outcome; for example: mechtrail export metafor"),
        (("draw", "network", "-o", "x.pptx"), "x.pptx: a picture of the network is a .svg, .png, .pdf, .html file"),
        (("draw", "network", "--engine", "pyvis"), "--engine pyvis draws a .html file; found no -o"),
        (("draw", "network", "--engine", "pyvis", "-o", "x.svg"), "found 'x.svg'"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError) as caught:
        run(*words)
    assert message in str(caught.value)


def test_export_without_a_format_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    run("export")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(load_exporters())
    assert any(line.startswith("metafor OUTCOME\t") for line in lines)


def test_rows_for_metafor_are_as_before(store: str, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    run("export", "metafor", "serious adverse event", "-o", str(out), "--store", store)
    assert out.read_text(encoding="utf-8").startswith("study,outcome,scale,month,ai,n1i,ci,n2i")
