"""The rule book: the TOML files of processes/_rules as values. It reads files; it knows neither clock nor database."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from engine.errors import Finding, Invalid
from engine.model import Unit
from engine.rules.lamps import Thresholds
from engine.rules.limits import Direction, Effect, Extension, Rule
from engine.rules.separation import Exclusion

POWERS = ("decide", "execute", "supervise", "serve", "administer")
AUDIENCES = ("desk", "monitor", "audit", "admin")
T = TypeVar("T")
_VERIFIED = re.compile(r"V-\d+(, V-\d+)*")


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post. `power` is one of POWERS, `audience` (the workplace it opens) one of AUDIENCES."""

    code: str
    name: str
    name_en: str
    power: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class StopKind:
    """A reason for which the law does not count days."""

    code: str
    name: str
    name_en: str
    basis: str
    basis_en: str


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """A constraint of separation. `kind`: C = refuses, W = warns."""

    id: str
    name: str
    name_en: str
    basis: str
    basis_en: str
    scope: str = ""
    kind: str = "C"


@dataclass(frozen=True, kw_only=True)
class Book:
    limits: Mapping[str, Rule]
    posts: Mapping[str, Post]
    constraints: Mapping[str, Constraint]
    exclusions: tuple[Exclusion, ...]
    thresholds: Thresholds
    stops: Mapping[str, StopKind] = field(default_factory=dict)


def load(folder: Path) -> Book:
    """Return the book kept in `folder`: limits.toml, posts.toml, separations.toml and lamps.toml.

    Raises:
        Invalid: all findings of the four files, each with its file and line.
    """
    limits, posts, separations, lamps = files = [
        _Source(folder / name) for name in ("limits.toml", "posts.toml", "separations.toml", "lamps.toml")
    ]
    _raise(files)
    stops = limits.named("stop", "code", _stop)
    named_posts = posts.named("post", "code", _post)
    constraints = separations.named("constraint", "id", _constraint)
    book = Book(
        limits=limits.named("limit", "id", lambda table, id: _rule(table, id, stops)),
        posts=named_posts,
        constraints=constraints,
        exclusions=tuple(_exclusion(table, constraints, named_posts) for table in separations.tables("exclusion")),
        thresholds=_thresholds(lamps),
        stops=stops,
    )
    for file in (limits, posts, separations):
        file.finish()
    _raise(files)
    return book


def _raise(files: Iterable[_Source]) -> None:
    if findings := [finding for file in files for finding in sorted(file.findings, key=lambda f: f.line)]:
        raise Invalid(findings=tuple(findings))


class _Table:
    """One table of a file and the line it begins on. `take` notes what is wrong and goes on with an empty value."""

    def __init__(self, source: _Source, line: int, fields: dict[str, Any]) -> None:
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
        for value in values:
            if value not in among:
                self.wrong(f"'{value}' is not declared", name)
        return tuple(values)

    def finish(self) -> None:
        for name in self.fields:
            self.wrong(f"'{name}' is not known here", name)


class _Source:
    """One file, its text by lines and what was found wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path, self.findings = path, list[Finding]()
        self.lines: list[str] = []
        self.root: dict[str, Any] = {}
        try:
            text = path.read_text(encoding="utf-8")
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

    def tables(self, name: str) -> Iterator[_Table]:
        """Yield the `[[name]]` tables; they are taken out of the file's root."""
        header = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
        lines = [number for number, line in enumerate(self.lines, 1) if header.match(line)]
        entries = self.root.pop(name, [])
        if not isinstance(entries, list) or len(entries) != len(lines):
            self.note(1, f"'{name}' is not written as [[{name}]] tables", name)
            return
        for line, entry in zip(lines, entries, strict=True):
            table = _Table(self, line, entry)
            yield table
            table.finish()

    def named(self, name: str, key: str, make: Callable[[_Table, str], T]) -> Mapping[str, T]:
        """Return the `[[name]]` tables as values by their `key`, which is unique."""
        values: dict[str, T] = {}
        for table in self.tables(name):
            code = table.take(key, str)
            if code in values:
                table.wrong(f"'{code}' is declared twice", key)
            values[code] = make(table, code)
        return MappingProxyType(values)

    def finish(self) -> None:
        _Table(self, 0, self.root).finish()


def _rule(table: _Table, id: str, stops: Mapping[str, StopKind]) -> Rule:
    direction = Direction(table.take("direction", str, "within", among=tuple(Direction)))
    rule = Rule(
        id=id,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        unit=Unit(table.take("unit", str, "working_day", among=tuple(Unit))),
        amount=table.take("amount", int),
        direction=direction,
        stops=table.texts("stops", stops, []),
        extension=_extension(table),
        effect=Effect(table.take("effect", str, "none", among=tuple(Effect))),
        basis=table.take("basis", str),
        basis_en=table.take("basis_en", str),
        verified=table.take("verified", bool),
        mark=table.take("mark", str),
        note=table.take("note", str, ""),
        note_en=table.take("note_en", str, ""),
    )
    if rule.amount < 0:
        table.wrong("'amount' is negative", "amount")
    if rule.stops and direction is Direction.BEFORE:
        table.wrong("a limit that counts backwards knows no stops", "stops")
    if rule.verified and not _VERIFIED.fullmatch(rule.mark):
        table.wrong(f"'{rule.mark}' is no mark of a verified rule", "verified")
    return rule


def _extension(table: _Table) -> Extension | None:
    fields = table.take("extension", dict, {})
    if not fields:
        return None
    inner = _Table(table.source, table.source.line_of(table.line, "extension"), fields)
    extension = Extension(
        amount=inner.take("amount", int),
        approver=inner.take("approver", str),
        approver_en=inner.take("approver_en", str),
        times=inner.take("times", int, 1),
    )
    inner.finish()
    if extension.amount < 1 or extension.times < 1:
        table.wrong("an extension is at least 1, once", "extension")
    return extension


def _stop(table: _Table, code: str) -> StopKind:
    return StopKind(
        code=code,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        basis=table.take("basis", str),
        basis_en=table.take("basis_en", str),
    )


def _post(table: _Table, code: str) -> Post:
    return Post(
        code=code,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        power=table.take("power", str, among=POWERS),
        audience=table.take("audience", str, among=AUDIENCES),
    )


def _constraint(table: _Table, id: str) -> Constraint:
    return Constraint(
        id=id,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        scope=table.take("scope", str),
        basis=table.take("basis", str),
        basis_en=table.take("basis_en", str),
        kind=table.take("kind", str, among=("C", "W")),
    )


def _exclusion(table: _Table, constraints: Collection[str], posts: Collection[str]) -> Exclusion:
    rule = table.take("rule", str, among=constraints)
    return Exclusion(rule, table.texts("one", posts), table.texts("other", posts))


def _thresholds(source: _Source) -> Thresholds:
    table = _Table(source, 0, source.root)
    thresholds = Thresholds(
        blue_percent=table.take("blue_percent", int),
        yellow_percent=table.take("yellow_percent", int),
        yellow_left=table.take("yellow_left", int),
        short=table.take("short", int),
    )
    table.finish()
    for name in ("blue_percent", "yellow_percent"):
        if not 0 <= getattr(thresholds, name) <= 100:
            table.wrong(f"'{name}' is not a share of 0 to 100", name)
    if min(thresholds.yellow_left, thresholds.short) < 0:
        table.wrong("a number of days is negative")
    return thresholds
