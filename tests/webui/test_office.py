"""Pages of those who manage: what is proposed is shown and decided; faults are seen by everybody whom they concern."""

from __future__ import annotations

import re
import shutil

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.bpmn.source import load
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.settings import settings
from tests import county, faulty
from tests.county import ITEM, at
from tests.faulty import WHY, break_down, propose

ENGINE_WORDS = "ZeroDivisionError"


@pytest.fixture
def broken(town, tmp_path):
    """A case in fault at the gateway 要勘验？, and one that is not."""
    faulty.deploy(town, tmp_path)
    filed = faulty.file(town)
    break_down(town, filed)
    county.file(town)
    return filed


@pytest.fixture
def definition(town):
    """A proposal of the item, made by Ma."""
    with begin(town.ma) as ctx:
        return commands.propose_definition(ctx, load(settings().processes / ITEM, settings().processes))


def proposals() -> list[sa.Row]:
    with reading() as conn:
        return list(conn.execute(sa.select(t.proposal).order_by(t.proposal.c.id)))


# --- proposals ------------------------------------------------------------------------------------------------------


def test_what_waits_comes_first_and_what_was_decided_stays(visit, definition):
    page = visit("feng").page("/office/proposals")

    assert re.findall(r'<td class="num mono">(\d+)</td>', page) == ["3", "2", "1"]
    assert "1 项等另一个人批准" in page
    assert "建县" in page
    assert page.index("待批</span>") < page.index("已批准")


def test_the_list_has_pages(visit, town, monkeypatch):
    from engine.db.read import proposals as read

    monkeypatch.setattr(read, "PAGE", 1)
    monkeypatch.setattr("webui.office.PAGE", 1)
    visitor = visit("ma")

    assert "第 1 页，共 2 页" in visitor.page("/office/proposals")
    assert "建县" in visitor.page("/office/proposals?page=2")
    assert "没有提议" in visitor.page("/office/proposals?page=99")


def test_a_definition_is_shown_and_approved_from_its_page(visit, definition):
    visitor = visit("feng")
    page = visitor.page(f"/office/proposals/{definition}")
    assert "食品经营许可" in page
    assert "site_inspection/inspect" in page
    digest = next(e for e in county.events("organ:1") if e["facts"].get("proposal") == definition)["facts"]["digest"]
    assert digest in page

    answer = visitor.post(f"/office/proposals/{definition}/approve")

    assert answer.status_code == 303
    page = visitor.page(answer.headers["Location"])
    assert f"第 {definition} 号提议已批准并执行" in page
    assert "与已有的版本相同" in page
    assert proposals()[-1].approved_by is not None


def test_what_a_definition_changes_is_told_in_the_language_of_the_page(visit, town, definition, tmp_path):
    shutil.copytree(settings().processes, tmp_path / "processes")
    flow = tmp_path / "processes" / ITEM / "flow.bpmn"
    flow.write_text(
        flow.read_text(encoding="utf-8").replace('rule="L03" promise="7"', 'rule="L03" promise="9"'), encoding="utf-8"
    )
    with begin(town.ma) as ctx:
        changed = commands.propose_definition(ctx, load(flow.parent, tmp_path / "processes"))

    assert "流程没有实质变化。" in visit("feng").page(f"/office/proposals/{definition}")
    assert "（L03）的承诺工作日由7改为9。" in visit("feng").page(f"/office/proposals/{changed}")
    assert "promised working days changed from 7 to 9." in visit("feng").page(f"/office/proposals/{changed}?lang=en")


def test_the_own_proposal_is_grey_with_the_reason_and_may_be_taken_back(visit, definition):
    visitor = visit("ma")
    page = visitor.page(f"/office/proposals/{definition}")
    assert 'aria-disabled="true"' in page
    assert "SOD-25" in page
    assert f"/office/proposals/{definition}/approve" not in page

    refused = visitor.post(f"/office/proposals/{definition}/approve")
    answer = visitor.post(f"/office/proposals/{definition}/decline", {"reason": "先不上线"})

    assert refused.status_code == 403
    assert "SOD-25" in refused.text
    assert answer.status_code == 303
    assert proposals()[-1].decline_reason == "先不上线"
    page = visitor.page(f"/office/proposals/{definition}")
    assert "未批准" in page
    assert "先不上线" in page
    assert "</textarea>" not in page


def test_a_reason_is_asked_for_and_shown_as_text(visit, definition):
    visitor = visit("feng")

    missing = visitor.post(f"/office/proposals/{definition}/decline", {"reason": " "})
    visitor.post(f"/office/proposals/{definition}/decline", {"reason": "<script>alert(1)</script>"})

    assert missing.status_code == 422
    assert "请写一句为什么" in missing.text
    assert "<script>alert" not in visitor.page(f"/office/proposals/{definition}")
    assert "&lt;script&gt;alert" in visitor.page(f"/office/proposals/{definition}")


def test_what_somebody_else_decided_first_is_told(visit, town, definition):
    visitor = visit("feng")
    with begin(town.ma) as ctx:
        commands.decline(ctx, definition, reason="先不上线")

    answer = visitor.post(f"/office/proposals/{definition}/approve")

    assert answer.status_code == 409
    assert "已经有了结果" in answer.text


@pytest.mark.parametrize("login", ["li", "qian", "sun"])
def test_the_office_is_closed_to_others(visit, broken, definition, login):
    visitor = visit(login)

    assert visitor.get("/office/faults").status_code == 403
    assert visitor.get(f"/office/proposals/{definition}").status_code == 404
    assert "没有提议" in visitor.page("/office/proposals")
    refused = visitor.post(f"/office/proposals/{definition}/approve")
    assert refused.status_code == 403
    assert "site_inspection" not in refused.text


def test_nobody_decides_without_a_token_of_the_form(visit, definition):
    visitor = visit("feng")

    answer = visitor.client.post(f"/office/proposals/{definition}/approve")

    assert answer.status_code == 400
    assert proposals()[-1].approved_by is None


def test_an_unknown_proposal_is_not_found(visit):
    assert visit("feng").get("/office/proposals/99").status_code == 404


# --- faults ---------------------------------------------------------------------------------------------------------


def test_the_flow_manager_sees_where_it_broke_and_no_applicant(visit, broken):
    visitor = visit("ma")

    listed, page = visitor.page("/office/faults"), visitor.page(f"/office/faults/{broken.number}")

    for text in (listed, page):
        assert "要勘验？" in text
        assert "椒香里" not in text
        assert "罗" not in text
    assert ENGINE_WORDS in page
    assert "受理审查" in page
    assert "Inspection needed?" in visitor.page(f"/office/faults/{broken.number}?lang=en")


def test_only_steps_at_which_it_can_continue_are_offered(visit, broken):
    page = visit("ma").page(f"/office/faults/{broken.number}")

    offered = re.findall(r'<option value="([^"]+)"', page)
    assert "intake/accept" in offered
    assert "recheck" in offered
    assert "review" not in offered  # the join behind it would wait for the inspection for ever


def test_limits_that_passed_in_fault_are_named(visit, broken):
    with clock.at(at("2026-03-23 10:00")):
        page = visit("ma").page(f"/office/faults/{broken.number}")

    assert "5 日内未告知" in page


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"how": "retry", "reason": " "}, 422, "请写一句为什么"),
        ({"how": "continue", "at": "", "reason": WHY}, 422, "请选从哪一步继续"),
        ({"how": "continue", "at": "nowhere", "reason": WHY}, 422, "请选从哪一步继续"),
        ({"how": "", "reason": WHY}, 422, "请选从哪一步继续"),
        ({"how": "continue", "at": "review", "reason": WHY}, 409, "流程到那里也走不下去"),
    ],
)
def test_a_proposal_that_cannot_be_is_told_beside_what_was_typed(visit, broken, form, status, told):
    before = len(proposals())

    answer = visit("ma").post(f"/office/faults/{broken.number}", form)

    assert answer.status_code == status
    assert told in answer.text
    assert form["reason"].strip() in answer.text
    assert len(proposals()) == before


def test_a_repair_is_proposed_shown_and_approved(visit, broken):
    made = visit("ma").post(f"/office/faults/{broken.number}", {"how": "retry", "at": "recheck", "reason": WHY})
    second = visit("feng")
    page = second.page(made.headers["Location"])
    assert WHY in page
    assert "原样再试" in page
    assert broken.number in page
    assert ENGINE_WORDS in page
    assert f"第 {proposals()[-1].id} 号提议待批" in second.page("/office/faults")

    second.post(f"{made.headers['Location']}/approve")

    assert county.row(broken.case).state == "open"
    assert second.get(f"/office/faults/{broken.number}").status_code == 404
    assert "没有出错的办件" in second.page("/office/faults")


def test_a_repair_that_came_too_late_says_so(visit, town, broken):
    key = propose(town, broken.case)
    with begin(town.li) as ctx:
        commands.withdraw(ctx, broken.case, reason="不开店了")
    visitor = visit("feng")

    page = visitor.page(f"/office/proposals/{key}")
    answer = visitor.post(f"/office/proposals/{key}/approve")

    assert "本件已有变动" in page
    assert answer.status_code == 409
    assert "不需要修复" in answer.text


def test_only_the_flow_manager_is_offered_the_button(visit, broken):
    visitor = visit("feng")

    page = visitor.page(f"/office/faults/{broken.number}")
    answer = visitor.post(f"/office/faults/{broken.number}", {"how": "retry", "reason": WHY})

    assert 'aria-disabled="true"' in page
    assert "流程管理岗" in page
    assert answer.status_code == 403
