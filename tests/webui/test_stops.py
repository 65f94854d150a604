"""Asking for a stop or an extension through the pages: what is offered, who approves it where, what everybody sees."""

from __future__ import annotations

import pytest

from engine import clock, commands
from tests import county
from tests.county import at, deliver, do, file, row, step
from tests.samples import FORMS

SPECIAL = {name: str(value) for name, value in FORMS["special/ask:ask"].items()}
EXTENSION = {name: str(value) for name, value in FORMS["extension/ask:ask"].items()}
NOTICE = "云岭审特〔2026〕1号"


@pytest.fixture
def case(town):
    filed = file(town).case
    do(town, "li", filed, "intake/accept", "accept")
    return filed


@pytest.fixture
def stopped(town, case):
    deliver(town, "wang", case, "special")
    do(town, "wang", case, "special/ask", "ask")
    do(town, "zhao", case, "special/approve", "agree")
    do(town, "li", case, "special/serve", "done")
    return case


def button(page: str, case: int, message: str) -> bool:
    return f'action="/desk/cases/{case}/messages/{message}"' in page


def did(visitor, step_id: int, outcome: str, **form: str) -> int:
    """Claim and complete a step on its page; return the code of the answer."""
    assert visitor.post(f"/desk/steps/{step_id}/claim").status_code == 303
    answer = visitor.post(f"/desk/steps/{step_id}/complete", {"outcome": outcome, "opinion": "按办", **form})
    return answer.status_code


def test_who_may_ask_gets_a_button_and_others_the_reason(visit, case):
    may, other = visit("wang").page(f"/desk/cases/{case}"), visit("li").page(f"/desk/cases/{case}")

    assert button(may, case, "special")
    assert button(may, case, "extension")
    assert "审查岗 · 云岭县行政审批局" in may
    assert not button(other, case, "special")
    assert 'aria-describedby="why_special"' in other
    assert "这一步归云岭县行政审批局的“审查岗”办理，您没有这个岗位" in other


def test_what_is_not_possible_now_says_why(visit, town):
    filed = file(town).case
    page = visit("both").page(f"/desk/cases/{_seen(town, filed)}")

    assert not button(page, filed, "special")
    assert "不能让本件的时限停下来；法定的停表事由只有：—" in page
    assert "“行政许可决定”在本件不能延长：这项期限没有在走（L03）" in page


def _seen(town, filed: int) -> int:
    """Let `both` have had a hand in the case, without its being accepted."""
    from sqlalchemy import insert

    from engine.db import tables as t
    from engine.db.store import begin

    with begin(town.ma) as ctx:
        ctx.conn.execute(
            insert(t.act).values(
                case_=filed, path="note", person=town.both.person, kind="take_back", at=ctx.now, step=None
            )
        )
    return filed


def test_the_button_opens_the_request_and_is_gone_while_it_runs(visit, case):
    visitor = visit("wang")
    answer = visitor.post(f"/desk/cases/{case}/messages/special")

    asked = step(case, "special/ask").id
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/steps/{asked}")
    page = visitor.page(f"/desk/steps/{asked}")
    assert "已提出“申请特别程序”，请认领填写。" in page
    assert not button(page, case, "special")
    assert button(page, case, "extension")
    again = visitor.post(f"/desk/cases/{case}/messages/special")
    assert (again.status_code, "没有在等“申请特别程序”" in again.text) == (409, True)


def test_an_extension_goes_through_the_pages_of_three_people(visit, case):
    wang, qin, li = visit("wang"), visit("qin"), visit("li")
    wang.post(f"/desk/cases/{case}/messages/extension")
    assert did(wang, step(case, "extension/ask").id, "ask", **EXTENSION) == 303

    assert "椒香里火锅店" in qin.page("/desk/pool")
    assert did(qin, step(case, "extension/approve").id, "agree") == 303
    served = step(case, "extension/serve").id
    commands.render_waiting(case)
    assert did(li, served, "done", way="direct", recipient="罗雨平") == 303

    page = wang.page(f"/desk/cases/{case}")
    assert "到期 4月14日 周二" in page  # ten working days after 30 March
    assert "法定的延长次数已经用完（L03）" in page
    assert wang.post(f"/desk/cases/{case}/messages/extension").status_code == 403


def test_a_stop_is_seen_with_its_notice_and_the_day_on_which_it_ends(visit, stopped):
    number = row(stopped).number
    for login, path in (("wang", f"/desk/cases/{stopped}"), ("qian", f"/cases/{number}")):
        page = visit(login).page(path)
        assert "停表：检验" in page
        assert f"（告知书 {NOTICE}）" in page
        assert "3月3日 周二至3月16日 周一不计入期限，3月17日 周二自动恢复" in page


def test_the_ledger_names_the_notice_on_each_day_that_stands_still(visit, stopped):
    number = row(stopped).number
    page = visit("qian").page(f"/cases/{number}/clocks")

    assert page.count(f"停表（{NOTICE}）：检验（《行政许可法》第45条）") == 14  # 3 to 16 March


def test_after_its_end_a_stop_is_history(visit, stopped):
    with clock.at(at("2026-03-18 09:00")):
        commands.catch_up()
        page = visit("wang").page(f"/desk/cases/{stopped}")

    assert "自动恢复" not in page
    assert "停表：检验" in page  # in the course of the case


def test_the_steps_that_are_asked_for_do_not_hide_what_follows(visit, stopped):
    page = visit("wang").page(f"/desk/cases/{stopped}")

    assert "复核" in page.split("办理进程")[-1]
    assert "批准延长期限" not in page


@pytest.mark.parametrize("login", ["qin", "qian"])
def test_who_approves_without_handling_cases_finds_lists_and_steps_but_no_intake(visit, login):
    visitor = visit(login)
    page = visitor.page("/desk/")

    assert 'href="/desk/pool"' in page
    assert 'href="/desk/intake"' not in page
    assert 'action="/desk/search"' not in page
    assert visitor.get("/desk/done").status_code == 200
    for path in ("/desk/intake", "/desk/search"):
        assert visitor.get(path).status_code == 403
    assert 'href="/desk/pool"' in visitor.page("/monitor")


def test_a_window_officer_has_each_link_once(visit):
    page = visit("li").page("/desk/")

    assert page.count('href="/desk/pool"') == visit("qin").page("/desk/").count('href="/desk/pool"')


def test_a_kind_that_the_law_does_not_list_stays_on_the_page_with_what_was_typed(visit, case, monkeypatch):
    wang = visit("wang")
    wang.post(f"/desk/cases/{case}/messages/special")
    asked = step(case, "special/ask").id
    monkeypatch.setattr("engine.rules.stopping.possible", lambda *_: ("hearing",))
    wang.post(f"/desk/steps/{asked}/claim")

    answer = wang.post(f"/desk/steps/{asked}/complete", {"outcome": "ask", "opinion": "申请", **SPECIAL})

    assert answer.status_code == 403
    assert "“检验”不能让本件的时限停下来；法定的停表事由只有：听证" in answer.text
    assert SPECIAL["stop_evidence"] in answer.text


def test_a_monitor_withdraws_nothing(visit, case):
    assert visit("qin").post(f"/desk/cases/{case}/withdraw", {"reason": "x"}).status_code == 403
    assert county.row(case).state == "open"


def test_the_trace_says_in_words_what_was_asked_for_and_what_stood_still(visit, stopped):
    number = row(stopped).number
    page = visit("qian").page(f"/cases/{number}")

    assert "提出：申请特别程序" in page
    assert f"停表（检验）：3月3日 周二 至 3月16日 周一 不计，凭 {NOTICE}" in page
    assert "因停表由" in page
