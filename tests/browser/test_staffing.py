"""Staffing, as people see it: a township with two officers cannot deploy an item, follows the advice, and can."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine import clock, commands
from engine.db.store import begin
from tests import county
from tests.browser.test_people import approved, axe
from tests.staffing import township

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
OFFICERS = dict.fromkeys(("ding", "luo"), (township.ALL, "shimen")) | {"zhou": ("", "shimen")}
PAGE = "/items/small/staffing"


@pytest.fixture
def town(database_url, configure) -> county.Town:
    configure(SUNLIT_DEMO="1", SUNLIT_DATABASE_URL=database_url)
    with clock.at(county.at("2026-03-02 09:00")):
        town = township.found(OFFICERS)
    clock.start_demo(county.at("2026-03-02 10:00"))
    return town


def badge(officer: Page, said: str) -> None:
    """Open the page of the item, and expect its badge to say this."""
    officer.goto(PAGE)
    expect(officer.locator("#badge")).to_contain_text(said)
    expect(officer.locator("#advice")).not_to_contain_text("正在算")


def test_two_officers_cannot_deploy_it_the_advice_lets_them_and_a_leave_changes_it(
    visit: Callable[..., Page], town
) -> None:
    with begin(town.ma) as ctx:
        proposal = commands.propose_definition(ctx, township.item())
    address = f"/office/proposals/{proposal}"
    manager, administrator, second, officer = visit("feng"), visit("lu"), visit("jin"), visit("ding")

    manager.goto(address)
    expect(manager.locator("#staffing")).to_contain_text("有 1 个单位办不成")
    expect(manager.locator("#staffing")).to_contain_text("「审查」（审查岗）需要 1 人，只有Ding、Luo")
    axe(manager)
    manager.get_by_role("button", name="批准并执行").click()
    expect(manager.get_by_role("alert")).to_contain_text("在石门乡办不下去")
    expect(manager.get_by_role("alert")).to_contain_text("SOD-03：「审查」和「决定」由不同的人办")
    officer.goto(PAGE)
    expect(officer.locator("h1")).not_to_contain_text("人员配置")

    administrator.goto(address)
    administrator.get_by_role("link", name="授予Zhou：石门乡“审查岗”").click()
    administrator.get_by_label("任职文件号").fill("石人任〔2026〕1 号")
    administrator.keyboard.press("Control+Enter")
    administrator.wait_for_url("**/office/proposals/*")
    approved(second, administrator.url)
    expect(second.locator('[role="status"]')).to_contain_text("已批准并执行")
    manager.goto(address)
    expect(manager.locator("#staffing")).to_contain_text("都排得开")
    manager.get_by_role("button", name="批准并执行").click()
    expect(manager.locator('[role="status"]')).to_contain_text("已批准并执行")

    badge(officer, "少了Ding、Luo、Zhou就办不成")
    axe(officer)
    administrator.goto(f"/office/people/{town.zhou.person}/absence")
    administrator.get_by_label("最后一天").fill("2026-03-06")
    administrator.get_by_label("休假").check()
    administrator.keyboard.press("Control+Enter")
    administrator.wait_for_url("**/office/proposals/*")
    badge(officer, "少了Ding、Luo、Zhou就办不成")
    approved(second, administrator.url)

    badge(officer, "现在就办不成")
    expect(officer.locator("main")).to_contain_text("Zhou外出")
    expect(officer.locator("#advice")).to_contain_text("或者另一名工作人员")
    axe(officer)


def test_what_if_is_asked_with_the_keyboard_and_taken_back(visit: Callable[..., Page], town) -> None:
    township.deploy(town, township.item(kept='<sun:separate steps="accept review" rule="SOD-03"/>'))
    officer = visit("ding")
    officer.goto(f"{PAGE}?lang=en")
    expect(officer.locator("#badge")).to_contain_text("Fails without Ding, Luo")

    officer.get_by_label("What if away").focus()
    officer.keyboard.type("Luo")
    officer.keyboard.press("Tab")
    officer.keyboard.press("Enter")
    expect(officer.locator("#badge")).to_contain_text("Cannot be done like this")
    expect(officer.locator("#advice")).to_contain_text("or to one more officer")
    axe(officer)
    officer.get_by_role("link", name="No longer think Luo away").click()

    expect(officer.locator("#badge")).to_contain_text("Fails without Ding, Luo")
    table = officer.get_by_role("region", name="Who can take which step")
    step = table.get_by_role("rowheader").first
    assert step.evaluate("header => getComputedStyle(header).position") == "sticky"
    assert table.get_attribute("tabindex") == "0"
