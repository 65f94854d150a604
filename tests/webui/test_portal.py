"""An applicant sees the own case with number and code, nothing without them, and may take the application back."""

from __future__ import annotations

import re

import pytest

from engine import clock, commands
from tests import county
from tests.county import at


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "accept")
    return made


def opened(visit, filed):
    visitor = visit()
    answer = visitor.post("/progress", {"number": filed.number, "code": filed.code})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/progress")
    return visitor


def test_number_and_code_open_the_progress_with_names_masked(visit, filed):
    page = opened(visit, filed).page("/progress")

    assert "罗*平" in page
    assert "罗雨平" not in page
    assert "正在" in page
    assert "审查（现在）" in page
    assert "Li（窗口受理岗）" in page
    assert "您现在<b>不用做什么</b>" in page
    assert "剩 7" in page


def test_without_the_code_nothing_is_shown(visit, filed):
    page = visit().page(f"/progress?number={filed.number}")

    assert f'value="{filed.number}"' in page
    assert "椒香里" not in page
    assert "罗" not in page


@pytest.mark.parametrize("wrong", ["number", "code"])
def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(visit, filed, wrong):
    given = {"number": filed.number, "code": filed.code} | {wrong: "2026-YL-009999"}

    answer = visit().post("/progress", given)

    assert answer.status_code == 403
    assert "受理号或查询码不对，请对照回执再输" in answer.text


def test_after_five_wrong_tries_the_right_code_waits_too(visit, filed):
    visitor = visit()
    for _ in range(5):
        visitor.post("/progress", {"number": filed.number, "code": "WRONG"})

    answer = visitor.post("/progress", {"number": filed.number, "code": filed.code})

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "15 分钟" in answer.text


def test_the_opened_case_is_forgotten_after_15_minutes(visit, filed):
    visitor = opened(visit, filed)

    with clock.at(at("2026-03-02 10:15")):
        assert "审查（现在）" in visitor.page("/progress")
    with clock.at(at("2026-03-02 10:16")):
        assert "审查（现在）" not in visitor.page("/progress")


def test_the_opened_case_can_be_put_away(visit, filed):
    visitor = opened(visit, filed)

    visitor.post("/progress/close")

    assert "审查（现在）" not in visitor.page("/progress")


def test_a_wrong_try_puts_the_opened_case_away(visit, filed):
    visitor = opened(visit, filed)

    visitor.post("/progress", {"number": filed.number, "code": "WRONG"})

    assert "审查（现在）" not in visitor.page("/progress")


def test_the_applicant_withdraws_after_being_asked(visit, filed):
    visitor = opened(visit, filed)
    assert "撤回后本件就结束了" in visitor.page("/progress/withdraw")

    answer = visitor.post("/progress/withdraw", {"reason": "不开店了"})

    assert answer.status_code == 303
    assert county.row(filed.case).state == "withdrawn"
    assert "您已撤回申请" in visitor.page("/progress")
    event = next(e for e in county.events(filed.number) if e["type"] == "case.withdrawn")
    assert (event["facts"]["channel"], event["post"]) == ("portal", None)


def test_withdrawing_wants_a_reason(visit, filed):
    answer = opened(visit, filed).post("/progress/withdraw", {"reason": "  "})

    assert answer.status_code == 422
    assert "请写一句为什么撤回" in answer.text
    assert county.row(filed.case).state == "open"


def test_nobody_withdraws_without_the_code(visit, filed):
    visit().post("/progress/withdraw", {"reason": "不开店了"})

    assert county.row(filed.case).state == "open"


def test_after_the_decision_withdrawing_is_greyed_with_its_reason_and_refused(town, visit, filed):
    county.do(town, "wang", filed.case, "review", "pass")
    for officer in ("chen", "liu"):
        county.do(town, officer, filed.case, "site_inspection/inspect", "pass")
    county.do(town, "he", filed.case, "recheck", "agree")
    county.do(town, "zhao", filed.case, "decide", "grant")
    visitor = opened(visit, filed)

    page, answer = visitor.page("/progress"), visitor.post("/progress/withdraw", {"reason": "不开了"})

    assert "已经作出决定，不能再撤回" in page
    assert answer.status_code == 403


def test_a_supplement_tells_the_applicant_to_act(town, visit):
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "supplement")

    page = opened(visit, made).page("/progress")

    assert "请补正" in page
    assert "现在去补正" in page
    assert "不用做什么" not in page


def test_past_the_promise_the_page_says_so(visit, filed):
    with clock.at(at("2026-03-12 10:00")):  # Thursday; the promise of 7 working days ended on the 11th
        page = opened(visit, filed).page("/progress")

    assert "已经超过期限" in page


def test_the_page_speaks_english(visit, filed):
    page = opened(visit, filed).page("/progress?lang=en")

    assert "You <b>need not do anything</b> now." in page
    assert "Now: Review" in page


def test_the_qr_code_of_the_receipt_fills_in_the_form(visit):
    page = visit().page("/progress")

    assert re.search(r"<form[^>]* action=\"/progress\"[^>]* data-fragment", page)


def test_a_withdrawal_that_comes_too_late_leads_back_to_the_progress(town, visit, filed):
    visitor = opened(visit, filed)
    withdrawn = {"reason": "不开店了"}
    visitor.post("/progress/withdraw", withdrawn)

    answer = visitor.post("/progress/withdraw", withdrawn)

    assert answer.status_code == 409
    assert "您已撤回申请" in answer.text
    assert "去登录" not in answer.text


def test_after_silence_the_page_says_that_the_law_accepted_it(town, visit):
    made = county.file(town)

    with clock.at(at("2026-03-10 09:00")):  # Tuesday; the fifth working day was Monday
        commands.catch_up()
        page = opened(visit, made).page("/progress")

    assert "依法视为受理" in page
    assert "法律规定的后果自 3月2日 周一 起生效（《行政许可法》第32条第1款第4项）" in page
    assert "视为" not in opened(visit, county.file(town)).page("/progress")


def test_once_granted_no_refusal_lies_ahead(town, visit, filed):
    for who, path, outcome in (
        ("wang", "review", "pass"),
        ("chen", "site_inspection/inspect", "pass"),
        ("liu", "site_inspection/inspect", "pass"),
        ("he", "recheck", "agree"),
        ("zhao", "decide", "grant"),
    ):
        county.do(town, who, filed.case, path, outcome)

    page = opened(visit, filed).page("/progress")

    assert "颁发送达" in page
    assert "不予决定书" not in page


def test_a_closed_case_says_what_can_be_done_against_its_result(town, visit):
    filed = county.file(town)
    assert "行政复议" not in opened(visit, filed).page("/progress")
    county.do(town, "li", filed.case, "intake/accept", "not_ours")

    assert "依法申请行政复议或者提起行政诉讼" in opened(visit, filed).page("/progress")
