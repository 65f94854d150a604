"""A post ends: who approves is warned of the cases that it leaves to nobody, then the monitor is shown them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import county
from tests.browser.test_people import axe
from tests.webui.officers import post_of, propose

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_who_approves_is_warned_and_then_the_monitor_sees_what_is_stuck(visit: Callable[..., Page], town) -> None:
    filed = county.file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    monitor, second = visit("qian"), visit("jin")
    monitor.goto("/monitor")
    expect(monitor.locator("#nobody")).to_have_count(0)
    yesterday = date(2026, 3, 2) - timedelta(days=1)
    made = propose(town, "end_of_post", post_of(town, "wu"), to_on=yesterday, reason="调离制证岗位")

    second.goto(f"/office/proposals/{made}")
    expect(second.locator("#stuck")).to_contain_text("1 件没有人能办完")
    expect(second.locator("#stuck")).to_contain_text(filed.number)
    axe(second)
    second.get_by_role("button", name="批准并执行").click()
    expect(second.locator("#decide")).to_contain_text("已批准")

    monitor.reload()
    expect(monitor.locator("#nobody")).to_contain_text("无人在岗")
    axe(monitor)
    monitor.locator("#nobody").get_by_role("link", name=filed.number).click()
    expect(monitor).to_have_url(f"{monitor.url.split('/cases')[0]}/cases/{filed.number}")
