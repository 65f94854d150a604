"""People, as people do it: a post proposed and approved, a password shown once, a second factor set up and used."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Error, Page, expect

from engine import clock
from tests import county
from tests.browser.test_accessibility import RULES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
NEW = "seven small herons"


def axe(page: Page) -> None:
    """Fail when axe finds something, at 1280 and at 390 pixels, or something scrolls sideways."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(page.url, width, each["id"], each["nodes"][0]["html"][:150]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})


def code(secret: str, ahead: int = 0) -> str:
    """Return the code that a telephone shows, or will show after so many steps."""
    key = base64.b32decode(secret.replace(" ", ""))
    at = int(clock.real().timestamp()) + 30 * ahead
    return TOTP(key, 6, SHA1(), 30).generate(at).decode()


def approved(second: Page, address: str) -> None:
    second.goto(address)
    axe(second)
    second.get_by_role("button", name="批准并执行").click()
    second.wait_for_load_state()


def test_a_granted_post_opens_its_steps_to_the_officer(visit: Callable[..., Page], town) -> None:
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    officer, administrator, second = visit("zhou"), visit("lu"), visit("jin")
    expect(officer.locator("main")).to_contain_text("您现在没有岗位")
    administrator.goto("/office/people?text=zhou")
    axe(administrator)
    administrator.keyboard.press("j")
    administrator.keyboard.press("Enter")
    administrator.wait_for_url("**/office/people/*")
    axe(administrator)
    administrator.get_by_role("link", name="授予一个岗位").click()
    axe(administrator)
    administrator.get_by_label("岗位").first.select_option("reviewer")
    administrator.get_by_label("云岭县行政审批局").check()
    administrator.get_by_label("任职文件号").fill("云审批任〔2026〕3 号")
    administrator.keyboard.press("Control+Enter")
    administrator.wait_for_url("**/office/proposals/*")
    expect(administrator.locator("#decide")).to_contain_text("SOD-25")

    approved(second, administrator.url)

    expect(second.locator('[role="status"]')).to_contain_text("已批准并执行")
    officer.goto("/desk/pool")
    expect(officer.locator("main")).to_contain_text(filed.number)


def test_a_forgotten_password_is_shown_once_and_changed_first(visit: Callable[..., Page], town) -> None:
    administrator, second, officer = visit("lu"), visit("jin"), visit()
    administrator.goto(f"/office/people/{town.wang.person}/account")
    axe(administrator)
    administrator.get_by_label("忘了口令：换成一次性口令").check()
    administrator.keyboard.press("Control+Enter")
    administrator.wait_for_url("**/office/proposals/*")
    approved(second, administrator.url)
    secret = second.locator("#secret").inner_text()
    axe(second)

    second.get_by_role("link", name="抄好了").click()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # nothing of it was kept
        second.go_back()

    expect(second.locator("body")).not_to_contain_text(secret)
    officer.goto("/signin")
    officer.fill("input[name=login]", "wang")
    officer.fill("input[name=password]", secret)
    officer.press("input[name=password]", "Enter")
    officer.wait_for_url("**/account/password")
    axe(officer)
    for field, typed in (("old", secret), ("new", NEW), ("again", NEW)):
        officer.fill(f"#{field}", typed)
    officer.keyboard.press("Enter")
    officer.wait_for_url("**/desk/")


def test_a_second_factor_is_set_up_and_asked_for(visit: Callable[..., Page], town) -> None:
    officer = visit("zhao")
    officer.goto("/account")
    axe(officer)
    officer.get_by_role("button", name="开通动态口令").click()
    secret = officer.locator("p.mono").inner_text()
    assert officer.locator("main img").evaluate("image => image.naturalWidth") > 0
    axe(officer)
    officer.fill("#code", code(secret))
    officer.keyboard.press("Enter")
    officer.wait_for_url("**/account")

    again = visit()
    again.goto("/signin")
    again.fill("input[name=login]", "zhao")
    again.fill("input[name=password]", county.PASSWORD)
    again.press("input[name=password]", "Enter")
    expect(again.get_by_role("alert")).to_contain_text("动态口令")
    axe(again)
    again.fill("input[name=password]", county.PASSWORD)
    again.fill("input[name=code]", code(secret, ahead=1))
    again.press("input[name=code]", "Enter")

    again.wait_for_url("**/desk/")


def test_other_pages_of_people_have_nothing_serious(visit: Callable[..., Page], town) -> None:
    post = f"/office/people/posts/{town.wang.person}"
    for who, paths in {
        "lu": ("/office/people/new", f"{post}/end", f"{post}/stand-in", f"/office/people/{town.wang.person}/leaving"),
        "ma": ("/office/people/rules", "/office/people/1/absence?lang=en"),
        "wang": ("/account/absence", "/account/ties/new", "/account/ties/new?lang=en", "/office/proposals"),
    }.items():
        page = visit(who)
        for path in paths:
            page.goto(path)
            axe(page)
