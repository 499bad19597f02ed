"""What changed is shown, exactly that, and the same from both sides; what did not change is not."""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.build import build
from kg.commands.comparing import add_commands
from kg.commands.terminal import Parser
from kg.curation.verification import read_texts
from kg.diff import Change, compare, read_quads
from kg.errors import InputError, SourceError, StoreError
from kg.store import sorted_nquads
from kg.versions import write_version
from kg.views.changes import changes_tsv, draw_changes, summary
from tests.conftest import DATA

Quads = list[ox.Quad]
CTMO = "https://w3id.org/ctmo/"
RESULT = "study:example2024#gmfm-cells-6"
CELLS = "Example 2024: gross motor function, GMFM-88, cord cells, month 6"
POOLED = """pooled:
  - id: gmfm-smd
    outcome: {id: ctmo:0000704, label: gross motor function}
    effect: {measure: {id: STATO:0000457, label: mean difference}, value: 1.20, low: 0.40, high: 2.00}
    included: [example2024]
    status: read
    where: figure 2
"""
AUDIT = "    audit: {against: study:example2024, verdict: agrees, why: The same in both.}\n"
HOMING = "  - id: cells-carry-cxcr4\n"


def built(folder: Path, *changes: tuple[str, str]) -> Quads:
    """Build both example files, with an audit and a pooled estimate, after replacing words in them."""
    tiny, example = ((DATA / name).read_text(encoding="utf-8") for name in ("tiny.yaml", "example2024.yaml"))
    assert tiny.count(HOMING) == 1
    whole = {"tiny.yaml": tiny.replace(HOMING, AUDIT + HOMING), "example2024.yaml": example + POOLED}
    for old, new in changes:
        assert sum(text.count(old) for text in whole.values()) == 1, old
        whole = {name: text.replace(old, new) for name, text in whole.items()}
    for name, text in whole.items():
        (folder / name).write_text(text, encoding="utf-8")
    return build([folder / name for name in whole], packaged=False, texts=read_texts(DATA)).store.quads()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Quads:
    return built(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def records(base: Quads) -> Quads:
    """Claims, studies and what rules say of them: small enough to compare often."""
    parts = ("claims/", "studies/", "inferred/status", "inferred/levels")
    return [quad for quad in base if str(quad.graph_name)[1:].startswith(tuple(f"{CTMO}graph/{p}" for p in parts))]


def short(changes: list[Change]) -> list[tuple[str, str, str, str, str]]:
    return [(each.kind, each.change, each.property, each.old, each.new) for each in changes]


def mirrored(changes: list[Change]) -> Counter[tuple[str, str, str, str, str]]:
    other = {"gained": "lost", "lost": "gained", "changed": "changed"}
    return Counter((each.kind, other[each.change], each.property, each.new, each.old) for each in changes)


def test_equal_graphs_show_nothing(base: Quads) -> None:
    assert compare(base, list(reversed(base))) == []
    assert summary([]) == []
    assert draw_changes([]) == ""


def test_one_changed_number_shows_exactly_that_record(base: Quads, tmp_path: Path) -> None:
    changes = compare(base, built(tmp_path, ("mean: 59.000", "mean: 61.000")))
    assert changes == [Change("results", CELLS, "changed", RESULT, "mean", "59.000", "61.000")]


def test_numbers_within_parts_are_shown_with_their_path_and_as_printed(base: Quads, tmp_path: Path) -> None:
    replaced = [
        ("value: 8.940", "value: 8.94"),  # the same number, printed with fewer digits
        ("n: 10\n    status: read\n    where: table 2", "n: 9\n    status: read\n    where: table 2"),
        ("events: 2", "events: 3"),
        ("direction: no difference", "direction: decrease"),
        ('p: "0.037"', 'p: "0.37"'),
        ("value: 1.20, low: 0.40", "value: 1.30, low: 0.40"),
        ("values: [3, 6]", "values: [3, 6, 12]"),
        ("times: 4", "times: 5"),
    ]
    assert short(compare(base, built(tmp_path, *replaced))) == [
        ("studies", "changed", "followUp/value", "", "12"),
        ("arms", "changed", "dose/times", "4", "5"),
        ("results", "changed", "n", "10", "9"),
        ("results", "changed", "spread/value", "8.940", "8.94"),
        ("comparisons", "changed", "p", "0.037", "0.37"),
        (
            *("readouts", "changed", "direction"),
            *("no difference (ctmo:NoDifference)", "decrease (ctmo:Decrease)"),
        ),
        ("adverse event counts", "changed", "events", "2", "3"),
        ("pooled estimates", "changed", "effect/value", "1.20", "1.30"),
    ]


def test_a_changed_claim_shows_with_statement_and_source(base: Quads, tmp_path: Path) -> None:
    changes = compare(base, built(tmp_path, ("value: 95", "value: 96")))
    assert {(each.kind, each.change) for each in changes} == {("assertions", "changed"), ("paths", "changed")}
    assertion = [each for each in changes if each.kind == "assertions"]
    assert {each.what for each in assertion} == {
        "At least 95 percent of mesenchymal stem cells carry CXCR4. [Tiny 2024]"
    }
    assert assertion[0].property == "record"
    assert assertion[0].new == assertion[0].record != assertion[0].old
    told = {each.property: (each.old, each.new) for each in assertion}
    assert told["number/value"] == ("95", "96")
    assert told["status"] == ("accepted (ctmo:Accepted)", "unverified (ctmo:Unverified)")
    assert told["level"][1] == "hypothesised (ctmo:LevelHypothesised)"


def test_another_kind_of_study_changes_the_level_only(base: Quads, tmp_path: Path) -> None:
    old = "study_kind: in vitro\n        passage: {section: results, at: 10"
    changes = compare(base, built(tmp_path, (old, old.replace("in vitro", "animal"))))
    assert [(each.kind, each.property) for each in changes] == [
        ("assertions", "hasEvidenceLine/studyKind"),
        ("assertions", "level"),
    ]


def test_a_verdict_and_the_end_of_records_show(base: Quads, tmp_path: Path) -> None:
    example = (DATA / "example2024.yaml").read_text(encoding="utf-8")
    readouts = example[example.index("readouts:") : example.index("adverse_events:")]
    replaced = [("verdict: agrees", "verdict: overstated"), (readouts, "")]
    changes = compare(base, built(tmp_path, *replaced))
    assert short(changes) == [
        ("readouts", "lost", "", "", ""),
        ("audits", "changed", "verdict", "agrees (ctmo:Agrees)", "overstated (ctmo:Overstated)"),
    ]
    assert changes[0].what == "Example 2024: interleukin-6, cord cells, month 3"
    assert changes[1].what == "Mesenchymal stem cells release BDNF in culture. [Tiny 2024 against Example 2024]"


def test_a_study_more_and_a_swap(base: Quads, tmp_path: Path) -> None:
    only = built(tmp_path)
    before = [quad for quad in only if "/studies/" not in str(quad.graph_name)]
    changes = compare(before, base)
    gained = Counter(each.kind for each in changes if each.change == "gained")
    assert gained["studies"] == gained["results"] == gained["comparisons"] == gained["pooled estimates"] == 1
    assert gained["arms"] == 2
    assert mirrored(changes) == Counter(short(compare(base, before)))


@pytest.mark.parametrize("words", ["motor skill", ""])
def test_a_relabelled_term_shows(base: Quads, words: str) -> None:
    term, label = ox.NamedNode(CTMO + "0000704"), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    (old,) = [quad for quad in base if (quad.subject, quad.predicate) == (term, label)]
    new = [ox.Quad(term, label, ox.Literal(words, language="en"), old.graph_name)] if words else []
    changes = compare(base, [quad for quad in base if quad != old] + new)
    assert [(each.kind, each.record, each.old, each.new) for each in changes] == [
        ("terms", "ctmo:0000704", "gross motor function", words)
    ]
    assert "rdfs:label" in changes[0].property


def test_a_term_gained_or_lost_shows(base: Quads) -> None:
    term = ox.NamedNode(CTMO + "0000704")
    without = [quad for quad in base if quad.subject != term]
    assert [(each.change, each.record) for each in compare(base, without) if each.kind == "terms"] == [
        ("lost", "ctmo:0000704")
    ]
    assert [each.what for each in compare(without, base) if each.kind == "terms"] == ["gross motor function"]


def test_what_rules_derive_is_left_out_but_status_and_level(base: Quads) -> None:
    derived = [
        quad for quad in base if "/graph/inferred/" in str(quad.graph_name) or "/schema/" in str(quad.graph_name)
    ]
    names = {"status", "level"}
    kept = [quad for quad in derived if quad.predicate.value.removeprefix(CTMO) in names]
    assert derived != kept != []
    gone, named = set(derived) - set(kept), set(kept)
    assert compare(base, [quad for quad in base if quad not in gone]) == []
    assert {each.property for each in compare(base, [quad for quad in base if quad not in named])} == names


def test_the_words_of_sources_are_no_change(base: Quads) -> None:
    words = {quad for quad in base if "/quotations/" in str(quad.graph_name)}
    assert words
    assert compare(base, [quad for quad in base if quad not in words]) == []


def test_blank_nodes_are_compared_by_what_they_say(base: Quads) -> None:
    def renamed(term: object) -> object:
        return ox.BlankNode("other" + term.value) if isinstance(term, ox.BlankNode) else term

    new = [ox.Quad(renamed(q.subject), q.predicate, renamed(q.object), q.graph_name) for q in base]  # type: ignore[arg-type]
    assert any(isinstance(quad.subject, ox.BlankNode) for quad in base)
    assert compare(base, new) == []
    blank = next(
        q for q in sorted(new, key=str) if isinstance(q.subject, ox.BlankNode) and "onProp" in str(q.predicate)
    )
    changes = compare(base, [quad for quad in new if quad != blank])
    assert changes
    assert {each.kind for each in changes} == {"terms"}


def excerpts(*pages: str) -> Quads:
    graph, study = ox.NamedNode(CTMO + "graph/studies/a"), CTMO + "study/a"
    typed = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

    def quad(subject: str, local: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(CTMO + local), value, graph)

    found = [ox.Quad(ox.NamedNode(study), typed, ox.NamedNode(CTMO + "Study"), graph)]
    for i, page in enumerate(pages, 1):
        found.append(quad(study, "hasExcerpt", ox.NamedNode(f"{study}#excerpts-{i}")))
        found.append(quad(f"{study}#excerpts-{i}", "page", ox.Literal(page)))
    return found


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("x", "y"), ("y", "x"), []),
        (("x", "y"), ("new", "x", "y"), [("hasExcerpt", "", "page new")]),
        (("x", "y"), ("x", "z"), [("hasExcerpt/page", "y", "z")]),
        (("x", "x"), ("x",), [("hasExcerpt", "page x", "")]),
    ],
)
def test_numbered_parts_are_known_by_what_they_say(
    before: tuple[str, ...], after: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    changes = compare(excerpts(*before), excerpts(*after))
    assert [(each.property, each.old, each.new) for each in changes] == expected


def test_parts_in_a_circle_are_compared_and_end() -> None:
    node, link = ox.NamedNode(CTMO + "study/a#one"), ox.NamedNode(CTMO + "part")
    graph = ox.NamedNode(CTMO + "graph/studies/a")
    circle = [*excerpts("x"), ox.Quad(ox.NamedNode(CTMO + "study/a"), link, node, graph)]
    circle += [ox.Quad(node, link, ox.NamedNode(CTMO + "study/a#two"), graph)]
    circle += [ox.Quad(ox.NamedNode(CTMO + "study/a#two"), link, node, graph)]
    assert compare(circle, circle) == []
    assert compare(circle, excerpts("x"))


def test_a_long_path_is_compared_to_its_end() -> None:
    def path(count: int) -> Quads:
        graph, node = ox.NamedNode(CTMO + "graph/claims/a"), CTMO + "path/p"
        rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        cells = [ox.NamedNode(f"{node}#step-{i}") for i in range(count)]
        found = [ox.Quad(ox.NamedNode(node), ox.NamedNode(rdf + "type"), ox.NamedNode(CTMO + "MechanismPath"), graph)]
        found.append(ox.Quad(ox.NamedNode(node), ox.NamedNode(CTMO + "steps"), cells[0], graph))
        for i, (cell, rest) in enumerate(zip(cells, [*cells[1:], ox.NamedNode(rdf + "nil")], strict=True)):
            found.append(ox.Quad(cell, ox.NamedNode(rdf + "first"), ox.NamedNode(f"{CTMO}assertion/{i}"), graph))
            found.append(ox.Quad(cell, ox.NamedNode(rdf + "rest"), rest, graph))
        return found

    assert compare(path(1500), path(1500)) == []
    (change,) = compare(path(1500), path(1499))
    assert (change.kind, change.property) == ("paths", "steps")
    last = [quad for quad in path(1500) if "step-1499>" not in str(quad.subject)]
    assert [each.kind for each in compare(path(1500), last)] == ["paths"]


def test_no_triple_of_a_record_can_go_unseen_and_each_shows_at_its_record(records: Quads) -> None:
    for quad in records:
        changes = compare(records, [other for other in records if other != quad])
        assert len({each.record.partition("#")[0] for each in changes}) == 1, quad


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_swap_turns_gained_into_lost_and_order_does_not_matter(records: Quads, data: st.DataObject) -> None:
    ordered = sorted(records, key=str)
    places = st.sets(st.integers(0, len(ordered) - 1), max_size=30)
    old, new = (
        [quad for i, quad in enumerate(ordered) if i not in gone] for gone in (data.draw(places), data.draw(places))
    )
    changes = compare(old, new)
    assert bool(changes) == (set(old) != set(new))
    assert compare(list(reversed(old)), data.draw(st.permutations(new))) == changes
    assert mirrored(changes) == Counter(short(compare(new, old)))


def test_an_estimate_of_another_class_is_told_with_the_rows_it_names(base: Quads) -> None:
    def estimate(value: str, *rows: str) -> Quads:
        graph, node = ox.NamedNode(CTMO + "graph/synthesis/a"), ox.NamedNode(CTMO + "estimate/a")
        kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        said: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]
        said = [(kind, ox.NamedNode(CTMO + "ComputedEstimate")), (ox.NamedNode(CTMO + "p"), ox.Literal(value))]
        said += [(ox.NamedNode(CTMO + "row"), ox.NamedNode(f"{CTMO}study/example2024#{row}")) for row in rows]
        return [*base, *(ox.Quad(node, predicate, what, graph) for predicate, what in said)]

    changes = compare(estimate("0.1"), estimate("0.2", "gmfm-cells-6"))
    assert short(changes) == [
        ("pooled estimates", "changed", "p", "0.1", "0.2"),
        ("pooled estimates", "changed", "row", "", f"{CELLS} ({RESULT})"),
    ]


def test_other_statements_are_not_passed_over(base: Quads) -> None:
    more = ox.Quad(
        ox.NamedNode("https://example.org/x"), ox.NamedNode(CTMO + "note"), ox.Literal("n"), ox.NamedNode("x:g")
    )
    assert [(e.kind, e.change, e.record) for e in compare(base, [*base, more])] == [
        ("other statements", "gained", "https://example.org/x")
    ]


def run(*words: str) -> int:
    """Run the command as the command line does; give its exit code."""
    parser = Parser(prog="mechtrail")
    add_commands(parser.add_subparsers(parser_class=Parser))
    arguments = vars(parser.parse_args(words))
    try:
        arguments.pop("run")(**arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_the_command_compares_folders_and_files(
    base: Quads, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "new").mkdir()
    new = built(tmp_path / "new", ("mean: 59.000", "mean: 61.000"), ("events: 2", "events: 3"))
    write_version(tmp_path / "store", base)
    (tmp_path / "new.nq").write_bytes(sorted_nquads(new))
    triples = ox.serialize([q.triple for q in base], format=ox.RdfFormat.TURTLE) or b""
    (tmp_path / "base.ttl").write_bytes(triples)
    names = [str(tmp_path / name) for name in ("store", "new.nq", "base.ttl")]

    assert run("diff", names[0], names[2]) == 0
    out, err = capfdbinary.readouterr()
    assert (out, err.strip()) == (b"", b"no difference")

    assert run("diff", names[0], names[1]) == 1
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert lines[:4] == ["results: 1 changed", "adverse event counts: 1 changed", "", "results"]
    assert lines[4:6] == [f"  changed  {CELLS} ({RESULT})", "             mean: 59.000 -> 61.000"]

    assert run("diff", names[1], names[2], "-f", "tsv") == 1
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode()), delimiter="\t"))
    assert list(rows[0]) == ["kind", "what", "change", "record", "property", "old", "new"]
    assert (rows[0]["record"], rows[0]["old"], rows[0]["new"]) == (RESULT, "61.000", "59.000")


def test_a_table_keeps_its_rows_whatever_the_words() -> None:
    change = Change("results", 'a "word"\twith\nbreaks', "changed", "x:y", "note", "", "1\t2")
    (row,) = csv.DictReader(io.StringIO(changes_tsv([change])), delimiter="\t")
    assert (row["what"], row["old"], row["new"]) == ('a "word" with breaks', "", "1 2")


def test_what_is_no_state_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<x:a> <x:b>\n<x:c> <x:d> .\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="no such file or folder; expected a folder made by `mechtrail build"):
        run("diff", str(tmp_path / "nothing"), "packaged")
    with pytest.raises(InputError, match="build it first"):
        run("diff", str(DATA / "tiny.yaml"), "packaged")
    with pytest.raises(InputError, match=r"ends in \.nq, \.nt, \.trig, \.ttl"):
        read_quads(DATA / "tiny.txt")
    with pytest.raises(SourceError, match=r"broken\.ttl:2: "):
        read_quads(tmp_path / "broken.ttl")
    with pytest.raises(StoreError, match="no graph has been built here"):
        run("diff", str(tmp_path / "folder"), "packaged")


def test_the_help_ends_with_a_line_to_copy() -> None:
    parser = Parser(prog="mechtrail")
    commands = parser.add_subparsers(parser_class=Parser)
    add_commands(commands)
    assert isinstance(commands, argparse._SubParsersAction)
    assert commands.choices["diff"].format_help().rstrip().splitlines()[-1].startswith("mechtrail diff ")
