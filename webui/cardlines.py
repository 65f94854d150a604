"""Cards in lists: what each is for in words, the steps that wait with the lamp of their limit, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.db import store
from engine.db.read import cardrights
from engine.db.read.cardrights import Reader
from engine.db.read.cardrows import OpenStep, Row
from engine.db.read.people import Officer
from engine.db.store import Connection
from engine.model import Item
from engine.rules.book import Book
from engine.rules.cards import ITEM as ITEM
from engine.rules.halting import halting
from webui import definitions, words
from webui.clocks import Face, face
from webui.language import gettext, pick

PLATES = {"yellow": "warn", "red": "over"}
HEADS = ("decider", "chief")  # who answer above who acted


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A step of a card's life that is open. `who`: the holder, or the post and organ; `face`: of its limit."""

    step: OpenStep
    name: str
    who: str
    face: Face | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A card. `plate`: warn | over; `title`: what it is for; `office`: organ and post; `end`: how it ended."""

    row: Row
    plate: str
    title: str
    office: str
    end: str
    waits: tuple[Wait, ...]

    @property
    def mine(self) -> Wait | None:
        """The first step that waits for the reader."""
        return next((wait for wait in self.waits if wait.step.waits), None)


def asking(officer: Officer, *, own: bool = False) -> Reader:
    """Return the officer as who asks for cards; with `own` only for those of the own offices, whoever asks."""
    posts = store.book().posts
    every = any(posts[a.post].power == "supervise" for a in officer.assignments if a.post in posts)
    return cardrights.reader(officer.person, every and not own, officer.assignments, ("chief",))


def lines(conn: Connection, rows: Sequence[Row], today: date) -> list[Line]:
    """Return rows as lines."""
    book, calendar = store.book(), store.calendar(conn)

    def faced(row: Row, step: OpenStep) -> Face | None:
        own = next((c for c in row.clocks if c.step == step.id), None)
        if own is None:
            return None
        return face(own, halting(own, row.stops, book.limits), calendar, book.thresholds, today)

    return [_line(conn, row, book, [(step, faced(row, step)) for step in row.steps]) for row in rows]


def _line(conn: Connection, row: Row, book: Book, steps: Sequence[tuple[OpenStep, Face | None]]) -> Line:
    of = definitions.item(conn, row.definition, row.sha256)
    return Line(
        row=row,
        plate=PLATES[row.level],
        title=title(conn, row),
        office=office(row.organ.name, row.organ.name_en, row.post, book),
        end="" if row.lives else definitions.end_name(of, row.result),
        waits=tuple(_wait(of, step, shown, book) for step, shown in steps),
    )


def _wait(of: Item, step: OpenStep, shown: Face | None, book: Book) -> Wait:
    holder = pick(step.holder.name, step.holder.name_en) if step.holder else ""
    return Wait(
        step=step,
        name=definitions.step_name(of, step.path),
        who=holder or office(step.organ.name, step.organ.name_en, step.post, book),
        face=shown,
    )


def office(organ: str, organ_en: str, post: str, book: Book) -> str:
    """Return `云岭县行政审批局 · 复核岗`."""
    return f"{pick(organ, organ_en)} · {words.post(post, book)}"


def title(conn: Connection, row: Row) -> str:
    """Return what a card is for: `“复核”超期`, `超过法定期限 L03`, `再次要求补正`."""
    said = words.known(words.CAUSES, row.cause)
    kind, _, rule = row.key.partition(":")
    if row.cause != "overrun":
        return said
    if kind == "promise":
        return gettext("承诺期限超期")
    if kind == "statute":
        return gettext("法定期限超期（%(rule)s）", rule=rule)
    return gettext("步骤“%(step)s”超期", step=step_name(conn, row))


def step_name(conn: Connection, row: Row) -> str:
    """Return the name of the step in which it happened; empty where none is known."""
    if row.subject is None or not row.path:
        return ""
    return definitions.step_name(definitions.item(conn, row.subject.definition, row.subject.sha256), row.path)
