"""A case whose flow cannot go on, as people see it: it breaks, the board says so, two persons repair it, it goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import county, faulty
from tests.browser.test_main_job import do, step_id

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
TYPED = "材料齐全，同意受理"


def test_a_fault_is_seen_repaired_by_two_and_the_clerk_goes_on(visit: Callable[..., Page], town, tmp_path) -> None:
    faulty.deploy(town, tmp_path)
    filed = faulty.file(town)
    clerk, monitor = visit("li"), visit("qian")
    monitor.goto("/monitor")

    # it breaks: the clerk is told, and nothing typed is lost
    clerk.goto(f"/desk/steps/{step_id(filed.case, 'intake/accept')}")
    clerk.locator("[data-claim]").click()
    clerk.fill("#opinion", TYPED)
    clerk.locator('button[name="outcome"][value="accept"]').click()
    expect(clerk.locator('[role="alert"]')).to_contain_text("流程管理岗")
    expect(clerk.locator("#opinion")).to_have_value(TYPED)
    expect(clerk.locator('#act [aria-disabled="true"]')).to_be_visible()
    assert clerk.locator('button[name="outcome"]').count() == 0
    clerk.goto("/desk/")
    expect(clerk.locator("tr", has_text=filed.number)).to_contain_text("流程出错")

    # the board says so by itself, and finds it by its state
    row = monitor.locator("tr", has_text=filed.number)
    expect(row).to_contain_text("流程出错")
    monitor.locator('.wall-say a[href*="state=fault"]').click()
    expect(monitor.locator("tr", has_text=filed.number)).to_contain_text("正常")

    # the flow manager proposes to continue at a step
    manager = visit("ma")
    expect(manager.locator("nav").first).to_contain_text("流程出错")
    manager.goto("/office/faults")
    manager.locator("tr", has_text=filed.number).get_by_text("提议修复").click()
    expect(manager.locator("main")).to_contain_text("ZeroDivisionError")
    manager.check('input[name="how"][value="continue"]')
    manager.select_option('select[name="at"]', "intake/accept")
    manager.fill('textarea[name="reason"]', "受理后的条件算不出来，退回受理重选")
    manager.get_by_role("button", name="提出修复").click()
    expect(manager.locator("#decide")).to_contain_text("SOD-25")
    assert manager.get_by_role("button", name="批准并执行").get_attribute("aria-disabled") == "true"
    assert county.row(filed.case).state == "fault"

    # a second manager approves
    second = visit("feng")
    second.goto("/office/proposals")
    second.locator("tr", has_text=filed.number).locator("a.main").click()
    expect(second.locator("main")).to_contain_text("受理审查")
    expect(second.locator("main")).to_contain_text("受理后的条件算不出来")
    second.get_by_role("button", name="批准并执行").click()
    expect(second.locator('[role="status"]')).to_contain_text("已批准并执行")
    assert county.row(filed.case).state == "open"

    # the clerk goes on
    do(clerk, filed.case, "intake/accept", "not_ours")
    assert county.row(filed.case).result == "not_ours"
    monitor.goto(f"/cases/{filed.number}")
    expect(monitor.locator("#trace")).to_contain_text("修复流程：转到指定步骤继续“受理审查”")
    expect(monitor.locator("#trace")).to_contain_text("流程走不下去，转流程管理岗修复")


def test_the_applicant_is_told_plainly_and_may_take_the_application_back(visit, town, tmp_path) -> None:
    faulty.deploy(town, tmp_path)
    filed = faulty.file(town)
    clerk = visit("li")
    clerk.goto(f"/desk/steps/{step_id(filed.case, 'intake/accept')}")
    clerk.locator("[data-claim]").click()
    clerk.locator('button[name="outcome"][value="accept"]').click()
    expect(clerk.locator('[role="alert"]')).to_be_visible()
    applicant = visit()
    applicant.goto("/progress")
    applicant.fill('input[name="number"]', filed.number)
    applicant.fill('input[name="code"]', filed.code)
    applicant.locator("main form button").first.click()

    expect(applicant.locator("h1").first).to_contain_text("期限照走")
    expect(applicant.locator("main")).to_contain_text("管理人员正在修复；期限没有停")
    assert "ZeroDivisionError" not in applicant.content()
    applicant.get_by_text("撤回申请…").click()
    applicant.fill("#reason", "不开店了")
    applicant.get_by_role("button", name="确认撤回").click()
    expect(applicant.locator("h1").first).to_contain_text("已撤回")
    assert county.row(filed.case).state == "withdrawn"
