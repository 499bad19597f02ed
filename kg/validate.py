"""All checks of a built graph -> a list of problems: fingerprints, shapes, quality questions, ontology."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from kg.catalogue import load_catalogue, select
from kg.curation.coverage import Coverage, coverage, read_left_out
from kg.curation.excerpts import ExcerptCheck, check_study, excerpt_problems
from kg.curation.plausible import implausible, unfit_roles
from kg.curation.verification import Check, check_file, problems_of, read_records, record_rows, write_record
from kg.errors import InputError, Problem, by_line
from kg.fingerprint import Text
from kg.loaders import read_head
from kg.loaders.claims import accepts, claims_and_lines, read_claims
from kg.loaders.strict_yaml import Document
from kg.loaders.studies import accepts as is_study
from kg.loaders.studies import study_and_lines
from kg.namespaces import compress
from kg.ontology import read_lexicon
from kg.paths import left_out_folder, ontology_folder, verified_folder
from kg.store import LocalStore, Store

__all__ = [
    "check_excerpts",
    "check_fingerprints",
    "check_quality",
    "check_records",
    "check_shapes",
    "coverages",
    "passages",
    "record_verified",
]


def passages(files: Iterable[Path], texts: Mapping[str, Text]) -> list[tuple[Path, list[Check]]]:
    """Give, for each claims file, what came of holding its passages against the texts at hand."""
    lexicon = read_lexicon()
    checked = []
    for path in files:
        if accepts(path, read_head(path)):
            file = read_claims(path, lexicon)
            checked.append((path, check_file(file, texts.get(file.source.id))))
        elif not is_study(path, read_head(path)):
            raise InputError(f"{path}: no claims file: expected YAML with a key `claims`")
    return checked


def record_verified(files: Iterable[Path], texts: Mapping[str, Text]) -> list[Path]:
    """Write the verification record of every source whose text is at hand; give the paths written."""
    written = []
    for path, checks in passages(files, texts):
        source = next((check.source for check in checks), "")
        if source in texts:
            record = verified_folder() / f"{path.stem}.tsv"
            write_record(record, record_rows(checks), texts[source])
            written.append(record)
    return written


def check_fingerprints(checked: Iterable[tuple[Path, list[Check]]]) -> list[Problem]:
    """Give lost passages, numbers that a passage lacks, and claims changed since they were verified.

    `checked` comes from `passages`.
    """
    seals = read_records(verified_folder())
    problems = []
    for path, checks in checked:
        # A hypothesis of a source whose text nobody here has read is held as such; it asks for no seal.
        asked = [check for check in checks if check.claim.modality != "possible" or check.match.words]
        problems += problems_of(asked, path.name, seals)
    return problems


def check_excerpts(files: Iterable[Path], texts: Mapping[str, Text]) -> tuple[list[ExcerptCheck], list[Problem]]:
    """Give what came of looking for the excerpts of study files whose text is at hand, and what is wrong with them."""
    lexicon = read_lexicon()
    checks: list[ExcerptCheck] = []
    problems: list[Problem] = []
    for path in files:
        if is_study(path, read_head(path)) and path.stem in texts:
            study, document = study_and_lines(path, lexicon)
            found = check_study(study, texts)
            checks += found
            problems += [_with_line(problem, document) for problem in excerpt_problems(found)]
    return checks, problems


def check_records(files: Iterable[Path], texts: Mapping[str, Text]) -> list[Problem]:
    """Give what is impossible or missing in claims and study files, with file and line."""
    lexicon = read_lexicon()
    problems: list[Problem] = []
    for path in files:
        if is_study(path, read_head(path)):
            study, document = study_and_lines(path, lexicon)
            found = [*implausible(study), *excerpt_problems(check_study(study, texts))]
        else:
            file, document = claims_and_lines(path, lexicon)
            found = unfit_roles(file)
        problems += [_with_line(problem, document) for problem in found]
    return sorted(problems, key=by_line)


def _with_line(problem: Problem, document: Document) -> Problem:
    """Give a problem whose `where` is a field (arms.0.dose) the file and the line of that field."""
    location = tuple(int(part) if part.isdigit() else part for part in problem.where.split("."))
    return Problem(problem.check, f"{document.file}:{document.line(location)}: {problem.where}", problem.message)


def coverages(checked: Iterable[tuple[Path, list[Check]]], texts: Mapping[str, Text]) -> list[tuple[Path, Coverage]]:
    """Give, for each source whose text is at hand, the file of its marks and the words that nothing accounts for."""
    found = []
    for path, checks in checked:
        source = next((check.source for check in checks), "")
        if source in texts:
            marks = left_out_folder() / f"{path.stem}.tsv"
            found.append((marks, coverage(source, texts[source], checks, read_left_out(marks))))
    return found


def check_quality(store: Store, *, tag: str = "quality", today: date | None = None) -> list[Problem]:
    """Give a problem for each row of each quality question with a tag; a good graph gives none.

    A question that asks for the day (is the version too old?) finds nothing where `today` is not given, so that a graph
    is judged the same whenever it is judged.
    """
    day = {"today": ox.Literal(today.isoformat())} if today else {}
    problems = []
    for name, query in load_catalogue().items():
        if {"quality", tag} <= set(query.tags):
            asked = {parameter.name for parameter in query.parameters}
            answer = select(store, query, **{key: value for key, value in day.items() if key in asked})
            names = [variable.value for variable in answer.variables]
            for row in answer:
                cells = {n: compress(getattr(row[n], "value", "")) for n in names if row[n] is not None}
                message = cells.pop("problem", query.summary)
                problems.append(Problem(name, ", ".join(cells.values()), message))
    return problems


def check_shapes(store: LocalStore, folder: Path | None = None) -> list[Problem]:
    """Give what SHACL finds, on a memory graph of rdflib's own: over another store pySHACL compares strings wrongly."""
    import pyshacl
    import rdflib

    folder = folder or ontology_folder() / "shapes"
    shapes = rdflib.Graph()
    for path in sorted(folder.glob("*.ttl")):
        shapes.parse(path, format="turtle")
    data = rdflib.Graph()
    triples = {str(quad.triple) + " ." for quad in store.quads()}
    data.parse(data="\n".join(sorted(triples)), format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False)
    assert isinstance(report, rdflib.Graph)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    problems = []
    for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        focus, property_path = report.value(result, sh.focusNode), report.value(result, sh.resultPath)
        message = report.value(result, sh.resultMessage)
        where = f"{compress(str(focus))} {compress(str(property_path)) if property_path else ''}".strip()
        problems.append(Problem("shape", where, str(message)))
    return sorted(problems)
