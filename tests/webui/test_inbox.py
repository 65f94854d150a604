"""The inbox: what waits comes first, then new memos, then earlier ones; links lead there, and reading is noted."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands.warning import Counted, warn
from engine.db import store
from engine.db import tables as t
from engine.db.memos import Memo, MemoKind, tell
from engine.db.read import inbox
from engine.db.store import begin
from engine.model import SYSTEM_ACTOR
from tests import county
from tests.commands import office
from tests.commands.office import memos


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.claim(town, "li", made.case, "intake/accept")
    return made


def urge(town, filed, text: str = "请抓紧办理") -> int:
    with begin(town.qian) as ctx:
        return commands.urge(ctx, county.step(filed.case, "intake/accept").id, text=text)


def copy(town, filed, *to: str) -> None:
    with begin(town.li) as ctx:
        commands.copy(ctx, filed.case, to=[town.people[name].person for name in to], text="请知悉")


def propose(town, filed) -> int:
    with begin(town.li) as ctx:
        return commands.propose_correction(
            ctx, filed.case, mark="received", on=date(2026, 2, 27), reason="停电", evidence="登记簿"
        )


def test_an_empty_inbox_says_what_will_come(visit):
    assert "没有消息" in visit("li").page("/inbox")


def test_a_memo_says_who_what_which_step_and_when(town, filed, visit):
    urge(town, filed)

    page = visit("li").page("/inbox")

    for said in ("新消息", "催办", "Qian", "请抓紧办理", filed.number, "椒香里火锅店", "受理审查", "全部已读"):
        assert said in page


def test_the_header_counts_what_is_new_on_every_page(town, filed, visit):
    urge(town, filed)
    copy(town, filed, "sun")

    for who, count in (("li", 1), ("sun", 1), ("wang", 0)):
        page = visit(who).page("/account")
        assert ('消息<b class="waits">1</b>' in page) is bool(count)


def test_opened_a_memo_is_read_and_leads_to_its_step(town, filed, visit):
    step = urge(town, filed)
    li = visit("li")

    answer = li.get(f"/inbox/{memos()[0].id}")

    assert (answer.status_code, answer.location) == (303, f"/desk/steps/{step}")
    assert memos()[0].read_at is not None
    assert "以前的消息" in li.page("/inbox")


def test_who_sees_cases_only_as_auditor_is_led_to_the_audited_page(town, filed, visit):
    copy(town, filed, "sun")
    sun = visit("sun")

    answer = sun.get(f"/inbox/{memos()[0].id}")

    assert answer.location == f"/cases/{filed.number}"
    assert filed.number in sun.page(answer.location)


def test_a_copy_opens_the_case_for_an_officer_of_another_office(town, filed, visit):
    copy(town, filed, "hua")
    hua = visit("hua")
    other = visit("he")

    answer = hua.get(f"/inbox/{memos()[0].id}")

    assert filed.number in hua.page(answer.location)
    assert other.get(answer.location).status_code == 404


def test_nobody_reads_anothers_memo(town, filed, visit):
    urge(town, filed)

    assert visit("wang").get(f"/inbox/{memos()[0].id}").status_code == 404
    assert memos()[0].read_at is None


def test_all_shown_are_read_at_once_and_what_came_since_stays_new(town, filed, visit):
    urge(town, filed)
    li = visit("li")
    upto = memos()[0].id
    urge(town, filed, "再催一次")

    assert li.post("/inbox/read", {"upto": upto}).status_code == 303

    assert [m.read_at is None for m in memos()] == [False, True]
    assert "再催一次" in li.page("/inbox")


def test_a_proposal_waits_for_the_head_of_the_unit_until_it_is_decided(town, filed, visit):
    key = propose(town, filed)
    qin = visit("qin")

    page = qin.page("/inbox")
    assert "等您批准" in page
    assert f"/office/proposals/{key}" in page
    assert '消息<b class="waits">1</b>' in page
    assert "等您批准" not in visit("li").page("/inbox")  # the maker does not decide it

    with begin(town.qin) as ctx:
        commands.approve(ctx, key)
    assert "等您批准" not in qin.page("/inbox")


def test_the_head_of_another_unit_is_not_asked(town, filed):
    propose(town, filed)

    def asked(*heads: int) -> int:
        with store.reading() as conn:
            return inbox.new(conn, inbox.Asker(person=town.qin.person, kinds=("correction",), heads=heads))

    assert [asked(1), asked(2), asked(4), asked()] == [1, 1, 0, 0]  # county, centre, Shimen


def test_an_opinion_asked_for_waits_until_it_is_given_or_the_step_is_done(town, filed):
    step = county.step(filed.case, "intake/accept").id
    now = county.at("2026-03-02 09:00")
    asked = {"case_": filed.case, "step": step, "person": town.wang.person, "kind": "before", "position": 1}
    office.change(sa.insert(t.signer).values(**asked, asked_by=town.li.person, asked_at=now))

    def waiting() -> list[tuple[str, str, str]]:
        asker = inbox.Asker(person=town.wang.person)
        with store.reading() as conn:
            found = inbox.waiting(conn, asker)
            assert inbox.new(conn, asker) == len(found)
        return [(each.what, each.kind, each.about.number if each.about else "") for each in found]

    assert waiting() == [("signer", "before", filed.number)]
    office.change(sa.update(t.signer).values(signed_at=now))
    assert waiting() == []


def test_a_recusal_waits_for_the_head_who_decides_it(town, filed, visit):
    with begin(town.li) as ctx:
        recusal = commands.raise_recusal(
            ctx, filed.case, officer=town.li.person, kind="interest", reason="申请人是我的房东"
        )

    page = visit("qin").page("/inbox")

    assert "等您决定是否回避" in page
    assert f"/recusals/{recusal}" in page
    assert "等您决定" not in visit("qian").page("/inbox")


def test_cards_that_wait_for_the_officer_come_first(town, filed, visit):
    county.deploy(town, county.settings().processes / "efficacy_card")
    with clock.at(county.at("2026-03-04 08:00")):  # the step was due on the 3rd
        commands.catch_up()
        pages = {who: visit(who).page("/inbox") for who in ("li", "wang")}

    assert "1 张黄牌红牌" in pages["li"]
    assert "张黄牌红牌" not in pages["wang"]


def test_the_inbox_has_pages(town, filed, visit):
    for number in range(inbox.PAGE + 1):
        urge(town, filed, f"第 {number} 次")
    li = visit("li")

    assert "第 1 页，共 2 页" in li.page("/inbox")
    assert "第 0 次" in li.page("/inbox?page=2")


def test_the_header_costs_one_statement(town, filed):
    seen: list[str] = []
    with store.reading() as conn:
        sa.event.listen(conn, "before_cursor_execute", lambda *a: seen.append(a[2]))
        inbox.new(conn, inbox.Asker(person=town.li.person, kinds=("correction",), heads=(1,)))

    assert len(seen) == 1


def test_erased_text_leaves_the_line(town, filed, visit):
    urge(town, filed)
    office.change(sa.update(t.memo).values(text=None))

    assert "催办" in visit("li").page("/inbox")


def test_what_was_counted_leads_the_monitor_to_the_figures(town, visit):
    with begin(SYSTEM_ACTOR) as ctx:
        warn(ctx, [Counted(key=("SOD-28", "pair:x:1:2:2026-01-01"), text="共 12/20 件")])
    qian = visit("qian")

    assert "共 12/20 件" in qian.page("/inbox")
    assert qian.get(f"/inbox/{memos()[0].id}").location == "/monitor/rotation"


def test_who_proposed_what_was_declined_is_told_why_and_led_to_it(town, filed, visit):
    key = propose(town, filed)
    with begin(town.qin) as ctx:
        commands.decline(ctx, key, reason=" 登记簿上没有这一天 ")
    li = visit("li")

    assert f"第 {key} 号提议没有通过：登记簿上没有这一天" in li.page("/inbox")
    assert [(m.person, m.kind) for m in memos()] == [(town.li.person, "proposal")]
    assert li.get(f"/inbox/{memos()[0].id}").location == "/office/proposals"
    assert "更正" in li.page("/office/proposals")


def test_who_takes_the_own_proposal_back_is_told_nothing(town, filed):
    key = propose(town, filed)
    with begin(town.li) as ctx:
        commands.decline(ctx, key, reason="写错了")

    assert memos() == []


def test_what_the_system_says_of_a_shortage_is_read_in_the_readers_language(town, visit):
    with begin(SYSTEM_ACTOR) as ctx:
        told = Memo(person=town.qian.person, kind=MemoKind.SHORTAGE, text="自明天起不能办。 / It cannot be done.")
        tell(ctx, [told])
    visitor = visit("qian")

    zh, en = visitor.page("/inbox"), visitor.page("/inbox?lang=en")

    assert "自明天起不能办。" in zh
    assert "It cannot be done." not in zh
    assert "It cannot be done." in en
    assert "自明天起不能办。" not in en
