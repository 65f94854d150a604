"""Time at work in Chromium: a hearing called too late and then in time, a licence renewed by silence, an objection."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine import clock
from tests import county
from tests.browser.test_main_job import case_of, fill, step_id
from tests.items import town as items
from tests.items.test_hearings import HELD, NOTICE, STOP
from tests.items.test_shared_flows import OBJECTION, POSTED

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SHOTS = os.environ.get("SUNLIT_SHOTS")  # a folder for pictures; tests forget the settings of outside
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def town(database_url: str, configure: Callable[..., None]) -> county.Town:
    configure(SUNLIT_DEMO="1", SUNLIT_DATABASE_URL=database_url)
    with clock.at(county.at("2026-03-02 09:00")):
        town = items.found()
    clock.start_demo(county.at("2026-03-02 10:00"))
    return town


def until(moment: str) -> None:
    """Move the demo clock forward to a local time."""
    clock.advance(county.at(moment) - clock.now())


def file(page: Page, item: str, **form: Any) -> int:
    """File at the window; return the case."""
    page.goto("/desk/intake")
    page.locator(
        f'form:has(input[name="item"][value="{item}"]) button, button[name="item"][value="{item}"]'
    ).first.click()
    page.wait_for_url(re.compile(r"/desk/intake/\d+"))
    expect(page.locator('[data-key="submit"]')).to_be_visible()
    who = {"applicant_kind": "natural", "applicant_id_number": "999001198806140017", "applicant_name": "罗雨平"}
    fill(page, who | {"applicant_phone": "0877-5550000", "title": "云岭样例", "contact_name": "罗雨平"} | form)
    with page.expect_response(re.compile(r"/save$")):  # what is typed is kept a moment later
        page.locator('input[name="material"]').first.check()
    page.wait_for_load_state("networkidle")
    page.locator('[data-key="submit"]').click()
    page.wait_for_url(re.compile(r"/receipt"))
    number = re.search(r"2026-YL-\d{6}", page.locator("main").inner_text())
    assert number
    return case_of(number[0])


def open_step(page: Page, case: int, path: str) -> None:
    page.goto(f"/desk/steps/{step_id(case, path)}")
    page.locator("[data-claim]").click()
    expect(page.locator("#opinion")).to_be_visible()


def complete(page: Page, outcome: str, **form: Any) -> None:
    fill(page, form)
    page.fill("#opinion", "已办")
    page.locator(f'button[name="outcome"][value="{outcome}"]').click()
    page.wait_for_load_state("networkidle")


def do(page: Page, case: int, path: str, outcome: str = "done", **form: Any) -> None:
    open_step(page, case, path)
    complete(page, outcome, **form)


def looked_at(page: Page, name: str) -> None:
    """Let axe look, and keep pictures, also at a phone's width, where SUNLIT_SHOTS names a folder."""
    found = Axe().run(page, options=RULES)
    serious = [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert serious == []
    if SHOTS:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def test_a_hearing_called_too_late_is_refused_in_words_and_held_on_a_later_day(visit: Callable[..., Page]) -> None:
    clerk, reviewer, chair = visit("li"), visit("wang"), visit("deng")
    case = file(clerk, "hearing_permit")
    do(clerk, case, "intake/accept", "accept")
    do(reviewer, case, "review", "hear", complete=True)
    do(reviewer, case, "hearing/tell", hearing_matter="拟不予许可：消防通道宽度不足。")
    do(clerk, case, "hearing/request", "asked")
    do(chair, case, "hearing/arrange", **STOP)
    do(visit("zhao"), case, "hearing/approve", "approve")

    open_step(reviewer, case, "hearing/notify")
    complete(reviewer, "done", hearing_on="2026-03-10", **NOTICE)
    expect(reviewer.locator("main")).to_contain_text("已经来不及。请另定较晚的日子（L09）")
    expect(reviewer.locator('[name="hearing_place"]')).to_have_value(NOTICE["hearing_place"])
    looked_at(reviewer, "hearing-too-late")
    complete(reviewer, "done", hearing_on="2026-03-11", **NOTICE)

    reviewer.goto(f"/desk/cases/{case}")
    expect(reviewer.locator("main")).to_contain_text("停表：听证")
    looked_at(reviewer, "hearing-called")
    until("2026-03-11 09:00")
    do(visit("deng"), case, "hearing/hold", **HELD)
    assert county.open_paths(case) == ["decide"]


def test_a_licence_undecided_at_its_expiry_is_renewed_and_the_page_says_by_what_law(visit: Callable[..., Page]) -> None:
    clerk = visit("li")
    case = file(clerk, "licence_renewal", expires_on="2026-03-06")
    do(clerk, case, "intake/accept", "accept")
    until("2026-03-09 09:00")

    issuer = visit("wu")
    for _ in range(30):
        if county.open_paths(case) == ["issue/make"]:
            break
        issuer.wait_for_timeout(500)
    issuer.goto(f"/desk/steps/{step_id(case, 'issue/make')}")
    expect(issuer.locator("main")).to_contain_text("依法视为准予延续")
    expect(issuer.locator("main")).to_contain_text("自 3月6日 周五 起 · 《行政许可法》第50条第2款")
    looked_at(issuer, "renewed-by-silence")


def test_an_objection_is_brought_in_at_the_window_and_answered(visit: Callable[..., Page]) -> None:
    case = file(visit("li"), "candidate_notice")
    do(visit("pu"), case, "publication/post", **POSTED)
    clerk = visit("li")
    clerk.goto(f"/desk/cases/{case}")
    expect(clerk.locator("main")).to_contain_text("不少于 3 日")
    looked_at(clerk, "notice-posted")
    clerk.locator(f'form[action="/desk/cases/{case}/messages/objection"] button').click()
    clerk.wait_for_load_state("networkidle")
    do(visit("wang"), case, "publication/examine", "dismiss", **OBJECTION)
    until("2026-03-06 09:00")
    publisher = visit("pu")
    for _ in range(30):
        if county.open_paths(case) == ["publication/close"]:
            break
        publisher.wait_for_timeout(500)
    do(publisher, case, "publication/close", proof="网页存档 2026-0306")

    assert county.row(case).result == "confirmed"
