"""What a form asks about line by line: an answer that was corrected counts once, and when it first came."""

from __future__ import annotations

from engine import clock
from engine.clock import local_date
from engine.commands import cases
from engine.db.read import casefile, people
from engine.db.read.people import Officer
from engine.db.store import reading
from tests import county
from tests.commands.mended import approve, propose
from webui.window.casepage import to_answer

SUPPLEMENT, AGAIN = "intake/supplement", "intake/accept_again"


def hints(town, case_id: int) -> dict[str, list[str]]:
    """Return the lines that Li's form asks about."""
    with reading() as conn:
        posts = people.assignments(conn, [town.li.person], local_date(clock.now()))[town.li.person]
        li = Officer(
            person=town.li.person, account=0, login="", name="", name_en=None, language="zh", phrase="",
            opened_at=clock.now(), assignments=posts, organs_en={},
        )  # fmt: skip
        case = casefile.of_case(conn, li, case_id)
        item = cases.definition(conn, case.definition, case.sha256).program.item
    return {name: list(lines) for name, lines in to_answer(case, item).items()}


def correct(town, case_id: int, line: str) -> None:
    approve(town.qin, propose(town.li, case_id, path=SUPPLEMENT, fields={"supplied": [line]}))


def test_a_corrected_answer_is_no_second_thing_that_came(town):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "supplement")
    county.do(town, "li", filed.case, SUPPLEMENT, "supplied", {"supplied": ["平面布置图：画了"]})
    assert hints(town, filed.case)["supplied"] == ["平面布置图"]

    correct(town, filed.case, "平面布局图：画了")

    assert hints(town, filed.case)["supplied"] == ["平面布局图"]


def test_an_answer_corrected_after_the_second_notice_came_before_it(town):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "supplement")
    county.do(town, "li", filed.case, SUPPLEMENT, "supplied", {"supplied": ["平面布局图：画了"]})
    with clock.at(county.at("2026-03-02 15:00")):
        notice = {"defects": ["平面布局图：没有比例尺"], "cure": "标明比例尺。"}
        county.do(town, "li", filed.case, AGAIN, "supplement_again", notice)
    with clock.at(county.at("2026-03-02 16:00")):
        correct(town, filed.case, "平面布局图：手工画了")

        assert hints(town, filed.case) == {"asked": ["平面布局图：没有比例尺"], "supplied": []}
