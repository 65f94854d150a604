"""Several steps at once: each refused for its own reason, the others go on."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import TimeFirst
from tests import county
from tests.county import claim, do, file
from tests.samples import FORMS

REVIEW = {name: str(value).lower() for name, value in FORMS["review"].items()}


@pytest.fixture
def reviews(town):
    """Three cases wait for the review."""
    cases = [file(town, shop_name=name).case for name in ("甲店", "乙店", "丙店")]
    for case in cases:
        do(town, "li", case, "intake/accept", "accept")
    return {case: county.step(case, "review").id for case in cases}


def steps(reviews) -> list[int]:
    return list(reviews.values())


def whole(monkeypatch) -> None:
    """Let materials be complete: they are another matter."""
    monkeypatch.setattr("webui.window.batching.filing.materials", lambda *_: ())


def test_a_batch_claims_what_it_may_and_tells_why_not_the_rest(visit, town, reviews):
    first, second, third = steps(reviews)
    with begin(town.both) as ctx:
        commands.claim(ctx, second)
    answer = visit("wang").post("/desk/batch/claim", {"step": [first, second, third]})

    assert answer.status_code == 200
    assert "2 件办成了" in answer.text
    assert "Both已认领这一步" in answer.text
    assert [county.step(case, "review").claimed_by for case in reviews] == [
        town.wang.person, town.both.person, town.wang.person
    ]  # fmt: skip


def test_a_batch_without_a_refusal_leads_back_to_the_desk(visit, reviews):
    visitor = visit("wang")
    answer = visitor.post("/desk/batch/claim", {"step": steps(reviews)})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert "3 件办成了" in visitor.page("/desk/")


def test_a_refusal_in_a_batch_is_traced_in_its_own_case(visit, town, reviews):
    visit("zhao").post("/desk/batch/claim", {"step": steps(reviews)[:1]})
    number = county.row(next(iter(reviews))).number

    assert county.types(number)[-1] == "refused"
    assert county.events(number)[-1]["facts"]["verb"] == "claim"


def test_cases_are_done_together_with_one_opinion(visit, town, reviews, monkeypatch):
    whole(monkeypatch)
    for case in reviews:
        claim(town, "wang", case, "review")
    visitor = visit("wang")
    page = visitor.page("/desk/batch?" + "&".join(f"step={step}" for step in steps(reviews)))
    assert page.count('name="step"') == 3

    answer = visitor.post("/desk/batch", REVIEW | {"step": steps(reviews), "outcome": "pass", "opinion": "符合条件"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert [county.step(case, "review").outcome for case in reviews] == ["pass"] * 3
    assert "“符合条件”" in visitor.page(f"/desk/cases/{next(iter(reviews))}")


def test_one_that_fails_is_listed_and_the_others_are_done(visit, town, reviews, monkeypatch):
    whole(monkeypatch)
    for case in reviews:
        claim(town, "wang", case, "review")
    visitor = visit("wang")
    original = commands.complete

    def late(ctx, step, **how):
        if step == steps(reviews)[1]:
            raise TimeFirst()
        return original(ctx, step, **how)

    monkeypatch.setattr(commands, "complete", late)
    answer = visitor.post("/desk/batch", REVIEW | {"step": steps(reviews), "outcome": "pass", "opinion": ""})

    assert answer.status_code == 200
    assert "2 件办成了" in answer.text
    assert "乙店" in answer.text
    assert "先按届满处理" in answer.text
    assert [county.step(case, "review").outcome for case in reviews] == ["pass", None, "pass"]


def test_lacking_materials_and_other_steps_are_left_out_with_the_reason(visit, town, reviews):
    other = file(town, shop_name="丁店").case
    do(town, "li", other, "intake/accept", "accept")
    claim(town, "both", next(iter(reviews)), "review")
    do(town, "chen", other, "site_inspection/inspect", "pass")
    do(town, "liu", other, "site_inspection/inspect", "pass")
    do(town, "wang", other, "review", "pass")
    recheck = claim(town, "both", other, "recheck")
    page = visit("both").page(f"/desk/batch?step={recheck}&step={steps(reviews)[0]}")

    assert "缺材料" in page  # nothing was handed in with these
    assert "不是同一事项、同一步骤" in page
    assert 'name="step"' not in page
    answer = visit("both").post("/desk/batch", {"step": [recheck], "outcome": "agree"})
    assert answer.status_code == 422
    assert "请至少勾选一件" in answer.text


def test_a_form_that_is_not_filled_in_stays_on_the_page(visit, town, reviews, monkeypatch):
    whole(monkeypatch)
    case = next(iter(reviews))
    claim(town, "wang", case, "review")
    answer = visit("wang").post("/desk/batch", {"step": steps(reviews)[:1], "outcome": "pass", "opinion": "写好的意见"})

    assert answer.status_code == 422
    assert ">写好的意见</textarea>" in answer.text
    assert county.step(case, "review").closed_at is None


@pytest.mark.parametrize("sent", [{}, {"step": "x"}, {"step": ["9" * 30]}, {"step": ["0", "-1"]}])
def test_nonsense_is_no_step(visit, reviews, sent):
    visitor = visit("wang")

    assert visitor.post("/desk/batch", sent).status_code in (303, 422)
    assert visitor.post("/desk/batch/claim", sent).status_code in (200, 303)
    assert visitor.get("/desk/batch?step=x").status_code == 303


def test_who_is_asked_for_an_opinion_and_what_came_back_stand_on_the_desk(visit, town, reviews):
    case, first = next(iter(reviews.items()))
    with begin(town.wang) as ctx:
        asked = {"case_": case, "step": first, "person": town.he.person, "kind": "before", "position": 1}
        ctx.conn.execute(sa.insert(t.signer).values(**asked, asked_by=town.wang.person, asked_at=ctx.now))
    page = visit("he").page("/desk/")

    assert "Wang请您提意见" in page
    assert "前加签" in page


def test_a_number_that_no_row_can_have_is_not_found(visit, reviews):
    for path in ("/desk/steps/", "/desk/cases/", "/desk/files/", "/desk/intake/"):
        assert visit("wang").get(path + "9" * 30).status_code == 404
        assert visit("wang").get(path + str(2**63 - 1)).status_code == 404
