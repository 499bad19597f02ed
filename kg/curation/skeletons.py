"""Skeletons of curated files, with what each line asks for beside it: a record is filled in, not remembered."""

from __future__ import annotations

from kg import vocabulary
from kg.model import Context

__all__ = ["claim_skeleton", "source_skeleton", "study_skeleton"]


def _words(table: dict[str, str]) -> str:
    return " | ".join(table)


def claim_skeleton(passage: str = "") -> str:
    """Give one claim to fill in; `passage` is the line that `mechtrail cite` prints."""
    mark = passage or (
        "passage: {section: mechanisms, at: 0, tokens: 0, exact: ..., loose_tokens: 0, loose: ...}"
        "  # mechtrail cite SOURCE 'first words ... last words'"
    )
    return f"""\
  - id: subject-relation-object  # small letters, digits, hyphens; once in the file
    statement: One sentence of your own that keeps subject, direction and hedge of the source.
    subject: {{id: CL:0000134, label: mesenchymal stem cell}}  # mechtrail query terms/find -p text='stem cell'
    relation: secretes  # the label of a relation: mechtrail query terms/find -p text=secretes
    object: {{id: ctmo:0000308, label: brain-derived neurotrophic factor}}
    modality: asserted  # {_words(vocabulary.MODALITIES)}
    context: {{species: rat}}  # only what the sentence restricts: {", ".join(Context.model_fields)}
    numbers:  # leave out where the sentence gives none
      - {{what: share of cells, operator: ">=", value: 95, unit: "%"}}
    evidence:
      - direction: supports  # {_words(vocabulary.DIRECTIONS)}
        role: review synthesis  # {_words(vocabulary.ROLES)}
        study_kind: author statement  # {_words(vocabulary.STUDY_KINDS)}
        {mark}
        cites: ["1"]  # the reference numbers at the sentence
    note: What a reader must know; leave out where nothing is.
"""


def source_skeleton(name: str) -> str:
    """Give a claims file for a new source, with one claim to fill in."""
    return f"""\
# yaml-language-server: $schema=claims.schema.json (mechtrail new schema claims -o claims.schema.json)
source:
  id: {name}  # the name of this file
  label: Author 2026  # short, for tables
  title: The title as printed
  authors: [Author A, Author B]
  kind: review  # review | primary study | web page | meta-analysis
  published: 2026
  doi: 10.1000/example  # leave out what you did not see
claims:
{claim_skeleton()}"""


def study_skeleton(name: str) -> str:
    """Give a study file with one arm, one result, one comparison, one readout and one adverse event to fill in."""
    return f"""\
# yaml-language-server: $schema=study.schema.json (mechtrail new schema study -o study.schema.json)
id: {name}  # the name of this file
title: "The title as printed"
citation: Author 2026
design: {{id: OBI:0004001, label: randomized clinical trial}}
publications:
  - {{title: "The title as printed", journal: Journal, year: 2026, doi: 10.1000/example}}  # only what you saw
registration:
  - {{id: NCT00000000, registry: ClinicalTrials.gov, certainty: verified}}  # verified | by description
condition: {{id: MONDO:0006497, label: cerebral palsy}}
enrolled: {{value: 40, status: read, where: abstract}}  # status: {_words(vocabulary.FACT_STATUSES)}
ages_years: {{low: 2, high: 12, status: read, where: abstract}}
arms:
  - id: cells
    label: umbilical cord MSC
    role: treated  # treated | control | comparator | observed
    n: 20
    product:
      cell_source: {{id: CL:0002569, label: mesenchymal stem cell of umbilical cord}}
      donor: allogeneic  # {_words(vocabulary.DONORS)}
    route: {{id: MAXO:0001525, label: intravenous administration}}
    dose:
      value: 50000000
      unit: cells
      basis: per infusion  # {_words(vocabulary.DOSE_BASES)}
      standing: given  # {_words(vocabulary.DOSE_STANDINGS)}
      times: 4
      notation: 5 × 10^7 cells  # as printed
      status: read
      where: abstract
  - {{id: control, label: placebo, role: control, n: 20, comparator: placebo}}
results:
  - id: gmfm-month-6-cells
    outcome: {{id: ctmo:0000704, label: gross motor function}}
    instrument: {{id: ctmo:0000802, label: GMFM}}
    arm: cells
    month: 6
    measure: change from baseline
    mean: 7.5
    spread: {{type: SD, value: 6.8}}  # as printed, never guessed: {_words(vocabulary.SPREAD_TYPES)}
    n: 20
    status: read
    where: table 2
comparisons:
  - id: gmfm-month-6
    outcome: {{id: ctmo:0000704, label: gross motor function}}
    instrument: {{id: ctmo:0000802, label: GMFM}}
    arms: [cells, control]
    month: 6
    finding: no difference  # {_words(vocabulary.FINDINGS)}
    p: "0.70"
    analysis: primary  # {_words(vocabulary.ANALYSES)}
    status: read
    where: table 2
readouts:
  - id: bdnf
    marker: {{id: ctmo:0000308, label: brain-derived neurotrophic factor}}
    compartment: plasma
    engages: [{{id: ctmo:0000512, label: neurotrophic effect}}]
    arm: cells
    month: 1
    direction: increase  # {_words(vocabulary.READOUT_DIRECTIONS)}
    status: read
    where: table 3
adverse_events:
  - id: serious-cells
    event: {{id: ctmo:0001101, label: serious adverse event}}
    arm: cells
    events: 0
    n: 20
    serious: true
    status: read
    where: text
notes:
  - What has no field and a distrustful reader must know.
"""
