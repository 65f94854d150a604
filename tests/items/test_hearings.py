"""The shared flow `hearing` through the pages: the right, the request, the notice in time, the stop, the minutes."""

from __future__ import annotations

from datetime import date

import pytest

from tests import county
from tests.items.people import on, words
from tests.items.seen import clocks, marks, statute
from tests.samples import FORMS

STOP = {"stop_kind": "hearing", "stop_days": 7, "stop_evidence": "听证申请书，2026 年 3 月 3 日"}
NOTICE = {"hearing_time": "09:00", "hearing_place": "县政务服务中心二楼", "hearing_chair": "邓主持"}
HELD = {"attended": "罗雨平", "minutes": "申请人陈述意见，审查人员说明理由。", "minutes_signed": True}


@pytest.fixture
def told(people):
    """A case of which the party was told of the right to a hearing, on Monday 2026-03-02."""
    case = people.file("hearing_permit")
    people.do("li", case, "intake/accept", "accept")
    people.do("wang", case, "review", "hear", complete=True)
    people.do("wang", case, "hearing/tell", hearing_matter="拟不予许可：消防通道宽度不足。")
    return case


@pytest.fixture
def planned(people, told):
    """On Tuesday 2026-03-03 a hearing was asked for, planned and approved; the notice is to be served."""
    with on("2026-03-03 10:00"):
        people.do("li", told, "hearing/request", "asked")
        people.do("deng", told, "hearing/arrange", **STOP)
        people.do("zhao", told, "hearing/approve", "approve")
    return told


def test_the_party_has_five_working_days_to_ask_and_the_page_says_that_this_is_a_reading(people, told):
    """Licensing Law art. 47."""
    said = people.open("li", told, "hearing/request")

    assert "未核实" in said
    with on("2026-03-09 23:59"):  # the fifth working day
        assert county.open_paths(told) == ["hearing/request"]
    with on("2026-03-10 00:00"):
        assert county.open_paths(told) == ["decide"]
        overrun = [e["step"] for e in county.events(county.row(told).number) if e["type"] == "clock.overrun"]
        assert "hearing/request" not in overrun  # a right not used is nobody's delay


def test_a_hearing_may_be_waived(people, told):
    people.do("li", told, "hearing/request", "waived")

    assert county.open_paths(told) == ["decide"]
    assert "hearing_requested" not in marks(told)


@pytest.mark.parametrize(("outcome", "then"), [("asked", "hearing/arrange"), ("waived", "decide")])
def test_the_party_asks_or_waives_from_the_own_page(people, told, outcome, then):
    shown = words(people.applicant(told).page("/progress/answer"))
    said = people.answer(told, outcome)

    assert "听证申请" in shown
    assert "未核实" in shown
    assert "收到了" in said
    assert county.open_paths(told) == [then]


# the hearing is on Friday 2026-03-13: seven working days before it is Wednesday 2026-03-04


def test_a_hearing_from_the_request_to_the_minutes_stands_still_for_the_decision(people, planned):
    """Licensing Law art. 45: from the day after the notice to the day of the hearing nothing is counted."""
    assert statute(planned).due_on == date(2026, 3, 30)  # twenty working days after Monday 2 March
    with on("2026-03-04 09:00"):
        people.do("wang", planned, "hearing/notify", hearing_on="2026-03-13", **NOTICE)

        assert statute(planned).due_on == date(2026, 4, 9)  # 5 to 13 March are not counted; 6 April is a holiday
        said = people.case("wang", planned)
        assert "停表：听证" in said
        assert [each in said for each in ("听证权利告知书", "听证通知书", "特别程序告知书")] == [True] * 3
        assert "3月5日" in said
    with on("2026-03-13 11:00"):
        people.do("deng", planned, "hearing/hold", **HELD)

        assert county.open_paths(planned) == ["decide"]
        assert statute(planned).due_on == date(2026, 4, 9)
        events = [e["type"] for e in county.events(county.row(planned).number)]
        assert (events.count("clock.stopped"), events.count("clock.resumed")) == (1, 1)
        asked = [c for c in clocks(planned).values() if c.rule == "L08"]
        assert [(c.started_on, c.ended_on, c.overrun_at) for c in asked] == [
            (date(2026, 3, 3), date(2026, 3, 13), None)
        ]
        people.do("zhao", planned, "decide", "refuse", **FORMS["decide:refuse"])
        assert county.open_paths(planned) == ["refusal/notice"]


def test_a_hearing_held_later_than_planned_lets_the_clock_run_again_from_the_planned_day(people, planned):
    with on("2026-03-04 09:00"):
        people.do("wang", planned, "hearing/notify", hearing_on="2026-03-13", **NOTICE)
    with on("2026-03-17 11:00"):
        people.do("deng", planned, "hearing/hold", **HELD)

        assert statute(planned).due_on == date(2026, 4, 9)


def test_who_plans_the_hearing_does_not_approve_that_the_clock_stands_still(people, told):
    """SOD-18."""
    people.do("li", told, "hearing/request", "asked")
    people.do("gong", told, "hearing/arrange", **STOP)

    assert "SOD-18" in people.refused("gong", told, "hearing/approve", "approve")


def test_a_plan_may_be_sent_back_and_the_new_one_counts(people, told):
    people.do("li", told, "hearing/request", "asked")
    people.do("deng", told, "hearing/arrange", **(STOP | {"stop_days": 20}))
    people.do("zhao", told, "hearing/approve", "change")
    people.do("deng", told, "hearing/arrange", **STOP)
    people.do("zhao", told, "hearing/approve", "approve")
    people.do("wang", told, "hearing/notify", hearing_on="2026-03-11", **NOTICE)

    assert statute(told).due_on == date(2026, 4, 9)  # 3 to 11 March


@pytest.mark.parametrize("day", ["2026-03-03", "2026-03-04"])
def test_a_notice_seven_working_days_before_the_hearing_is_in_time(people, planned, day):
    """Licensing Law art. 48(1)(1)."""
    with on(f"{day} 17:00"):
        people.do("wang", planned, "hearing/notify", hearing_on="2026-03-13", **NOTICE)

        assert county.open_paths(planned) == ["hearing/hold"]
        assert marks(planned)["hearing_day"] == "2026-03-13"


def test_a_notice_six_working_days_before_the_hearing_is_refused_with_the_latest_day(people, planned):
    with on("2026-03-05 09:00"):
        said = people.refused("wang", planned, "hearing/notify", hearing_on="2026-03-13", **NOTICE)

        assert "“举行听证前通知”最迟 2026-03-04 办，已经来不及。请另定较晚的日子（L09）。" in said
        assert county.open_paths(planned) == ["hearing/notify"]
        assert [e["rule"] for e in county.events(county.row(planned).number) if e["type"] == "refused"] == ["L09"]
        people.do("wang", planned, "hearing/notify", hearing_on="2026-03-16", **NOTICE)
        assert marks(planned)["hearing_day"] == "2026-03-16"


def test_the_chair_has_not_reviewed_the_case(people):
    """Licensing Law art. 48(1)(3)."""
    case = people.file("hearing_permit")
    people.do("li", case, "intake/accept", "accept")
    people.do("gui", case, "review", "hear", complete=True)
    people.do("wang", case, "hearing/tell", hearing_matter="拟不予许可：消防通道宽度不足。")
    people.do("li", case, "hearing/request", "asked")

    assert "SOD-06" in people.refused("gui", case, "hearing/arrange", **STOP)
