"""Every page, at 1280 and 390 pixels, in both languages: axe finds nothing serious, nothing scrolls sideways, the
bpmn.io mark stays visible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from engine import commands
from engine.bpmn.source import load
from engine.db.store import begin
from engine.settings import settings
from tests import county, faulty
from tests.browser.test_main_job import file_at_the_window
from tests.commands.versions import propose as propose_move
from tests.faulty import break_down, propose

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = {
    "li": ("/desk/", "/desk/pool", "/desk/done", "/desk/intake", "/desk/search", "/desk/steps/1", "/desk/steps/5"),
    "wang": ("/desk/pool", "/desk/steps/2"),
    "qian": (
        "/monitor",
        "/cases/{number}",
        "/cases/{number}/clocks",
        "/cases/{broken}",
        "/monitor?state=fault",
        "/staffing/ahead",
    ),
    "sun": ("/audit", "/audit/trace/{number}", "/audit/check"),
    "ma": (
        *("/office/proposals", "/office/proposals/4", "/office/faults", "/office/faults/{broken}"),
        *("/office/moves", "/office/moves/{item}/2", "/office/moves/{item}/1"),
    ),
    "feng": ("/office/proposals/4", "/office/proposals/5", "/office/proposals/6", "/office/faults/{broken}"),
    "": ("/signin", "/progress"),
}


def propose_again(town: county.Town) -> None:
    """Propose the item as it is in the repository."""
    with begin(town.ma) as ctx:
        commands.propose_definition(ctx, load(settings().processes / county.ITEM, settings().processes))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", list(PAGES))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit: Callable[..., Page], town, tmp_path, who, language):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    county.file(town)
    faulty.deploy(town, tmp_path)
    broken = faulty.file(town)
    break_down(town, broken)  # on the lists of everybody
    propose(town, broken.case, "intake/accept")
    propose_again(town)
    propose_move(town, filed.number)
    page = visit(who)
    found: list[str] = []

    for path in PAGES[who]:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            address = path.format(number=filed.number, broken=broken.number, item=county.ITEM)
            page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            page.wait_for_load_state("networkidle")
            found += [
                f"{path} {width} {each['id']}: {each['nodes'][0]['html'][:150]}"
                for each in Axe().run(page, options=RULES).response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
                found.append(f"{path} {width}: scrolls sideways")
            assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]

    assert found == []


def test_the_mark_of_bpmn_io_stays_visible(visit: Callable[..., Page], town):
    filed = county.file(town)
    page = visit("li")

    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/desk/steps/{county.step(filed.case, 'intake/accept').id}")
        page.wait_for_load_state("networkidle")
        mark = page.locator(".bjs-powered-by")
        mark.evaluate(
            "mark => mark.scrollIntoView({block: 'center', behavior: 'instant'})"
        )  # clear of the bar at the bottom
        box = mark.bounding_box()
        assert box is not None
        assert box["width"] > 10
        on_top = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.closest('.bjs-powered-by') !== null",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert on_top


def test_a_clerk_can_file_with_the_keyboard_alone(visit: Callable[..., Page]):
    clerk = visit("li")
    number, _ = file_at_the_window(clerk)
    clerk.goto("/desk/pool")

    clerk.keyboard.press("j")
    clerk.keyboard.press("c")
    clerk.wait_for_url("**/desk/steps/*")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_load_state("networkidle")

    assert "step.completed" in county.types(number)
