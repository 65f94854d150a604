"""The step page: who sees what, drafts, completing, refusals, clashes."""

from __future__ import annotations

import json
import re

import pytest

from engine import commands
from engine.db.store import begin
from tests import county
from tests.county import claim, do, file
from tests.samples import FORMS

REVIEW = {name: str(value).lower() for name, value in FORMS["review"].items()}


@pytest.fixture
def case(town):
    """A case that has been accepted: review and inspection are open."""
    filed = file(town).case
    do(town, "li", filed, "intake/accept", "accept")
    return filed


@pytest.fixture
def review(town, case):
    """Wang has claimed the review."""
    return claim(town, "wang", case, "review")


def test_the_page_shows_case_clocks_facts_and_timeline(visit, review):
    page = visit("wang").page(f"/desk/steps/{review}")

    assert "椒香里火锅店" in page
    assert "审查 · 由我办理" in page
    assert "承诺期限" in page
    assert "法定期限" in page
    assert 'value="pass" data-key="submit"' in page
    assert "罗雨平" in page  # the handler sees personal data
    assert "0877-5550000" in page
    assert "审查（现在）" in page


def test_personal_data_is_masked_for_everybody_else(visit, case, review):
    page = visit("li").page(f"/desk/cases/{case}")

    assert "罗雨平" not in page
    assert "罗*平" in page
    assert "个人资料只有经办人看得全" in page


def test_who_has_nothing_to_do_with_the_case_does_not_find_it(visit, case, review):
    for path in (f"/desk/steps/{review}", f"/desk/cases/{case}", f"/desk/cases/{case}/receipt"):
        assert visit("zhao").get(path).status_code == 404


def test_following_steps_name_who_may_and_who_may_not(visit, town, case):
    step = claim(town, "both", case, "review")
    page = visit("both").page(f"/desk/steps/{step}")
    decide = page[page.index("<b>决定</b>") :]

    assert "Zhao" in decide
    assert re.search(r'class="no".*?<b>Both</b> .*?SOD-03', decide, re.S)  # who reviews now may not decide


def test_the_diagram_is_the_flow_of_the_step_with_its_marks(visit, town):
    filed = file(town).case
    page = visit("li").page(f"/desk/steps/{county.step(filed, 'intake/accept').id}")
    address = re.search(r'data-bpmn="([^"]+)"', page)
    marks = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page).group(1))

    assert address.group(1).endswith("/intake.bpmn")
    assert marks["accept"]["mark"] == "now"
    assert marks["supplement"]["mark"] == "wait"
    xml = visit("li").get(address.group(1))
    assert xml.headers["Content-Type"].startswith("application/xml")
    assert b'<bpmn:process id="intake"' in xml.data


def test_the_switch_shows_the_item_s_own_flow(visit, town):
    filed = file(town).case
    page = visit("li").page(f"/desk/steps/{county.step(filed, 'intake/accept').id}?flow=-")
    marks = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page).group(1))

    assert "/food_operation_licence.bpmn" in page
    assert (marks["intake"]["mark"], marks["review"]["mark"]) == ("now", "wait")


def test_an_unknown_diagram_is_not_found(visit):
    assert visit("li").get("/desk/definitions/1/nothing.bpmn").status_code == 404
    assert visit("li").get("/desk/definitions/999/intake.bpmn").status_code == 404


def test_a_draft_is_kept_and_comes_back(visit, review):
    visitor = visit("wang")
    answer = visitor.post(f"/desk/steps/{review}/draft", {"opinion": "再看看", "complete": "true"}, htmx=True)
    page = visitor.page(f"/desk/steps/{review}")

    assert answer.text == "草稿已存 10:00"
    assert ">再看看</textarea>" in page
    assert re.search(r'name="complete" value="true" checked', page)


def test_completing_leads_to_the_next_step_of_the_queue(visit, town, case, review):
    other = file(town, shop_name="下一家").case
    do(town, "li", other, "intake/accept", "accept")
    following = claim(town, "wang", other, "review")
    visitor = visit("wang")
    answer = visitor.post(f"/desk/steps/{review}/complete", REVIEW | {"outcome": "pass", "opinion": "符合条件"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/steps/{following}")
    assert "椒香里火锅店“审查”已办出" in visitor.page(answer.headers["Location"])
    assert county.step(case, "review").outcome == "pass"
    assert "“符合条件”" in visit("li").page(f"/desk/cases/{case}")


def test_the_last_step_leads_back_to_the_desk(visit, review):
    answer = visit("wang").post(f"/desk/steps/{review}/complete", REVIEW | {"outcome": "pass", "opinion": ""})

    assert answer.headers["Location"] == "/desk/"


def test_a_missing_answer_is_told_and_the_rest_stays(visit, case, review):
    sent = {"complete": "true", "outcome": "pass", "opinion": "写了很久的意见"}
    answer = visit("wang").post(f"/desk/steps/{review}/complete", sent)

    assert answer.status_code == 422
    assert "还有 2 处要改" in answer.text
    assert "写了很久的意见" in answer.text
    assert re.search(r'name="complete" value="true" checked', answer.text)
    assert county.step(case, "review").closed_at is None


def test_an_outcome_asks_for_its_reasons(visit, town):
    filed = file(town).case
    step = claim(town, "li", filed, "intake/accept")
    visitor = visit("li")
    without = visitor.post(f"/desk/steps/{step}/complete", {"outcome": "supplement", "opinion": ""})
    given = visitor.post(
        f"/desk/steps/{step}/complete", {"outcome": "supplement", "defects": "缺平面图\n没签名", "cure": "补图，签名。"}
    )

    assert without.status_code == 422
    assert "还没填。" in without.text
    assert given.status_code == 303
    assert "缺平面图、没签名" in visitor.page(f"/desk/cases/{filed}")


def test_an_unknown_outcome_is_refused_on_the_page(visit, review):
    answer = visit("wang").post(f"/desk/steps/{review}/complete", REVIEW | {"outcome": "wave", "opinion": "意见"})

    assert answer.status_code == 422
    assert "“wave”不是这一步的结论" in answer.text
    assert ">意见</textarea>" in answer.text


def test_what_was_done_meanwhile_is_a_clash_that_says_so(visit, town, case, review):
    visitor = visit("wang")
    with begin(town.wang) as ctx:
        commands.complete(ctx, review, outcome="pass", form=FORMS["review"], opinion="")
    answer = visitor.post(f"/desk/steps/{review}/complete", REVIEW | {"outcome": "pass", "opinion": "晚了"})

    assert answer.status_code == 409
    assert "这一步已经办完" in answer.text


def test_a_step_is_put_back(visit, case, review):
    answer = visit("wang").post(f"/desk/steps/{review}/release")

    assert answer.status_code == 303
    assert county.step(case, "review").claimed_by is None


def test_a_barred_officer_sees_the_button_grey_with_the_reason(visit, town, case):
    do(town, "both", case, "review", "pass")
    do(town, "chen", case, "site_inspection/inspect", "pass")
    do(town, "liu", case, "site_inspection/inspect", "pass")
    page = visit("both").page(f"/desk/steps/{county.step(case, 'recheck').id}")

    assert re.search(r'class="btn btn-off" aria-disabled="true" aria-describedby="why">认领<', page)
    assert "本件的“审查”是您办的" in page
    assert "/claim" not in page


def test_a_step_held_by_another_cannot_be_claimed(visit, review):
    page = visit("both").page(f"/desk/steps/{review}")

    assert "Wang已认领这一步" in page
    assert "/claim" not in page


def test_a_two_person_step_says_that_it_waits(visit, town, case):
    step = claim(town, "chen", case, "site_inspection/inspect")
    sent = {name: str(value) for name, value in FORMS["site_inspection/inspect"].items()}
    visitor = visit("chen")
    answer = visitor.post(f"/desk/steps/{step}/complete", sent | {"outcome": "pass", "opinion": ""})

    assert answer.status_code == 303
    assert "已签 1/2，等另一人签" in visitor.page("/desk/")


def test_the_applicant_s_withdrawal_closes_the_case(visit, case):
    visitor = visit("li")
    assert "申请人要撤回申请" in visitor.page(f"/desk/cases/{case}")

    answer = visitor.post(f"/desk/cases/{case}/withdraw", {"reason": "不开店了"})

    assert answer.status_code == 303
    assert county.row(case).state == "withdrawn"
    page = visitor.page(f"/desk/cases/{case}")
    assert "申请人已撤回" in page
    assert "申请人要撤回申请" not in page
