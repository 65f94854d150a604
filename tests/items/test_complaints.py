"""A complaint through commands and pages: it goes to anybody but the person complained of, who is shown nothing of it.

SOD-21; Regulations on Petition Work art. 46(5).
"""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.memos import Memo, MemoKind, tell
from engine.db.store import begin
from engine.errors import ComplainedOf, MayNotSee, NotCorrectable, NotDecider
from engine.model import SYSTEM_ACTOR
from tests import county
from tests.commands import office
from tests.items.people import words
from tests.webui.visitor import Visitor

ITEM, TITLE = "service_complaint", "窗口让我跑了五趟"


def complain(people, about: str) -> int:
    return people.file(ITEM, title=TITLE, officer=about, said="每次要的材料都不一样。")


def status(visitor: Visitor, page: str) -> int:
    with visitor.get(page) as answer:
        return int(answer.status_code)


def paper(case: int) -> int:
    """Return the receipt of a case, once it lies on paper."""
    commands.catch_up(papers=True)
    with office.reading() as conn:
        return int(conn.scalar(sa.select(t.document.c.id).where(t.document.c.case_ == case)) or 0)


@pytest.fixture
def case(people):
    """A complaint about the reviewer Wang that waits for a reviewer."""
    filed = complain(people, "Wang")
    people.do("li", filed, "accept")
    return filed


def test_the_complaint_waits_for_every_reviewer_but_the_one_complained_of(people, case):
    assert TITLE in people.visit("both").page("/desk/pool")
    assert TITLE not in people.visit("wang").page("/desk/pool")


def test_who_is_complained_of_is_refused_and_somebody_else_does_it(people, town, case):
    step = county.step(case, "investigate").id
    with pytest.raises(ComplainedOf) as refusal, begin(town.wang) as ctx:
        commands.claim(ctx, step)
    assert refusal.value.basis == "SOD-21"
    with office.reading() as conn:
        found = {
            each.person: each.refusal for each in commands.officers(conn, step, county.at("2026-03-02 10:00").date())
        }
    assert type(found[town.wang.person]) is ComplainedOf
    assert found[town.both.person] is None

    people.do("both", case, "investigate")
    people.do("zhao", case, "decide", "upheld")
    assert county.row(case).result == "closed"


def test_no_page_shows_it_to_the_person_complained_of(people, case):
    number, step, wang = county.row(case).number, county.step(case, "investigate").id, people.visit("wang")
    receipt = paper(case)
    pages = (f"/desk/cases/{case}", f"/desk/steps/{step}", f"/desk/cases/{case}/receipt", f"/cases/{number}",
             f"/cases/{number}/clocks", f"/cases/{number}/diagram.bpmn", f"/documents/{receipt}")  # fmt: skip

    assert [status(wang, page) for page in pages] == [404] * len(pages)
    assert [status(people.visit("li"), page) for page in pages] == [200] * len(pages)
    for page in ("/desk", "/desk/pool", "/desk/done", f"/desk/search?q={number}", "/inbox"):
        assert TITLE not in words(wang.page(page)), page
    assert status(people.visit("both"), f"/desk/steps/{step}") == 200


def test_a_memo_or_a_copy_does_not_show_it_either(people, town, case):
    with begin(SYSTEM_ACTOR) as ctx:
        tell(
            ctx,
            [Memo(person=town.wang.person, kind=kind, case=case, text="看") for kind in (MemoKind.COPY, MemoKind.URGE)],
        )
    wang = people.visit("wang")

    assert TITLE not in wang.page("/inbox")
    assert not re.search(r'消息<b class="waits">', wang.page("/account"))
    assert status(wang, f"/desk/cases/{case}") == 404
    with pytest.raises(MayNotSee) as refusal, begin(town.li) as ctx:
        commands.copy(ctx, case, to=[town.wang.person], text="请知悉")
    assert refusal.value.basis == "SOD-21"


def test_a_monitor_complained_of_finds_it_neither_on_the_board_nor_by_its_number(people):
    case = complain(people, "Qian")
    number, receipt = county.row(case).number, paper(case)
    qian = people.visit("qian")

    assert TITLE not in qian.page("/monitor")
    assert TITLE not in qian.page(f"/monitor?q={number}")
    assert status(qian, f"/cases/{number}") == 404
    assert status(qian, f"/documents/{receipt}") == 404
    other = complain(people, "Wang")
    assert status(qian, f"/documents/{paper(other)}") == 200
    assert county.row(other).number in qian.page("/monitor")
    assert status(qian, f"/cases/{county.row(other).number}") == 200


def test_a_head_complained_of_does_not_read_it_as_head(people):
    about_him, about_another = complain(people, "Qin"), complain(people, "Wang")
    for case in (about_him, about_another):
        people.do("li", case, "accept")

    assert status(people.visit("qin"), f"/desk/cases/{about_another}") == 200
    assert status(people.visit("qin"), f"/desk/cases/{about_him}") == 404


def test_a_head_complained_of_decides_nothing_in_it(people, town):
    case = complain(people, "Qin")
    change = {"path": "case", "fields": {"contact_name": "罗雨萍"}, "reason": "写错了", "evidence": "登记簿"}
    with begin(town.li) as ctx:
        proposal = commands.propose_correction(ctx, case, **change)
    with begin(town.li) as ctx:
        recusal = commands.raise_recusal(ctx, case, officer=town.li.person, kind="interest", reason="他是我的房东")
    qin = people.visit("qin")

    assert TITLE not in qin.page("/inbox")
    assert status(qin, f"/office/proposals/{proposal}") == 404
    with pytest.raises(ComplainedOf), begin(town.qin) as ctx:
        commands.approve(ctx, proposal)
    with pytest.raises(NotDecider), begin(town.qin) as ctx:
        commands.decide_recusal(ctx, recusal, upheld=False, reason="不必")
    assert status(people.visit("xia"), f"/office/proposals/{proposal}") == 200  # another head


def test_nobody_receives_a_complaint_about_himself(people, town):
    said = people.visit("li").post("/desk/intake", {"item": ITEM}).headers["Location"]
    answer = people._file(people.visit("li"), ITEM, {"title": TITLE, "officer": "Li", "said": "态度生硬"})

    assert said
    assert answer.status_code == 403
    with office.reading() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(t.case_)) == 0


def test_it_is_known_who_is_meant_or_it_is_not_filed(people, town):
    unknown = people.refused_filing(ITEM, title=TITLE, officer="无名氏", said="态度生硬")
    assert "没有叫这个姓名的工作人员" in unknown
    office.change(sa.update(t.person).where(t.person.c.id == town.both.person).values(name="Wang"))

    assert "不止一名工作人员叫这个姓名" in people.refused_filing(ITEM, title=TITLE, officer="Wang", said="态度生硬")
    with office.reading() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(t.case_)) == 0


def test_whom_it_is_about_is_not_corrected_away(people, town, case):
    with begin(town.li) as ctx:
        change = {"path": "case", "fields": {"officer": "He"}, "reason": "写错了", "evidence": "登记簿"}
        with pytest.raises(NotCorrectable):
            commands.propose_correction(ctx, case, **change)
