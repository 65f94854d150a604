"""What only warns: the pairs of a quarter, long stays at a window. Monitors see it; nobody is stopped by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine import clock
from engine.db import store
from engine.rules.cards import quarter_begins
from tests import county
from tests.county import at

STEPS = (
    ("li", "intake/accept", "accept"),
    ("chen", "site_inspection/inspect", "pass"),
    ("liu", "site_inspection/inspect", "pass"),
    ("wang", "review", "pass"),
    ("he", "recheck", "agree"),
    ("zhao", "decide", "grant"),
)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 5, 31), date(2026, 4, 1)),
        (date(2024, 12, 31), date(2024, 10, 1)),
    ],
)
def test_a_quarter_begins_in_january_april_july_or_october(day, first):
    assert quarter_begins(day) == first


def test_a_quarter_without_a_decision_says_so(visit):
    page = visit("qian").page("/monitor/rotation")

    assert "本季度还没有作出决定的办件" in page
    assert "Rotation" in visit("qian").page("/monitor/rotation?lang=en")


def test_who_stays_at_a_window_too_long_is_named(visit, town):
    with clock.at(at("2031-03-03 10:00")):
        assert "Li · 1 号窗口" in visit("qian").page("/monitor/rotation")
    assert "Li · 1 号窗口" not in visit("qian").page("/monitor/rotation")


def test_a_pair_above_the_share_is_marked(visit, town, monkeypatch):
    book = store.book()
    rule = replace(book.constraints["SOD-28"], least=1)
    filed = county.file(town)
    for who, path, outcome in STEPS:
        county.do(town, who, filed.case, path, outcome)
    visitor = visit("qian")
    plain = visitor.page("/monitor/rotation")

    monkeypatch.setattr(store, "book", lambda: replace(book, constraints={**book.constraints, "SOD-28": rule}))
    warned = visitor.page("/monitor/rotation")

    for page in (plain, warned):
        assert "Wang" in page
        assert "Zhao" in page
        assert "1/1" in page
    assert "占比过高" not in plain
    assert "占比过高" in warned
