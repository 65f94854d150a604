"""Office actions on the step page: offered with their form, grey with the reason, refused beside what was typed."""

from __future__ import annotations

import re

import pytest

from tests import county
from tests.commands import small, together
from tests.webui.desk_town import act, block, opened


@pytest.fixture
def town(sqlite_url):
    yield from opened()


@pytest.fixture
def filed(town):
    return together.file(town)


@pytest.fixture
def draft(town, filed):
    """Wang holds the first step of the case."""
    return together.claim(town, "wang", filed.case, "draft")


def test_the_step_names_everybody_who_could_do_it_with_who_is_away(visit, town, filed, draft):
    together.away(town, "han")
    page = visit("wang").page(f"/desk/steps/{draft}")
    who = block(page, 'id="who"', "</ul>")

    assert [each in who for each in ("Wang", "Both", "Han")] == [True] * 3
    assert "外出至 3月2日 周一" in who
    assert "云岭县行政审批局" in who


def test_who_may_not_is_struck_out_with_the_reason_and_its_basis(visit, town):
    case = county.file(town).case
    county.do(town, "li", case, "intake/accept", "accept")
    county.do(town, "both", case, "review", "pass")
    for inspector in ("chen", "liu"):
        county.do(town, inspector, case, "site_inspection/inspect", "pass")
    step = county.claim(town, "he", case, "recheck")
    who = block(visit("he").page(f"/desk/steps/{step}"), 'id="who"', "</ul>")

    assert re.search(r'<li class="no">.*?<b>Both</b> 不能办“复核”：本件的“审查”是其办的（SOD-03）', who, re.S)
    assert who.index("Rui") < who.index("Both")  # those who may come first


def test_a_transfer_hands_the_step_over(visit, town, filed, draft):
    visitor = visit("wang")
    form = block(visitor.page(f"/desk/steps/{draft}"), 'id="way_transfer"', "</details>")
    assert f'value="{town.han.person}"' in form
    assert f'value="{town.wang.person}"' not in form

    answer = act(visitor, draft, "transfer", to=town.han.person, reason="出差一周")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/steps/{draft}")
    assert county.step(filed.case, "draft").claimed_by == town.han.person
    assert "已转办" in visitor.page(f"/desk/steps/{draft}")
    assert "把“拟办”转给Han" in visit("sun").page(f"/audit/trace/{filed.number}")


def test_what_a_form_lacks_is_said_under_it_and_the_rest_stays(visit, town, filed, draft):
    visitor = visit("wang")
    unnamed = act(visitor, draft, "transfer", to="", reason="出差一周")
    speechless = act(visitor, draft, "transfer", to=town.han.person, reason="  ")

    assert (unnamed.status_code, speechless.status_code) == (422, 422)
    form = block(unnamed.text, 'id="way_transfer"', "</details>")
    assert "open" in form[:40]
    assert "还没填。" in form
    assert ">出差一周</textarea>" in form
    assert f'value="{town.han.person}" selected' in block(speechless.text, 'id="way_transfer"', "</details>")
    assert county.step(filed.case, "draft").claimed_by == town.wang.person


def test_a_refusal_stands_beside_the_form_with_its_basis_and_in_the_trace(visit, town, filed, draft):
    together.away(town, "han")
    answer = act(visit("wang"), draft, "transfer", to=town.han.person, reason="出差一周")
    form = block(answer.text, 'id="way_transfer"', "</details>")

    assert answer.status_code == 403
    assert "不能交给Han：今天不在岗（SOD-32）" in form
    assert "这次尝试已留痕" in form
    assert ">出差一周</textarea>" in form
    together.refused(filed.number, "NotEligible", "SOD-32")


def test_a_step_that_somebody_else_finished_meanwhile_is_a_clash(visit, town, filed, draft):
    visitor = visit("wang")
    visitor.page(f"/desk/steps/{draft}")
    together.complete(town, "wang", filed.case, "draft", "submit")
    answer = act(visitor, draft, "transfer", to=town.han.person, reason="出差")

    assert answer.status_code == 409
    assert "这一步已经办完" in answer.text


def test_an_added_signer_is_waited_for_and_his_opinion_is_shown(visit, town, filed, draft):
    holder, signer = visit("wang"), visit("mu")
    answer = act(holder, draft, "ask", officer=town.mu.person, kind="before", reason="请看合法性")
    assert answer.status_code == 303
    page = holder.page(f"/desk/steps/{draft}")
    assert re.search(r'btn-off" aria-disabled="true" aria-describedby="why">.*?还要等Mu提出意见', page, re.S)
    assert "Wang请您提意见" in signer.page("/desk/")

    page = signer.page(f"/desk/steps/{draft}")
    ask = re.search(r'name="signer" value="(\d+)"', page).group(1)
    given = act(signer, draft, "advise", signer=ask, opinion="合法，无异议")

    assert given.status_code == 303
    page = holder.page(f"/desk/steps/{draft}")
    assert "合法，无异议" in page
    assert "加签意见" in page
    assert 'name="outcome" value="submit"' in page


def test_an_opinion_on_the_finding_comes_after_it(visit, town, filed, draft):
    act(visit("wang"), draft, "ask", officer=town.mu.person, kind="after", reason="请复看")
    signer = visit("mu")
    ask = re.search(r'name="signer" value="(\d+)"', signer.page(f"/desk/steps/{draft}")).group(1)
    early = act(signer, draft, "advise", signer=ask, opinion="先说一句")

    assert early.status_code == 403
    assert "现在还没有结论" in early.text
    assert ">先说一句</textarea>" in early.text


def test_a_delegate_comes_back_and_no_second_is_asked_meanwhile(visit, town, filed, draft):
    visitor = visit("wang")
    act(visitor, draft, "delegate", officer=town.mu.person, reason="先看一遍")
    page = visitor.page(f"/desk/steps/{draft}")

    assert "已委派Mu，等其意见" in page
    assert 'id="way_ask"' not in page
    assert "减签：Mu…" in page


def test_a_question_is_taken_back_by_who_asked(visit, town, filed, draft):
    visitor = visit("wang")
    ask = together.ask(town, "wang", "mu", filed.case, "draft")
    own = act(visit("mu"), draft, "remove", signer=ask, reason="不便表态")
    answer = act(visitor, draft, "remove", signer=ask, reason="不用了")

    assert own.status_code == 403
    assert "被加签的人不能给自己减签" in own.text
    assert "不便表态" in own.text
    assert answer.status_code == 303
    assert "减签：Mu" not in visitor.page(f"/desk/steps/{draft}")


def test_a_return_says_what_ends_and_marks_what_is_void(visit, town):
    case = small.file(town).case
    small.do(town, case, "prepare")
    step = county.claim(town, "wang", case, "left")
    visitor = visit("wang")
    form = block(visitor.page(f"/desk/steps/{step}"), 'id="way_return"', "</details>")
    assert 'value="prepare"' in form
    assert "同时在办的也停下，要重新办：right" in form

    answer = act(visitor, step, "return", to="prepare", reason="材料不齐")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/cases/{case}")
    page = visitor.page(f"/desk/cases/{case}")
    assert "已退回作废" in page
    assert "第 1 轮" in page
    assert "“材料不齐”" in page
    assert county.open_paths(case) == ["prepare"]
    assert "退回" in visitor.page("/desk/")  # the one who did it before is asked to take it


def test_a_step_without_a_declared_return_says_so(visit, town, filed, draft):
    page = visit("wang").page(f"/desk/steps/{draft}")
    answer = act(visit("wang"), draft, "return", to="nowhere", reason="试试")

    assert "流程图没有规定这一步可以退回" in page
    assert answer.status_code == 403
    assert "流程没有规定这样退回" in answer.text


def test_after_completing_the_line_leads_to_taking_it_back(visit, town, filed, draft):
    visitor = visit("wang")
    done = visitor.post(f"/desk/steps/{draft}/complete", {"outcome": "submit", "opinion": "拟同意"})
    told = visitor.page(done.headers["Location"])
    assert f'“拟办”已办出。 <a href="/desk/steps/{draft}?do=withdraw">撤回</a>' in told

    form = block(visitor.page(f"/desk/steps/{draft}?do=withdraw"), 'id="way_withdraw"', "</details>")
    assert " open>" in form[:40]
    answer = act(visitor, draft, "withdraw", reason="填错了")

    assert answer.status_code == 303
    page = visitor.page(f"/desk/steps/{draft}")
    assert "已撤回" in page
    assert "由我办理" in page
    assert county.step(filed.case, "draft").closed_at is None


def test_what_others_have_begun_to_use_is_not_taken_back(visit, town, filed, draft):
    together.complete(town, "wang", filed.case, "draft", "submit")
    together.claim(town, "chen", filed.case, "inspect")
    visitor = visit("wang")
    page = visitor.page(f"/desk/steps/{draft}")
    answer = act(visitor, draft, "withdraw", reason="填错了")

    assert re.search(r'aria-disabled="true" aria-describedby="no_withdraw">撤回<', page)
    assert "后面的步骤已经有人在办" in page
    assert answer.status_code == 403
    assert "后面的步骤已经有人在办" in answer.text


def test_urging_and_copying_tell_others(visit, town, filed, draft):
    han = visit("li")
    urged = act(han, draft, "urge", text="申请人等着开业")
    copied = visit("wang").post(f"/desk/cases/{filed.case}/ways/copy", {"to": town.mu.person, "text": "请知悉"})

    assert (urged.status_code, copied.status_code) == (303, 303)
    assert county.types(filed.number)[-2:] == ["step.urged", "case.copied"]
    assert visit("mu").get(f"/desk/cases/{filed.case}").status_code == 200
    again = visit("wang").post(f"/desk/cases/{filed.case}/ways/copy", {"to": town.mu.person, "text": "请知悉"})
    assert again.status_code == 403
    assert "已经抄送过Mu" in again.text


def test_a_step_of_who_is_away_is_taken_over(visit, town, filed, draft):
    visitor = visit("han")
    assert 'id="way_take-over"' not in visitor.page(f"/desk/steps/{draft}")
    together.away(town, "wang")
    assert 'id="way_take-over"' in visitor.page(f"/desk/steps/{draft}")

    assert act(visitor, draft, "take-over", reason="王请假").status_code == 303
    assert county.step(filed.case, "draft").claimed_by == town.han.person


def test_lending_is_offered_only_where_nobody_can(visit, town, filed, draft):
    together.release(town, "wang", filed.case, "draft")
    page = visit("han").page(f"/desk/steps/{draft}")
    assert 'id="way_lend"' not in page
    for name in ("wang", "both", "han"):
        together.away(town, name)
    page = visit("wang").page(f"/desk/steps/{draft}")
    answer = act(visit("wang"), draft, "lend", reason="都外出了")

    assert 'id="way_lend"' in page
    assert answer.status_code == 403
    assert "县级人员池里也没有人能办这一步" in answer.text


@pytest.mark.parametrize("code", ["nothing", "copy", "transfer_all"])
def test_a_way_that_there_is_not_is_not_found(visit, draft, code):
    assert act(visit("wang"), draft, code).status_code == 404


def test_the_actions_are_said_in_english(visit, town, filed, draft):
    visitor = visit("wang")
    visitor.get("/desk/?lang=en")
    page = visitor.get(f"/desk/steps/{draft}").text
    bar = page[page.index('<div class="act"') :]

    assert re.search(r"<summary[^>]*>Transfer… ", bar)
    assert re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<dialog.*|“[^”]*”|（[^）]*）|·[^<]*", "", bar, flags=re.S)) == []
