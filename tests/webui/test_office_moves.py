"""The page of a proposal to move cases: each with its plan, in both languages, and what has changed since."""

from __future__ import annotations

from string import Formatter

import pytest

from engine import commands
from engine.db.store import begin
from engine.rules.moving import FAULTS, NOTES
from tests import county
from tests.commands.versions import SECOND_LOOK, Files
from tests.county import ITEM
from webui.office_moves import CHINESE


@pytest.fixture
def proposal(town, tmp_path):
    """A proposal, made by Ma, to move two cases to version 2, which has a step more."""
    for _ in range(2):
        county.file(town)
    Files(tmp_path).edit(*SECOND_LOOK).deploy(town)
    with begin(town.ma) as ctx:
        return commands.propose_move(ctx, ITEM, 2)


def test_every_sentence_is_there_in_chinese_and_names_the_same():
    english = FAULTS | NOTES

    def named(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert CHINESE.keys() == english.keys()
    assert not FAULTS.keys() & NOTES.keys()
    assert {code: named(text) for code, text in CHINESE.items()} == {c: named(text) for c, text in english.items()}


def test_the_plan_is_shown_case_by_case_before_it_is_approved(visit, proposal):
    page = visit("feng").page(f"/office/proposals/{proposal}")

    assert "移至第 2 版，2 件" in page
    assert page.count("新版在本件后面加了“会商”。") == 2
    assert page.count("受理审查") >= 2
    assert "1 → 2" in page
    assert "会留在原版" not in page


def test_a_case_that_no_longer_fits_is_shown_with_the_reason(visit, town, proposal, tmp_path):
    number = "2026-YL-000001"
    county.do(town, "li", 1, "intake/accept", "not_needed")

    page = visit("feng").page(f"/office/proposals/{proposal}")

    assert "有 1 件现在对不上" in page
    assert page.index(number) < page.index("本件：已办结。") < page.index("2026-YL-000002")


def test_an_approver_moves_them_and_the_trail_says_so(visit, proposal):
    feng = visit("feng")

    feng.post(f"/office/proposals/{proposal}/approve", {})

    assert "moved 2, left 0" in county.events("organ:1")[-1]["facts"]["result"]
    trail = visit("sun").page("/audit/trace/2026-YL-000001")
    assert "移至新的流程版本" in trail
    assert f"提议第 {proposal} 号" in trail
    assert "会留在原版" not in feng.page(f"/office/proposals/{proposal}")
