"""The shared flows through the pages, each driven to its ends: hearing, renewal (test_effects), publication."""

from __future__ import annotations

import pytest

from tests import county
from tests.items.people import on

STOP = {"stop_kind": "hearing", "stop_days": 7, "stop_evidence": "听证申请书，2026 年 3 月 3 日"}
NOTICE = {"hearing_time": "09:00", "hearing_place": "县政务服务中心二楼", "hearing_chair": "邓主持"}
HELD = {"attended": "罗雨平", "minutes": "申请人陈述意见，审查人员说明理由。", "minutes_signed": True}
POSTED = {"place": "县公共资源交易网", "content": "第一中标候选人：云岭建设", "proof": "网页存档 2026-0302"}


def marks(case: int) -> dict[str, str]:
    events = county.events(county.row(case).number)
    return {e["facts"]["mark"]: e["facts"]["on"] for e in events if e["type"] == "mark.reached"}


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


# the hearing is on Friday 2026-03-13: seven working days before it is Wednesday 2026-03-04


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

        assert "3月4日" in said or "2026-03-04" in said
        assert county.open_paths(planned) == ["hearing/notify"]
        people.do("wang", planned, "hearing/notify", hearing_on="2026-03-16", **NOTICE)
        assert county.open_paths(planned) == ["hearing/hold"]


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
