"""Who in an office may act on a step now: the rule of permission, asked about all who hold its post there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.commands.cases import Case
from engine.commands.permit import task
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.read import people
from engine.db.staff import away
from engine.errors import Refused
from engine.rules.permission import bar, held


@dataclass(frozen=True, kw_only=True)
class Officer:
    """Who holds a step's post. `refusal`: why this person may not act on the step; `away`: is not in today."""

    person: int
    name: str
    pool: bool
    away: bool
    refusal: Refused | None

    @property
    def can(self) -> bool:
        return self.refusal is None and not self.away


def officers(ctx: Context, case: Case, step: StepRow) -> tuple[Officer, ...]:
    """Return everybody who holds the step's post in its organ, stand-ins among them, in order of person."""
    return tuple(_officers(ctx, case, step))


def _officers(ctx: Context, case: Case, step: StepRow) -> Iterator[Officer]:
    names = {each.person: each.name for each in people.holders(ctx.conn, [step.post], ctx.today)}
    posts = people.assignments(ctx.conn, list(names), ctx.today)
    absent = away(ctx.conn, list(names), ctx.today)
    asked = task(ctx, case, step)
    for person, name in names.items():
        post = held(posts[person], step.post, step.organ, case.item)
        if post is not None:
            refusal = bar(person, posts[person], asked, ctx.book.exclusions)
            yield Officer(person=person, name=name, pool=post.pool, away=person in absent, refusal=refusal)
