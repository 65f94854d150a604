"""Two browsers complete one step at once: one is done, the other is told so with a 409."""

from __future__ import annotations

from tests import county
from tests.commands.test_races import race
from tests.live import Live, Visitor
from tests.reliability.test_kill import live  # noqa: F401 - a fixture


def test_one_of_two_gets_a_clear_409(live: tuple[county.Town, Live]) -> None:  # noqa: F811
    town, server = live
    filed = county.file(town)
    step = county.claim(town, "li", filed.case, "intake/accept")
    browsers = [Visitor(server.url) for _ in range(2)]
    pages = []
    for browser in browsers:
        browser.sign_in("li")
        pages.append(browser.get(f"/desk/steps/{step}"))

    def completing(browser: Visitor, page: str):
        return lambda: browser.post(f"/desk/steps/{step}/complete", {"outcome": "accept", "opinion": "同意"}, page)

    answers = race(*[completing(browser, page) for browser, page in zip(browsers, pages, strict=True)])

    assert sorted(status for status, _, _ in answers) == [200, 409]
    lost = next(page for status, _, page in answers if status == 409)
    assert "这一步已经办完" in lost or "已办" in lost
    assert county.types(filed.number).count("step.completed") == 1
