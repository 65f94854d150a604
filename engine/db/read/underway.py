"""All open cases at once: by whom each is planned to be finished, and whether it has gone on by its plan since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import plans
from engine.db import tables as t
from engine.db.plans import Known
from engine.model import CaseState
from engine.rules.cards import ITEM
from engine.rules.separation import HANDLED


@dataclass(frozen=True, kw_only=True)
class Underway:
    """An open case of an item that is applied for."""

    id: int
    number: str
    version: int
    item: str
    definition: int
    sha256: str
    organ: int
    planned: Known


@dataclass(frozen=True, kw_only=True)
class Since:
    """What was done in a case, and who holds its open steps: paths with who acted and for whom, paths with persons."""

    acts: Sequence[tuple[str, tuple[int, int], bool]]
    held: Sequence[tuple[str, int]]

    def done(self, known: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield what binds of all that was done after the first `known` acts."""
        return ((path, seat) for path, seat, binds in self.acts[known:] if binds)


def open_cases(conn: Connection, today: date) -> tuple[Underway, ...]:
    """Return the open cases, the first filed first. One statement."""
    return tuple(
        Underway(
            id=row.id,
            number=row.number,
            version=row.version,
            item=row.item,
            definition=row.definition,
            sha256=row.sha256,
            organ=row.organ,
            planned=plans.known(row, today),
        )
        for row in conn.execute(_cases)
    )


def since(conn: Connection) -> dict[int, Since]:
    """Return what was done in each open case that has a plan, and who holds what. Two statements."""
    acts: dict[int, list[tuple[str, tuple[int, int], bool]]] = defaultdict(list)
    held: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in conn.execute(_acts):
        acts[row.case_].append((row.path, (row.person, row.on_behalf_of or 0), row.kind in HANDLED))
    for case, path, person in conn.execute(_held):
        held[case].append((path, person))
    return {key: Since(acts=acts[key], held=held[key]) for key in acts.keys() | held.keys()}


_open = (t.case_.c.state == CaseState.OPEN.value) & (t.case_.c.item != ITEM)
_columns = [t.case_.c[name] for name in ("id", "number", "version", "item", "definition", "organ")]
_cases = (
    sa.select(*_columns, t.definition.c.sha256, *plans.COLUMNS)
    .join(t.definition, t.definition.c.id == t.case_.c.definition)
    .where(_open)
    .order_by(t.case_.c.id)
)
_planned = sa.select(t.plan.c.case_).join(t.case_, t.case_.c.id == t.plan.c.case_).where(_open)
_acts = (
    sa.select(t.act.c.case_, t.act.c.path, t.act.c.kind, t.act.c.person, t.act.c.on_behalf_of)
    .where(t.act.c.case_.in_(_planned))
    .order_by(t.act.c.id)
)
_held = sa.select(t.step.c.case_, t.step.c.path, t.step.c.claimed_by).where(
    t.step.c.case_.in_(_planned), t.step.c.closed_at.is_(None), t.step.c.claimed_by.is_not(None)
)
