"""What became of each file and record of a load: counts for people, rows for a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.model.intake import Ignored, Refused

__all__ = ["FileReport", "LoadReport"]


@dataclass(slots=True)
class FileReport:
    """One file or archive: its kind, and what was read, loaded, refused and ignored."""

    name: str
    kind: str = ""
    loaded: int = 0
    triples: int = 0
    refused: list[Refused] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Give how many records the file held: each was loaded or refused."""
        return self.loaded + len(self.refused)


@dataclass(slots=True)
class LoadReport:
    """All files of a load."""

    files: list[FileReport] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)  # by habit: hidden files and such, and why
    broken: list[tuple[str, str]] = field(default_factory=list)  # files of folders and archives that cannot be used

    @property
    def refused(self) -> int:
        """Give how many records were refused."""
        return sum(len(file.refused) for file in self.files)

    def summary(self) -> str:
        """Give the closing line: read, loaded, refused and ignored, and why."""
        read, loaded = (sum(getattr(file, name) for file in self.files) for name in ("read", "loaded"))
        parts = Counter((one.part, one.reason) for file in self.files for one in file.ignored)
        line = f"{len(self.files)} files: {read:,} records read, {loaded:,} loaded, {self.refused:,} refused"
        for files, words in ((self.broken, "could not be used"), (self.left_out, "left out by habit")):
            if files:
                name, reason = files[0]
                line += f"; {len(files):,} files {words}, such as {name}: {reason}"
        if parts:
            most = "; ".join(f"{part} ({count:,}): {reason}" for (part, reason), count in parts.most_common(3))
            more = f"; and {len(parts) - 3} more kinds" if len(parts) > 3 else ""
            line += f"; {sum(parts.values()):,} parts ignored: {most}{more}"
        return line

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Give the rows of the report as a table, its header first."""
        yield ("file", "kind", "outcome", "record", "line", "part", "reason")
        for name, reason in self.left_out:
            yield (name, "", "left out", "", "", "", reason)
        for name, reason in self.broken:
            yield (name, "", "not used", "", "", "", reason)
        for file in self.files:
            yield (file.name, file.kind, "loaded", f"{file.loaded} records", "", "", f"{file.triples} triples")
            for one in file.refused:
                yield (file.name, file.kind, "refused", one.record, str(one.line or ""), "", one.reason)
            for part in file.ignored:
                yield (file.name, file.kind, "ignored", part.record, "", part.part, part.reason)
