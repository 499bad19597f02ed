"""What people write: terms, sources, claims, evidence, studies.

Files hold text only; numbers become `Decimal` with the digits they were written with. How any of this looks in RDF is
`kg.rdf`'s business; where a fault stands in a file is the loaders'.
"""

from kg.model.base import Record, Spread, Term
from kg.model.claims import (
    Audit,
    Claim,
    ClaimsFile,
    Context,
    Evidence,
    NumberRead,
    PassageMark,
    PathRecord,
    Reference,
    Source,
)
from kg.model.facts import (
    AdverseEvent,
    Comparison,
    Dose,
    Effect,
    Excerpt,
    Fact,
    PlannedReadout,
    Pooled,
    Readout,
    Result,
)
from kg.model.studies import Arm, Overlap, Product, Publication, Registration, Study

__all__ = [
    "AdverseEvent",
    "Arm",
    "Audit",
    "Claim",
    "ClaimsFile",
    "Comparison",
    "Context",
    "Dose",
    "Effect",
    "Evidence",
    "Excerpt",
    "Fact",
    "NumberRead",
    "Overlap",
    "PassageMark",
    "PathRecord",
    "PlannedReadout",
    "Pooled",
    "Product",
    "Publication",
    "Readout",
    "Record",
    "Reference",
    "Registration",
    "Result",
    "Source",
    "Spread",
    "Study",
    "Term",
]
