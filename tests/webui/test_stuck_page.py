"""What a proposal leaves to nobody is listed on its page before it is approved, and on the monitor's as things are."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from tests import county
from tests.commands import lawful, offices
from tests.webui.conftest import MONDAY
from tests.webui.officers import approve, post_of, propose
from webui import stuck

TODAY = MONDAY.date()
SECTION = "批准后办不下去的件"
NONE = "没有。现在能办完的件，批准以后仍然有人能办。"


@pytest.fixture
def filed(town):
    """The only issuer of the county is Wu."""
    made = county.file(town)
    county.claim(town, "li", made.case, "intake/accept")
    return made


def ending(town, who="wu"):
    return propose(town, "end_of_post", post_of(town, who), to_on=TODAY - timedelta(days=1), reason="调离")


def test_the_page_asks_for_the_list_and_the_list_names_case_and_step(visit, town, filed):
    made = ending(town)
    visitor = visit("jin")
    page, listed = visitor.page(f"/office/proposals/{made}"), visitor.page(f"/office/proposals/{made}/stuck")

    assert SECTION in page
    assert f'hx-get="/office/proposals/{made}/stuck"' in page
    assert filed.number in listed
    assert "3月2日 周一起，1 件没有人能办完" in listed
    assert "只是提醒，照样可以批准" in listed


def test_administrators_are_shown_number_and_step_and_nothing_of_the_case(visit, town, filed):
    made = ending(town)

    for login in ("jin", "lu"):
        listed = visit(login).page(f"/office/proposals/{made}/stuck")
        assert f"/cases/{filed.number}" not in listed
        assert "无人在岗" not in listed
        assert "Li</td>" not in listed
        assert f"{filed.number}</span>" in listed
        assert "「制作证件」" in listed


def test_who_may_see_into_the_case_is_told_why_who_holds_it_and_led_there(visit, town, filed):
    offices.approve(town, offices.post(town, "qian", "chief"))
    made = propose(town, "absence", officer=town.wu.person, from_on=TODAY, to_on=TODAY, kind="leave")

    listed = visit("qian").page(f"/office/proposals/{made}/stuck")

    assert f'href="/cases/{filed.number}"' in listed
    assert "（Wu外出）" in listed
    assert "起外出的日子里，1 件没有人能办完" in listed
    assert ">Li</td>" in listed


def test_where_nothing_gets_stuck_a_sentence_says_so(visit, town, filed):
    made = ending(town, "wang")  # Both reviews, too

    assert NONE in visit("jin").page(f"/office/proposals/{made}/stuck")


def test_it_warns_and_does_not_refuse_and_then_the_section_is_gone(visit, town, filed):
    made = ending(town)
    visitor = visit("jin")

    assert visitor.post(f"/office/proposals/{made}/approve").status_code == 303
    assert SECTION not in visitor.page(f"/office/proposals/{made}")
    assert visitor.get(f"/office/proposals/{made}/stuck").status_code == 404


def test_what_takes_nobody_away_has_no_such_section(visit, town, filed):
    made = propose(town, "stand_in", assignment=post_of(town, "wu"), officer=town.zhou.person, from_on=TODAY)
    visitor = visit("jin")

    assert SECTION not in visitor.page(f"/office/proposals/{made}")
    assert visitor.get(f"/office/proposals/{made}/stuck").status_code == 404


def test_who_may_not_open_the_proposal_does_not_get_its_list(visit, town, filed):
    assert visit("li").get(f"/office/proposals/{ending(town)}/stuck").status_code == 404


def test_monitors_are_shown_what_nobody_can_finish_only_where_there_is_any(visit, town, filed):
    visitor = visit("qian")
    before = visitor.get("/monitor/stuck", headers={"HX-Request": "true"}).text
    approve(town, ending(town))

    after = visitor.get("/monitor/stuck", headers={"HX-Request": "true"}).text

    assert 'hx-get="/monitor/stuck"' in visitor.page("/monitor")
    assert before.strip() == ""
    assert "没有人能办完的件" in after
    assert f'href="/cases/{filed.number}"' in after
    assert filed.number in visitor.page("/monitor/stuck")


def test_many_that_are_stuck_alike_are_told_once_and_unfolded(visit, town, filed, monkeypatch):
    monkeypatch.setattr(stuck, "FEW", 1)
    county.file(town)
    county.file(town)
    approve(town, ending(town))

    listed = visit("qian").page("/monitor/stuck")

    assert listed.count("无人在岗") == 1
    assert "<b>3 件</b>" in listed
    assert "<details>" in listed
    assert listed.count("<tr data-row>") == 3


def test_few_are_seen_at_once(visit, town, filed):
    approve(town, ending(town))

    assert "<details open>" in visit("qian").page("/monitor/stuck")


def test_of_many_the_first_are_listed_and_the_number_of_all_is_told(visit, town, filed, monkeypatch):
    monkeypatch.setattr(stuck, "SHOWN", 1)
    county.file(town)
    listed = visit("jin").page(f"/office/proposals/{ending(town)}/stuck")

    assert "只列出前 1 件，共 2 件" in listed
    assert listed.count("<tr data-row>") == 1


def test_a_complaint_about_the_reader_is_not_listed_to_him(visit, town, filed):
    made = ending(town)
    lawful.write(sa.update(t.case_).values(about_person=town.jin.person))

    assert filed.number not in visit("jin").page(f"/office/proposals/{made}/stuck")
    assert filed.number in visit("lu").page(f"/office/proposals/{made}/stuck")
