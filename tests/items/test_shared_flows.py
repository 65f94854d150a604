"""The shared flows through the pages, each driven to its ends: hearing, renewal (test_effects), publication."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from engine.db import find
from engine.db.store import reading
from engine.model import Clock
from tests import county
from tests.items.people import on, words
from tests.items.town import HERE
from tests.samples import FORMS

STOP = {"stop_kind": "hearing", "stop_days": 7, "stop_evidence": "听证申请书，2026 年 3 月 3 日"}
NOTICE = {"hearing_time": "09:00", "hearing_place": "县政务服务中心二楼", "hearing_chair": "邓主持"}
HELD = {"attended": "罗雨平", "minutes": "申请人陈述意见，审查人员说明理由。", "minutes_signed": True}
POSTED = {"place": "县公共资源交易网", "content": "第一中标候选人：云岭建设", "proof": "网页存档 2026-0302"}


def marks(case: int) -> dict[str, str]:
    events = county.events(county.row(case).number)
    return {e["facts"]["mark"]: e["facts"]["on"] for e in events if e["type"] == "mark.reached"}


def clocks(case: int) -> dict[str, Clock]:
    with reading() as conn:
        return find.time_of(conn, case).clocks


def statute(case: int) -> Clock:
    return clocks(case)["statute:L03"]


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


# public notice: posted on Monday 2026-03-02; three natural days end on Thursday 2026-03-05


@pytest.fixture
def posted(people):
    case = people.file("candidate_notice")
    people.do("pu", case, "publication/post", **POSTED)
    return case


def test_a_notice_without_proof_of_posting_is_not_taken(people):
    case = people.file("candidate_notice")
    said = people.refused("pu", case, "publication/post", **(POSTED | {"proof": ""}))

    assert "公示凭证" in said
    assert "notice_posted" not in marks(case)


def test_a_notice_stays_public_for_its_whole_period(people, posted):
    """Regulation on the Implementation of the Tendering and Bidding Law art. 54."""
    with on("2026-03-05 23:59"):
        assert county.open_paths(posted) == []
    with on("2026-03-06 00:00"):
        assert county.open_paths(posted) == ["publication/close"]
    with on("2026-03-06 09:00"):
        people.do("pu", posted, "publication/close", proof="网页存档 2026-0306")
        assert county.row(posted).result == "confirmed"
        assert marks(posted)["notice_ended"] == "2026-03-06"


def test_the_item_says_how_long_its_notice_lasts(town, people, tmp_path):
    """45 natural days from Monday 2 March end on Thursday 16 April (a false registration, its party missing: S04c)."""
    folder = shutil.copytree(HERE / "candidate_notice", tmp_path / "candidate_notice")
    flow = folder / "flow.bpmn"
    flow.write_text(flow.read_text().replace('rule="T05b"', 'rule="S04c"'))
    county.deploy(town, folder)
    case = people.file("candidate_notice")
    people.do("pu", case, "publication/post", **POSTED)
    with on("2026-04-16 23:59"):
        assert county.open_paths(case) == []
        assert "不少于 45 日" in people.case("pu", case)
    with on("2026-04-17 00:00"):
        assert county.open_paths(case) == ["publication/close"]


def objected(people, case: int) -> None:
    assert "须另一人批准" not in people.case("li", case)
    assert people.bring("li", case, "objection").status_code == 303
    assert county.open_paths(case) == ["publication/examine"]


OBJECTION = {"objector": "罗雨平", "objection": "第一中标候选人业绩不实。", "finding": "经核查合同原件，业绩属实。"}


def test_an_objection_in_the_period_must_be_answered_before_the_notice_can_end(people, posted):
    """Regulation on the Implementation of the Tendering and Bidding Law art. 54: within three days."""
    with on("2026-03-05 10:00"):
        objected(people, posted)
    with on("2026-03-06 09:00"):
        assert county.open_paths(posted) == ["publication/examine"]  # the period is over, the objection is not answered
        people.do("wang", posted, "publication/examine", "dismiss", **OBJECTION)
        answered = clocks(posted)["statute:T04b"]
        assert (answered.started_on, answered.ended_on) == (date(2026, 3, 5), date(2026, 3, 6))
    with on("2026-03-06 09:01"):
        people.do("pu", posted, "publication/close", proof="网页存档 2026-0306")
        assert county.row(posted).result == "confirmed"


def test_an_objection_dismissed_early_lets_the_period_run_to_its_end(people, posted):
    objected(people, posted)
    people.do("wang", posted, "publication/examine", "dismiss", **OBJECTION)
    with on("2026-03-05 23:59"):
        assert county.open_paths(posted) == []
    with on("2026-03-06 00:00"):
        assert county.open_paths(posted) == ["publication/close"]


def test_an_objection_that_is_upheld_ends_the_notice(people, posted):
    objected(people, posted)
    people.do("wang", posted, "publication/examine", "uphold", **OBJECTION)

    assert county.row(posted).result == "overturned"
    assert "notice_ended" not in marks(posted)


# special procedure and extension, in the food licence: accepted on Monday 2026-03-02


@pytest.fixture
def licence(people):
    case = people.file(county.ITEM, **FORMS["case"])
    people.do("li", case, "intake/accept", "accept")
    return case


def test_a_special_procedure_stands_still_from_the_notice_to_the_result(people, licence):
    """Licensing Law art. 45: asked for, approved by another, told, and ended on the day of the result."""
    assert "须另一人批准" in people.case("wang", licence)
    people.bring("wang", licence, "special")
    people.do("wang", licence, "special/ask", "ask", **FORMS["special/ask:ask"])
    people.do("zhao", licence, "special/approve", "agree")
    people.do("li", licence, "special/serve", **FORMS["special/serve"])
    planned = statute(licence).due_on
    with on("2026-03-05 15:00"):
        people.do("wang", licence, "special/receive", **FORMS["special/receive"])

        assert planned == date(2026, 4, 14)  # ten working days, 3 to 16 March, are not counted
        assert statute(licence).due_on == date(2026, 4, 2)  # three were not: 3, 4 and 5 March
        assert "检验" in people.case("wang", licence)
        assert "4月2日" in words(people.applicant(licence).page("/progress"))


def test_a_special_procedure_without_result_ends_by_itself_on_the_planned_day(people, licence):
    people.bring("wang", licence, "special")
    people.do("wang", licence, "special/ask", "ask", **FORMS["special/ask:ask"])
    people.do("zhao", licence, "special/approve", "agree")
    people.do("li", licence, "special/serve", **FORMS["special/serve"])
    with on("2026-03-16 23:59"):
        assert "special/receive" in county.open_paths(licence)
    with on("2026-03-17 00:00"):
        assert "special/receive" not in county.open_paths(licence)
        assert statute(licence).due_on == date(2026, 4, 14)


def test_an_extension_is_approved_by_the_chief_once_and_told(people, licence):
    """Licensing Law art. 42(1)."""
    with on("2026-03-20 10:00"):
        people.bring("wang", licence, "extension")
        people.do("wang", licence, "extension/ask", "ask", **FORMS["extension/ask:ask"])
        people.do("xia", licence, "extension/approve", "agree")
        people.do("li", licence, "extension/serve", **FORMS["extension/serve"])

        assert statute(licence).due_on == date(2026, 4, 14)  # ten working days after Monday 30 March
        again = people.visit("wang").post(f"/desk/cases/{licence}/messages/extension")
        assert again.status_code in (403, 409)
        assert "extension/ask" not in county.open_paths(licence)


def test_who_asks_for_a_special_procedure_does_not_approve_it(people, licence):
    """SOD-18."""
    people.bring("both", licence, "special")
    people.do("both", licence, "special/ask", "ask", **FORMS["special/ask:ask"])

    assert "SOD-18" in people.refused("both", licence, "special/approve", "agree")
