"""An applicant with a phone asks that an officer keeps out; the head decides; all who are concerned read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import county
from tests.browser.test_portal import looked_at, open_case
from tests.recusals import ask

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def both_widths(page: Page, name: str) -> None:
    for width, size in WIDTHS.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        looked_at(page, f"recusal-{name}-{width}")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_the_request_on_a_phone_to_the_answer(visit: Callable[..., Page], town, language):
    filed = county.file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    phone = visit("", language)
    open_case(phone, filed)
    phone.locator('a[href*="/progress/recusal"]').click()
    phone.locator("main form button").first.press("Enter")
    expect(phone.locator('[role="alert"] a')).to_have_count(3)
    both_widths(phone, f"portal-{language}")

    phone.locator('[name="officer"]').first.check()
    phone.locator('[name="kind"][value="interest"]').check()
    phone.fill("#reason", "他在隔壁开店")
    phone.locator("main form button").first.click()
    phone.wait_for_url("**/progress")
    expect(phone.locator('[role="status"]').first).to_be_visible()
    both_widths(phone, f"asked-{language}")

    li = visit("li", language)
    li.goto(f"/recusals/new/{filed.case}?lang={language[:2]}")
    both_widths(li, f"new-{language}")
    ask(town.wang, filed.case, town.wang)
    head = visit("qin", language)
    head.goto(f"/recusals?lang={language[:2]}")
    expect(head.locator("tbody tr")).to_have_count(2)
    both_widths(head, f"list-{language}")
    head.locator("tbody a").first.click()
    both_widths(head, f"one-{language}")
    head.locator('[name="upheld"][value="yes"]').check()
    head.fill("#reason", "情况属实")
    head.keyboard.press("Control+Enter")
    expect(head.locator('[role="status"]').first).to_be_visible()
    both_widths(head, f"decided-{language}")

    phone.goto("/progress")
    expect(phone.locator("main")).to_contain_text("情况属实")
    looked_at(phone, f"recusal-answer-{language}")
    assert county.step(filed.case, "intake/accept").claimed_by is None
