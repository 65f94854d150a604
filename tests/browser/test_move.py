"""Running cases go over to a new version, as people see it: proposed with the keyboard, approved by a second person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import county
from tests.commands.versions import SECOND_LOOK, Files, version

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_move_is_proposed_by_one_approved_by_another_and_says_what_was_left(visit, town, tmp_path) -> None:
    goes, stays, left = (county.file(town) for _ in range(3))
    Files(tmp_path).edit(*SECOND_LOOK).deploy(town)
    enter: Callable[..., Page] = visit
    manager = enter("ma")
    manager.goto("/office/moves")
    manager.keyboard.press("j")
    manager.keyboard.press("Enter")
    manager.wait_for_url("**/2")
    manager.uncheck(f'input[value="{stays.number}"]')
    manager.keyboard.press("Control+Enter")
    manager.wait_for_url("**/office/proposals/*")
    expect(manager.locator("#decide")).to_contain_text("SOD-25")
    address = manager.url
    county.do(town, "li", left.case, "intake/accept", "not_needed")

    second = enter("feng")
    second.goto(address)
    expect(second.locator("main")).to_contain_text("有 1 件现在对不上")
    second.get_by_role("button", name="批准并执行").click()

    expect(second.locator('[role="status"]')).to_contain_text("已批准并执行")
    expect(second.locator("tr", has_text=left.number)).to_contain_text("本件：已办结")
    expect(second.locator("tr", has_text=goes.number)).to_contain_text("已移")
    assert [version(each.case) for each in (goes, stays, left)] == [2, 1, 1]
