"""`ontology import`: cut the import slices out of ontology files that the user has."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.terminal import Commands, Parser, command, report, say
from kg.errors import InputError, Problem, by_line

if TYPE_CHECKING:
    from kg.ontology.external import OntologyFile, Read
    from kg.ontology.external.shelf import Shelf
    from kg.ontology.slices import Slices
    from kg.ontology.uses import Use

__all__ = ["add_tasks", "files_option", "read_shelf"]

_NAMES = 5  # of files that were of no use are said


def add_tasks(tasks: Commands[Parser]) -> None:
    """Add `import` to the family `ontology`."""
    parser = command(tasks, ontology_import, "mechtrail ontology import cl.owl go.obo.gz --check", name="import")
    words = "OBO, OBO graphs, OWL (RDF/XML, Turtle, OWL/XML, functional), lists of terms as JSON; gzip or plain"
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=f"an ontology file or a folder: {words}")
    words = "where the slices lie, in an ontology of yours; without one, ontology/imports"
    parser.add_argument("--folder", type=Path, help=words)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a slice would change")


def files_option(parser: Parser) -> None:
    """Add `--files`, for checks against ontology files."""
    words = "ontology files or folders of them: hold external terms and definitions against these"
    parser.add_argument("--files", nargs="+", type=Path, default=[], metavar="PATH", help=words)


def read_shelf(files: list[Path], uses: list[Use] | None = None) -> Shelf:
    """Read ontology files; say what became of those that are of no use, and which ontologies are not among them."""
    from kg.ontology.external import EXTERNAL_PREFIXES, read_ontologies
    from kg.ontology.external.shelf import Shelf
    from kg.ontology.uses import prefixes_of, read_uses

    read = read_ontologies(files, EXTERNAL_PREFIXES)
    _say_what_was_read(read)
    shelf = Shelf(read.ontologies)
    prefixes = prefixes_of(read_uses() if uses is None else uses)
    absent = [prefix for prefix in prefixes if not shelf.covers(prefix)]
    if prefixes and absent == prefixes:
        names = ", ".join(file.name or Path(file.path).name for file in shelf.files) or "nothing"
        raise InputError(f"found {names}, expected a file of an ontology that we use: {', '.join(prefixes)}")
    if absent:
        say(f"no file of {', '.join(absent)} is here: their terms are not looked at, and their slices stay")
    return shelf


def ontology_import(files: list[Path], folder: Path | None, check: bool) -> None:
    """Take the terms that we use, with what stands above them, their axioms and labels, from ontology files."""
    from kg.ontology.external.shelf import Shelf
    from kg.ontology.slices import make_slices
    from kg.ontology.uses import check_uses, our_labels, read_uses
    from kg.paths import ontology_folder

    folder = folder or ontology_folder() / "imports"
    home = folder.parent if (folder.parent / "core.ttl").is_file() else None
    uses = read_uses(home)
    shelf = read_shelf(files, uses)
    kept = {path.stem: path for path in sorted(folder.glob("*.ttl")) if not shelf.covers(path.stem)}
    spoken = (_slice_as_file(prefix, path) for prefix, path in kept.items())
    whole = Shelf([*shelf.files, *(file for file in spoken if file)])
    slices = make_slices((use.iri for use in uses), whole, labels=our_labels(home))
    problems = check_uses(uses, shelf) + _write(slices, folder, check, kept)
    _say_what_was_left_out(slices, kept)
    report(
        sorted(problems, key=by_line),
        f"{folder}: {len(slices.text_of_prefix)} slices, every used term is as its file has it",
    )


def _slice_as_file(prefix: str, path: Path) -> OntologyFile | None:
    """Let a slice speak for its ontology, where the user has no file of it; None when it is empty."""
    from dataclasses import replace

    from kg.ontology.external import read_ontology

    found = read_ontology(path)
    return replace(found, name=prefix.casefold(), path=str(path)) if found else None


def _write(slices: Slices, folder: Path, check: bool, kept: Collection[str]) -> list[Problem]:
    """Write the slices that changed; with `check` only say which would. A slice whose ontology is not here stays."""
    from kg.ontology import read_core, write_core

    problems = []
    for prefix, text in slices.text_of_prefix.items():
        if prefix in kept:
            continue
        path = folder / f"{prefix}.ttl"
        if path.is_file() and read_core(path) == text:
            continue
        if check:
            problems.append(Problem("import", path.name, "is not what the files give; run without --check"))
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder}: cannot be made: {error.strerror}") from error
        write_core(path, text)
        say(f"wrote {path}")
    left_over = {path.stem for path in folder.glob("*.ttl")} - slices.text_of_prefix.keys()
    for name in sorted(left_over):
        problems.append(Problem("import", f"{name}.ttl", "holds no term that we use; delete it"))
    return problems


def _say_what_was_read(read: Read) -> None:
    for count, words, names in (
        (len(read.ontologies), "ontology file(s) read", []),
        (len(read.of_no_use), "file(s) without a term of use", read.of_no_use),
        (len(read.no_ontology), "file(s) that hold no ontology", read.no_ontology),
    ):
        if count:
            more = f" and {count - _NAMES} more" if len(names) > _NAMES else ""
            say(f"{count} {words}" + (f": {', '.join(sorted(names)[:_NAMES])}{more}" if names else ""))


def _say_what_was_left_out(slices: Slices, kept: Collection[str]) -> None:
    from kg.namespaces import CTMO, compress

    for iri, other in sorted(slices.doubled.items()):
        question = "; is it the same thing?" if other.startswith(CTMO) else ""
        say(f"{compress(iri)}: left out, for {compress(other)} has its label{question}")
    for prefix, counts in sorted((each, slices.left_out[each]) for each in slices.left_out.keys() - set(kept)):
        kinds = "; ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        say(f"{prefix}: left out {kinds}")
