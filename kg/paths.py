"""Where the packaged folders are: `ontology/` and `queries/` lie beside `kg/` in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from kg.errors import InputError

__all__ = [
    "claims_folder",
    "curated_tables",
    "gap_map_files",
    "holdings_file",
    "left_out_folder",
    "ontology_folder",
    "packaged_files",
    "queries_folder",
    "studies_folder",
    "verified_folder",
]

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    for candidate in (_PACKAGE / "_assets" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise InputError(f"the folder '{name}' of mechtrail is missing; expected it in {_PACKAGE / '_assets'}")


def ontology_folder() -> Path:
    """Give the folder of `core.ttl`, `terms/` and `shapes/`."""
    return _folder("ontology")


def queries_folder() -> Path:
    """Give the folder of the `.rq` files."""
    return _folder("queries")


def claims_folder() -> Path:
    """Give the folder of the curated claims, one YAML file a source."""
    return _PACKAGE / "curated" / "claims"


def studies_folder() -> Path:
    """Give the folder of the curated studies, one YAML file a study."""
    return _PACKAGE / "curated" / "studies"


def verified_folder() -> Path:
    """Give the folder of the verification records, one TSV file a source."""
    return _PACKAGE / "curated" / "verified"


def left_out_folder() -> Path:
    """Give the folder of the marks for words that carry no claim, one TSV file a source."""
    return _PACKAGE / "curated" / "left-out"


def holdings_file() -> Path:
    """Give the record of how much the packaged graph holds, which may not shrink unsaid."""
    return _PACKAGE / "curated" / "holdings.tsv"


def gap_map_files() -> list[Path]:
    """Give the tables of the evidence gap map that are there: its groups, and the log of searches."""
    folder = _PACKAGE / "curated"
    return [path for path in (folder / "map-groups.tsv", folder / "searches.tsv") if path.is_file()]


def curated_tables() -> list[Path]:
    """Give the tables that a build reads besides claims and studies: of the gap map, and what is pooled every time."""
    return [*gap_map_files(), _PACKAGE / "curated" / "pooled-questions.tsv"]


def packaged_files() -> list[Path]:
    """Give every packaged file that a build reads, sorted."""
    folders = (ontology_folder(), queries_folder(), _PACKAGE / "curated")
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
