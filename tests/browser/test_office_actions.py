"""One story in Chromium: claimed, transferred, asked about, advised on, completed, taken back, completed, returned,
done again; on the main path by the keyboard alone, at desktop and phone width."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine import clock
from tests import county
from tests.browser.conftest import TIMEOUT
from tests.browser.test_accessibility import RULES
from tests.commands import small, together, undoable

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def town(database_url, configure) -> county.Town:
    configure(SUNLIT_DEMO="1", SUNLIT_DATABASE_URL=database_url)
    with clock.at(county.at("2026-03-02 09:00")):
        town = together.found()
        small.deploy(town, undoable.split())
    clock.start_demo(county.at("2026-03-02 10:00"))
    return town


@pytest.fixture
def look(tmp_path: Path) -> Callable[[Page, str], None]:
    """Look at a page at both widths: axe finds nothing, nothing scrolls sideways, a picture is kept."""

    def seen(page: Page, name: str) -> None:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"][:150]) for each in found] == [], (name, width)
            assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
            page.screenshot(path=tmp_path / f"{name}-{width}.png")

    return seen


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def step(page: Page, case: int, path: str) -> int:
    key = int(county.step(case, path).id)
    page.goto(f"/desk/steps/{key}")
    return key


def test_a_step_goes_from_hand_to_hand_and_back(visit, town, look) -> None:
    case = small.file(town).case
    wang, han, mu = visit("wang"), visit("han"), visit("mu")

    # claimed and transferred by the keyboard alone
    step(wang, case, "prepare")
    press(wang, "c")
    expect(wang.locator("#opinion")).to_be_visible()
    press(wang, "t")
    expect(wang.locator("#way_transfer form")).to_be_visible()
    look(wang, "transfer")
    press(wang, "Tab")
    wang.keyboard.type("Han")
    press(wang, "Tab")
    wang.keyboard.type("出差一周")
    press(wang, "Tab", "Enter")
    expect(wang.locator("main")).to_contain_text("已转办")
    assert county.step(case, "prepare").claimed_by == town.han.person

    # a signer is added before, and advises
    step(han, case, "prepare")
    press(han, "m")
    han.locator("#way_ask > summary").focus()
    press(han, "Enter")
    look(han, "ask")
    han.check('#way_ask input[value="before"]')
    han.select_option("#w_ask_officer", str(town.mu.person))
    han.fill("#w_ask_reason", "请看合法性")
    han.locator("#way_ask button.btn-primary").click()
    expect(han.locator("#why")).to_contain_text("还要等Mu提出意见")
    look(han, "waits")
    mu.goto("/desk/")
    expect(mu.locator("main")).to_contain_text("Han请您提意见")
    look(mu, "asked")
    mu.locator("tr[data-row] a.btn").click()
    mu.fill("#opinion", "合法，无异议")
    press(mu, "Control+Enter")
    expect(mu.locator("main")).to_contain_text("您的意见已记下")

    # completed, taken back from the line that says so, completed again
    step(han, case, "prepare")
    expect(han.locator(".tl")).to_contain_text("加签意见")
    press(han, "Control+Enter")
    expect(han.locator(".say.ok")).to_contain_text("已办出")
    look(han, "done")
    han.locator(".say.ok a").click()
    han.fill("#w_withdraw_reason", "漏了一项")
    look(han, "withdraw")
    han.locator("#way_withdraw button.btn-primary").click()
    expect(han.locator(".tl")).to_contain_text("已撤回")
    press(han, "Control+Enter")
    expect(han.locator(".say.ok")).to_contain_text("已办出")

    # the successor sends it back; what the other branch had done ends with it; it is done again
    step(wang, case, "left")
    press(wang, "c")
    expect(wang.locator("#opinion")).to_be_visible()
    press(wang, "b")
    look(wang, "return")
    press(wang, "Tab", "Space", "Tab")
    wang.keyboard.type("缺一份图")
    press(wang, "Tab", "Enter")
    expect(wang.locator(".tl")).to_contain_text("已退回作废")
    look(wang, "returned")
    assert county.open_paths(case) == ["prepare"]
    han.goto("/desk/")
    expect(han.locator("main")).to_contain_text("退回")
    step(han, case, "prepare")
    press(han, "c")
    expect(han.locator("#opinion")).to_be_visible()
    press(han, "Control+Enter")
    expect(han.locator(".say.ok")).to_contain_text("已办出", timeout=TIMEOUT)
    assert county.open_paths(case) == ["left", "right"]


def test_a_refusal_keeps_what_was_typed_beside_the_form(visit, town, look) -> None:
    case = small.file(town).case
    page = visit("wang")
    step(page, case, "prepare")
    press(page, "c")
    expect(page.locator("#opinion")).to_be_visible()
    press(page, "t")
    page.select_option("#w_transfer_to", str(town.han.person))
    page.fill("#w_transfer_reason", "出差一周")
    together.away(town, "han")
    page.locator("#way_transfer button.btn-primary").click()

    expect(page.locator("#way_transfer [role=alert]")).to_contain_text("今天不在岗（SOD-32）")
    expect(page.locator("#w_transfer_reason")).to_have_value("出差一周")
    look(page, "refused")


def test_the_matrix_and_the_batch_are_readable(visit, town, look) -> None:
    filed = small.file(town)
    page = visit("wang")
    page.goto(f"/items/{together.ITEM}/separation")
    look(page, "matrix")
    together.claim(town, "wang", filed.case, "prepare")
    page.goto("/desk/")
    page.locator("tr[data-row] input[type=checkbox]").check()
    look(page, "desk")
    page.locator(".batch button").click()
    expect(page.locator("h1")).to_contain_text("批量办理")
    look(page, "batch")
    page.locator('[data-key="submit"]').click()
    expect(page.locator("main")).to_contain_text("1 件办成了")
