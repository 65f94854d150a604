"""What adopting a notice costs while 10,000 clocks run: the approval, beside one plain UPDATE of a clock.

Run: .venv/bin/python -m benchmarks.calendar [CLOCKS]
On SQLite in a temporary directory; on another database with SUNLIT_DATABASE_URL (empty, migrated by this).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

CLOCKS = 10_000
PLAIN = 2_000  # plain updates, in one transaction
FAR = 1_000  # between the ids of a case's rows and those of its copy


def main(wanted: int) -> None:
    """Found a county, copy one accepted case until enough clocks run into 2027, adopt a made-up notice."""
    with tempfile.TemporaryDirectory(prefix="sunlit-bench-") as folder:
        os.environ["SUNLIT_DATA_DIR"] = folder
        from engine import clock, commands
        from engine.db import migrate
        from engine.db.store import begin
        from engine.settings import settings
        from tests import county, notices

        migrate.upgrade(settings().database_url)
        with clock.at(county.at("2026-12-29 10:00")):
            town = county.found()
            county.file(town)
            county.do(town, "li", 1, "intake/accept", "accept")
            clocks, cases = copied(1, wanted)
            with begin(town.feng) as ctx:
                proposal = commands.propose_calendar(ctx, notices.notice())
            start = time.perf_counter()
            with begin(town.ma) as ctx:
                result = commands.approve(ctx, proposal).result
            took = time.perf_counter() - start
            plain = plain_update(PLAIN)
        print(f"{clocks} open clocks of {cases} cases; {result}")
        print(f"adopting: {took:.2f} s, {took / clocks * 1000:.3f} ms a clock")
        print(f"one plain UPDATE of a clock: {plain * 1000:.3f} ms; ratio a clock ×{took / clocks / plain:.1f}")


def copied(case: int, wanted: int) -> tuple[int, int]:
    """Copy a case with its open steps and clocks in bulk; return how many clocks and cases run then."""
    import sqlalchemy as sa

    from engine.db import tables as t
    from engine.db.engines import engine
    from engine.settings import settings

    with engine(settings().database_url).begin() as conn:
        own = conn.execute(sa.select(t.case_).where(t.case_.c.id == case)).one()
        chain = conn.execute(sa.select(t.chain).where(t.chain.c.id == own.number)).one()
        steps = conn.execute(sa.select(t.step).where(t.step.c.case_ == case, t.step.c.closed_at.is_(None))).all()
        running = t.clock.c.ended_on.is_(None) & (t.clock.c.due_on >= date(2027, 1, 1))
        clocks = conn.execute(sa.select(t.clock).where(t.clock.c.case_ == case, running)).all()
        cases = -(-wanted // len(clocks))
        copies = range(1, cases)

        def insert(table: sa.Table, found: Sequence[Any], change: Callable[[Any, int], dict[str, Any]]) -> None:
            conn.execute(sa.insert(table), [row._asdict() | change(row, n) for n in copies for row in found])

        insert(t.case_, [own], lambda row, n: {"id": row.id + n, "number": f"copy-{n}"})
        insert(t.chain, [chain], lambda _, n: {"id": f"copy-{n}"})
        insert(t.step, steps, lambda row, n: {"id": FAR * n + row.id, "case_": case + n})
        insert(
            t.clock,
            clocks,
            lambda row, n: {"id": FAR * n + row.id, "case_": case + n, "step": row.step and FAR * n + row.step},
        )
    return cases * len(clocks), cases


def plain_update(number: int) -> float:
    """Return the seconds of one UPDATE of a clock, of so many in one transaction."""
    import sqlalchemy as sa

    from engine.db import tables as t
    from engine.db.engines import engine
    from engine.settings import settings

    with engine(settings().database_url).begin() as conn:
        ids = conn.scalars(sa.select(t.clock.c.id).where(t.clock.c.ended_on.is_(None)).limit(number)).all()
    start = time.perf_counter()
    with engine(settings().database_url).begin() as conn:
        for each in ids:
            conn.execute(sa.update(t.clock).where(t.clock.c.id == each).values(due_on=date(2027, 1, 9)))
    return (time.perf_counter() - start) / len(ids)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLOCKS)
