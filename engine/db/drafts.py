"""Drafts and the files uploaded with them. A draft is its author's alone; the bodies of files lie elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.context import Context
from engine.db.upsert import upsert


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """An uploaded material; columns of the table `file`."""

    material: str
    name: str
    type: str
    size: int
    sha256: str
    stored: str


def is_own(ctx: Context, draft: int, *, locked: bool = False) -> bool:
    """Return whether there is such a draft of the actor; `locked`: nobody else gets at it until commit."""
    found = sa.select(t.draft.c.id).where(_own(ctx, draft))
    return ctx.conn.scalar(found.with_for_update() if locked else found) is not None


def rewrite(ctx: Context, draft: int, body_json: str) -> int | None:
    """Overwrite a draft of the actor; return its id, None when there is none."""
    return _rewritten(ctx, _own(ctx, draft), body_json)


def put(ctx: Context, step: int, body_json: str) -> int:
    """Add or overwrite the actor's draft for a step; return its id."""
    row = {"person": ctx.person, "item": None, "step": step, "body_json": body_json, "saved_at": ctx.now}
    (kept,) = upsert(ctx.conn, t.draft, [row], key=("person", "step"), returning=(t.draft.c.id,))
    return int(kept.id)


def add(ctx: Context, item: str, body_json: str) -> int:
    """Add a draft of a filing; return its id."""
    row = sa.insert(t.draft).values(person=ctx.person, item=item, body_json=body_json, saved_at=ctx.now)
    return int(ctx.conn.execute(row.returning(t.draft.c.id)).scalar_one())


def forget(conn: Connection, draft: int) -> None:
    """Delete a draft and the rows of its files."""
    conn.execute(sa.delete(t.file).where(t.file.c.draft == draft))
    conn.execute(sa.delete(t.draft).where(t.draft.c.id == draft))


def forget_of_steps(conn: Connection, steps: Collection[int], person: int | None = None) -> None:
    """Delete the drafts for these steps; `person`: only this person's."""
    of_steps = sa.delete(t.draft).where(t.draft.c.step.in_(steps))
    conn.execute(of_steps if person is None else of_steps.where(t.draft.c.person == person))


def hand_in(conn: Connection, draft: int, case: int) -> None:
    """Give a draft's files to the case that was filed from it, and delete the draft."""
    conn.execute(sa.update(t.file).where(t.file.c.draft == draft).values(case_=case, draft=None))
    conn.execute(sa.delete(t.draft).where(t.draft.c.id == draft))


def add_to_case(ctx: Context, case: int, new: Sequence[NewFile]) -> None:
    """Add files that the actor hands over in a case."""
    rows = [{**vars(each), "draft": None, "case_": case, "person": ctx.person, "at": ctx.now} for each in new]
    if rows:
        ctx.conn.execute(sa.insert(t.file), rows)


def add_file(ctx: Context, draft: int, new: NewFile) -> int:
    """Add a file that the actor has uploaded to a draft; return its id."""
    row = sa.insert(t.file).values(**vars(new), draft=draft, case_=None, person=ctx.person, at=ctx.now)
    return int(ctx.conn.execute(row.returning(t.file.c.id)).scalar_one())


def forget_file(ctx: Context, file: int) -> bool:
    """Delete the row of a file of one of the actor's drafts; return whether there was one."""
    own = sa.select(t.draft.c.id).where(t.draft.c.person == ctx.person)
    return ctx.conn.execute(sa.delete(t.file).where(t.file.c.id == file, t.file.c.draft.in_(own))).rowcount == 1


def _own(ctx: Context, draft: int) -> sa.ColumnElement[bool]:
    return (t.draft.c.id == draft) & (t.draft.c.person == ctx.person)


def _rewritten(ctx: Context, which: sa.ColumnElement[bool], body_json: str) -> int | None:
    changed = sa.update(t.draft).where(which).values(body_json=body_json, saved_at=ctx.now)
    kept: int | None = ctx.conn.scalar(changed.returning(t.draft.c.id))
    return kept
