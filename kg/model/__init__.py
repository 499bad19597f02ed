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
    Source,
)
from kg.model.studies import (
    AdverseEvent,
    Arm,
    Comparison,
    Dose,
    Fact,
    PlannedReadout,
    Product,
    Readout,
    Result,
    Study,
)

__all__ = [
    "AdverseEvent",
    "Arm",
    "Audit",
    "Claim",
    "ClaimsFile",
    "Comparison",
    "Context",
    "Dose",
    "Evidence",
    "Fact",
    "NumberRead",
    "PassageMark",
    "PathRecord",
    "PlannedReadout",
    "Product",
    "Readout",
    "Record",
    "Result",
    "Source",
    "Spread",
    "Study",
    "Term",
]
