"""An officer declares ties that may call for recusal (Civil Servants Law art. 74, 76), and that one has ended."""

from __future__ import annotations

from datetime import date

from engine.commands.proposing import wrong
from engine.db import granting, people, record
from engine.db.context import Context
from engine.db.people import Applicant
from engine.db.record import Entry
from engine.errors import NotFound
from engine.model import Event

TIES = ("spouse", "lineal", "collateral", "in_law", "interest")
OF_BLOOD = ("lineal", "collateral")


def declare_tie(ctx: Context, *, kind: str, other: Applicant, since: date | None = None) -> int:
    """Record that the acting officer has a tie to a person or company since a day; return the tie's id.

    `kind`: spouse | lineal | collateral | in_law | interest. The other is found by the identity number or credit code,
    or known from now on; no telephone is needed. The trace names nobody but the officer's pseudonym.

    Raises:
        NotFound: the actor is no officer.
        Invalid: an unknown kind, a malformed identity, oneself, or a day that lies ahead.
    """
    ctx.subject.verb = "declare_tie"
    _officer(ctx)
    if kind not in TIES:
        raise wrong("kind", f"one of: {', '.join(TIES)}")
    if since is not None and since > ctx.today:
        raise wrong("since", "the day lies ahead")
    known = people.named(ctx.conn, other)
    if known.id == ctx.person:
        raise wrong("id_number", "this is your own number")
    row = {"person": ctx.person, "other": known.id, "kind": kind, "source": "declared", "from_on": since or ctx.today}
    new = granting.tie(ctx.conn, row)
    _trace(ctx, kind)
    return new


def end_tie(ctx: Context, tie: int, *, to_on: date) -> int:
    """Record that an own tie ends with a day, today at the earliest; return its id. A tie of blood never ends.

    Raises:
        NotFound: it is none of the actor's, or has ended.
        Invalid: a tie of blood, or a day that has passed.
    """
    ctx.subject.verb = "end_tie"
    kind, from_on = granting.own_tie(ctx.conn, tie, ctx.person)
    if kind in OF_BLOOD:
        raise wrong("tie", "a tie of blood does not end")
    if to_on < max(ctx.today, from_on):
        raise wrong("to_on", f"it ends today, {ctx.today}, or later")
    granting.end_tie(ctx.conn, tie, to_on)
    _trace(ctx, f"{kind} ended")
    return tie


def _officer(ctx: Context) -> None:
    if ctx.actor.account is None:
        raise NotFound(what="account", key="")


def _trace(ctx: Context, kind: str) -> None:
    facts = {"officer": ctx.pseudonym, "kind": kind}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.TIE_DECLARED, facts=facts)])
