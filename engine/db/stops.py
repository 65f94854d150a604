"""Stops as stored: the days that count, the one that runs, what was asked for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.rules.limits import Stop


@dataclass(frozen=True, kw_only=True)
class StopRow:
    """A stop as stored. `to_on`: the last day not counted, empty until that it has ended is recorded.

    `path`: the step that served the notice.
    """

    id: int
    kind: str
    from_on: date
    to_on: date | None
    planned_to_on: date
    document: str
    path: str | None

    @property
    def days(self) -> Stop:
        return Stop(self.kind, self.from_on, self.to_on or self.planned_to_on, self.document)


COLUMNS = [t.stop.c[name].label(f"stop_{name}") for name in StopRow.__dataclass_fields__]


def rows_of(found: Iterable[sa.Row[Any]]) -> list[StopRow]:
    """Return the stops of rows that have COLUMNS, each once; rows without a stop have none."""
    names = StopRow.__dataclass_fields__
    every = {r.stop_id: StopRow(**{name: getattr(r, f"stop_{name}") for name in names}) for r in found if r.stop_id}
    return list(every.values())


def running(rows: Iterable[StopRow]) -> StopRow | None:
    """Return the stop whose end is not recorded yet, if there is one."""
    return next((row for row in rows if row.to_on is None), None)


def days(rows: Iterable[StopRow]) -> list[Stop]:
    """Return the days not counted. A stop whose result came on the day of the notice has none."""
    return [row.days for row in rows if row.days.to_on >= row.from_on]


def of_cases(conn: Connection, cases: Collection[int]) -> dict[int, list[Stop]]:
    """Return the days not counted in cases, by their first day; a running one lasts as planned. One statement."""
    query = sa.select(t.stop.c.case_, *COLUMNS).where(t.stop.c.case_.in_(cases))
    found: dict[int, list[Stop]] = defaultdict(list)
    for row in conn.execute(query.order_by(t.stop.c.from_on, t.stop.c.id)):
        found[row.case_] += days(rows_of([row]))
    return found


def asked(conn: Connection, step: int) -> Mapping[str, Any]:
    """Return the form that was filled in last on a step; empty when there is none, or it has been erased."""
    form = sa.select(t.form.c.body_json).join(t.step, (t.step.c.id == t.form.c.step) & (t.step.c.path == t.form.c.path))
    newest = form.where(t.form.c.step == step).order_by(t.form.c.id.desc()).limit(1)
    found: Mapping[str, Any] = json.loads(conn.scalar(newest) or "{}").get("form", {})
    return found
