"""Pages of recusal: the officer asks, the head decides, the applicant asks with the receipt and reads the answer."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import render_template_string

from engine.db import tables as t
from tests import county, recusals
from tests.county import claim, events, step
from tests.recusals import ask, decide, row, write

TYPED = {"kind": "collateral", "reason": "是我表弟的店"}


@pytest.fixture
def filed(town):
    made = county.file(town)
    claim(town, "li", made.case, "intake/accept")
    return made


@pytest.fixture
def applicant(visit, filed):
    visitor = visit()
    assert visitor.post("/progress", {"number": filed.number, "code": filed.code}).status_code == 303
    return visitor


def test_an_officer_asks_about_himself_and_lands_on_what_he_asked(visit, town, filed):
    li = visit("li")
    page = li.page(f"/recusals/new/{filed.case}")
    assert "Li（我自己）" in page
    assert f'value="{town.li.person}" checked' in page

    answer = li.post(f"/recusals/new/{filed.case}", TYPED | {"officer": town.li.person})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/recusals/1")
    assert (row(1).source, step(filed.case, "intake/accept").claimed_by) == ("declared", None)
    page = li.page("/recusals/1")
    assert "等待决定" in page
    assert "三代以内旁系血亲关系" in page
    assert "亲属关系属实的，应当回避。" in page
    assert 'name="upheld"' not in page  # never by himself


@pytest.mark.parametrize("lacking", ["officer", "kind", "reason"])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(visit, town, filed, lacking):
    li = visit("li")

    answer = li.post(f"/recusals/new/{filed.case}", TYPED | {"officer": town.li.person} | {lacking: " "})

    assert answer.status_code == 422
    assert f'href="#{lacking}"' in answer.text
    assert f'id="e_{lacking}"' in answer.text
    assert ("是我表弟的店" in answer.text) is (lacking != "reason")
    assert "recusal.raised" not in county.types(filed.number)


def test_a_refusal_keeps_what_was_typed(visit, town, filed):
    ask(town.li, filed.case, town.li)

    answer = visit("li").post(f"/recusals/new/{filed.case}", TYPED | {"officer": town.li.person})

    assert answer.status_code == 409
    assert "已经有人提出或者有了决定" in answer.text
    assert "是我表弟的店" in answer.text


def test_the_head_finds_it_on_the_list_and_decides(visit, town, filed):
    ask(town.li, filed.case, town.li)
    qin = visit("qin")
    assert 'href="/recusals/1"' in qin.page("/recusals")
    assert 'name="upheld"' in qin.page("/recusals/1")
    assert qin.post("/recusals/1", {"upheld": "yes", "reason": ""}).status_code == 422

    answer = qin.post("/recusals/1", {"upheld": "yes", "reason": "情况属实"})

    assert answer.status_code == 303
    assert row(1).upheld is True
    page = qin.page("/recusals/1")
    assert "情况属实" in page
    assert 'name="upheld"' not in page
    assert "没有等您决定的" in qin.page("/recusals")


def test_nobody_else_sees_or_decides_it(visit, town, filed):
    ask(town.li, filed.case, town.li)
    wang = visit("wang")

    assert wang.get("/recusals/1").status_code == 404
    assert wang.post("/recusals/1", {"upheld": "yes", "reason": "x"}).status_code == 404
    assert wang.get("/recusals/9").status_code == 404
    assert row(1).upheld is None
    assert events(filed.number)[-1]["facts"]["error"] == "NotDecider"


def test_a_council_sees_how_many_have_voted(visit, town, filed):
    for name in ("wang", "he", "wu"):
        held = sa.select(t.assignment).where(t.assignment.c.person == town.people[name].person)
        columns = [c for c in t.assignment.c if c.name not in ("id", "post")]
        made = held.with_only_columns(*columns, sa.literal("council_member"))
        write(sa.insert(t.assignment).from_select([*(c.name for c in columns), "post"], made))
    ask(town.li, filed.case, town.li)
    write(sa.update(t.recusal).values(officer=town.qin.person))  # the head himself
    he = visit("he")

    answer = he.post("/recusals/1", {"upheld": "yes", "reason": "连襟"})

    assert answer.status_code == 303
    page = he.page("/recusals/1")
    assert "您的一票已记下。" in page
    assert "已表决 1 人，共 3 人" in page
    assert "您已经表决。" in page
    assert "没有等您决定的" in he.page("/recusals")
    assert 'href="/recusals/1"' in visit("wu").page("/recusals")


def test_where_nobody_can_decide_the_page_says_whom_to_ask(visit, town, filed):
    ask(town.li, filed.case, town.li)
    write(sa.update(t.recusal).values(officer=town.qin.person, raised_by=town.li.person))

    assert "没有人能决定" in visit("li").page("/recusals/1")


def test_the_case_page_tells_who_keeps_out_and_why(app, town, filed):
    decide(town.qin, ask(town.li, filed.case, town.li), upheld=True, reason="情况属实")

    with app.test_request_context():
        told = render_template_string(
            "{% import 'macros.html' as m with context %}{% include 'recusal/_step.html' %}",
            case={"id": filed.case, "state": "open"},
            pick=lambda name, _: name,
        )

    assert "Li" in told
    assert "情况属实" in told
    assert recusals.REASON not in told
    assert f"/recusals/new/{filed.case}" in told


def test_the_applicant_chooses_among_those_who_handle_the_case(visit, town, filed, applicant):
    page = applicant.page("/progress/recusal")
    assert "Li（收件、" in page
    assert "Wang" not in page
    assert applicant.post("/progress/recusal", TYPED).status_code == 422

    answer = applicant.post("/progress/recusal", TYPED | {"officer": town.li.person})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/progress")
    assert row(1).source == "asked"
    page = applicant.page("/progress")
    assert "您申请 Li 回避：正在决定" in page


@pytest.mark.parametrize(("upheld", "told"), [(True, "决定回避"), (False, "决定不回避")])
def test_the_applicant_reads_the_answer(town, filed, applicant, upheld, told):
    applicant.post("/progress/recusal", TYPED | {"officer": town.li.person})

    decide(town.qin, 1, upheld=upheld, reason="已经核实")

    page = applicant.page("/progress")
    assert f"<b>{told}</b>" in page
    assert "已经核实" in page


def test_the_applicant_is_not_told_of_others_reasons(town, filed, applicant):
    recusal = ask(town.li, filed.case, town.li)
    assert "Li 已回避" not in applicant.page("/progress")

    decide(town.qin, recusal, upheld=True, reason="远房亲戚")

    page = applicant.page("/progress")
    assert "Li 已回避" in page
    assert "远房亲戚" not in page
    assert recusals.REASON not in page


def test_without_the_receipt_nobody_asks(visit, town, filed):
    stranger = visit()

    answer = stranger.post("/progress/recusal", TYPED | {"officer": town.li.person})

    assert answer.status_code == 403
    assert "是我表弟的店" in answer.text  # what was typed can be copied
    assert "recusal.raised" not in county.types(filed.number)
    assert stranger.get("/progress/recusal").headers["Location"] == "/progress"


@pytest.mark.parametrize("officer", ["9" * 5000, "-1", "²", "li"])
def test_a_number_that_nobody_has_is_no_officer(filed, applicant, officer):
    answer = applicant.post("/progress/recusal", TYPED | {"officer": officer})

    assert answer.status_code == 422
    assert "请选是谁。" in answer.text


def test_an_applicant_may_not_ask_without_end(town, filed, applicant):
    answers = [applicant.post("/progress/recusal", TYPED | {"officer": 99}).status_code for _ in range(11)]

    assert answers[:10] == [403] * 10
    assert answers[10] == 429
