"""The demo county as `sunlit seed` makes it: the same every time, in every state, with an intact trace."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.__main__ import main
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import WrongPassword
from engine.model import Actor
from engine.rules.cards import ITEM
from engine.settings import settings

MONDAY = date(2026, 9, 14)
DIGEST = "2faee90244e159cc"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_demo_county(database_url: str, configure: Callable[..., None]) -> None:
    configure(SUNLIT_DEMO="1", SUNLIT_DATABASE_URL=database_url)

    assert main(["seed"]) == 0

    with reading() as conn:
        every = conn.execute(sa.select(t.case_).order_by(t.case_.c.id)).all()
        cases, lives = ([case for case in every if (case.item == ITEM) is wanted] for wanted in (False, True))
        waiting = set(conn.scalars(sa.select(t.step.c.path).where(t.step.c.closed_at.is_(None), of(cases))))
        judged = set(conn.scalars(sa.select(t.step.c.path).where(t.step.c.closed_at.is_(None), of(lives))))
        types = Counter(conn.scalars(sa.select(t.event.c.type)))
        report = commands.check(conn)
    running = [case for case in cases if case.state == "open"]
    red = [case for case in running if case.red_on and case.red_on <= MONDAY]
    yellow = [case for case in running if case not in red and case.yellow_on and case.yellow_on <= MONDAY]
    results = {case.result for case in cases if case.state == "closed"}
    assert len(cases) > 140
    assert 40 < len(running) < 70
    assert 3 <= len(red) < len(yellow) < len(running)
    assert results == {"issued", "refused", "not_needed", "not_ours", "not_accepted", "abandoned"}
    assert "withdrawn" in {case.state for case in cases}
    assert len(waiting) == 19  # somebody waits at every step
    assert {case.result for case in lives} == {None, "rescinded", "archived"}
    assert judged >= {"explain", "review", "appeal", "panel", "issue", "rectify", "verify"}
    assert 15 < len(lives) == types["card.drafted"] < 30
    assert types["refused"] >= 10
    assert (types["step.returned"], types["step.withdrawn"]) == (3, 1)
    assert report.faults == []
    assert clock.local_date(clock.now()) == MONDAY
    assert digest(cases) == DIGEST
    assert types["stand_in.named"] == types["absence.recorded"] == 1


def of(cases: list[sa.Row[tuple[object, ...]]]) -> sa.ColumnElement[bool]:
    return t.step.c.case_.in_([case.id for case in cases])


def digest(cases: list[sa.Row[tuple[object, ...]]]) -> str:
    """Return what must not change from one seeding to the next: all but secrets and pseudonyms."""
    names = ("number", "title", "item", "organ", "state", "result", "version", "marks_json", "due_on", "red_on")
    rows = [[str(getattr(case, name)) for name in names] for case in cases]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_county_is_founded_once(database_url: str, configure: Callable[..., None], capsys, tmp_path: Path) -> None:
    configure(SUNLIT_DATABASE_URL=database_url)
    small = tmp_path / "county.toml"
    whole = (settings().processes / "_demo" / "county.toml").read_text(encoding="utf-8")
    small.write_text(whole[: whole.index("\n[plan]")], encoding="utf-8")

    assert main(["seed", str(small)]) == 0
    assert main(["seed", "--if-empty", str(small)]) == 0
    assert main(["seed", str(small)]) == 1

    said = capsys.readouterr()
    assert "only once" in said.err
    passwords = dict(line.split() for line in said.out.splitlines() if len(line.split()) == 2)
    assert len(set(passwords.values())) == len(passwords) == 54
    with begin(Actor(person=0, channel="cli")) as ctx:
        assert commands.authenticate(ctx, "li_qiuhe", passwords["li_qiuhe"], "cli", changing=True).account
    with pytest.raises(WrongPassword), begin(Actor(person=0, channel="cli")) as ctx:
        commands.authenticate(ctx, "li_qiuhe", "sunlit-demo", "cli")
