"""What officers are told in their inbox. A memo gives no right; its text is erasable and never of the trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from engine.db import tables as t
from engine.db.context import Connection, Context
from engine.errors import NotFound
from engine.model import SYSTEM

MOST = 500  # characters of a memo's text; commands refuse more


class MemoKind(StrEnum):
    URGE = "urge"
    COPY = "copy"
    RETURN = "return"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    SIGNER = "signer"
    RECUSAL = "recusal"
    PROPOSAL = "proposal"
    CORRECTION = "correction"
    COUNTED = "counted"
    SHORTAGE = "shortage"


@dataclass(frozen=True, kw_only=True)
class Memo:
    """What one officer is told: `person` is told, `case` and `step` by id; `text` in the teller's words, or empty."""

    person: int
    kind: MemoKind
    case: int | None = None
    step: int | None = None
    text: str = ""


def tell(ctx: Context, rows: Iterable[Memo]) -> None:
    """Tell officers, each once of the same thing and nobody what he does himself; one statement, or none."""
    memos = dict.fromkeys(row for row in rows if row.person not in (ctx.person, SYSTEM))
    if not memos:
        return
    told = [
        {
            "person": memo.person,
            "kind": memo.kind.value,
            "case_": memo.case,
            "step": memo.step,
            "by": None if ctx.person == SYSTEM else ctx.person,
            "at": ctx.now,
            "text": memo.text[:MOST] or None,
        }
        for memo in memos
    ]
    ctx.conn.execute(sa.insert(t.memo), told)


def copied(conn: Connection, case: int) -> set[int]:
    """Return who has been sent a copy of a case."""
    copies = (t.memo.c.case_ == case) & (t.memo.c.kind == MemoKind.COPY.value)
    return set(conn.scalars(sa.select(t.memo.c.person).where(copies)))


def read(ctx: Context, memo: int) -> int:
    """Note that the actor has seen a memo; return its id. Read again it keeps the first instant.

    Raises:
        NotFound: the actor was never told this.
    """
    own = (t.memo.c.id == memo) & (t.memo.c.person == ctx.person)
    seen = sa.update(t.memo).where(own).values(read_at=sa.func.coalesce(t.memo.c.read_at, ctx.now))
    if ctx.conn.execute(seen).rowcount != 1:
        raise NotFound(what="memo", key=str(memo))
    return memo


def read_all(ctx: Context, upto: int) -> int:
    """Note that the actor has seen all memos up to one, the newest that the page showed; return how many were new."""
    own = (t.memo.c.person == ctx.person) & (t.memo.c.id <= upto) & t.memo.c.read_at.is_(None)
    return ctx.conn.execute(sa.update(t.memo).where(own).values(read_at=ctx.now)).rowcount
