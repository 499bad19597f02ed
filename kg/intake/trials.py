"""A registry record -> its triples: the record itself, and what it says of the study in the words of study files.

The record is a node of its own, named by number, kind of file and date of the data: two states of a record stay two.
Which records are of one trial is decided for the whole store, by `kg.intake.same_trial`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

import pyoxigraph as ox
from pydantic import ValidationError

from kg.grounding import ground_trial
from kg.intake.trial_results import reported_terms
from kg.intake.trial_study import fault, study_of, words_of
from kg.knowledge.piece import Piece
from kg.model import Study
from kg.model.intake import Ignored, Refused
from kg.model.trials import Age, Date, Trial
from kg.namespaces import PREFIXES
from kg.rdf import LABEL, RDF_TYPE, ctmo, graph_iri
from kg.rdf.iris import term_iri, text
from kg.rdf.products import product_quads
from kg.rdf.writer import Writer

__all__ = ["record_iri", "trial_piece"]

_XSD = PREFIXES["xsd"]
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_SUBCLASS = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
_CLASS = ox.NamedNode(PREFIXES["owl"] + "Class")
_NOWHERE = graph_iri("loaded", "piece")  # the graph of the file takes its place

Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


def record_iri(trial: Trial) -> ox.NamedNode:
    """Give the node of a record.

    >>> record_iri(Trial("NCT04314687", "ClinicalTrials.gov", "ctgov-v2", Date("2022-10"))).value
    'https://w3id.org/ctmo/record/NCT04314687/ctgov-v2/2022-10'
    """
    parts = [trial.number, trial.source_format, trial.data_date.iso if trial.data_date else "undated"]
    return ctmo("record/" + "/".join(quote(part, safe="-._~") for part in parts))


def _date(date: Date) -> ox.Literal:
    return ox.Literal(date.iso, datatype=ox.NamedNode(_XSD + _DATES[len(date.iso)]))


def _age(age: Age) -> Iterator[tuple[str, ox.Literal]]:
    yield "Text", text(age.text)
    months = {"years": 12, "year": 12, "months": 1, "month": 1}.get(age.unit)
    if months:  # weeks and days are no exact number of months
        yield "Months", ox.Literal(f"{age.value * months:f}", datatype=ox.NamedNode(_XSD + "decimal"))


def _facts(trial: Trial) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    """Give (local name, value) for what the record says of itself and of the trial as a whole."""
    yield "registryId", text(trial.number)
    yield "registry", text(trial.registry)
    yield "sourceFormat", text(trial.source_format)
    yield from (("otherRegistryId", text(number)) for number in trial.other_numbers)
    yield from (("otherTrialId", text(number)) for number in trial.other_ids)
    for name in ("official_title", "acronym", "sponsor"):
        if value := getattr(trial, name):
            yield {"official_title": "officialTitle"}.get(name, name), text(value)
    for name, value in (
        ("statusInRegistry", trial.status),
        ("lastKnownStatus", trial.last_known_status),
        ("studyType", trial.study_type),
        ("purpose", trial.purpose),
        ("participantSharing", trial.ipd_sharing),
    ):
        if value:
            yield name, text(words_of(value))
    if trial.why_stopped:
        yield "whyStopped", text(trial.why_stopped)
    if trial.enrolment is not None:
        yield "participants", ox.Literal(trial.enrolment)
        kind = {"ACTUAL": "actual", "ESTIMATED": "planned"}.get(trial.enrolment_kind, "not stated")
        yield "participantsAre", text(kind)
    if trial.enrolment_text:
        yield "participantsText", text(trial.enrolment_text)
    if trial.has_results is not None:
        yield "hasResults", ox.Literal(trial.has_results)
    yield from (("phase", text(words_of(phase))) for phase in trial.phases)
    yield from (("country", text(country)) for country in trial.countries)
    yield from (("collaborator", text(name)) for name in trial.collaborators)
    yield from (("conditionText", text(words)) for words in trial.conditions)
    for name, age in (("minimumAge", trial.eligibility.minimum_age), ("maximumAge", trial.eligibility.maximum_age)):
        if age:
            yield from ((name + part, value) for part, value in _age(age))
    if trial.eligibility.sex:
        yield "sexOfParticipants", text(words_of(trial.eligibility.sex))
    yield from (("missingModule", text(name)) for name in trial.missing)


def _links(trial: Trial) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    for local, date in (
        ("dataDate", trial.data_date),
        ("startDate", trial.start),
        ("primaryCompletionDate", trial.primary_completion),
        ("completionDate", trial.completion),
        ("firstPostedDate", trial.first_posted),
        ("resultsPostedDate", trial.results_posted),
        ("lastUpdateDate", trial.last_updated),
    ):
        if date:
            yield local, _date(date)
            if date.kind:
                yield local + "Kind", text("planned" if date.kind == "ESTIMATED" else words_of(date.kind))
    for local, terms in (("conditionHeading", trial.condition_mesh), ("interventionHeading", trial.intervention_mesh)):
        yield from ((local, term_iri(f"MESH:{identifier}")) for identifier, _ in terms if identifier.isalnum())
    for paper in trial.papers:
        if paper.pmid.isdigit():
            yield "citesPaper", ctmo(f"paper/{paper.pmid}")
        elif paper.doi:
            yield "citesPaper", ctmo("paper/" + quote(paper.doi.lower(), safe="/:;()-._~!$&'*+,=@"))


def _study_quads(node: ox.NamedNode, study: Study, writer: Writer) -> Iterator[ox.Quad]:
    yield from writer.fields(node, study, skip=("citation", "title", "sponsor"))
    products = (product_quads(ox.NamedNode(f"{node.value}#{arm.id}"), arm, writer) for arm in study.arms)
    yield from dict.fromkeys(chain.from_iterable(products))


def _reported(study: Study) -> Iterator[Triple]:
    for term, above in reported_terms(study.results, study.adverse_events):
        node = term_iri(term.id)
        yield node, RDF_TYPE, _CLASS
        yield node, LABEL, text(term.label, "en")
        yield node, _SUBCLASS, term_iri(above)


def trial_piece(trial: Trial) -> Iterator[Piece | Ignored | Refused]:
    """Give a record as one piece, and the parts of it that found no place; or why it cannot be used."""
    try:
        study, ignored = study_of(trial, ground_trial(trial))
    except ValidationError as error:
        yield Refused(trial.number, f"cannot be a study: {fault(error)}")
        return
    node = record_iri(trial)
    writer = Writer(_NOWHERE, node.value)
    when = f", {trial.data_date.iso}" if trial.data_date else ""
    head: list[Triple] = [
        (node, RDF_TYPE, ctmo("RegistryRecord")),
        (node, LABEL, text(f"{trial.number} ({trial.registry}{when})", "en")),
        (node, ox.NamedNode(PREFIXES["dcterms"] + "title"), text(trial.title or trial.official_title or trial.number)),
    ]
    facts = ((node, ctmo(local), value) for local, value in chain(_facts(trial), _links(trial)))
    quads = (quad.triple for quad in _study_quads(node, study, writer))
    triples = chain((ox.Triple(*each) for each in chain(head, facts, _reported(study))), quads)
    yield Piece(trial.number, tuple(dict.fromkeys(triples)))
    yield from (Ignored(trial.number, one.part, one.reason) for one in ignored)
    for name, many in (("baseline", trial.baseline), ("participant flow", trial.flow)):
        if many:
            yield Ignored(trial.number, name, "read, and no place for it in the graph yet")
    analyses = sum(len(result.analyses) for result in trial.results)
    if analyses:
        yield Ignored(trial.number, "statistical analyses", f"{analyses} read, and no place for them in the graph yet")
