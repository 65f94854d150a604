"""Once a day, and only once, the worker lets the monitors be told what was counted, and by item what lies ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock, commands
from tests.commands import offices
from tests.commands.office import memos
from tests.commands.offices import TODAY, person
from tests.county import at
from tests.staffing.township import deploy, found, item
from worker import daily


@pytest.fixture
def rounds(monkeypatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(daily, "_done", set())
    monkeypatch.setattr(daily, "_left", [])
    monkeypatch.setattr(daily, "items_ahead", lambda: ("tea", "wine"))
    monkeypatch.setattr(daily, "tell_monitors", lambda: done.append("counted") or 0)
    monkeypatch.setattr(daily, "tell_shortages", lambda item: done.append(item) or 0)
    return done


def test_a_day_has_one_round_and_the_next_day_another(rounds) -> None:
    for moment in ("2026-03-02 00:00", "2026-03-02 00:05", "2026-03-02 00:10", "2026-03-02 23:59", "2026-03-03 00:00"):
        with clock.at(at(moment)):
            daily.daily()

    assert rounds == ["counted", "tea", "wine", "counted"]


def test_what_is_left_of_a_day_is_not_looked_at_before_the_next_has_begun(rounds) -> None:
    for moment in ("2026-03-02 23:59", "2026-03-03 00:00", "2026-03-03 00:01", "2026-03-03 00:02", "2026-03-03 00:03"):
        with clock.at(at(moment)):
            daily.daily()

    assert rounds == ["counted", "counted", "tea", "wine"]


def test_a_round_that_failed_is_made_up_for_the_next_day_and_the_items_are_looked_at(rounds, monkeypatch) -> None:
    def fail() -> int:
        raise RuntimeError("no database")

    with clock.at(at("2026-03-02 00:00")):
        with monkeypatch.context() as broken:
            broken.setattr(daily, "tell_monitors", fail)
            with pytest.raises(RuntimeError):
                daily.daily()
        daily.daily()
    with clock.at(at("2026-03-03 00:00")):
        daily.daily()

    assert rounds == ["tea", "counted"]


def test_an_item_that_fails_costs_the_others_nothing(rounds, monkeypatch) -> None:
    def fail(item: str) -> int:
        raise RuntimeError(item)

    with clock.at(at("2026-03-02 00:00")):
        daily.daily()
        with monkeypatch.context() as broken:
            broken.setattr(daily, "tell_shortages", fail)
            with pytest.raises(RuntimeError, match="tea"):
                daily.daily()
        daily.daily()

    assert rounds == ["counted", "wine"]


def test_the_worker_really_tells_the_monitor_of_leave_ahead(database_url, monkeypatch) -> None:
    monkeypatch.setattr(daily, "_done", set())
    monkeypatch.setattr(daily, "_left", [])
    cast = {"ding": "acceptance", "luo": "reviewer", "bai": "decider"}
    with clock.at(at("2026-03-02 10:00")):
        town = found({who: (post, "shimen") for who, post in cast.items()} | {"qian": ("monitor", "yl")})
        deploy(town, item())
        days = {"from_on": TODAY + timedelta(days=7), "to_on": TODAY + timedelta(days=8), "kind": "leave"}
        offices.do(town, commands.propose_absence, officer=person(town, "luo"), **days)
        for _ in range(3):
            daily.daily()

    assert [(memo.person, memo.kind) for memo in memos()] == [(town.qian.person, "shortage")]
    with clock.at(at("2026-03-03 00:00")):
        for _ in range(3):
            daily.daily()
    assert len(memos()) == 1
