"""The page of a proposal to adopt a yearly notice: the year in words, what would move; and the case that moved."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.db.store import begin
from tests import county
from tests.county import at
from tests.notices import notice
from webui.office_calendar import holidays

NOW = at("2026-12-29 10:00")


@pytest.fixture
def proposal(town):
    """A proposal, made by Feng; one case is accepted and due in January by the rule."""
    with clock.at(NOW):
        county.file(town)
        county.do(town, "li", 1, "intake/accept", "accept")
        yield propose(notice())


def propose(told, **more):
    with begin(county.people()["feng"]) as ctx:
        return commands.propose_calendar(ctx, told, **more)


def test_the_year_is_shown_in_words_with_what_would_move(visit, proposal):
    page = visit("ma").page(f"/office/proposals/{proposal}")

    assert "2027 年放假安排" in page
    assert "2027年1月1日（周五）至2027年1月4日（周一）" in page
    assert "2027年1月16日（周六）、2027年2月20日（周六）" in page
    assert "涉及 1 件" in page
    assert "2 个时限" in page


def test_it_is_there_in_english(visit, proposal):
    page = visit("ma").page(f"/office/proposals/{proposal}?lang=en")

    assert "Calendar of 2027" in page
    assert "Fri 1 Jan 2027 to Mon 4 Jan 2027" in page
    assert "Make-up working days" in page


def test_after_approval_the_case_says_what_moved(visit, proposal):
    ma = visit("ma")

    ma.post(f"/office/proposals/{proposal}/approve", {})

    trail = visit("sun").page("/audit/trace/2026-YL-000001")
    assert "按新的放假安排重算，到期日由" in trail
    assert "不再是暂定" in trail
    assert f"提议第 {proposal} 号" in trail
    assert "批准后在办件的时限" not in ma.page(f"/office/proposals/{proposal}")
    assert "采用 2027 年放假安排" in visit("sun").page("/audit/trace/organ:1")


def test_an_amendment_names_the_days_that_turn(visit, proposal):
    visit("ma").post(f"/office/proposals/{proposal}/approve", {})
    second = propose(notice(makeup=["2027-01-09", "2027-02-20"]), amends=True)

    page = visit("ma").page(f"/office/proposals/{second}")

    assert "修改已采用的安排" in page
    assert "2027年1月9日（周六）改为上班" in page
    assert "2027年1月16日（周六）改为放假" in page


def test_a_proposal_that_came_too_late_says_so(visit, proposal):
    second = propose(notice(["2027-01-01"], []))
    visit("ma").post(f"/office/proposals/{proposal}/approve", {})

    assert "须重新提议" in visit("ma").page(f"/office/proposals/{second}")


def test_a_make_up_day_of_a_name_that_has_no_day_off_is_shown_too(app):
    told = notice(["2027-01-01"], [])
    day = next(iter(notice().makeup_workdays))

    with app.test_request_context():
        rows = holidays(told.days_off, {day: "春节"})

    assert [(row.name, row.days, row.makeup) for row in rows] == [
        ("元旦", "2027年1月1日（周五）", ""),
        ("春节", "", "2027年1月16日（周六）"),
    ]
