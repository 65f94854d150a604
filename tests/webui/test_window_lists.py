"""Queue, pool, done and search: what an officer sees, in which order, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock
from engine.db import engines, rulebook
from engine.settings import settings
from tests import county
from tests.county import claim, do, file
from tests.webui.conftest import MONDAY


def test_my_steps_are_grouped_by_the_day_they_are_due(visit, town):
    today, later = (file(town, shop_name=name).case for name in ("今天面馆", "以后面馆"))
    do(town, "li", today, "intake/accept", "accept")
    with clock.at(MONDAY + timedelta(days=2)):  # Wednesday, the last day of the first review
        do(town, "li", later, "intake/accept", "accept")
        claim(town, "wang", later, "review")
        claim(town, "wang", today, "review")
        page = visit("wang").page("/desk/")

    assert re.findall(r'scope="rowgroup">(.*?)<span>', page) == ["今天到期", "以后"]
    assert page.index("今天面馆") < page.index("以后面馆")
    assert "今天止 0/2" in page
    assert "剩 2/2" in page


def test_an_overdue_step_stands_first_and_is_counted(visit, town):
    case = file(town).case
    do(town, "li", case, "intake/accept", "accept")
    claim(town, "wang", case, "review")
    with clock.at(MONDAY + timedelta(days=4)):  # Friday; the review was due on Wednesday
        visitor = visit("wang")
        page, red, green = visitor.page("/desk/"), visitor.page("/desk/?lamp=over"), visitor.page("/desk/?lamp=ok")

    assert "超 2 日" in page
    assert "已超期" in page
    assert "椒香里火锅店" in red
    assert "这个条件下没有办件" in green


def test_an_empty_queue_says_how_many_wait(visit, town):
    file(town)

    assert "本单位还有 1 件没人领" in visit("li").page("/desk/")
    assert "本单位也没有等人领的" in visit("wang").page("/desk/")


def test_a_claim_in_the_pool_opens_the_step(visit, town):
    case = file(town).case
    step = county.step(case, "intake/accept").id
    answer = visit("li").post(f"/desk/steps/{step}/claim")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/steps/{step}")
    assert county.step(case, "intake/accept").claimed_by == town.li.person


def test_what_separation_forbids_is_grey_with_the_reason_and_is_refused(visit, town):
    case = file(town).case
    do(town, "li", case, "intake/accept", "accept")
    do(town, "both", case, "review", "pass")
    do(town, "chen", case, "site_inspection/inspect", "pass")
    do(town, "liu", case, "site_inspection/inspect", "pass")
    step = county.step(case, "recheck").id
    visitor = visit("both")
    page, answer = visitor.page("/desk/pool"), visitor.post(f"/desk/steps/{step}/claim")

    assert "您不能办“复核”：本件的“审查”是您办的" in page
    assert "SOD-03" in page
    assert f'action="/desk/steps/{step}/claim"' not in page
    assert answer.status_code == 403
    assert "SOD-03" in answer.text
    assert "没有您能领的" in visitor.page("/desk/pool?free=1")


def test_what_somebody_else_claimed_is_a_clash(visit, town):
    case = file(town).case
    do(town, "li", case, "intake/accept", "accept")
    claim(town, "wang", case, "review")

    answer = visit("both").post(f"/desk/steps/{county.step(case, 'review').id}/claim")

    assert answer.status_code == 409
    assert "Wang已认领这一步" in answer.text


def test_another_township_does_not_see_the_pool(visit, town):
    file(town, who="li")

    assert "椒香里火锅店" not in visit("hua").page("/desk/pool")
    assert "椒香里火锅店" in visit("li").page("/desk/pool")


def test_done_lists_what_i_did_with_its_outcome(visit, town):
    case = file(town).case
    do(town, "li", case, "intake/accept", "accept")
    page = visit("li").page("/desk/done")

    assert "受理审查" in page
    assert re.search(r'class="c-due nowrap">受理<', page)


@pytest.mark.parametrize(("login", "words", "found"), [
    ("li", "2026-YL-000001", True),
    ("li", "火锅", True),
    ("li", "2026-yl-000001", True),
    ("li", "面馆", False),
    ("li", "%", False),
    ("wang", "火锅", True),
    ("zhao", "火锅", False),  # the case has not come to the decider
])  # fmt: skip
def test_search_finds_by_number_or_title_what_is_mine_to_see(visit, town, login, words, found):
    case = file(town).case
    do(town, "li", case, "intake/accept", "accept")
    page = visit(login).get("/desk/search", query_string={"q": words}).text

    assert (f'href="/desk/cases/{case}"' in page) is found
    assert ("没找到" in page) is not found


def test_a_longer_list_costs_no_more_statements(visit, town, monkeypatch):
    monkeypatch.setattr(rulebook, "RECENT", 600.0)  # seconds: on a slow machine the rules would be read anew meanwhile
    visitor, counted = visit("li"), []
    made = engines.engine(settings().database_url)

    def statements() -> int:
        counted.clear()
        for path in ("/desk/pool", "/desk/", "/desk/done"):
            visitor.page(path)
        return sum("rulebook" not in each and not each.startswith("BEGIN") for each in counted)

    file(town)
    claim(town, "li", file(town, shop_name="在手").case, "intake/accept")
    do(town, "li", file(town, shop_name="已办").case, "intake/accept", "accept")
    visitor.page("/desk/pool")  # definitions are read once a process
    sa.event.listen(made, "before_cursor_execute", lambda *seen: counted.append(seen[2]))
    few = statements()
    for number in range(4):
        claim(town, "li", file(town, shop_name=f"第 {number} 家").case, "intake/accept")
        file(town, shop_name=f"等领 {number}")

    assert few == statements()
    assert few < 40  # three pages, with the session, the inbox and the waiting cards of each


def test_the_pool_is_paged(visit, town, monkeypatch):
    from engine.db.read import desk

    monkeypatch.setattr(desk, "PAGE", 2)
    for number in range(3):
        file(town, shop_name=f"第 {number} 家")
    visitor = visit("li")
    first, second = visitor.page("/desk/pool"), visitor.page("/desk/pool?page=2")

    assert "第 1 页，共 2 页" in first
    assert "第 0 家" in first
    assert "第 2 家" not in first
    assert "第 2 家" in second
