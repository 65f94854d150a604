"""Documents on the pages: listed with their number, handed out to those who may see the case, and to no other."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from engine import commands, notices
from engine.db import tables as t
from engine.db.store import begin
from engine.model import SYSTEM_ACTOR
from engine.notices import pdf
from tests.county import claim, do, file

LINK = re.compile(r'href="(/(?:progress/)?documents/\d+)"')


@pytest.fixture
def filed(town):
    made = file(town, kind="change")
    commands.render_waiting(made.case)
    return made


def fetched(visitor, address: str):
    """Return the answer, read whole and closed."""
    answer = visitor.get(address)
    answer.get_data()
    answer.close()
    return answer


def links(page: str) -> list[str]:
    return LINK.findall(page)


def test_the_case_page_lists_documents_and_hands_them_out(visit, filed):
    visitor = visit("li")
    page = visitor.page(f"/desk/cases/{filed.case}")
    answer = fetched(visitor, links(page)[0])

    assert "申请材料接收凭证" in page
    assert "云岭审收〔2026〕1号" in page
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"%PDF-")


def test_one_that_is_still_being_made_has_no_link(visit, town):
    made = file(town)
    page = visit("li").page(f"/desk/cases/{made.case}")

    assert "正在制作" in page
    assert links(page) == []
    assert visit("li").get("/documents/1").status_code == 404


@pytest.mark.parametrize(("login", "status"), [("li", 200), ("qian", 200), ("hua", 404), ("sun", 403), ("ma", 403)])
def test_who_may_see_the_case_may_open_its_documents(visit, filed, login, status):
    assert fetched(visit(login), "/documents/1").status_code == status


def test_the_monitor_s_page_links_and_the_auditor_s_does_not(visit, filed):
    assert links(visit("qian").page(f"/cases/{filed.number}")) == ["/documents/1"]
    audited = visit("sun").page(f"/cases/{filed.number}")
    assert "云岭审收〔2026〕1号" in audited
    assert links(audited) == []


def test_the_applicant_opens_own_documents_with_the_receipt_only(visit, town, filed):
    other, visitor = file(town), visit()
    commands.render_waiting(other.case)
    assert visitor.get("/progress/documents/1").status_code == 404

    visitor.post("/progress", {"number": filed.number, "code": filed.code})
    page = visitor.page("/progress")

    assert links(page) == ["/progress/documents/1"]
    assert fetched(visitor, links(page)[0]).data.startswith(b"%PDF-")
    assert visitor.get("/progress/documents/2").status_code == 404
    assert visitor.get("/documents/1").status_code == 303


def test_before_serving_the_notice_is_there_to_be_checked(visit, town, filed):
    for who, path, outcome in (
        ("li", "intake/accept", "accept"),
        ("wang", "review", "pass"),
        ("he", "recheck", "agree"),
        ("zhao", "decide", "grant"),
        ("wu", "issue/make", "done"),
    ):
        do(town, who, filed.case, path, outcome)
    key = claim(town, "wu", filed.case, "issue/deliver")
    visitor = visit("wu")
    before = visitor.page(f"/desk/steps/{key}")
    sent = {"outcome": "done", "served_way": "direct", "served_on": "2026-03-02T10:00", "signer": "罗雨平"}
    early = visitor.post(f"/desk/steps/{key}/complete", sent | {"opinion": "送达"})

    assert "要送达的文书" in before
    assert 'type="datetime-local"' in before
    assert 'value="2026-03-02T10:00"' in before  # this minute, by default
    assert early.status_code == 409
    assert "还在制作" in early.text
    commands.render_waiting(filed.case)
    assert "准予行政许可决定书" in visitor.page(f"/desk/steps/{key}")
    assert visitor.post(f"/desk/steps/{key}/complete", sent | {"opinion": "送达"}).status_code == 303


def test_what_is_usual_stands_in_the_form_already(visit, town, filed):
    for who, path, outcome in (
        ("li", "intake/accept", "accept"),
        ("wang", "review", "pass"),
        ("he", "recheck", "agree"),
    ):
        do(town, who, filed.case, path, outcome)
    key = claim(town, "zhao", filed.case, "decide")

    page = visit("zhao").page(f"/desk/steps/{key}")

    assert "六个月内直接向人民法院提起行政诉讼" in page
    assert "不得超出核准的经营项目" in page


def test_without_pango_the_page_says_what_to_install(visit, town, monkeypatch):
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    made = file(town)
    commands.render_waiting(made.case)
    visitor = visit("li")
    page = visitor.page(f"/desk/cases/{made.case}")
    answer = fetched(visitor, links(page)[0])

    assert notices.INSTALL in page
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "申请材料接收凭证" in answer.text


def test_the_receipt_page_offers_the_paper(visit, filed):
    assert links(visit("li").page(f"/desk/cases/{filed.case}/receipt")) == ["/documents/1"]


def test_a_paper_that_is_not_released_is_not_handed_out(visit, filed):
    with begin(SYSTEM_ACTOR) as ctx:
        ctx.conn.execute(sa.update(t.document).values(released_at=None))

    assert visit("li").get("/documents/1").status_code == 404
