"""The files of the rule book, read strictly: what is unknown, missing, double or of the wrong kind is a finding."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from engine.errors import Finding, Invalid

T = TypeVar("T")


def raise_findings(files: Iterable[Source]) -> None:
    """Raise all findings of the files, in the order of their lines.

    Raises:
        Invalid: there are any.
    """
    if findings := [finding for file in files for finding in sorted(file.findings, key=lambda f: f.line)]:
        raise Invalid(findings=tuple(findings))


class Table:
    """One table of a file and the line it begins on. `take` notes what is wrong and goes on with an empty value."""

    def __init__(self, source: Source, line: int, fields: dict[str, Any]) -> None:
        self.source, self.line, self.fields = source, line, dict(fields)

    def wrong(self, message: str, field: str = "") -> None:
        self.source.note(self.source.line_of(self.line, field), message, field)

    def take(self, name: str, kind: type[T], default: T | None = None, among: Collection[str] | None = None) -> T:
        value = self.fields.pop(name, default)
        if value is None:
            self.wrong(f"'{name}' is missing")
        elif type(value) is not kind:
            self.wrong(f"'{name}' is not of type {kind.__name__}", name)
        elif among is not None and value not in among:
            self.wrong(f"'{value}' is not one of: {', '.join(among)}", name)
        elif default is None and value == "":
            self.wrong(f"'{name}' is empty", name)
        else:
            return value
        return default if default is not None else kind()

    def texts(self, name: str, among: Collection[str], default: list[str] | None = None) -> tuple[str, ...]:
        values = self.take(name, list, default)
        for place, value in enumerate(values):
            if type(value) is not str or value not in among:
                self.wrong(f"'{value}' is not declared", name)
            elif value in values[:place]:
                self.wrong(f"'{value}' stands twice", name)
        return tuple(values)

    def finish(self) -> None:
        for name in self.fields:
            self.wrong(f"'{name}' is not known here", name)


class Source:
    """One file, its text by lines and what was found wrong with it. `text`: what it holds, if it is not to be read."""

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path, self.findings = path, list[Finding]()
        self.lines: list[str] = []
        self.root: dict[str, Any] = {}
        try:
            text = path.read_text(encoding="utf-8") if text is None else text
            self.lines = text.splitlines()
            self.root = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            self.note(int(line[1]) if line else len(self.lines), f"it is not TOML: {error}")
        except (OSError, UnicodeDecodeError) as error:
            self.note(1, f"it cannot be read: {error}")

    def note(self, line: int, message: str, where: str = "") -> None:
        self.findings.append(
            Finding(file=str(self.path), line=line, level="item", rule="book", message=message, where=where)
        )

    def line_of(self, start: int, field: str) -> int:
        """Return the line of a table's field, or of the table when the field is not found."""
        for number, line in enumerate(self.lines[start:], start + 1):
            if line.lstrip().startswith("["):
                break
            if field and re.match(rf"\s*{re.escape(field)}\s*=", line):
                return number
        return max(start, 1)

    def tables(self, name: str) -> Iterator[Table]:
        """Yield the `[[name]]` tables; they are taken out of the file's root."""
        header = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
        lines = [number for number, line in enumerate(self.lines, 1) if header.match(line)]
        entries = self.root.pop(name, [])
        if not isinstance(entries, list) or len(entries) != len(lines):
            self.note(1, f"'{name}' is not written as [[{name}]] tables", name)
            return
        for line, entry in zip(lines, entries, strict=True):
            table = Table(self, line, entry)
            yield table
            table.finish()

    def named(self, name: str, key: str, make: Callable[[Table, str], T]) -> Mapping[str, T]:
        """Return the `[[name]]` tables as values by their `key`, which is unique."""
        values: dict[str, T] = {}
        for table in self.tables(name):
            code = table.take(key, str)
            if code in values:
                table.wrong(f"'{code}' is declared twice", key)
            values[code] = make(table, code)
        return MappingProxyType(values)

    def finish(self) -> None:
        Table(self, 0, self.root).finish()
