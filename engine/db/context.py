"""What a command works with: one transaction, one actor, one reading of the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.engine import Connection

from engine.model import Actor, Assignment, Standing
from engine.rules.book import Book
from engine.rules.workdays import WorkCalendar

__all__ = ["Connection", "Context", "Subject"]  # a command passes a connection on and never looks into it


@dataclass(kw_only=True)
class Subject:
    """What a command is about, for the trace of a refusal: filled in as soon as it is known."""

    verb: str = ""
    chain: str = ""  # case number; empty: the chain of the actor's organ
    step: str | None = None
    definition: str | None = None
    moving: tuple[int, int] | None = None  # case id and version, once its flow is moved: a fault is then the case's


@dataclass(frozen=True, kw_only=True)
class Context:
    """`now` is read once; `assignments` are the posts that the actor holds today; `pseudonym` is the actor's.

    `name`: the actor's; `standing`: what else is known of the actor, whatever the case. `edition` of the calendar: how
    many notices had been adopted when it was read.
    """

    conn: Connection
    actor: Actor
    pseudonym: str | None
    now: datetime
    today: date
    assignments: tuple[Assignment, ...]
    calendar: WorkCalendar
    book: Book
    edition: int = 0
    name: str = ""
    standing: Standing = field(default_factory=Standing)
    subject: Subject = field(default_factory=Subject)

    @property
    def person(self) -> int:
        return self.actor.person
