"""The page to propose a move: versions with their cases, what changes, the plan case by case, ticks, refusals."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import reading
from engine.settings import settings
from tests import county, faulty
from tests.commands.test_entries import also
from tests.commands.versions import SECOND_LOOK, Files, version
from tests.county import ITEM

FIRST, SECOND, THIRD = (f"2026-YL-00000{n}" for n in (1, 2, 3))
PAGE = f"/office/moves/{ITEM}/2"


@pytest.fixture
def three(town, tmp_path):
    """Three cases on version 1, of which the third, at its review, cannot move to version 2: its form differs."""
    for _ in range(3):
        county.file(town)
    county.do(town, "li", 3, "intake/accept", "accept")
    remark = {"type": "string", "title": "备注", "title_en": "Remark"}
    Files(tmp_path).edit(*SECOND_LOOK).form("review", remark=remark).deploy(town)


def proposed() -> list[list[str]]:
    """Return the numbers of the cases of each proposal to move."""
    with reading() as conn:
        bodies = conn.scalars(sa.select(t.proposal.c.body_json).where(t.proposal.c.kind == "move"))
        return [[case["number"] for case in json.loads(body)["cases"]] for body in bodies]


def ticked(page: str) -> list[str]:
    return re.findall(r'name="case" value="([^"]+)" checked', page)


def offered(page: str) -> list[str]:
    return re.findall(r'name="case" value="([^"]+)"', page)


def test_items_are_listed_with_the_versions_that_cases_run_on(visit, three):
    page = visit("ma").page("/office/moves")

    assert "第 2 版" in page
    assert "3 件按第 1 版" in page
    assert PAGE in page
    assert 'href="/office/moves" aria-current="page"' in page
    assert "3 cases on version 1" in visit("ma").page("/office/moves?lang=en")


def test_the_plan_says_what_changes_and_who_can_move_and_why_not(visit, three):
    page = visit("ma").page(PAGE)

    assert "的承诺工作日由7改为8" in page
    assert "新版在本件后面加了“会商”。" in page
    assert "“审查”正在办，新版的表单不同，草稿可能对不上。" in page
    assert offered(page) == ticked(page) == [FIRST, SECOND]
    assert re.search(r"2 件可以移</b> · 1 件不能移", page)
    assert "椒香里" not in page
    english = unescape(visit("ma").page(f"{PAGE}?lang=en"))
    assert "'Review' is open and has another form in the new version" in english
    assert "2 cases can move" in english


def test_all_ticks_can_be_taken_away(visit, three):
    page = visit("ma").page(f"{PAGE}?tick=none")

    assert offered(page) == [FIRST, SECOND]
    assert ticked(page) == []


def test_what_is_ticked_is_proposed_and_the_own_proposal_is_grey(visit, three):
    visitor = visit("ma")

    answer = visitor.post(PAGE, {"case": SECOND})
    page = visitor.page(answer.headers["Location"])

    assert answer.status_code == 303
    assert proposed() == [[SECOND]]
    assert "SOD-25" in page
    assert 'aria-disabled="true"' in page
    assert f"{answer.headers['Location']}/approve" not in page
    assert "的承诺工作日由7改为8" in page
    assert "等另一个人批准" in visitor.page(PAGE)


def test_nothing_ticked_is_not_everything(visit, three):
    answer = visit("ma").post(PAGE)

    assert answer.status_code == 422
    assert "请至少勾选一件" in answer.text
    assert ticked(answer.text) == []
    assert proposed() == []


@pytest.mark.parametrize(("numbers", "status"), [((SECOND, THIRD), 422), ((SECOND, "2026-YL-999999"), 404)])
def test_what_cannot_move_any_more_is_told_and_the_ticks_stay(visit, three, numbers, status):
    answer = visit("ma").post(PAGE, {"case": list(numbers)})

    assert answer.status_code == status
    assert "下面是最新的计划" in answer.text
    assert ticked(answer.text) == [SECOND]
    assert proposed() == []


def test_a_refusal_names_the_case_and_the_rule(visit, town, three):
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).where(t.case_.c.id == 2).values(agent=town.ma.person))

    answer = visit("ma").post(PAGE, {"case": [FIRST, SECOND]})

    assert answer.status_code == 403
    alert = re.search(r'role="alert">(.*?)</div>', answer.text, re.DOTALL)
    assert alert is not None
    assert SECOND in alert[1]
    assert "SOD-31" in alert[1]
    assert proposed() == []


def test_who_manages_no_flows_sees_the_plan_and_why_the_button_is_grey(visit, three):
    visitor = visit("feng")

    page, answer = visitor.page(PAGE), visitor.post(PAGE, {"case": FIRST})

    assert "流程管理岗" in page
    assert 'aria-disabled="true"' in page
    assert answer.status_code == 403
    assert proposed() == []


def test_nobody_proposes_without_a_token_of_the_form(visit, three):
    assert visit("ma").client.post(PAGE, data={"case": FIRST}).status_code == 400
    assert proposed() == []


@pytest.mark.parametrize("login", ["li", "qian", "sun"])
def test_the_pages_are_closed_to_others(visit, three, login):
    for path in ("/office/moves", PAGE):
        assert visit(login).get(path).status_code == 403


def test_where_nothing_is_to_move_the_page_says_so(visit, three):
    assert visit("ma").get(f"/office/moves/{ITEM}/9").status_code == 404
    assert visit("ma").get("/office/moves/nothing/1").status_code == 404

    page = visit("ma").page(f"/office/moves/{ITEM}/1")

    assert "没有可移的办件" in page
    assert "第 1 版不是现行版本" in page
    assert 'aria-disabled="true"' in page


def test_a_case_in_fault_is_marked_for_it_wants_a_repair_too(visit, town, tmp_path):
    faulty.deploy(town, tmp_path / "faulty")
    faulty.broken(town)
    Files(tmp_path / "mended").edit(*SECOND_LOOK).deploy(town)

    page = visit("ma").page(f"/office/moves/{ITEM}/3")

    assert re.search(rf"{FIRST}.*?流程出错", page[page.index("逐件计划") :], re.DOTALL)


def test_after_the_decision_the_page_says_which_were_left_and_why(visit, town, three):
    made = visit("ma").post(PAGE, {"case": [FIRST, SECOND]}).headers["Location"]
    county.do(town, "li", 1, "intake/accept", "accept")  # now it stands at the review, whose form differs
    visitor = visit("feng")

    decided = visitor.post(f"{made}/approve")
    page = visitor.page(decided.headers["Location"])

    assert (version(1), version(2)) == (1, 2)
    assert "移了 1 件，1 件留在原版" in page
    result = page[page.index("逐件结果") :]
    left, moved = result.index(FIRST), result.index(SECOND)
    assert left < result.index("留在原版") < result.index("“审查”正在办，新版的表单不同") < moved < result.index("已移")
    assert "1 moved, 1 left on their version" in visitor.page(f"{made}?lang=en")


def test_what_was_left_and_moved_later_by_another_proposal_says_so(visit, town, three):
    both = visit("ma").post(PAGE, {"case": [FIRST, SECOND]}).headers["Location"]
    one = visit("ma").post(PAGE, {"case": SECOND}).headers["Location"]
    visitor = visit("feng")
    visitor.post(f"{one}/approve")
    visitor.post(f"{both}/approve")

    assert "已在第 2 版。" in visitor.page(both)
    assert "已移" in visitor.page(one)
    assert "留在原版" not in visitor.page(one)


def test_who_has_handled_one_of_the_cases_is_told_which(visit, town, three):
    also(town.li, "flow_manager")

    answer = visit("li").post(PAGE, {"case": [FIRST]})

    assert answer.status_code == 403
    assert f"{FIRST} " in answer.text
    assert "SOD-01" in answer.text
