"""What a step costs: claim and complete through the commands, beside as many plain statements in one transaction.

Run: .venv/bin/python -m benchmarks.step [ROUNDS]
Prints medians with their spread (10th to 90th percentile) and ratios; absolute times depend on machine and disk.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from unittest import mock

ROUNDS = 100
STATEMENTS = 14  # the most that completing a step may take


def main(rounds: int) -> None:
    """Measure on SQLite in a temporary directory, one writer, nothing else."""
    with tempfile.TemporaryDirectory(prefix="sunlit-bench-") as folder:
        os.environ["SUNLIT_DATA_DIR"] = folder
        from engine import clock, commands
        from engine.commands.staffing import guard
        from engine.db import migrate
        from engine.db.store import begin
        from engine.settings import settings
        from tests import county

        migrate.upgrade(settings().database_url)
        with clock.at(county.at("2026-03-02 10:00")):
            town = county.found()
            cases = [county.file(town) for _ in range(rounds)]
            steps = [county.step(filed.case, "intake/accept").id for filed in cases]

            def claim(n: int) -> None:
                with begin(town.li) as ctx:
                    commands.claim(ctx, steps[n])

            def release(n: int) -> None:
                with begin(town.li) as ctx:
                    commands.release(ctx, steps[n])

            def foresee(n: int) -> None:
                commands.foresee(commands.Share(steps[n], town.li.person))

            def complete(n: int) -> None:
                with begin(town.li) as ctx:
                    commands.complete(ctx, steps[n], outcome="accept", form={}, opinion="同意")

            floor = timed(rounds, plain_statements(STATEMENTS))
            proofs, unasked, planned = timed(rounds, foresee), list[float](), list[float]()
            claims = timed(rounds, claim)
            for n in range(rounds):
                release(n)
                with mock.patch.object(guard, "follows", return_value=True):
                    unasked += timed(1, lambda _, n=n: claim(n))
                release(n)
                planned += timed(1, lambda _, n=n: claim(n))
            completes = timed(rounds, complete)
        show(f"{STATEMENTS} plain statements, one commit", floor, floor)
        show("claim a step, its proof made before", claims, floor)
        show("that proof, outside of the transaction", proofs, floor)
        show("claim a step by the plan of the case", planned, floor)
        show("claim a step, nothing asked of what comes later", unasked, floor)
        show("complete a step (closes 1, opens 2, 5 clocks)", completes, floor)
        show_sizes(rounds)


def plain_statements(number: int) -> Callable[[int], None]:
    """Return one transaction of so many one-row inserts through SQLAlchemy Core: what any program here would pay."""
    import sqlalchemy as sa

    from engine.db.engines import engine
    from engine.settings import settings

    table = sa.Table("bench", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text))
    with engine(settings().database_url).begin() as conn:
        table.create(conn)

    def write(_: int) -> None:
        with engine(settings().database_url).begin() as conn:
            for _ in range(number):
                conn.execute(sa.insert(table).values(body="x" * 500))

    return write


def timed(rounds: int, run: Callable[[int], None]) -> list[float]:
    """Return the milliseconds that each round took."""
    found = []
    for n in range(rounds):
        start = time.perf_counter()
        run(n)
        found.append((time.perf_counter() - start) * 1000)
    return found


def show(what: str, times: list[float], floor: list[float]) -> None:
    tenths = statistics.quantiles(times, n=10)
    median = statistics.median(times)
    print(f"{what:48} {median:7.2f} ms ({tenths[0]:.2f}–{tenths[-1]:.2f})  ×{median / statistics.median(floor):.1f}")


def show_sizes(rounds: int) -> None:
    """Print what a case takes in the database."""
    import sqlalchemy as sa

    from engine.db import tables as t
    from engine.db.store import reading

    with reading() as conn:
        state = conn.scalar(sa.select(sa.func.avg(sa.func.length(t.case_.c.engine_state))))
        events = conn.execute(sa.select(sa.func.count(), sa.func.avg(sa.func.length(t.event.c.body)))).one()
    print(f"engine state of a running case: {state:.0f} bytes")
    print(f"an event: {events[1]:.0f} bytes; {events[0] / rounds:.0f} a case so far")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
