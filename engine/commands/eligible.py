"""Who may act on a step, and why each other holder of its post may not: the answers that `claim` would give."""

from __future__ import annotations

from datetime import date

from engine.commands import cases
from engine.commands.permit import task_of
from engine.db import store
from engine.db.context import Connection
from engine.db.read import eligible
from engine.db.read.eligible import Eligible
from engine.errors import Refused
from engine.rules.permission import answer


def officers(conn: Connection, step_id: int, today: date) -> tuple[Eligible, ...]:
    """Return everybody who holds the step's post there or stands in for a holder, with the refusal of who may not.

    Nine statements at most, however many they are. Whether somebody else has claimed the step is not asked.

    Raises:
        NotFound: there is no such step.
    """
    of = eligible.facts(conn, step_id)
    book = store.book()
    item = cases.definition(conn, of.definition, of.sha256).program.item
    about = of.card.judged(item.steps[of.step.path].post) if of.card else None
    asked = task_of(conn, of, item, of.step, book, about)
    return tuple(
        Eligible(person=holder.person, name=holder.name, name_en=holder.name_en, refusal=found)
        for holder in eligible.holders(conn, of, today)
        for got in [answer(holder.person, holder.assignments, asked, book.exclusions, holder.standing)]
        for found in [got if isinstance(got, Refused) else None]
    )
