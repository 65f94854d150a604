"""The plan of a case: who can do all that may still come of it, and by what it was proven."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.upsert import upsert

REMEMBERED = 1_000  # proofs, in a process
Proof = TypeVar("Proof")
Seats = Mapping[str, tuple[tuple[int, int], ...]]  # step path -> who acts, and for whom or 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`edition`: of all that decides who may act, beside what is done in the case; `acts`: how many it knows of."""

    edition: str
    acts: int
    seats: Seats


@dataclass(frozen=True, kw_only=True)
class Known:
    """The edition of now, and the plan of a case if it has one."""

    edition: str = ""
    plan: Plan | None = None


_recusals = sa.select(sa.func.count(t.recusal.c.id)).where(t.recusal.c.case_ == t.case_.c.id)
COLUMNS = (  # of a query over `case_`
    sa.select(sa.func.count(t.proposal.c.approved_at)).scalar_subquery().label("approved"),
    sa.select(sa.func.max(t.relation.c.id)).scalar_subquery().label("last_relation"),
    _recusals.scalar_subquery().label("recusals"),
    _recusals.where(t.recusal.c.decided_at.is_not(None)).scalar_subquery().label("recusals_decided"),
    *(
        sa.select(t.plan.c[name]).where(t.plan.c.case_ == t.case_.c.id).scalar_subquery().label(f"plan_{name}")
        for name in ("edition", "acts", "seats_json")
    ),
)


def known(row: Any, today: date) -> Known:
    """Return the edition of now and the plan of a case, from the row of a query with COLUMNS."""
    facts = (today, row.approved, row.last_relation, row.recusals, row.recusals_decided)
    edition = "|".join(str(each or 0) for each in facts)
    if row.plan_seats_json is None:
        return Known(edition=edition, plan=None)
    kept = json.loads(row.plan_seats_json)
    seats = {path: tuple((person, behalf) for person, behalf in each) for path, each in kept.items()}
    return Known(edition=edition, plan=Plan(edition=row.plan_edition, acts=row.plan_acts, seats=seats))


def keep(conn: Connection, case: int, plan: Plan) -> None:
    """Keep the plan of a case in place of the one before."""
    row = {"case_": case, "edition": plan.edition, "acts": plan.acts, "seats_json": json.dumps(plan.seats)}
    upsert(conn, t.plan, [row], key=("case_",))


def drop(conn: Connection, case: int) -> None:
    """Forget the plan of a case."""
    conn.execute(_drop, {"case": case})


_drop = sa.delete(t.plan).where(t.plan.c.case_ == sa.bindparam("case"))


def remembered(key: tuple[object, ...], prove: Callable[[], Proof]) -> Proof:
    """Return what was proven of a case as it stands, or prove it now; the process remembers it for a while."""
    if (found := _proofs.get(key)) is None:
        if len(_proofs) > REMEMBERED:
            _proofs.clear()
        found = _proofs[key] = prove()
    return cast(Proof, found)


def forget() -> None:
    """Forget all proofs: for tests, and after a fork."""
    _proofs.clear()


_proofs: dict[tuple[object, ...], object] = {}
