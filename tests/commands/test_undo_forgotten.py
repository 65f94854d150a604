"""What taking a step back needs is kept only while the case is open."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from tests import county
from tests.commands import office, small
from tests.commands.test_statements import counted
from tests.commands.undoable import item
from tests.county import at


@pytest.fixture
def filed(database_url):
    with clock.at(at("2026-03-02 10:00")):
        town = county.found()
        steps = (small.step("a"), small.step("b", post="decider"), small.step("c"))
        small.deploy(town, item(*steps, drawn="s>a a>b b>c c>e"))
        filed = small.file(town)
        small.do(town, filed.case, "a")
        small.do(town, filed.case, "b")
        yield town, filed.case


def stored(case: int, *without: str) -> list[dict[str, object]]:
    with reading() as conn:
        rows = conn.execute(sa.select(t.step).where(t.step.c.case_ == case).order_by(t.step.c.id)).all()
    return [{name: value for name, value in row._mapping.items() if name not in without} for row in rows]


def kept(case: int) -> list[str]:
    return [str(row["path"]) for row in stored(case) if row["undo"] is not None]


def test_it_is_gone_when_the_case_has_ended_and_the_steps_stay_as_they_were(filed):
    town, case = filed
    before = stored(case, "undo")
    assert kept(case) == ["a", "b"]

    small.do(town, case, "c")

    assert county.row(case).state == "closed"
    assert kept(case) == []
    assert stored(case, "undo")[:2] == before[:2]


def test_it_is_gone_when_the_application_was_withdrawn(filed):
    _, case = filed
    before = stored(case, "undo")

    with begin(office.portal(case)) as ctx:
        commands.withdraw(ctx, case, reason="不办了")

    assert kept(case) == []
    assert stored(case, "undo")[:2] == before[:2]
    assert [row["ended_by"] for row in stored(case)] == [None, None, "withdrawn"]


def test_that_takes_no_statement_of_its_own(filed):
    town, case = filed
    county.claim(town, "wang", case, "c")
    key = county.step(case, "c").id

    with counted() as seen, begin(town.wang) as ctx:
        commands.complete(ctx, key, outcome="done", form={}, opinion="")

    assert sum("INTO step " in statement for statement in seen) == 1
    assert not any(statement.startswith("UPDATE step") for statement in seen)
    assert len(seen) <= 14
