"""Names -> terms of other ontologies, as mappings that somebody can look at. Accepts none of them itself."""

from __future__ import annotations

from kg.linking.answers import Row, link
from kg.linking.candidates import Candidate, Request, find_candidates
from kg.linking.index import Index, open_index
from kg.linking.proposals import Proposal, propose
from kg.linking.review import Review, review_mappings

__all__ = [
    "Candidate",
    "Index",
    "Proposal",
    "Request",
    "Review",
    "Row",
    "find_candidates",
    "link",
    "open_index",
    "propose",
    "review_mappings",
]
