"""A special procedure and an extension as people do them: asked for, approved by another, told, over by themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine import clock, commands
from tests import county
from tests.browser.test_accessibility import RULES
from tests.browser.test_main_job import do
from tests.county import at, events, open_paths, row

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def ask(page: Page, case: int, name: str) -> None:
    page.goto(f"/desk/cases/{case}")
    page.get_by_role("button", name=name).press("Enter")  # by the keyboard
    page.wait_for_url("**/desk/steps/*")


def seen(page: Page, shot: str, tmp_path) -> None:
    """Nothing serious by axe, nothing scrolls sideways, at both widths."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [each["id"] for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=str(tmp_path / f"{shot}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_stop_is_asked_for_approved_told_and_ends_by_itself(visit: Callable[..., Page], town, tmp_path):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    wang, zhao, li = visit("wang"), visit("zhao"), visit("li")

    ask(wang, filed.case, "申请特别程序")
    do(wang, filed.case, "special/ask", "ask")
    do(zhao, filed.case, "special/approve", "agree")
    do(li, filed.case, "special/serve", "done")

    wang.goto(f"/desk/cases/{filed.case}")
    expect(wang.locator("main")).to_contain_text("停表：检验")
    expect(wang.locator("main")).to_contain_text("3月17日 周二自动恢复")
    seen(wang, "stopped", tmp_path)
    qian = visit("qian")
    qian.goto(f"/cases/{filed.number}/clocks")
    expect(qian.locator("main")).to_contain_text("停表（云岭审特〔2026〕1号）：检验")
    seen(qian, "ledger", tmp_path)
    clock.advance(at("2026-03-17 09:00") - clock.now())
    commands.catch_up()
    wang.goto(f"/desk/cases/{filed.case}")
    expect(wang.locator("main")).not_to_contain_text("自动恢复")
    assert "special/receive" not in open_paths(filed.case)
    assert [e["facts"]["to"] for e in events(filed.number) if e["type"] == "clock.resumed"] == ["2026-03-16"]


def test_the_chief_extends_the_limit_from_the_lists_that_monitors_have_too(visit: Callable[..., Page], town, tmp_path):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    wang, qin = visit("wang"), visit("qin")

    ask(wang, filed.case, "申请延期")
    seen(wang, "asked", tmp_path)
    do(wang, filed.case, "extension/ask", "ask")
    qin.goto("/monitor")
    qin.get_by_role("navigation", name="主导航").get_by_role("link", name="本单位待领").click()
    expect(qin.locator("main")).to_contain_text("椒香里火锅店")
    seen(qin, "pool", tmp_path)
    do(qin, filed.case, "extension/approve", "agree")

    wang.goto(f"/desk/cases/{filed.case}")
    expect(wang.locator("main")).to_contain_text("4月14日 周二")
    expect(wang.locator("main")).to_contain_text("申请特别程序")
    seen(wang, "extended", tmp_path)
    assert row(filed.case).state == "open"
