"""Several people on one step, as its page shows them: signatures unseen by each other, votes, the chair last."""

from __future__ import annotations

import re

import pytest

from tests import county
from tests.commands import together
from tests.webui.desk_town import act, block, opened


@pytest.fixture
def town(sqlite_url):
    yield from opened()


@pytest.fixture
def filed(town):
    return together.file(town)


def test_nobody_sees_what_another_signed_until_the_step_is_done(visit, town, filed):
    together.signed(town, filed.case, "review")
    together.do(town, "he", filed.case, "review", "oppose")
    key = together.key(filed.case, "review")
    own, other = visit("he").page(f"/desk/steps/{key}"), visit("rui").page(f"/desk/steps/{key}")

    assert "会签：已签 1 / 3，同意的须达到 2/3" in other
    assert "“he的意见”" in own
    assert "he的意见" not in other
    assert "<b>He</b> 已签" in other
    timeline = block(other, '<ol class="tl">', "</ol>")
    assert "He · 签名</div>" in re.sub(r"\s*<span.*?</span>", "", timeline)


def test_one_after_another_sees_what_was_signed_before(visit, town, filed):
    together.signed(town, filed.case, "sign")
    together.do(town, "zhao", filed.case, "sign", "agree")
    page = visit("deng").page(f"/desk/steps/{together.key(filed.case, 'sign')}")

    assert "“zhao的意见”" in page
    assert "依次签" in page


def test_a_collective_decision_shows_who_has_voted_and_not_how(visit, town, filed):
    together.signed(town, filed.case, "council")
    key = together.key(filed.case, "council")
    voted = act(visit("an"), key, "vote", outcome="reject", opinion="条件不够")
    page = visit("bao").page(f"/desk/steps/{key}")

    assert voted.status_code == 303
    assert "成员 3 人，到会须 2 人，已表决 1 人；“一把手”最后表态" in page
    assert "<b>An</b> 已表决" in page
    assert "<b>Cao</b> 还没有表决" in page
    assert "条件不够" not in page
    assert 'name="outcome" value="carry"' in page
    assert "/claim" not in page


def test_the_chair_concludes_last_with_minutes_and_the_majority(visit, town, filed):
    together.signed(town, filed.case, "council")
    key = together.key(filed.case, "council")
    chair = visit("qin")
    assert "由您主持，最后作结" in chair.page("/desk/")
    early = chair.post(f"/desk/steps/{key}/complete", {"outcome": "carry", "minutes": "讨论", "opinion": "同意"})
    for member in ("an", "bao"):
        together.vote(town, member, filed.case, "carry")
    wrong = chair.post(f"/desk/steps/{key}/complete", {"outcome": "reject", "minutes": "讨论", "opinion": "不同意"})
    unwritten = chair.post(f"/desk/steps/{key}/complete", {"outcome": "carry", "minutes": "", "opinion": "同意"})
    page = chair.page(f"/desk/steps/{key}")
    right = chair.post(f"/desk/steps/{key}/complete", {"outcome": "carry", "minutes": "逐项讨论", "opinion": "同意"})

    assert early.status_code == 403
    assert "3 名成员中只有 0 人表决，须有 2 人（SOD-15）" in early.text
    assert wrong.status_code == 403
    assert "表决结果是" in wrong.text
    assert unwritten.status_code == 422
    assert 'name="minutes"' in page
    assert right.status_code == 303
    assert county.step(filed.case, "council").outcome == "carry"


def test_a_vote_is_one_s_own(visit, town, filed):
    together.signed(town, filed.case, "council")
    together.away(town, "an")
    together.stand_in(town, "mu", "an")
    answer = act(visit("mu"), together.key(filed.case, "council"), "vote", outcome="carry", opinion="代投")

    assert answer.status_code == 403
    assert "SOD-15" in answer.text
    together.refused(filed.number, "NoProxy", "SOD-15")
