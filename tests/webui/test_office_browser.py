"""Inbox, correction and urging in a real browser, wide and narrow: axe finds nothing, rows are walked by keyboard."""

from __future__ import annotations

import contextvars
import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from engine import commands
from engine.db.store import begin
from tests import county
from tests.webui.test_monitor_browser import clean, enter

pytestmark = pytest.mark.browser


@pytest.fixture
def server(app):
    """The application behind a socket; its thread keeps the clock of the test."""
    made = make_server("127.0.0.1", 0, app, threaded=False)
    thread = threading.Thread(target=contextvars.copy_context().run, args=(made.serve_forever,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture(params=[1280, 390])
def page(request: pytest.FixtureRequest, browser: Browser, server) -> Iterator[Page]:
    address = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": request.param, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.claim(town, "li", made.case, "intake/accept")
    return made


def test_an_officer_reads_the_inbox(page: Page, town, filed):
    with begin(town.qian) as ctx:
        commands.urge(ctx, county.step(filed.case, "intake/accept").id, text="申请人来电催问，请今天办出。")
    enter(page, "li")
    page.goto("/inbox")
    clean(page)
    page.get_by_role("link", name="椒香里火锅店").click()
    expect(page).to_have_url(re.compile("/desk/steps/"))
    page.goto("/inbox")
    expect(page.get_by_role("heading", name="以前的消息")).to_be_visible()
    clean(page)


def test_a_correction_shows_its_consequences_and_waits_for_the_head(page: Page, town, filed):
    enter(page, "li")
    page.goto(f"/desk/cases/{filed.case}/correct")
    clean(page)
    page.select_option("#mark", "received")
    page.fill("#on", "2026-02-26")
    page.get_by_role("button", name="看看会改动什么").click()
    expect(page.get_by_role("heading", name="到期日怎么变")).to_be_visible()
    clean(page)
    page.fill("#reason", "停电期间用纸质件收件")
    page.fill("#evidence", "纸质收件登记簿第 12 号")
    page.get_by_role("button", name="提交更正提议").click()
    page.goto(f"/desk/cases/{filed.case}/correct?path=case")
    clean(page)


def test_an_applicant_urges_on_the_progress_page(page: Page, town, filed):
    page.goto("/progress")
    page.fill("[name=number]", filed.number)
    page.fill("[name=code]", filed.code)
    page.get_by_role("button", name="查").first.click()
    expect(page.get_by_role("button", name="催一催")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="催一催").click()
    expect(page.get_by_text("已经催了")).to_be_visible()
