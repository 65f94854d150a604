"""The pages of a correction show what it would do before it is handed in, and to the head who decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock
from engine.db import tables as t
from engine.db.store import reading
from tests import county
from tests.county import at
from tests.samples import FORMS

WHY = {"reason": "停电期间用纸质件收件", "evidence": "纸质收件登记簿第 12 号"}
TUESDAY = at("2026-03-10 10:00")


@pytest.fixture
def filed(town):
    with clock.at(TUESDAY):
        yield county.file(town)


def address(filed, rest: str = "") -> str:
    return f"/desk/cases/{filed.case}/correct{rest}"


def test_the_case_page_leads_to_it_for_who_may_propose(town, filed, visit):
    link = address(filed)

    assert link in visit("li").page(f"/desk/cases/{filed.case}")
    county.do(town, "li", filed.case, "intake/accept", "accept")
    assert link not in visit("wang").page(f"/desk/cases/{filed.case}")


def test_who_has_no_hand_in_it_reads_why_and_sees_no_form(town, filed, visit):
    county.do(town, "li", filed.case, "intake/accept", "accept")

    page = visit("wang").page(address(filed))

    assert "没有经办本件" in page
    assert "<select" not in page


def test_the_new_last_days_are_shown_before_it_is_handed_in(filed, visit):
    page = visit("li").page(address(filed, "?mark=received&on=2026-03-05"))

    assert "3 月 17 日" in page or "3月17日" in page
    for said in ("到期日怎么变", "提前", "提交更正提议"):
        assert said in page
    assert "proposal.made" not in county.types(filed.number)


def test_a_day_that_cannot_be_is_refused_with_words_and_nothing_to_hand_in(filed, visit):
    page = visit("li").page(address(filed, "?mark=received&on=2026-03-11"))

    assert "还没有到的日子" in page
    assert "提交更正提议" not in page.split('id="entry"')[0]


def test_proposed_the_head_sees_the_same_plan_and_approves(town, filed, visit):
    li, qin = visit("li"), visit("qin")

    answer = li.post(address(filed, "/mark"), {"mark": "received", "on": "2026-03-05", **WHY})

    assert answer.status_code == 303
    assert "更正提议已记下" in li.page(answer.location)
    shown = qin.page(f"/office/proposals/{key()}")
    for said in ("到期日怎么变", "提前", WHY["reason"], WHY["evidence"], filed.number):
        assert said in shown
    approved = qin.post(f"/office/proposals/{key()}/approve", {})
    assert approved.status_code == 303
    assert "mark.corrected" in county.types(filed.number)


def key() -> int:
    with reading() as conn:
        return int(conn.scalar(sa.select(sa.func.max(t.proposal.c.id))))


def test_without_reason_or_evidence_nothing_is_proposed_and_the_plan_stays(filed, visit):
    answer = visit("li").post(address(filed, "/mark"), {"mark": "received", "on": "2026-03-05", "reason": "停电"})

    assert answer.status_code == 422
    assert "请写上" in answer.text
    assert "停电" in answer.text
    assert "到期日怎么变" in answer.text


def test_a_form_is_shown_as_it_was_filled_in_without_what_moved_the_flow(filed, visit):
    page = visit("li").page(address(filed, "?path=case"))

    assert f'value="{FORMS["case"]["contact_phone"]}"' in page
    assert 'name="shop_name"' in page
    assert 'name="kind"' not in page


def typed(**changes: object) -> dict[str, object]:
    form = {name: value for name, value in FORMS["case"].items() if name not in ("kind", "layout_changed")}
    return {"path": "case", **form, **WHY, **changes}


def test_only_what_differs_is_proposed(town, filed, visit):
    answer = visit("li").post(address(filed, "/entry"), typed(contact_phone="0877-5551111"))

    assert answer.status_code == 303
    body = proposed()
    assert (body["before"], body["after"]) == (
        {"contact_phone": FORMS["case"]["contact_phone"]},
        {"contact_phone": "0877-5551111"},
    )


def proposed() -> dict[str, Any]:
    with reading() as conn:
        return json.loads(conn.scalar(sa.select(t.proposal.c.body_json).order_by(t.proposal.c.id.desc()).limit(1)))


def test_what_does_not_fit_the_form_is_said_under_its_field(filed, visit):
    answer = visit("li").post(address(filed, "/entry"), typed(area="large"))

    assert answer.status_code == 422
    assert 'id="e_area"' in answer.text


def test_nothing_changed_is_refused_with_words(filed, visit):
    answer = visit("li").post(address(filed, "/entry"), typed())

    assert answer.status_code == 403
    assert "与记录的相同" in answer.text


def test_a_case_that_is_not_the_officers_to_see_is_not_found(town, filed, visit):
    assert visit("hua").get(address(filed)).status_code == 404
