"""What is due: timers past their instant, clocks past their last day. The worker asks here; commands check again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import day_start, local_date
from engine.db import carding as cards
from engine.db import claims, rulebook
from engine.db import tables as t
from engine.model import CaseState

Work = tuple[str, int]  # kind timer | clock | card | correction | reply | claim | signer | document, and its id
KINDS = ("timer", "clock", "claim", "signer", "document")  # of those, beside what cards ask, what could not be done
PAPERS = 10  # documents in one answer: what the law dates is asked for again in between

_faulted = sa.select(t.case_.c.id).where(t.case_.c.state == CaseState.FAULT.value)
_armed = (
    t.timer.c.fired_at.is_(None) & t.timer.c.cancelled_at.is_(None) & t.timer.c.case_.not_in(_faulted)
)  # in fault a flow rests until it is repaired; clocks run
_running = t.clock.c.ended_on.is_(None) & t.clock.c.overrun_at.is_(None) & (t.clock.c.direction == "within")


def work(
    conn: Connection, now: datetime, limit: int = 500, without: Collection[Work] = (), papers: int = PAPERS
) -> list[Work]:
    """Return what is to be done first in each case, in legal order; ask again after doing it.

    Behind it come claims of officers whose post has ended, questions to those who have no desk post any more, and
    documents to be put on paper, at most `papers` of them, the first made first.

    `without`: pieces that could not be done; their cases are left out, or they would crowd out the others.

    One piece a case and call: what a timer does may start or end the clocks after it. At one instant an overrun comes
    before a timer, so that the trace shows the overrun that the timer answers. A card comes after all that fell due up
    to its fact, in every case: the third of a quarter is the third, whatever was done late.
    """
    held = {name: [key for kind, key in without if kind == name] for name in KINDS}
    asked = {"now": now, "today": local_date(now), "most": limit, "timers": held["timer"], "clocks": held["clock"]}
    overrun, firing = conn.execute(_overrun, asked).all(), conn.execute(_firing, asked).all()
    found = [(_passed(row.due_on), "clock", row.id, row.case_) for row in overrun]
    found += [(row.fires_at, "timer", row.id, row.case_) for row in firing]
    ends = [_passed(overrun[-1].due_on)] if len(overrun) == limit else []
    ends += [firing[-1].fires_at] if len(firing) == limit else []
    first: dict[int, Work] = {}
    for at, kind, key, case in sorted(found):
        if not ends or at <= min(ends):
            first.setdefault(case, (kind, key))
    earliest = min((at for at, *_ in found), default=None)
    late = [(at, work) for at, work in cards.due(conn, now, limit, without) if earliest is None or at < earliest]
    today = local_date(now)
    lost = claims.stranded(conn, today, limit, held["claim"])
    book = rulebook.recent() or rulebook.newest_book(conn)
    desk = [code for code, post in book.posts.items() if post.audience == "desk"]
    mute = claims.unanswerable(conn, today, desk, limit, held["signer"])
    rest = [*(("claim", key) for key in lost), *(("signer", key) for key in mute)]
    return [*(work for _, work in late), *first.values(), *rest, *_papers(conn, papers, held["document"])]


def _papers(conn: Connection, most: int, without: Collection[int]) -> list[Work]:
    if most <= 0:
        return []
    return [("document", key) for key in conn.scalars(_unrendered, {"without": list(without), "most": most})]


def _given(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True)


def _not_of(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that leave out the cases of the `timers` and `clocks` given."""
    held_up = ((of.alias("held_up"), given) for of, given in ((t.timer, "timers"), (t.clock, "clocks")))
    return [table.c.case_.not_in(sa.select(of.c.case_).where(of.c.id.in_(_given(given)))) for of, given in held_up]


_most: sa.BindParameter[int] = sa.bindparam("most")
_overrun = (
    sa.select(t.clock.c.id, t.clock.c.case_, t.clock.c.due_on)
    .where(_running, t.clock.c.due_on < sa.bindparam("today"), *_not_of(t.clock))
    .order_by(t.clock.c.due_on, t.clock.c.id)
    .limit(_most)
)
_firing = (
    sa.select(t.timer.c.id, t.timer.c.case_, t.timer.c.fires_at)
    .where(_armed, t.timer.c.fires_at <= sa.bindparam("now"), *_not_of(t.timer))
    .order_by(t.timer.c.fires_at, t.timer.c.id)
    .limit(_most)
)
_unrendered = (
    sa.select(t.document.c.id)
    .where(
        t.document.c.rendered_at.is_(None),
        t.document.c.facts_json != "",
        t.document.c.id.not_in(_given("without")),
    )
    .order_by(t.document.c.id)
    .limit(_most)
)


def oldest(conn: Connection, now: datetime) -> datetime | None:
    """Return the legal instant of the oldest piece of work that should have been done and has not."""
    timer: datetime | None = conn.scalar(sa.select(sa.func.min(t.timer.c.fires_at)).where(_armed))
    last: date | None = conn.scalar(sa.select(sa.func.min(t.clock.c.due_on)).where(_running))
    instants = [at for at in (timer, _passed(last) if last else None) if at is not None and at <= now]
    return min(instants, default=None)


def upcoming(conn: Connection) -> datetime | None:
    """Return the legal instant of what is due next, now or later."""
    timer: datetime | None = conn.scalar(sa.select(sa.func.min(t.timer.c.fires_at)).where(_armed))
    last: date | None = conn.scalar(sa.select(sa.func.min(t.clock.c.due_on)).where(_running))
    return min((at for at in (timer, _passed(last) if last else None) if at is not None), default=None)


def _passed(last: date) -> datetime:
    """Return the instant at which a last day has passed."""
    return day_start(last + timedelta(days=1))
