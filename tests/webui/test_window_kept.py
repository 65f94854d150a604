"""What refusals leave on the page: what was typed, who reads it, the way back; and words that fit their reader."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.db import store
from engine.db import tables as t
from tests.county import claim, do, file
from tests.samples import FORMS
from tests.webui.test_window_intake import APPLICANT, FORM
from webui import forms, language

REVIEW = {name: str(value).lower() for name, value in FORMS["review"].items()}


@pytest.fixture
def case(town):
    filed = file(town).case
    do(town, "li", filed, "intake/accept", "accept")
    return filed


@pytest.fixture
def draft(visit):
    """Li's clerk and the address of an empty draft."""
    clerk = visit("li")
    return clerk, clerk.post("/desk/intake", {"item": "food_operation_licence"}).headers["Location"]


def test_what_was_typed_stays_on_a_page_that_came_too_late(visit, town, case):
    step = claim(town, "wang", case, "review")
    reviewer = visit("wang")
    reviewer.post(f"/desk/steps/{step}/complete", REVIEW | {"outcome": "pass", "opinion": "先办的"})

    late = reviewer.post(f"/desk/steps/{step}/complete", REVIEW | {"outcome": "pass", "opinion": "后写的意见"})

    assert late.status_code == 409
    assert "您写的还在这里" in late.text
    assert "后写的意见" in late.text


def test_a_draft_of_a_step_that_is_not_held_is_not_called_saved(visit, town, case):
    step = claim(town, "wang", case, "review")
    reviewer = visit("wang")
    reviewer.post(f"/desk/steps/{step}/release")

    answer = reviewer.post(f"/desk/steps/{step}/draft", REVIEW | {"opinion": "写了"}, htmx=True)

    assert answer.status_code == 409
    assert "没有存" in answer.text


def test_everything_missing_is_said_at_once(draft):
    clerk, address = draft

    page = clerk.post(f"{address}/file", {}).text

    for name in ("applicant_id_number", "applicant_name", "applicant_phone", "shop_name"):
        assert f'id="e_{name}"' in page


def test_a_used_draft_says_that_it_was_filed(draft):
    clerk, address = draft
    clerk.post(f"{address}/file", APPLICANT | FORM)

    assert "它已经收件" in clerk.get(address).text
    assert "它已经收件" in clerk.post(f"{address}/file", APPLICANT | FORM).text


def test_enter_in_a_field_saves_the_draft_and_removes_no_file(draft):
    clerk, address = draft

    page = clerk.page(address)

    assert page.index("data-enter") < page.index("<input", page.index('id="intake"') + 1) + 2000
    assert page.index("data-enter") < page.index('id="materials"')


def test_a_page_of_trouble_knows_who_reads_it_and_leads_back(draft):
    clerk, address = draft

    answer = clerk.client.post(f"{address}/save", data={}, headers={"Referer": f"http://localhost{address}"})

    assert answer.status_code == 400
    assert "回首页" in answer.text
    assert f'href="{address}"' in answer.text


def test_numbers_that_no_database_holds_are_not_found(visit):
    officer = visit("li")

    assert officer.get("/desk/steps/99999999999999999999").status_code == 404
    assert officer.get("/desk/pool?page=99999999999999999999").status_code == 200
    assert officer.get("/desk/search?q=%00").status_code == 400


def test_a_page_of_another_audience_is_not_called_a_step(visit):
    page = visit("qian").get("/desk/").text

    assert "这一页不归您看" in page


def test_who_does_not_accept_is_not_invited_to_file(visit):
    page = visit("wang").page("/desk/intake")

    assert "收件归窗口受理岗办理" in page
    assert "item-go" not in page


def test_reasons_about_others_do_not_say_you(visit, town, case):
    do(town, "wang", case, "review", "pass")

    page = visit("li").page(f"/desk/cases/{case}")

    assert "您不能办" not in page


def test_the_usual_phrase_does_not_stand_beside_another_outcome(visit, town):
    with store.begin(town.people["li"]) as ctx:
        ctx.conn.execute(sa.update(t.account).where(t.account.c.login == "li").values(phrase="材料齐全，予以受理。"))
    step = claim(town, "li", file(town).case, "intake/accept")
    sent = {"outcome": "supplement", "defects": "平面布局图", "cure": "补交"}
    clerk = visit("li")

    usual = clerk.post(f"/desk/steps/{step}/complete", {**sent, "opinion": "材料齐全，予以受理。"})
    own = clerk.post(f"/desk/steps/{step}/complete", {**sent, "opinion": "缺平面布局图。"})

    assert usual.status_code == 422
    assert "意见还是常用语" in usual.text
    assert own.status_code == 303


def test_the_receipt_bears_the_year_and_asks_nobody_for_shared_data(draft):
    clerk, address = draft
    where = clerk.post(f"{address}/file", APPLICANT | FORM).headers["Location"]

    page = clerk.page(where)

    assert "2026年3月2日 10:00" in page
    assert "营业执照" not in page.split("还没有的")[1].split("</tr>")[0]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("第三十二条", "art. 32"),
        ("第三十四条第三款", "art. 34(3)"),
        ("第一百零二条第一款第四项", "art. 102(1)(4)"),
        ("附则", "附则"),
    ],
)
def test_articles_are_counted_in_english(app, chinese, english):
    with app.test_request_context("/?lang=en"):
        assert language.article(chinese) == english
    with app.test_request_context("/?lang=zh"):
        assert language.article(chinese) == chinese


def test_a_date_that_was_filled_in_is_shown_as_pages_show_days(app):
    with app.test_request_context("/?lang=zh"):
        assert forms.shown({"type": "string", "format": "date"}, "2026-10-20").endswith("10月20日 周二")
        assert forms.shown({"type": "string", "format": "date"}, "soon") == "soon"
