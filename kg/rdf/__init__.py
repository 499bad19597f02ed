"""Model -> quads. The only package that knows how a claim or a study looks in RDF.

Every node has an IRI made from content or from the names in the file: no blank nodes, so that the same files give the
same bytes.
"""

from kg.rdf.claims import claims_quads, quotation_quads
from kg.rdf.iris import LABEL, RDF_TYPE, assertion_iri, ctmo, evidence_iri, graph_iri, seal, source_iri, term_iri
from kg.rdf.studies import study_quads

__all__ = [
    "LABEL",
    "RDF_TYPE",
    "assertion_iri",
    "claims_quads",
    "ctmo",
    "evidence_iri",
    "graph_iri",
    "quotation_quads",
    "seal",
    "source_iri",
    "study_quads",
    "term_iri",
]
