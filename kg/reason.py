"""HermiT through owlready2: is the ontology consistent, is every class satisfiable? Nothing else needs Java."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError, Problem
from kg.ontology import ontology_quads

__all__ = ["check_ontology", "java_is_there"]


def java_is_there() -> bool:
    """Say whether a Java runtime can be found."""
    return shutil.which("java") is not None


def check_ontology(extra: bytes = b"") -> list[Problem]:
    """Give what HermiT finds wrong with the ontology; raise `KgError` when there is no Java.

    `extra` takes N-Triples that are read in besides, for tests of what must be refused.
    """
    if not java_is_there():
        raise KgError("the reasoner needs a Java runtime, and `java` was not found; all other checks work without it")
    import owlready2

    triples = ox.serialize(sorted((q.triple for q in ontology_quads()), key=str), format=ox.RdfFormat.N_TRIPLES) or b""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ctmo.nt"
        file.write_bytes(triples + extra)
        world = owlready2.World()  # isolated: the default world would keep classes of an earlier call
        ontology = world.get_ontology(file.as_uri()).load()
        try:
            with ontology:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return [Problem("reasoner", "ontology", "is inconsistent")]
        return [
            Problem("reasoner", str(broken.iri), "can have no instance: its axioms contradict each other")
            for broken in sorted(world.inconsistent_classes(), key=str)
            if broken is not owlready2.Nothing
        ]
