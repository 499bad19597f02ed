"""The ISCT criteria in OWL against those in SPARQL: HermiT is the judge."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import owlready2
import pyoxigraph as ox
import pytest

from kg.catalogue import find_query, run
from kg.isct import Measurement, Sample, Share, judge, read_share, sample_quads
from kg.isct.samples import Lineage, sample_iri
from kg.namespaces import CTMO, PREFIXES
from kg.rdf import ctmo
from kg.reason import java_is_there, reasoned
from kg.store import LocalStore
from tests.isct import FAILED, IRI, MET, OPEN, PANEL, PERCENT, PLACE, REQUIRED, axioms, sample, words
from tests.test_isct import planted, typed

pytestmark = [pytest.mark.java, pytest.mark.skipif(not java_is_there(), reason="no Java on this machine")]


@pytest.fixture(autouse=True)
def quick_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile once: in a run of some seconds the optimising compiler of Java costs as much as the reasoning."""
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


SUBCLASS = PREFIXES["rdfs"] + "subClassOf"


def above(world: owlready2.World, iri: str) -> set[str]:
    """Give the names of the classes above a class, or of an individual."""
    entity = world[iri]
    direct = [entity] if hasattr(entity, "ancestors") else entity.is_a
    return {each.name for start in direct if hasattr(start, "ancestors") for each in start.ancestors()}


def in_owl(names: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Give verdict and phenotype in both wordings, as the classes say them."""

    def word(yes: str, no: str) -> str:
        return {(True, False): MET, (False, True): FAILED, (False, False): OPEN}[yes in names, no in names]

    both = {"2006": "2006", "review": "Review"}
    return (
        {wording: word(f"IsctConformant{w}", f"IsctNonConformant{w}") for wording, w in both.items()},
        {wording: word(f"IsctPhenotype{w}", f"IsctPhenotypeMissed{w}") for wording, w in both.items()},
    )


#: Numbers at the thresholds and beside them, twice as often as others.
NUMBERS = {
    True: [*["95.0", "94.99", "95", "95.01"] * 2, "99.5", "100", "60", "94.999999"],
    False: [*["2.0", "2.01", "2", "1.99"] * 2, "0", "0.4", "5", "2.000001"],
}


def random_sample(chance: random.Random, number: int) -> Sample:
    """A population; two passages of one donor follow each other, and many are good but for one thing or none."""
    careful = chance.random() < 0.6
    measurements = []
    for iri in PANEL.marker_names:
        required = iri in PANEL.required
        if chance.random() < (0.01 if careful else 0.12):
            continue
        limit = Decimal("95") if required else Decimal("2")
        numbers = [Decimal(text) for text in NUMBERS[required]]
        good = [n for n in numbers if (n >= limit if required else n <= limit)]
        value = chance.choice(good if careful and chance.random() < 0.98 else numbers)
        side = ("percentAtLeast", "percentAbove") if required else ("percentAtMost", "percentBelow")
        kind = chance.random()
        if kind < 0.7:
            bounds = [("percentPositive", value)]
        elif kind < 0.9 or careful:
            bounds = [(chance.choice(side if careful else PERCENT[1:]), value)]
        elif kind < 0.97:
            low, high = sorted((value, chance.choice(numbers)))
            bounds = [("percentAtLeast", low), ("percentAtMost", high)]
        else:
            bounds = []
        measurements.append(Measurement(iri, Share(str(value), tuple(bounds))))
    answers: list[bool | None] = [*[True] * (30 if careful else 6), False, None]
    tests = (
        Lineage(iri, chance.choice(answers), "x") for iri in PANEL.lineage_names if careful or chance.random() < 0.9
    )
    passage = str(number % 2)
    return Sample(
        f"P{number // 2}", f"D{number // 2}", passage, tuple(measurements), chance.choice(answers), tuple(tests)
    )


def random_samples(seed: int, count: int) -> list[Sample]:
    chance = random.Random(seed)
    return [random_sample(chance, number) for number in range(count)]


def compare(world: owlready2.World, samples: Sequence[Sample]) -> Counter[tuple[str, str]]:
    """Hold HermiT against SPARQL; give how often each pair of verdicts came."""
    judged, _ = judge(samples)
    for each in judged:
        assert in_owl(above(world, sample_iri(each.sample).value)) == (each.verdict, each.phenotype), each.sample
    return Counter((each.verdict["2006"], each.verdict["review"]) for each in judged)


def facts(samples: Sequence[Sample]) -> list[ox.Triple]:
    return [quad.triple for quad in sample_quads(samples)]


def as_classes(samples: Sequence[Sample]) -> list[ox.Triple]:
    store = LocalStore.in_memory()
    store.extend(sample_quads(samples))
    return list(run(store, find_query("isct/as-classes")))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_hermit_and_sparql_agree_on_500_random_samples(seed: int) -> None:
    samples = random_samples(seed, 500)
    found = compare(reasoned([*axioms(), *as_classes(samples)]), samples)
    assert min(found[MET, MET], found[MET, OPEN], found[FAILED, FAILED], found[OPEN, OPEN]) >= 5
    assert found[MET, FAILED] + found[OPEN, FAILED] >= 5


@pytest.mark.parametrize("seed", range(6))
def test_hermit_and_sparql_agree_on_samples_that_are_individuals(seed: int) -> None:
    samples = random_samples(100 + seed, 4)
    compare(reasoned([*axioms(), *facts(samples)]), samples)


def test_hermit_and_sparql_agree_on_which_criterion_is_met_failed_or_open() -> None:
    samples = random_samples(50, 150)
    probes = []
    for name in PANEL.marker_names.values():
        local = name.replace("-", "").capitalize() if name != "HLA-DR" else "HlaDr"
        for end in ("AtLeast95", "Below95") if name in REQUIRED else ("AtMost2", "Above2"):
            probes.append(
                f"ctmo:Probe{local}{end} a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ("
                "ctmo:CellPopulationSample [ a owl:Restriction ; owl:onProperty ctmo:hasMarkerMeasurement ;"
                f" owl:someValuesFrom ctmo:{local}{end} ] ) ] ."
            )
    head = f"@prefix ctmo: <{CTMO}> . @prefix owl: <{PREFIXES['owl']}> .\n"
    extra = [q.triple for q in ox.parse((head + "\n".join(probes)).encode(), format=ox.RdfFormat.TURTLE)]
    world = reasoned([*axioms(), *extra, *as_classes(samples)])
    for each in judge(samples)[0]:
        names = above(world, sample_iri(each.sample).value)
        decides, missing = (words(part["review"]) for part in (each.decides, each.missing))
        for name in PANEL.marker_names.values():
            local = name.capitalize() if name != "HLA-DR" else "HlaDr"
            good, bad = ("AtLeast95", "Below95") if name in REQUIRED else ("AtMost2", "Above2")
            in_both = (f"Probe{local}{good}" in names, f"Probe{local}{bad}" in names)
            failed = any(text.startswith(f"{name} at ") for text in decides)
            is_open = any(text.split(" ")[0] == name for text in missing)
            assert in_both == (not failed and not is_open, failed), (each.sample, name)


def test_isct_is_consistent_and_every_class_can_have_an_instance() -> None:
    world = reasoned(axioms())
    assert world is not None
    assert [each for each in world.inconsistent_classes() if each.name != "Nothing"] == []


def test_hermit_infers_which_wording_is_the_stricter() -> None:
    """Without the axioms that say so."""
    named = {t for t in axioms() if t.predicate.value == SUBCLASS and "/Isct" in str(t.subject)}
    world = reasoned([t for t in axioms() if t not in named])
    for narrow, wide in (
        ("IsctPhenotypeReview", "IsctPhenotype2006"),
        ("IsctConformantReview", "IsctConformant2006"),
        ("IsctPhenotypeMissed2006", "IsctPhenotypeMissedReview"),
        ("IsctNonConformant2006", "IsctNonConformantReview"),
    ):
        assert wide in above(world, CTMO + narrow)
        assert narrow not in above(world, CTMO + wide)


def odd(**changes: str) -> list[ox.Triple]:
    """The facts of a good sample with a second measurement for each change."""
    good = facts([sample()])
    again = [Measurement(IRI[name], Share(text, read_share(text, PLACE).bounds)) for name, text in changes.items()]  # type: ignore[union-attr]
    more = [t for t in facts([Sample("P", measurements=tuple(again))]) if "marker-" in str(t)]
    return good + [_renamed(t) for t in more]


def _renamed(triple: ox.Triple) -> ox.Triple:
    def new(node: object) -> object:
        return ox.NamedNode(node.value.replace("marker-", "again-")) if isinstance(node, ox.NamedNode) else node

    return ox.Triple(new(triple.subject), triple.predicate, new(triple.object))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "consistent"),
    [
        ([], True),
        (odd(CD73="98"), True),
        (odd(CD73="94.99"), False),
        (odd(CD34="2.01"), False),
        (odd(CD14="5"), False),
        ([q.triple for q in planted(typed("97", "integer")).quads()], True),
        ([q.triple for q in planted(typed("9.75E1", "double")).quads()], False),
        ([q.triple for q in planted(ox.Literal("97.5")).quads()], False),
    ],
    ids=["nothing", "same side", "CD73 twice", "CD34 twice", "CD14 twice", "integer", "double", "string"],
)
def test_the_reasoner_refuses_what_contradicts_itself_and_what_is_no_decimal(
    more: list[ox.Triple], consistent: bool
) -> None:
    own = [t for t in more if t.subject.value.startswith(CTMO + "sample/") or t.subject == ctmo("planted")]  # type: ignore[union-attr]
    assert (reasoned([*axioms(), *own]) is not None) is consistent
