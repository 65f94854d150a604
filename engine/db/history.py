"""The steps of a case and what was done in it: the facts that separation compares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import recusals
from engine.db import tables as t
from engine.model import Act, ActKind, OrganLevel


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step of a case as stored."""

    id: int
    token: str
    path: str
    round: int
    post: str
    organ: int
    opened_at: datetime
    due_on: date | None
    claimed_by: int | None
    claimed_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    level: str = ""  # of the organ
    lent: bool = False  # to the county pool


_act = t.act.alias("a")
_by, _above = t.organ.alias("by"), t.organ.alias("above")
level_of = sa.case((_by.c.level == OrganLevel.WINDOW.value, _above.c.level), else_=_by.c.level)
_history = (
    sa.select(
        *(column for column in t.step.c if column.name != "undo"),
        t.organ.c.level.label("level"),
        t.assignment.c.organ.label("a_organ"),
        level_of.label("a_level"),
        *[
            _act.c[name].label(f"a_{name}")
            for name in ("id", "person", "path", "kind", "outcome", "at", "on_behalf_of", "step")
        ],
        recusals.raised(sa.bindparam("case")),
    )
    .outerjoin(_act, (_act.c.case_ == t.step.c.case_) & (_act.c.step.is_(None) | (_act.c.step == t.step.c.id)))
    .join(t.organ, t.organ.c.id == t.step.c.organ)
    .outerjoin(t.assignment, t.assignment.c.id == _act.c.assignment)
    .outerjoin(_by, _by.c.id == t.assignment.c.organ)
    .outerjoin(_above, _above.c.id == _by.c.parent)
    .where(t.step.c.case_ == sa.bindparam("case"))
    .order_by(t.step.c.id, _act.c.id)
)


def history(conn: Connection, case_id: int) -> tuple[tuple[StepRow, ...], tuple[Act, ...]]:
    """Return the steps of a case in the order they were opened, and what was done in it, in order. One statement."""
    steps, acts, _ = with_recusals(conn, case_id)
    return steps, acts


def with_recusals(conn: Connection, case_id: int) -> tuple[tuple[StepRow, ...], tuple[Act, ...], str | None]:
    """Return the same, and the column `raised` of the case's recusals (engine/db/recusals.py). One statement."""
    rows = conn.execute(_history, {"case": case_id}).all()
    fields = StepRow.__dataclass_fields__
    steps = {row.id: StepRow(**{name: getattr(row, name) for name in fields}) for row in rows}
    acts = {
        row.a_id: Act(
            person=row.a_person,
            path=row.a_path,
            kind=ActKind(row.a_kind),
            outcome=row.a_outcome,
            at=row.a_at,
            on_behalf=row.a_on_behalf_of,
            step=row.a_step,
            organ=row.a_organ,
            level=OrganLevel(row.a_level) if row.a_level else None,
        )
        for row in rows
        if row.a_id is not None
    }
    return tuple(steps.values()), tuple(acts[key] for key in sorted(acts)), rows[0].raised if rows else None
