"""An item that passes every check and yet cannot go on for one application: a condition divides by a form's number."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import CaseFaulted
from engine.settings import settings
from tests import county
from tests.county import ITEM, Town, at, step
from tests.kept import kept

STAFF = 13  # with so many the condition has no value
WHY = "只差勘验的条件，已与审查岗核对"
PLACE = "inspection_needed"  # the gateway that asks it, named 要勘验？

MONDAY = at("2026-03-02 10:00")
LATER = at("2026-03-23 08:00")  # deemed accepted long ago; the acceptance step and its limit are over, too


@contextmanager
def found() -> Iterator[Town]:
    """Found the county with it in force, on Monday, in the database of the settings."""
    with clock.at(MONDAY):
        yield _found()


@kept
def _found() -> Town:
    town = county.found()
    with TemporaryDirectory() as folder:
        deploy(town, Path(folder))
    return town


def deploy(town: Town, folder: Path) -> None:
    """Put it in force as the next version of the item."""
    copy = folder / "processes" / ITEM
    shutil.copytree(settings().processes / ITEM, copy)
    condition = 'case_kind == "new" or case_layout_changed'
    _change(copy / "flow.bpmn", condition, f"9 / (case_staff - {STAFF}) == 7 or {condition}")
    _change(copy / "form.json", '"title": "从业人数",', '"title": "从业人数", "x-decides": true,')
    county.deploy(town, copy)


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def file(town: Town, **form: Any) -> commands.Filed:
    """File the application for which the flow cannot go on once it is accepted."""
    return county.file(town, staff=STAFF, **form)


def accept(town: Town, case: int, outcome: str = "accept") -> Any:
    key = step(case, "intake/accept").id
    with begin(town.li) as ctx:
        commands.claim(ctx, key)
    with begin(town.li) as ctx:
        return commands.complete(ctx, key, outcome=outcome, form={}, opinion="同意")


def break_down(town: Town, filed: commands.Filed) -> None:
    with pytest.raises(CaseFaulted):
        accept(town, filed.case)


def broken(town: Town) -> commands.Filed:
    """Return a case in fault of which Li holds the step."""
    filed = file(town)
    break_down(town, filed)
    return filed


def propose(town: Town, case: int, at: str = "", who: str = "ma", reason: str = WHY) -> int:
    with begin(town.people[who]) as ctx:
        return commands.propose_repair(ctx, case, how="continue" if at else "retry", at=at, reason=reason)


def approve(town: Town, proposal: int, who: str = "feng") -> commands.Approved:
    with begin(town.people[who]) as ctx:
        return commands.approve(ctx, proposal)


def decline(town: Town, proposal: int, who: str = "feng", reason: str = "还没查清") -> int:
    with begin(town.people[who]) as ctx:
        return commands.decline(ctx, proposal, reason=reason)


def repair(town: Town, case: int, at: str = "") -> commands.Approved:
    return approve(town, propose(town, case, at))


def slower_step(case: int) -> None:
    """Give the acceptance step until Friday the 13th, three days after the timer of the law."""
    with engine(settings().database_url).begin() as conn:
        of_step = (t.clock.c.case_ == case) & (t.clock.c.kind == "step")
        conn.execute(sa.update(t.clock).where(of_step).values(extended=8, due_on=date(2026, 3, 13)))


def armed(case: int) -> Any:
    """Return the timer of a case as stored."""
    with reading() as conn:
        return conn.execute(sa.select(t.timer).where(t.timer.c.case_ == case)).one()


def proposal(key: int) -> Any:
    """Return a proposal as stored."""
    with reading() as conn:
        return conn.execute(sa.select(t.proposal).where(t.proposal.c.id == key)).one()
