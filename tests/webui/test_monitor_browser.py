"""The watching pages in a real browser: the board follows without a reload, the proof arrives, axe finds nothing."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests import county
from tests.county import PASSWORD

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
FOLLOWS = 12_000  # ms: the board asks every 5 seconds


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
    width = request.param
    address = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": width, "height": 800})
    yield context.new_page()
    context.close()


def enter(page: Page, login: str) -> None:
    page.goto("/signin")
    page.fill("#u", login)
    page.fill("#p", PASSWORD)
    page.press("#p", "Enter")
    page.wait_for_url(lambda address: "signin" not in address)


def clean(page: Page) -> None:
    """No barrier found, and nothing to scroll sideways to."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_the_board_follows_by_itself_and_leaves_what_is_being_typed(page: Page, town):
    made = county.file(town)
    enter(page, "qian")
    page.goto("/monitor")
    row = page.locator(f"#case-{made.case}")
    expect(row).to_contain_text("待领")
    page.fill("#f-q", "椒香")
    row.evaluate("row => { window.kept = row }")

    county.claim(town, "li", made.case, "intake/accept")

    expect(row).to_contain_text("Li", timeout=FOLLOWS)
    assert page.input_value("#f-q") == "椒香"
    assert page.evaluate("window.kept.isConnected")  # morphed, not replaced: focus and selection stay


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_when_answers_stop_the_sign_shows_the_time_of_the_data(page: Page, town):
    enter(page, "qian")
    page.goto("/monitor")
    expect(page.locator(".live")).to_have_text("实时10:00 的数", use_inner_text=False)
    expect(page.locator(".live .of")).to_be_hidden()

    page.route("**/monitor*", lambda route: route.abort())

    expect(page.locator(".live .of")).to_be_visible(timeout=FOLLOWS)
    expect(page.locator(".live .is")).to_be_hidden()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_the_proof_arrives_without_leaving_the_page(page: Page, town):
    made = county.file(town)
    enter(page, "sun")
    page.goto(f"/audit/trace/{made.number}?only=times")

    page.click("text=核验这条链")

    expect(page.locator("#proof")).to_contain_text("证据完整")
    assert page.url.endswith("?only=times")


def test_the_watching_pages_have_no_barriers(page: Page, town):
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "accept")
    enter(page, "sun")

    for address in (
        "/monitor",
        "/monitor?state=closed",
        f"/cases/{made.number}",
        f"/cases/{made.number}/clocks",
        "/audit",
        f"/audit/trace/{made.number}",
        "/audit/check",
    ):
        page.goto(address)
        clean(page)


def test_the_progress_page_has_no_barriers(page: Page, town):
    made = county.file(town)
    page.goto(f"/progress?number={made.number}")
    clean(page)

    page.fill("#cd", made.code)
    page.click("main button:has-text('查询')")
    page.wait_for_url("**/progress")
    clean(page)
    page.click("text=撤回申请…")
    clean(page)
