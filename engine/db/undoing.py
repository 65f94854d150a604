"""What speaks for or against taking a completed step back: its states, who completed it, what came of it since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import local_date
from engine.db import find
from engine.db import tables as t
from engine.db.find import CaseTime, StepRow
from engine.db.history import history
from engine.model import Act, ActKind, CaseState


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step of a case with what the case is now. `kept`: its states before and after the completion, if any.

    `asked`: steps on which somebody is or was asked for an opinion.
    """

    step: StepRow
    steps: tuple[StepRow, ...]
    acts: tuple[Act, ...]
    state: CaseState
    definition: int
    sha256: str
    engine_state: bytes
    kept: bytes | None
    asked: frozenset[int]
    time: CaseTime

    def completed_by(self) -> Act | None:
        """Return the completion that stands on the step."""
        own = [a for a in self.acts if a.step == self.step.id and a.kind in (ActKind.COMPLETE, ActKind.WITHDRAW)]
        return own[-1] if own and own[-1].kind is ActKind.COMPLETE else None

    def untouched(self, tokens: Collection[str]) -> bool:
        """Return whether nobody has taken up, signed or been asked about any of these steps."""
        steps = [s for s in self.steps if s.token in tokens]
        acted = {act.step for act in self.acts} | self.asked
        return all(s.claimed_by is None and s.id not in acted for s in steps)

    def ran_out(self, tokens: Collection[str], today: date) -> bool:
        """Return whether a limit of the case, or of one of these steps, has run out since the completion."""
        assert self.step.closed_at is not None
        since, keys = local_date(self.step.closed_at), {f"step:{token}" for token in tokens}
        clocks = [c for c in self.time.clocks.values() if c.within and (c.ended_on is None or c.key in keys)]
        return any(since <= clock.due_on < today for clock in clocks)


def done(conn: Connection, step_id: int) -> Done | None:
    """Return a step with all that withdrawing it asks about; None when there is none. Reads only."""
    definition = sa.select(t.definition.c.sha256).where(t.definition.c.id == t.case_.c.definition).scalar_subquery()
    row = conn.execute(
        sa.select(t.step.c.undo, t.case_, definition.label("sha256"))
        .join(t.case_, t.case_.c.id == t.step.c.case_)
        .where(t.step.c.id == step_id)
    ).one_or_none()
    if row is None:
        return None
    steps, acts = history(conn, row.id)
    asked = conn.scalars(sa.select(t.signer.c.step).where(t.signer.c.case_ == row.id))
    return Done(
        step=next(step for step in steps if step.id == step_id),
        steps=steps,
        acts=acts,
        state=CaseState(row.state),
        definition=row.definition,
        sha256=row.sha256,
        engine_state=row.engine_state,
        kept=row.undo,
        asked=frozenset(asked),
        time=find.time_of(conn, row.id),
    )


def disarmed(conn: Connection, case_id: int, keys: Collection[str]) -> list[dict[str, Any]]:
    """Return disarmed timers of a case as rows without id."""
    columns = [column for column in t.timer.c if column.name != "id"]
    found = sa.select(*columns).where(t.timer.c.case_ == case_id, t.timer.c.key.in_(keys))
    return [dict(row._mapping) for row in conn.execute(found)] if keys else []
