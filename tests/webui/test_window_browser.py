"""The window desk in a real browser: the policy holds, keys work, nothing overlaps the mark, axe finds nothing."""

from __future__ import annotations

import contextvars
import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests import county
from tests.console import is_trouble
from tests.county import PASSWORD, claim, do, file
from tests.webui.test_window_intake import APPLICANT

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
MARK = """() => { const mark = document.querySelector('.bjs-powered-by');
  mark.scrollIntoView({block: 'center', behavior: 'instant'});
  const r = mark.getBoundingClientRect(), box = mark.closest('.bpmn').getBoundingClientRect();
  const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
  return r.width > 40 && r.right <= box.right && r.bottom <= box.bottom && mark.contains(top); }"""


@pytest.fixture
def site(app) -> Iterator[str]:
    """The application behind a socket; its thread keeps the clock of the test."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=contextvars.copy_context().run, args=(server.serve_forever,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that tolerates no error in the console but those of answers that a test asks for."""
    context = browser.new_context(base_url=site, locale="zh-CN", viewport={"width": 1280, "height": 800})
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if is_trouble(said) else None)
    yield opened
    context.close()
    assert errors == []


def enter(page: Page, login: str) -> None:
    page.goto("/signin")
    page.fill("#u", login)
    page.fill("#p", PASSWORD)
    page.press("#p", "Enter")
    page.wait_for_url("**/desk/")


def test_a_case_is_filed_and_accepted_by_keys(page: Page, town):
    enter(page, "li")
    page.keyboard.press("i")
    page.wait_for_url("**/desk/intake")
    page.click(".item-go")
    for name in ("applicant_id_number", "applicant_name", "applicant_phone"):
        page.fill(f"#{name}", APPLICANT[name])
    for name, value in (("shop_name", "城东小面"), ("contact_name", "罗雨平"), ("contact_phone", "0877-5550000"),
                        ("address", "城关镇新桥街 21 号"), ("area", "84"), ("kitchen_area", "30"),
                        ("staff", "4")):  # fmt: skip
        page.fill(f"#f_{name}", value)
    for name, value in (
        ("kind", "new"),
        ("layout_changed", "false"),
        ("business_type", "restaurant"),
        ("items", "hot_food"),
    ):
        page.check(f"input[name={name}][value={value}]")
    page.wait_for_selector("#side >> text=申请内容填全了")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/receipt")
    pages = re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))
    page.goto("/desk/pool")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/steps/*")
    page.fill("#opinion", "材料齐全")
    page.press("#opinion", "Tab")
    page.wait_for_selector("#saved >> text=草稿已存")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/")

    assert len(pages) == 1
    assert county.open_paths(1) == ["review", "site_inspection/inspect"]


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_fit_the_screen(page: Page, town, width):
    case = file(town).case
    do(town, "li", case, "intake/accept", "accept")
    step = claim(town, "wang", case, "review")
    file(town, shop_name="等领面馆")
    page.set_viewport_size({"width": width, "height": 800})
    found, wide = {}, []

    def look(path: str) -> None:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found[path] = [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page, options=RULES).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)

    look("/signin")
    enter(page, "wang")
    lists = ("/desk/", "/desk/pool", "/desk/done", "/desk/search?q=2026")
    details = (f"/desk/cases/{case}", f"/desk/cases/{case}/receipt", "/desk/?lang=en", f"/desk/steps/{step}")
    for path in (*lists, *details):
        look(path)
    page.wait_for_selector(".bpmn svg .djs-element.now")
    mark_is_free = page.evaluate(MARK)
    page.goto("/signout")  # a page that tells of an error
    found["error"] = Axe().run(page, options=RULES).response["violations"]
    page.context.clear_cookies()
    enter(page, "li")
    page.goto("/desk/intake")
    page.click(".item-go")
    page.wait_for_selector("#side")
    look(page.url)

    assert [entry for entry in found.items() if entry[1]] == []
    assert wide == []
    assert mark_is_free


def test_enter_in_a_field_neither_decides_nor_removes(page: Page, town):
    step = claim(town, "li", file(town).case, "intake/accept")
    enter(page, "li")
    page.goto("/desk/intake")
    page.click(".item-go")
    page.wait_for_selector("#side")
    intake = page.url
    upload = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    page.set_input_files("input[name=file_floor_plan]", upload)
    page.click(".mat:has(input[name=file_floor_plan]) button")
    page.wait_for_selector("text=plan.pdf")
    page.fill("#applicant_name", "罗雨平")
    page.press("#applicant_name", "Enter")
    page.wait_for_load_state("networkidle")
    page.goto(intake)
    kept = page.locator("text=plan.pdf").count()
    page.goto(f"/desk/steps/{step}")
    page.fill("#f_competent_organ", "县文旅局")
    page.press("#f_competent_organ", "Enter")
    page.wait_for_load_state("networkidle")

    assert kept == 1
    assert county.open_paths(1) == ["intake/accept"]


def test_an_open_dialog_keeps_the_keys_from_deciding(page: Page, town):
    step = claim(town, "li", file(town).case, "intake/accept")
    enter(page, "li")
    page.goto(f"/desk/steps/{step}")
    page.keyboard.press("?")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")

    assert county.open_paths(1) == ["intake/accept"]
