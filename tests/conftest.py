"""Fixtures that serve most tests: a tiny graph, the real one, and the source texts where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pyoxigraph as ox
import pytest

from kg.build import Built, build
from kg.curation.verification import read_texts
from kg.fingerprint import Text
from kg.ontology import read_lexicon
from kg.store import LocalStore
from kg.vocabulary import Lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"
DATA = Path(__file__).parent / "data"

# two cores that everybody waits for look at fewer examples; a developer's machine looks at all
hypothesis.settings.register_profile("ci", max_examples=30)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the answers of today as the expected ones")
    parser.addoption("--update-notebooks", action="store_true", help="write the outputs of today into the notebooks")


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return read_lexicon()


@pytest.fixture(scope="session")
def texts() -> dict[str, Text]:
    """The source texts; tests that need them are skipped on a machine without them."""
    folder = SHARED / "sources"
    if not folder.is_dir():
        pytest.skip("the source texts are not on this machine")
    return read_texts(folder)


@pytest.fixture(scope="session")
def real() -> Built:
    """The packaged graph, built once. Tests must not change it."""
    return build()


@pytest.fixture(scope="session")
def real_store(real: Built) -> LocalStore:
    return real.store


@pytest.fixture(scope="session")
def tiny_built() -> tuple[Built, list[ox.Quad]]:
    built = build([DATA / "tiny.yaml"], packaged=False, texts=read_texts(DATA))
    return built, list(built.store.quads())


@pytest.fixture
def tiny(tiny_built: tuple[Built, list[ox.Quad]]) -> Built:
    """Ontology and seven claims of an invented source, verified against its text; a copy that a test may change."""
    built, quads = tiny_built
    store = LocalStore.in_memory()
    store.extend(quads)
    return Built(store, dict(built.records_of_file), dict(built.derived))


@pytest.fixture
def tiny_store(tiny: Built) -> LocalStore:
    return tiny.store
