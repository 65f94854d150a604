"""The applicant's page urges the open steps that wait for the office, once a working day each."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.db.store import begin
from tests import county
from tests.commands.office import memos
from tests.county import at


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.claim(town, "li", made.case, "intake/accept")
    return made


@pytest.fixture
def visitor(visit, filed):
    made = visit()
    assert made.post("/progress", {"number": filed.number, "code": filed.code}).status_code == 303
    return made


def step(filed) -> int:
    return county.step(filed.case, "intake/accept").id


def test_the_page_offers_to_urge_the_step_that_the_office_has(visitor, filed):
    page = visitor.page("/progress")

    assert "催一催“受理审查”" in page
    assert f'name="step" value="{step(filed)}"' in page


def test_urged_the_office_is_told_and_the_page_says_so(visitor, filed, town):
    answer = visitor.post("/progress/urge", {"step": step(filed)})

    assert answer.status_code == 303
    assert "已经催了" in visitor.page("/progress")
    assert [(m.person, m.kind, m.text) for m in memos()] == [(town.li.person, "urge", None)]


def test_a_second_time_on_the_same_day_the_page_says_when_again(visitor, filed):
    visitor.post("/progress/urge", {"step": step(filed)})

    answer = visitor.post("/progress/urge", {"step": step(filed)})

    assert answer.status_code == 403
    assert "今天已经催过" in answer.text
    assert "2026-03-03" in answer.text
    assert len(memos()) == 1


def test_what_waits_for_the_applicant_is_not_urged(visitor, filed, town):
    county.do(town, "li", filed.case, "intake/accept", "supplement")

    assert "催一催" not in visitor.page("/progress")


def test_a_step_of_another_case_is_not_urged_from_here(visitor, filed, town):
    other = county.file(town)

    answer = visitor.post("/progress/urge", {"step": county.step(other.case, "intake/accept").id})

    assert answer.status_code == 303
    assert "不用再催" in visitor.page("/progress")
    assert memos() == []


def test_after_fifteen_minutes_the_code_is_asked_for_again(visitor, filed):
    with clock.at(at("2026-03-02 10:16")):
        assert visitor.post("/progress/urge", {"step": step(filed)}).location == "/progress"

    assert memos() == []


def test_a_withdrawn_case_is_not_urged(visitor, filed, town):
    key = step(filed)
    with begin(town.li) as ctx:
        commands.withdraw(ctx, filed.case, reason="不办了")

    assert "催一催" not in visitor.page("/progress")
    assert visitor.post("/progress/urge", {"step": key}).status_code == 303
    assert memos() == []
