"""The shared flows publication, special and extension through the pages; hearing and renewal have their own files."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from engine import commands
from tests import county
from tests.items.people import on, words
from tests.items.seen import clocks, marks, statute
from tests.items.town import HERE
from tests.samples import FORMS

POSTED = {"place": "县公共资源交易网", "content": "第一中标候选人：云岭建设", "proof": "网页存档 2026-0302"}


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
        commands.render_waiting(licence)
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
