"""Cards as people work them off: a yellow one explained and rescinded, a red one appealed, put right and verified."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine import clock
from tests import cardcast, cards, county
from tests.browser.test_accessibility import RULES
from tests.browser.test_main_job import file_at_the_window, fill, step_id

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def town(database_url, configure) -> county.Town:
    configure(SUNLIT_DEMO="1", SUNLIT_DATABASE_URL=database_url)
    with clock.at(county.at("2026-03-02 09:00")):
        town = cards.found()
    clock.start_demo(county.at("2026-03-02 10:00"))
    return town


def held_too_long(clerk: Page) -> str:
    """File an application, claim its first step, and let two days pass; return its number."""
    number, _ = file_at_the_window(clerk)
    clerk.goto("/desk/pool")
    clerk.locator("tr", has_text=number).locator("[data-claim]").click()
    expect(clerk.locator("#opinion")).to_be_visible()
    for _ in range(2):  # Tuesday is the last day of the step
        clerk.locator('form[action*="/demo/advance"] button').click()
        clerk.wait_for_load_state("networkidle")
    return number


def act(page: Page, case: int, path: str, outcome: str = "done", **form: Any) -> None:
    """Claim a step of a card, fill in its form, and press the button of the outcome."""
    page.goto(f"/desk/steps/{step_id(case, path)}")
    page.locator("[data-claim]").click()
    expect(page.locator("#opinion")).to_be_visible()
    fill(page, form)
    page.fill("#opinion", "已核对")
    page.locator(f'button[name="outcome"][value="{outcome}"]').click()
    page.wait_for_load_state("networkidle")
    said = page.locator('[role="status"]', has_text="“")  # what was done, or signed
    expect(said.first).to_be_visible(timeout=20_000)


def is_refused(page: Page, number: str, case: int, path: str, why: str) -> None:
    """The step is grey on the card's page, with the reason; posting anyway is refused and traced."""
    step = step_id(case, path)
    page.goto(f"/cards/{number}")
    off = page.locator('.act [aria-disabled="true"]')
    expect(off).to_be_visible()
    expect(page.locator(f"#why-{step}")).to_contain_text(why)
    expect(page.locator(f"#why-{step}")).to_contain_text("SOD-20")
    token = page.locator('input[name="csrf_token"]').first.get_attribute("value")
    answer = page.request.post(f"/desk/steps/{step}/claim", form={"csrf_token": token or ""}, max_redirects=0)
    assert answer.status == 403
    assert "SOD-20" in answer.text()
    assert county.types(number)[-1] == "refused"


def test_a_yellow_card_is_explained_and_rescinded(visit: Callable[..., Page]) -> None:
    clerk = visit("li")
    subject = held_too_long(clerk)
    (card,) = cards.drafted(subject)

    # the office is told, and explains
    clerk.goto("/cards")
    expect(clerk.locator(".bar nav .waits")).to_have_text("1")
    row = clerk.locator("tr", has_text=card.number)
    expect(row).to_contain_text("剩")
    row.locator("a.btn").click()
    expect(clerk.locator("#card")).to_contain_text("步骤“受理审查”超期")
    clerk.locator("[data-claim]").click()
    fill(clerk, {"explanation": "3 月 3 日窗口全天停电，次日来电即办。"})
    clerk.fill("#opinion", "请予核实")
    clerk.locator('button[name="outcome"][value="done"]').click()
    clerk.wait_for_load_state("networkidle")

    # who held the late step may not judge it, whatever post he holds since
    cardcast.leave("li", "acceptance")
    cardcast.join("li", "card_reviewer", "yl")
    is_refused(visit("li"), card.number, card.case_, "review", "发给您本人")

    # a reviewer finds it in the list and rescinds it, on a ground of the closed list
    reviewer = visit("han")
    reviewer.goto("/monitor/cards?mine=1")
    reviewer.keyboard.press("j")
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator("tr.cur")).to_contain_text(card.number)
    expect(reviewer.locator("main")).to_contain_text("窗口全天停电")
    expect(reviewer.locator("main")).to_contain_text("账与留痕一致")
    reviewer.keyboard.press("Control+Enter")
    reviewer.wait_for_url("**/desk/steps/*")
    act(
        reviewer, card.case_, "review", "rescind", finding="停电属实，次日即办。", ground="system_fault",
        ground_reason="供电局证明：3 月 3 日 8 时至 18 时停电。",
    )  # fmt: skip

    # nothing is deleted: the auditor sees it with its ground, and in the rates
    assert cards.again(card).result == "rescinded"
    assert cards.scores(card) == []
    auditor = visit("sun")
    auditor.goto(f"/cards/{card.number}")
    expect(auditor.locator("main")).to_contain_text("系统或日历故障")
    expect(auditor.locator("main")).to_contain_text("供电局证明")
    auditor.goto("/monitor/scores")
    expect(auditor.locator("tr", has_text="Han")).to_contain_text("100.0%")
    auditor.goto("/monitor/cards?closed=1")
    expect(auditor.locator("tr", has_text=card.number)).to_contain_text("撤销")


def test_a_red_card_is_appealed_put_right_and_verified(visit: Callable[..., Page]) -> None:
    clerk = visit("li")
    subject = held_too_long(clerk)

    # issued by hand by one monitor, confirmed by another
    issuer = visit("all")
    issuer.goto("/monitor/cards/new")
    issuer.fill("#case", subject)
    issuer.keyboard.press("Enter")
    issuer.locator('input[name="step"]').first.check()
    issuer.locator('input[name="level"][value="red"]').check()
    issuer.fill("#opinion", "让申请人跑了三趟，没有一次告知。")
    issuer.keyboard.press("Control+Enter")
    issuer.wait_for_url("**/cards/*YLP-*")
    number = issuer.url.rpartition("/")[2]
    card = next(each for each in cards.drafted(subject) if each.number == number)
    is_refused(issuer, number, card.case_, "confirm", "“收件”是您办的")
    clerk.goto("/cards")
    expect(clerk.locator("main")).not_to_contain_text(number)  # a draft is not the office's to see
    act(visit("meng"), card.case_, "confirm", "confirm")

    # answered; the issuer, who is a reviewer too, may not review it
    act(clerk, card.case_, "answer", explanation="材料清单没有贴出来。", plan="三日内贴出清单。")
    is_refused(issuer, number, card.case_, "review", "“收件”是您办的")
    act(visit("han"), card.case_, "review", "uphold", finding="三趟属实，清单未公示。")

    # appealed; two of the panel sign
    act(clerk, card.case_, "appeal", "appeal", appeal_reason="清单由县中心张贴，不归窗口。")
    for member in ("shi", "wen"):
        act(visit(member), card.case_, "panel", "uphold", finding="窗口应当口头一次告知。")

    # put right, and verified by a third monitor
    act(clerk, card.case_, "rectify", rectified="清单已贴出，已电话告知三名申请人。")
    is_refused(issuer, number, card.case_, "verify", "“收件”是您办的")
    act(visit("gu"), card.case_, "verify", "pass", verified="到窗口看过清单，回访两人。")

    assert cards.again(card).result == "archived"
    assert cards.scores(card) == [(-10, "issued", "2026-03-04")]
    clerk.goto("/cards")
    expect(clerk.locator("tr", has_text=number)).to_contain_text("-10")
    clerk.goto(f"/cards/{number}")
    for said in ("All", "Meng", "Li", "Han", "Shi、Wen", "Gu", "计分 -10"):
        expect(clerk.locator(".tl")).to_contain_text(said)
    monitor = visit("qian")
    monitor.goto("/monitor")
    expect(monitor.locator("tr", has_text=subject).locator(f'a[href="/cards/{number}"]')).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit: Callable[..., Page], language: str) -> None:
    clerk = visit("li")
    subject = held_too_long(clerk)
    (card,) = cards.drafted(subject)
    found: list[str] = []
    step = f"/desk/steps/{step_id(card.case_, 'explain')}"
    pages = {
        "qian": (
            *("/monitor/cards", f"/cards/{card.number}", "/monitor/scores", "/monitor", f"/cases/{subject}"),
            *("/monitor/cards/new", f"/monitor/cards/new?case={subject}", "/desk/", "/desk/pool"),
        ),
        "li": ("/cards", f"/cards/{card.number}", step),
        "sun": ("/monitor/cards", "/monitor/cards?q=x"),
    }

    for who, paths in pages.items():
        page = clerk if who == "li" else visit(who)
        for path in paths:
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
                page.wait_for_load_state("networkidle")
                found += [
                    f"{who} {path} {width} {each['id']}: {each['nodes'][0]['html'][:150]}"
                    for each in Axe().run(page, options=RULES).response["violations"]
                ]
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
                    found.append(f"{who} {path} {width}: scrolls sideways")

    assert found == []


def test_the_header_counts_what_waits(visit: Callable[..., Page]) -> None:
    clerk = visit("li")
    held_too_long(clerk)

    clerk.goto("/desk/")

    link = clerk.locator(".bar nav a", has_text=re.compile("黄牌红牌"))
    expect(link.locator(".waits")).to_have_text("1")
    expect(visit("hua").locator(".bar nav .waits")).to_have_count(0)
