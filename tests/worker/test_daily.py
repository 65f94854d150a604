"""Once a day, and only once, the worker lets the monitors be told what was counted."""

from __future__ import annotations

import pytest

from engine import clock
from tests.county import at
from worker import daily


@pytest.fixture
def rounds(monkeypatch) -> list[int]:
    done: list[int] = []
    monkeypatch.setattr(daily, "_done", set())
    monkeypatch.setattr(daily, "tell_monitors", lambda: done.append(1) or 0)
    return done


def test_a_day_has_one_round_and_the_next_day_another(rounds) -> None:
    for moment in ("2026-03-02 00:00", "2026-03-02 00:05", "2026-03-02 23:59", "2026-03-03 00:00"):
        with clock.at(at(moment)):
            daily.daily()

    assert len(rounds) == 2


def test_a_round_that_failed_is_made_up_for_the_next_day(rounds, monkeypatch) -> None:
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

    assert rounds == [1]
