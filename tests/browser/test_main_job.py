"""The main job as people do it: from the window to the licence, watched, traced, and caught when somebody tampers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from engine import commands
from engine.db import tables as t
from engine.db.store import reading
from tests import county
from tests.commands.test_tracing import unguarded
from tests.samples import FORMS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def fill(page: Page, form: dict[str, Any]) -> None:
    """Fill in the fields of a form as drawn from its schema."""
    for name, value in form.items():
        for each in value if isinstance(value, list) else [value]:
            word = {True: "true", False: "false"}.get(each, str(each)) if isinstance(each, bool) else str(each)
            choice = page.locator(f'input[name="{name}"][value="{word}"]:is([type=radio],[type=checkbox])')
            if choice.count():
                choice.check()
            elif page.locator(f'select[name="{name}"]').count():
                page.select_option(f'select[name="{name}"]', word)
            else:
                page.fill(f'[name="{name}"]', word)


def file_at_the_window(page: Page, **change: Any) -> tuple[str, str]:
    """File an application; return receipt number and query code, as printed on the receipt."""
    take_down(page, **change)
    page.locator('[data-key="submit"]').click()
    return printed(page)


def take_down(page: Page, **change: Any) -> None:
    """Fill in an application at the window."""
    page.goto("/desk/intake")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/desk/intake/\d+"))
    expect(page.locator('[data-key="submit"]')).to_be_visible()
    fill(
        page,
        {
            "applicant_kind": "natural",
            "applicant_id_number": "999001198806140017",
            "applicant_name": "罗雨平",
            "applicant_phone": "0877-5550000",
        },
    )
    fill(page, FORMS["case"] | change)
    for box in page.locator('input[name="material"]').all():
        box.check()


def printed(page: Page) -> tuple[str, str]:
    """Return receipt number and query code, as printed on the receipt."""
    page.wait_for_url(re.compile(r"/receipt"))
    text = page.locator("main").inner_text()
    number = re.search(r"2026-YL-\d{6}", text)
    code = re.search(r"\b[0-9A-HJKMNP-TV-Z]{5}[-‑ ]?[0-9A-HJKMNP-TV-Z]{5}\b", text)
    assert number, text
    assert code, text
    return number[0], re.sub(r"[-‑ ]", "", code[0])


def test_a_form_that_is_sent_no_longer_saves_itself(visit: Callable[..., Page]):
    """The answer would be for a draft that is gone, and bring back the cookie of before."""
    clerk = visit("li")
    saves: list[Route] = []
    sent: list[Route] = []
    given_up: list[str] = []
    clerk.route(re.compile(r"/intake/\d+/save$"), lambda route: saves.append(route))
    clerk.route(re.compile(r"/intake/\d+/file$"), lambda route: sent.append(route))
    clerk.on("requestfailed", lambda request: given_up.append(request.url))

    take_down(clerk)
    clerk.evaluate(
        "document.addEventListener('submit', e => setTimeout(() => e.target.dispatchEvent(new Event('change'))))"
    )
    before = len(saves)
    clerk.locator('[data-key="submit"]').click(no_wait_after=True)
    for _ in range(100):
        if sent and given_up:
            break
        clerk.wait_for_timeout(50)

    assert len(sent) == len(saves) == before == 1
    assert given_up == [saves[0].request.url], "the form still saves itself"
    sent[0].continue_()
    printed(clerk)


def step_id(case: int, path: str) -> int:
    return int(county.step(case, path).id)


def do(page: Page, case: int, path: str, outcome: str) -> None:
    """Claim a step and do it, by the buttons of its page."""
    page.goto(f"/desk/steps/{step_id(case, path)}")
    page.locator("[data-claim]").click()
    expect(page.locator("#opinion")).to_be_visible()
    fill(page, FORMS.get(f"{path}:{outcome}", FORMS.get(path, {})))
    page.fill("#opinion", "同意")
    page.locator(f'button[name="outcome"][value="{outcome}"]').click()
    page.wait_for_load_state("networkidle")


def case_of(number: str) -> int:
    with reading() as conn:
        return int(conn.scalar(sa.select(t.case_.c.id).where(t.case_.c.number == number)) or 0)


def test_from_the_window_to_the_licence(visit: Callable[..., Page]) -> None:
    clerk = visit("li")
    number, code = file_at_the_window(clerk)
    case = case_of(number)
    do(clerk, case, "intake/accept", "accept")
    reviewer = visit("both")
    do(reviewer, case, "review", "pass")
    for inspector in ("chen", "liu"):
        do(visit(inspector), case, "site_inspection/inspect", "pass")
    do(visit("he"), case, "recheck", "agree")

    # the same person is refused the decision, with the rule's basis
    reviewer.goto(f"/desk/steps/{step_id(case, 'decide')}")
    expect(reviewer.locator('[aria-disabled="true"]').first).to_be_visible()
    expect(reviewer.locator("#why")).to_contain_text("SOD-03")
    token = reviewer.locator('input[name="csrf_token"]').first.get_attribute("value")
    answer = reviewer.request.post(
        f"/desk/steps/{step_id(case, 'decide')}/claim", form={"csrf_token": token or ""}, max_redirects=0
    )
    assert answer.status == 403
    assert "SOD-03" in answer.text()

    do(visit("zhao"), case, "decide", "grant")
    issuer = visit("wu")
    do(issuer, case, "issue/make", "done")
    commands.render_waiting(case)
    do(issuer, case, "issue/deliver", "done")
    assert county.row(case).result == "issued"

    # the refusal is in the trace, red, for the auditor
    auditor = visit("sun")
    auditor.goto(f"/audit/trace/{number}")
    expect(auditor.locator("tr.refused")).to_have_count(1)
    expect(auditor.locator("tr.refused")).to_contain_text("SOD-03")

    # the applicant sees it in plain words
    applicant = visit()
    applicant.goto("/progress")
    applicant.fill('input[name="number"]', number)
    applicant.fill('input[name="code"]', code)
    applicant.locator("main form button").first.click()
    expect(applicant.locator("h1").first).to_be_visible()
    expect(applicant.locator("main")).to_contain_text("罗*平")
    assert "999001198806140017" not in applicant.content()


def test_past_the_limit_the_board_is_red_and_the_trace_says_why(visit: Callable[..., Page]) -> None:
    clerk = visit("li")
    number, _ = file_at_the_window(clerk)
    monitor = visit("qian")
    monitor.goto("/monitor")
    row = monitor.locator("tr", has_text=number)
    expect(row).to_contain_text("正常")

    for _ in range(2):  # Tuesday is the last day of the acceptance step; on Wednesday it is over
        monitor.locator('form[action*="/demo/advance"] button').click()
        monitor.wait_for_load_state("networkidle")
    monitor.goto("/monitor")

    expect(monitor.locator("tr", has_text=number)).to_contain_text("超期")
    monitor.goto(f"/cases/{number}")
    expect(monitor.locator("main")).to_contain_text("超期")
    expect(monitor.locator("main")).to_contain_text("L15")
    assert "clock.overrun" in county.types(number)


def test_the_board_refreshes_by_itself(visit: Callable[..., Page]) -> None:
    monitor = visit("qian")
    monitor.goto("/monitor")

    number, _ = file_at_the_window(visit("li"))

    expect(monitor.locator("tr", has_text=number)).to_be_visible(timeout=15_000)


def test_the_auditors_check_passes_and_fails_after_one_changed_byte(visit: Callable[..., Page]) -> None:
    number, _ = file_at_the_window(visit("li"))
    auditor = visit("sun")
    auditor.goto("/audit/check")
    check = auditor.locator('form[action$="/audit/check"] button')
    check.click()
    expect(auditor.locator("main")).to_contain_text("完整")

    with reading() as conn:
        event = conn.execute(sa.select(t.event).where(t.event.c.case_ == number, t.event.c.seq == 2)).one()
    changed = event.body.replace(b"2026-03-02", b"2026-03-01", 1)
    unguarded(sa.update(t.event).where(t.event.c.id == event.id).values(body=changed))
    auditor.goto("/audit/check")
    check.click()

    expect(auditor.locator("main")).to_contain_text(number)
    expect(auditor.locator("main")).not_to_contain_text("证据完整")
    auditor.goto(f"/audit/trace/{number}")
    auditor.locator('form[action$="/check"] button').first.click()
    expect(auditor.locator("main")).to_contain_text(re.compile("断开|不符|改动"))
