"""Two people at once: one wins, the other gets a clear answer, nothing happens twice.

Cases are protected twice: the row is locked first, and its version is compared when it is written. The second is
tested with the first taken away; and the tests are tested with both taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import record
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin
from engine.errors import CaseMoved, Stale
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.county import at, claim, file, step, types

NOW = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


def race(*runs: Callable[[], Any]) -> list[Any]:
    """Start all at one barrier; return what each returned or raised."""
    gate, results = Barrier(len(runs)), [None] * len(runs)

    def one(index: int, run: Callable[[], Any]) -> None:
        gate.wait()
        try:
            with clock.at(NOW):
                results[index] = run()
        except Exception as error:
            results[index] = error

    threads = [Thread(target=one, args=pair) for pair in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def completing(who: Actor, key: int) -> Callable[[], Any]:
    def run() -> Any:
        with begin(who) as ctx:
            return commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")

    return run


def test_of_many_who_complete_one_step_at_once_one_wins(town):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")

    results = race(*[completing(town.li, key)] * 8)

    won = [result for result in results if isinstance(result, commands.Completed)]
    lost = [result for result in results if isinstance(result, Stale)]
    assert (len(won), len(lost)) == (1, 7), results
    assert types(filed.number).count("step.completed") == 1
    assert county.open_paths(filed.case) == ["review", "site_inspection/inspect"]


def test_of_two_who_claim_one_step_at_once_one_wins(town):
    with engine(settings().database_url).begin() as conn:
        held = conn.execute(sa.select(t.assignment).where(t.assignment.c.person == town.li.person)).one()
        row = {k: v for k, v in held._mapping.items() if k != "id"} | {"person": town.zhou.person}
        conn.execute(sa.insert(t.assignment).values(**row))
    filed = file(town)

    def claiming(who):
        def run():
            with begin(who) as ctx:
                return commands.claim(ctx, 1)

        return run

    results = race(*[claiming(town.li), claiming(town.zhou)] * 4)

    assert types(filed.number).count("step.claimed") == 1
    holder = step(filed.case, "intake/accept").claimed_by
    for who, result in zip([town.li, town.zhou] * 4, results, strict=True):
        assert (result == 1) if who.person == holder else isinstance(result, Stale)


def without_the_lock(monkeypatch):
    """Read as if nobody had locked anything."""
    monkeypatch.setattr(sa.Select, "with_for_update", lambda self, **_: self)


def without_the_comparison(monkeypatch):
    """Write cases and chains whatever their version."""

    class Always(int):
        def __ne__(self, _):
            return False

    real = sa.engine.CursorResult.rowcount.fget
    monkeypatch.setattr(sa.engine.CursorResult, "rowcount", property(lambda self: Always(real(self))))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.services
def test_without_the_lock_the_comparison_of_versions_alone_holds(town, monkeypatch):
    keys = [claim(town, "li", file(town).case, "intake/accept") for _ in range(6)]
    without_the_lock(monkeypatch)

    for key in keys:
        results = race(*[completing(town.li, key)] * 6)
        assert sum(isinstance(result, commands.Completed) for result in results) == 1, results
        assert all(isinstance(r, commands.Completed | Stale | sa.exc.DBAPIError) for r in results), results


def test_a_case_that_was_changed_since_it_was_read_is_not_overwritten(town, monkeypatch):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    interfere(monkeypatch, filed.case)

    with pytest.raises(CaseMoved), begin(town.li) as ctx:
        commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")

    assert step(filed.case, "intake/accept").closed_at is None
    assert types(filed.number).count("step.completed") == 0


def test_the_test_above_sees_when_the_comparison_is_missing(town, monkeypatch):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    interfere(monkeypatch, filed.case)
    without_the_comparison(monkeypatch)

    with begin(town.li) as ctx:
        commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")

    assert types(filed.number).count("step.completed") == 1  # the change of the other one is lost: the planted fault


def interfere(monkeypatch, case: int) -> None:
    """Let another writer change the case between reading and writing."""
    real = record.save

    def save(ctx, *given):
        ctx.conn.execute(sa.update(t.case_).where(t.case_.c.id == case).values(version=t.case_.c.version + 1))
        real(ctx, *given)

    monkeypatch.setattr(record, "save", save)
