"""A clerk whose claim would leave nobody for the review is told so, in words; the other clerk claims."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine import clock
from tests import county
from tests.browser.test_people import axe
from tests.staffing import left

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def town(database_url, configure) -> county.Town:
    configure(SUNLIT_DEMO="1", SUNLIT_DATABASE_URL=database_url)
    with clock.at(county.at("2026-03-02 09:00")):
        town = left.found()
    clock.start_demo(county.at("2026-03-02 10:00"))
    return town


def test_a_claim_that_leaves_nobody_for_the_review_is_refused_in_words_and_the_other_clerk_claims(
    visit: Callable[..., Page], town
) -> None:
    case = left.file(town).case
    address = f"/desk/steps/{left.step(case)}"
    ding, luo = visit("ding"), visit("luo")

    ding.goto("/desk/pool")
    ding.get_by_role("button", name=re.compile("认领")).first.click()
    expect(ding.get_by_role("main")).to_contain_text(left.WHY)
    expect(ding.get_by_role("main")).to_contain_text("可由Luo来办（SOD-03）。")
    axe(ding)

    ding.goto(address)
    button = ding.get_by_role("button", name="认领")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description(re.compile("可由Luo来办"))
    expect(ding.locator("#left")).to_contain_text("「决定」只剩Zhao一人可办。")
    axe(ding)
    luo.goto(address)
    expect(luo.locator("aside")).to_contain_text("Ding 由其办，后面就没有人可办了")
    luo.keyboard.press("c")
    expect(luo.get_by_role("button", name="放回待领")).to_be_visible()
    assert county.step(case, "accept").claimed_by == town.luo.person

    ding.goto(f"{address}?lang=en")
    expect(ding.locator("#left")).to_contain_text("Only Zhao can still do: Decide.")
    axe(ding)


def test_who_must_not_be_missing_is_told_without_script_too(browser, live, town) -> None:
    case = left.file(town).case
    page = browser.new_context(base_url=live.url, locale="zh-CN", java_script_enabled=False).new_page()
    page.goto("/signin")
    page.fill("input[name=login]", "luo")
    page.fill("input[name=password]", county.PASSWORD)
    page.press("input[name=password]", "Enter")

    page.goto(f"/desk/steps/{left.step(case)}")
    page.get_by_role("link", name="缺不得的人").click()

    expect(page.get_by_role("main")).to_contain_text("少了Luo，「受理」「审查」「决定」就办不成。")
