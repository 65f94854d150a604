"""`sunlit staff --on` and `--ahead`: another day, the days ahead; JSON as promised; what does not fit is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.__main__ import main
from engine.db import tables as t
from engine.db.store import reading
from tests.commands import offices
from tests.county import at
from tests.staffing.township import deploy, found, item

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        cast = {"ding": "acceptance", "luo": "reviewer", "bai": "decider"}
        made = found({who: (post, "shimen") for who, post in cast.items()} | {"qian": ("monitor", "yl")})
        deploy(made, item())
        days = {"from_on": date(2026, 3, 9), "to_on": date(2026, 3, 11), "kind": "leave"}
        offices.do(made, commands.propose_absence, officer=offices.person(made, "luo"), **days)
        yield made


def test_another_day_is_asked_about_with_its_leave(capsys):
    assert main(["staff", "small"]) == 0
    assert [main(["staff", "small", "--on", f"2026-03-{day}"]) for day in ("08", "09", "11", "12")] == [0, 1, 1, 0]
    assert "（Luo外出）" in capsys.readouterr().out


def test_the_days_ahead_are_told_as_this(capsys):
    assert main(["staff", "--ahead", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    conflict = said["shortages"][0].pop("conflict")
    assert said == {
        "on": "2026-03-02",
        "until": "2026-04-01",
        "shortages": [
            {
                "item": "small",
                "organ": "shimen",
                "from": "2026-03-09",
                "to": "2026-03-11",
                "ends": True,
                "away": ["luo"],
            }
        ],
        "too_many": [],
    }
    assert conflict.startswith("「审查」没有人可办：石门乡的审查岗无人在岗（Luo外出）。 / Review has nobody")


def test_people_read_them_as_sentences(capsys):
    assert main(["staff", "small", "--ahead", "--organ", "shimen"]) == 1
    zh, en = capsys.readouterr().out.splitlines()
    assert zh.startswith("small shimen: “small”自 2026-03-09 起在石门乡不能办，到 2026-03-11 为止：「审查」没有人可办")
    assert " cannot be done in Shimen from 2026-03-09 until 2026-03-11: Review has nobody" in en


def test_that_there_is_none_is_said_with_the_days_that_were_looked_at(capsys):
    with clock.at(at("2026-03-12 10:00")):
        assert main(["staff", "--ahead"]) == 0
    said = "no shortage from 2026-03-12 to 2026-04-11, as far as leave and posts are on record\n"
    assert capsys.readouterr().out == said


def test_an_item_with_too_many_ways_is_no_all_clear(capsys, monkeypatch):
    monkeypatch.setattr("engine.commands.staffing.offered._runs", {})
    monkeypatch.setattr("engine.bpmn.runs.MAX_RUNS", 0)

    assert main(["staff", "--ahead"]) == 1
    assert capsys.readouterr().out == "small: has more ways than can be looked at\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["small", "--on", "tomorrow"],
        ["small", "--ahead", "--on", "2026-03-09"],
        ["--ahead", "--absent", "luo"],
    ],
)
def test_what_does_not_fit_together_is_refused(words):
    with pytest.raises(SystemExit) as refused:
        main(["staff", *words])
    assert refused.value.code == 2


def test_a_wrong_item_or_organ_is_named(capsys):
    assert main(["staff", "nothing", "--ahead"]) == 1
    assert main(["staff", "--ahead", "--organ", "nowhere"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "sunlit: There is no item 'nothing'.",
        "sunlit: There is no organ 'nowhere'.",
    ]


def test_sunlit_tick_tells_the_monitors_too(capsys):
    assert main(["tick"]) == 0
    with reading() as conn:
        assert conn.scalars(sa.select(t.memo.c.kind)).all() == ["shortage"]
