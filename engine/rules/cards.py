"""Yellow and red cards: what gives one, who answers for it, what it costs. No clock, no database.

A card is a measure of administrative efficiency, never a sanction. Its thresholds and points are settings of the
county (processes/_rules/cards.toml), not law.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.model import ClockKind

ITEM = "efficacy_card"  # a card's life is a case of this item
SUBJECT = "subject"  # in its flow: the post and organ that the card is about
EXPLAIN = "explain"  # its step that ends without an outcome when a yellow card is not answered
RESCINDED, DOWNGRADED, EFFECTIVE = "rescinded", "downgraded", "effective"  # its marks that points follow
JUDGES = ("monitor", "card_reviewer", "appeal_panel")  # the posts that judge cards


class Level(StrEnum):
    YELLOW = "yellow"
    RED = "red"


class Cause(StrEnum):
    OVERRUN = "overrun"
    CORRECTION = "correction"  # a second notice of what to supplement
    NO_REPLY = "no_reply"  # a yellow card that was not answered
    REPEATED = "repeated"
    MANUAL = "manual"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Points, and how many yellow cards give a red one. `yellow_rules`: statute limits that give a yellow card only."""

    yellow_points: int
    red_points: int
    yellow_rules: tuple[str, ...]
    same_case: int
    same_post: int


@dataclass(frozen=True, kw_only=True)
class Span:
    """A step from its opening to its end, at legal instants. `applicant`: it waits for the applicant."""

    path: str
    post: str
    organ: int | str
    opened_at: datetime
    closed_at: datetime | None
    applicant: bool = False


@dataclass(frozen=True, kw_only=True)
class Yellow:
    """A yellow card as it is counted. `case`: what it is about; `fact`: what it is for (`fact_of`)."""

    case: int | str
    fact: str
    post: str
    organ: str
    on: date
    rescinded_on: date | None = None


def level_of(kind: ClockKind, rule: str, settings: Settings) -> Level:
    """Return the level of a card for an overrun clock: red for a statute, yellow for a promise or a step."""
    if kind is ClockKind.STATUTE and rule not in settings.yellow_rules:
        return Level.RED
    return Level.YELLOW


def responsible(spans: Sequence[Span], at: datetime) -> Span | None:
    """Return the step on which a case's time ran out at this instant: of those then open the first opened.

    If none was open, the last one opened before. Steps that wait for the applicant are nobody's lateness.
    """
    before = [span for span in spans if span.opened_at < at and not span.applicant]
    held_up = [span for span in before if span.closed_at is None or span.closed_at >= at]
    return next(iter(held_up), before[-1] if before else None)


def fact_of(cause: Cause, path: str | None, key: str) -> str:
    """Return what tells one fact from another when cards are counted.

    A step that is late and the promise that runs out on it are two cards and one lateness.
    """
    return path or "" if cause is Cause.OVERRUN else key


def repeated(new: Yellow, others: Iterable[Yellow], settings: Settings) -> list[str]:
    """Return the keys of the red cards that are called for once `new` stands beside `others`.

    A card rescinded by the day of the new fact does not count. The same keys come again with every further yellow
    card; there is one red card a key.
    """
    counted = [other for other in others if other.rescinded_on is None or other.rescinded_on > new.on]
    counted.append(new)
    place = (new.post, new.organ, quarter(new.on))
    in_case = {each.fact for each in counted if each.case == new.case}
    at_post = {(each.case, each.fact) for each in counted if (each.post, each.organ, quarter(each.on)) == place}
    keys = ["repeated"] if len(in_case) >= settings.same_case else []
    return [*keys, f"quarter:{place[2]}:{new.post}@{new.organ}"] if len(at_post) >= settings.same_post else keys


def quarter(day: date) -> str:
    """Return the quarter of a day: 2026Q3."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_begins(day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def points(level: Level, marks: Collection[str], settings: Settings) -> int:
    """Return what a card costs as its case stands: 0 or less.

    It takes effect with the mark `effective`: a red card when it is confirmed; a yellow one when its time to explain
    is over unused, else when the review upholds it. One level down from red is yellow, from yellow nothing.
    """
    if RESCINDED in marks or EFFECTIVE not in marks:
        return 0
    below = {Level.RED: settings.yellow_points, Level.YELLOW: 0}
    own = {Level.RED: settings.red_points, Level.YELLOW: settings.yellow_points}
    return -(below if DOWNGRADED in marks else own)[level]
