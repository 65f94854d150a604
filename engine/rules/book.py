"""The rule book: the TOML files of processes/_rules as values. It reads files; it knows neither clock nor database."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from engine.model import Unit
from engine.rules import cards, lawbook
from engine.rules.bookfile import Source, Table, raise_findings
from engine.rules.constraint import Constraint
from engine.rules.lamps import Thresholds
from engine.rules.rule import Direction, Effect, EffectFrom, Extension, Rule
from engine.rules.separation import Exclusion
from engine.rules.tiers import Tiers

POWERS = ("decide", "execute", "supervise", "serve", "administer")
AUDIENCES = ("desk", "monitor", "audit", "admin")
FILES = ("limits.toml", "posts.toml", "separations.toml", "tiers.toml", "lamps.toml", "cards.toml")
_VERIFIED = re.compile(r"V-\d+(, V-\d+)*")


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post. `power` is one of POWERS, `audience` (the workplace it opens) one of AUDIENCES.

    `reserved`: it stands for other posts in a flow, and nobody holds it.
    `second_factor`: nobody acts by it without one, where the setting says so.
    """

    code: str
    name: str
    name_en: str
    power: str
    audience: str
    reserved: bool = False
    second_factor: bool = False


@dataclass(frozen=True, kw_only=True)
class StopKind:
    """A reason for which the law does not count days."""

    code: str
    name: str
    name_en: str
    basis: str
    basis_en: str


@dataclass(frozen=True, kw_only=True)
class MarkKind:
    """A mark from which or until which limits run."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Book:
    """The rules of the county. `exclusions` refuse, `cautions` are exclusions that only warn."""

    limits: Mapping[str, Rule]
    posts: Mapping[str, Post]
    constraints: Mapping[str, Constraint]
    exclusions: tuple[Exclusion, ...]
    thresholds: Thresholds
    cards: cards.Settings
    stops: Mapping[str, StopKind] = field(default_factory=dict)
    marks: Mapping[str, MarkKind] = field(default_factory=dict)
    cautions: tuple[Exclusion, ...] = ()
    tiers: Tiers = field(default_factory=Tiers)


def load(folder: Path, texts: Mapping[str, str] = MappingProxyType({})) -> Book:
    """Return the book kept in `folder`: limits, posts, separations, tiers, lamps and cards, each a TOML file.

    `texts`: file name -> text, taken instead of what lies in the folder (the adopted files).

    Raises:
        Invalid: all findings of the six files, each with its file and line.
    """
    limits, posts, separations, tiers, lamps, card = files = [Source(folder / name, texts.get(name)) for name in FILES]
    raise_findings(files)
    stops, marks = limits.named("stop", "code", _stop), limits.named("mark", "code", _mark)
    named_posts = posts.named("post", "code", _post)
    rules = limits.named("limit", "id", lambda table, id: _rule(table, id, stops, marks, named_posts))
    constraints = lawbook.constraints(separations, named_posts, POWERS)
    exclusions = lawbook.exclusions(separations, constraints, named_posts)
    book = Book(
        limits=rules,
        posts=named_posts,
        constraints=constraints,
        exclusions=tuple(e for e in exclusions if constraints[e.rule].kind == "C"),
        cautions=tuple(e for e in exclusions if constraints[e.rule].kind == "W"),
        tiers=lawbook.tiers(tiers),
        thresholds=_thresholds(lamps),
        cards=_cards(card, rules),
        stops=stops,
        marks=marks,
    )
    for file in (limits, posts, separations, tiers):
        file.finish()
    raise_findings(files)
    return book


def _rule(table: Table, id: str, stops: Collection[str], marks: Collection[str], posts: Collection[str]) -> Rule:
    if "unit" not in table.fields:
        table.wrong("'unit' is missing")
    rule = Rule(
        id=id,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        unit=Unit(table.take("unit", str, "working_day", among=tuple(Unit))),
        amount=table.take("amount", int),
        direction=Direction(table.take("direction", str, "within", among=tuple(Direction))),
        start=table.take("from", str, among=marks),
        until=table.take("until", str, among=marks),
        stops=table.texts("stops", stops, []),
        extension=_extension(table, posts),
        effect=Effect(table.take("effect", str, "none", among=tuple(Effect))),
        effect_from=EffectFrom(table.take("effect_from", str, "next_day", among=tuple(EffectFrom))),
        basis=table.take("basis", str),
        basis_en=table.take("basis_en", str),
        verified=table.take("verified", bool),
        evidence=table.take("evidence", str),
        note=table.take("note", str, ""),
        note_en=table.take("note_en", str, ""),
    )
    for field_, message in _contradictions(rule):
        table.wrong(message, field_)
    return rule


def _contradictions(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what a rule says that cannot be, and the field to mend."""
    if rule.amount < 0:
        yield "amount", "'amount' is negative"
    if rule.direction is Direction.BEFORE and (rule.stops or rule.extension):
        yield "direction", "a limit that counts backwards knows no stops and no extension"
    if rule.direction is not Direction.WITHIN and rule.amount == 0:
        yield "amount", f"a limit of 0 cannot be '{rule.direction}'"
    if rule.direction is not Direction.WITHIN and rule.effect is not Effect.NONE:
        yield "effect", f"silence has no effect on a limit that is '{rule.direction}'"
    if rule.amount == 0 and rule.extension:
        yield "extension", "a limit of 0 cannot be prolonged"
    if rule.effect in (Effect.NONE, Effect.CARD_ONLY) and rule.effect_from is not EffectFrom.NEXT_DAY:
        yield "effect_from", f"'{rule.effect}' has no day from which it holds"
    if rule.start and rule.start == rule.until:
        yield "until", "the limit ends at the mark at which it starts"
    if rule.verified and not _VERIFIED.fullmatch(rule.evidence):
        yield "verified", f"'{rule.evidence}' is no evidence of a verified rule"


def _extension(table: Table, posts: Collection[str]) -> Extension | None:
    fields = table.take("extension", dict, {})
    if not fields:
        return None
    inner = Table(table.source, table.source.line_of(table.line, "extension"), fields)
    extension = Extension(
        amount=inner.take("amount", int),
        approver=inner.take("approver", str),
        approver_en=inner.take("approver_en", str),
        post=inner.take("post", str, among=posts) if "post" in inner.fields else "",
        times=inner.take("times", int, 1),
        before_expiry=inner.take("before_expiry", bool, True),
        reason=inner.take("reason", bool, True),
    )
    inner.finish()
    if extension.amount < 1 or extension.times < 1:
        table.wrong("an extension is at least 1, once", "extension")
    return extension


def _stop(table: Table, code: str) -> StopKind:
    return StopKind(
        code=code,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        basis=table.take("basis", str),
        basis_en=table.take("basis_en", str),
    )


def _mark(table: Table, code: str) -> MarkKind:
    return MarkKind(code=code, name=table.take("name", str), name_en=table.take("name_en", str))


def _post(table: Table, code: str) -> Post:
    return Post(
        code=code,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        power=table.take("power", str, among=POWERS),
        audience=table.take("audience", str, among=AUDIENCES),
        reserved=table.take("reserved", bool, False),
        second_factor=table.take("second_factor", bool, False),
    )


def _thresholds(source: Source) -> Thresholds:
    table = Table(source, 0, source.root)
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


def _cards(source: Source, rules: Collection[str]) -> cards.Settings:
    table = Table(source, 0, source.root)
    settings = cards.Settings(
        yellow_points=table.take("yellow_points", int),
        red_points=table.take("red_points", int),
        yellow_rules=table.texts("yellow_rules", rules, []),
        same_case=table.take("same_case", int),
        same_post=table.take("same_post", int),
    )
    table.finish()
    if not 0 <= settings.yellow_points <= settings.red_points:
        table.wrong("a yellow card costs 0 to what a red one costs", "yellow_points")
    for name in ("same_case", "same_post"):
        if getattr(settings, name) < 2:
            table.wrong(f"'{name}' is below 2", name)
    return settings
