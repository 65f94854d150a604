"""What everybody whom a fault concerns sees of it: monitor, clerk, applicant, operator."""

from __future__ import annotations

import re

import pytest

from engine import clock, commands
from engine.db.store import begin
from engine.errors import CaseFaulted
from tests import county, faulty
from tests.county import at
from tests.faulty import break_down, propose
from webui.health import health

ENGINE_WORDS = "ZeroDivisionError"


@pytest.fixture
def broken(town, tmp_path):
    """A case in fault at the gateway 要勘验？, and one that is not."""
    faulty.deploy(town, tmp_path)
    filed = faulty.file(town)
    break_down(town, filed)
    county.file(town)
    return filed


def test_the_board_keeps_a_case_in_fault_among_the_open_ones(visit, broken):
    visitor = visit("qian")

    board = visitor.page("/monitor")
    only = visitor.page("/monitor?state=fault")

    assert "全县在办 <b>2</b> 件" in board
    assert "<b>1</b> 件流程出错" in board
    assert board.count('class="mk t-over"') == 1
    assert len(re.findall(r'<tr id="case-\d+">', board)) == 2
    assert re.findall(r'<tr id="case-(\d+)">', only) == [str(broken.case)]
    assert "剩 5/5" in only
    assert re.search(r'<option value="fault" selected>', only)


def test_the_lamp_of_a_case_in_fault_turns(visit, broken):
    with clock.at(at("2026-03-10 10:00")):
        page = visit("qian").page("/monitor?state=fault&lamp=red")

    assert broken.number in page


def test_a_fault_is_a_new_version_of_the_board(visit, town, tmp_path):
    faulty.deploy(town, tmp_path)
    filed = faulty.file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    visitor = visit("qian")
    tag = visitor.get("/monitor").headers["ETag"]
    assert visitor.get("/monitor", headers={"If-None-Match": tag}).status_code == 304

    break_down(town, filed)

    assert visitor.get("/monitor", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/cases/{number}", "/cases/{number}/clocks"])
def test_the_pages_of_the_case_say_since_when_and_that_time_runs(visit, broken, path):
    page = visit("qian").page(path.format(number=broken.number))

    assert "3月2日 10:00" in page
    assert "期限照走" in page
    assert "流程出错" in page


def test_the_case_tells_the_fault_in_its_trace(visit, broken):
    page = visit("qian").page(f"/cases/{broken.number}")

    assert "在“要勘验？”走不下去" in page
    assert "办完“受理审查”时流程走不下去，转流程管理岗修复" in page


def test_a_clerk_whose_act_broke_it_finds_what_was_typed_again(visit, town, tmp_path):
    faulty.deploy(town, tmp_path)
    filed = faulty.file(town)
    key = county.claim(town, "li", filed.case, "intake/accept")
    visitor = visit("li")

    answer = visitor.post(f"/desk/steps/{key}/complete", {"outcome": "accept", "opinion": "材料齐全"})

    assert answer.status_code == 409
    assert "本件已转流程管理岗修复" in answer.text
    assert "材料齐全" in answer.text
    page = visitor.page(f"/desk/steps/{key}")
    assert "材料齐全" in page
    assert 'name="outcome"' not in page
    assert "放回待领" not in page.partition("<main")[2]
    propose_and_approve(town, filed.case)
    assert "材料齐全" in visitor.page(f"/desk/steps/{key}")
    assert 'name="outcome"' in visitor.page(f"/desk/steps/{key}")


def propose_and_approve(town, case: int) -> None:
    key = propose(town, case)
    with begin(town.feng) as ctx:
        commands.approve(ctx, key)


def test_nothing_is_offered_on_a_step_in_fault_and_nothing_is_accepted(visit, town, broken):
    key = county.step(broken.case, "intake/accept").id
    visitor = visit("li")

    answer = visitor.post(f"/desk/steps/{key}/release")

    assert answer.status_code == 409
    assert "流程出错" in answer.text
    assert "流程管理岗" in answer.text
    desk = visitor.page("/desk/")
    assert "流程出错" in desk
    assert 'data-key="n">办下一件' not in desk  # nothing else is held
    assert "流程出错，待处理" in visitor.page(f"/desk/search?q={broken.number}")


def test_an_unclaimed_step_in_fault_is_grey_in_the_pool(visit, town, tmp_path):
    faulty.deploy(town, tmp_path)
    filed = faulty.file(town)
    with clock.at(at("2026-03-23 10:00")):
        commands.catch_up()  # the timer broke it; nobody holds the step
        page = visit("li").page("/desk/pool")

    assert county.row(filed.case).state == "fault"
    assert "本件流程出错" in page
    assert "您能领 0 件" in page


def test_the_applicant_is_told_that_time_runs_and_still_what_to_bring(visit, town, broken):
    visitor = visit()
    visitor.post("/progress", {"number": broken.number, "code": broken.code})

    page = visitor.page("/progress")

    assert "管理人员正在修复；期限没有停" in page
    assert "您现在<b>不用做什么</b>" in page
    assert "撤回申请…" in page
    assert ENGINE_WORDS not in page


def test_health_counts_the_faults(broken):
    assert health()[0]["faults"] == 1


def test_a_second_fault_does_not_hide_the_first(town, visit, broken):
    other = faulty.file(town)
    with pytest.raises(CaseFaulted):
        county.do(town, "li", other.case, "intake/accept", "accept")

    page = visit("ma").page("/office/faults")

    assert page.index(broken.number) < page.index(other.number)
