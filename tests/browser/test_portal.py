"""An applicant with a phone is told what to supplement, answers from the portal, is accepted; every page fits."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import county
from tests.browser.test_accessibility import RULES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PHONE = {"width": 390, "height": 844}
PNG = b"\x89PNG\r\n\x1a\n a photo of the plan"


def looked_at(page: Page, name: str) -> None:
    """Make sure that a phone shows the page whole and axe finds nothing; keep a picture where one is asked for."""
    page.wait_for_load_state("networkidle")
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"), name
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [f"{name} {each['id']}: {each['nodes'][0]['html'][:150]}" for each in violations] == []
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def open_case(page: Page, filed) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/progress")
    page.fill('input[name="number"]', filed.number)
    page.fill('input[name="code"]', filed.code)
    page.locator("main form button").first.click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_the_notice_to_acceptance_on_a_phone(visit: Callable[..., Page], town, tmp_path, language):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "supplement")
    plan = tmp_path / "plan.png"
    plan.write_bytes(PNG)
    phone = visit("", language)
    open_case(phone, filed)
    looked_at(phone, f"asked-{language}")

    phone.locator('a[href*="/progress/answer"]').click()
    looked_at(phone, f"answer-{language}")
    texts = phone.locator('textarea[name="supplied"]')
    expect(texts).to_have_count(2)
    texts.nth(0).fill("按比例画好了，见照片。")
    phone.locator('button[name="outcome"]').click()
    expect(phone.locator('[role="alert"]').first).to_be_visible()
    expect(texts.nth(0)).to_have_value("按比例画好了，见照片。")
    looked_at(phone, f"refused-{language}")

    phone.set_input_files('input[name="file_0"]', plan)
    phone.locator('textarea[name="supplied"]').nth(1).fill("已经签名。")
    phone.locator('button[name="outcome"]').click()
    phone.wait_for_url("**/progress")
    expect(phone.locator('[role="status"]').first).to_be_visible()
    looked_at(phone, f"sent-{language}")
    assert county.open_paths(filed.case) == ["intake/accept_again"]

    clerk = visit("li")
    clerk.goto(f"/desk/steps/{county.step(filed.case, 'intake/accept_again').id}")
    clerk.locator("[data-claim]").click()
    expect(clerk.locator("main")).to_contain_text("plan.png")
    expect(clerk.locator('textarea[name="defects"]')).to_have_count(2)
    looked_at(clerk, f"examine-{language}")
    clerk.fill("#opinion", "已补齐")
    clerk.locator('button[name="outcome"][value="accept"]').click()
    clerk.wait_for_load_state("networkidle")

    open_case(phone, filed)
    expect(phone.locator("#ledger")).to_be_visible()
    looked_at(phone, f"accepted-{language}")
    assert county.open_paths(filed.case) == ["review", "site_inspection/inspect"]


def test_while_the_window_does_it_the_phone_says_whom_to_call(visit: Callable[..., Page], town):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "supplement")
    county.claim(town, "li", filed.case, "intake/supplement")
    phone = visit()
    open_case(phone, filed)

    phone.locator('a[href*="/progress/answer"]').click()

    expect(phone.locator('[role="note"]')).to_contain_text("Li")
    expect(phone.locator('button[name="outcome"]')).to_have_count(0)
    looked_at(phone, "held")
