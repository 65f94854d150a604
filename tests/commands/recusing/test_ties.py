"""Ties that the system finds keep an officer out of the case until the head has decided that they do not matter."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import (
    TieFound,
)
from tests import county, recusals
from tests.county import claim, file, step
from tests.recusals import ask, decide, reach, row, tie

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = "intake/accept"


@pytest.mark.parametrize("kind", ["spouse", "interest"])
def test_a_registered_tie_keeps_the_officer_out(town, filed, kind):
    tie(town, "li", county.row(filed.case).applicant, kind)

    with pytest.raises(TieFound) as refusal:
        claim(town, "li", filed.case, PATH)

    assert (refusal.value.kind, refusal.value.basis) == (kind, "SOD-08")
    assert recusals.last(filed, "refused")["facts"]["error"] == "TieFound"
    claim(town, "mei", filed.case, PATH)


def test_a_tie_to_the_agent_counts_and_one_to_somebody_else_does_not(town, filed):
    tie(town, "li", town.zhou.person, "lineal")
    claim(town, "li", filed.case, PATH)
    recusals.write(sa.update(t.case_).values(agent=town.zhou.person))

    with pytest.raises(TieFound), begin(town.li) as ctx:
        commands.complete(ctx, step(filed.case, PATH).id, outcome="accept", form={}, opinion="")


def test_a_tie_that_has_ended_bars_nobody(town, filed):
    tie(town, "li", county.row(filed.case).applicant, "interest", date(2026, 3, 1))

    claim(town, "li", filed.case, PATH)


@pytest.mark.parametrize(
    ("how", "kind"),
    [({"phone": "+86 13800000000"}, "same_phone"), ({"address": "文昌路88号"}, "")],
)
def test_the_same_telephone_is_a_tie_and_half_an_address_is_none(town, filed, how, kind):
    reach(town.li.person, **how)

    if kind:
        with pytest.raises(TieFound, match=kind):
            claim(town, "li", filed.case, PATH)
    else:
        claim(town, "li", filed.case, PATH)


def test_the_address_is_taken_from_the_filing_form(town):
    reach(town.li.person, address="云岭县城关镇文昌路88号")
    filed = file(town, address="城关镇文昌路  88 号")

    with pytest.raises(TieFound, match="same_address"):
        claim(town, "li", filed.case, PATH)


def test_the_telephone_of_an_office_ties_nobody(town, filed):
    reach(town.li.person, phone="138-0000-0000")
    recusals.write(sa.update(t.organ).where(t.organ.c.code == "centre").values(phone="13800000000"))

    claim(town, "li", filed.case, PATH)


def test_a_tie_that_was_found_may_be_put_to_the_head_and_dismissed(town, filed):
    reach(town.li.person, phone="13800000000")
    recusal = ask(town.li, filed.case, town.li, "same_phone")
    assert row(recusal).source == "found"

    decide(town.tang, recusal, upheld=False, reason="是村委会的公用电话")

    claim(town, "li", filed.case, PATH)
    tie(town, "li", county.row(filed.case).applicant, "in_law")  # another tie is another question
    with pytest.raises(TieFound, match="in_law"), begin(town.li) as ctx:
        commands.complete(ctx, step(filed.case, PATH).id, outcome="accept", form={}, opinion="")


def test_a_stand_in_is_kept_out_by_a_tie_of_the_one_stood_in_for(town, filed):
    li, zhou = town.li.person, town.zhou.person
    post = sa.select(t.assignment.c.id).where(t.assignment.c.person == li).scalar_subquery()
    made = sa.select(sa.func.max(t.proposal.c.id)).scalar_subquery()
    days = {"from_on": date(2026, 3, 1), "to_on": date(2026, 3, 5), "proposal": made}
    recusals.write(sa.insert(t.absence).values(person=li, kind="leave", **days))
    recusals.write(sa.insert(t.stand_in).values(assignment=post, person=zhou, **days))
    claim(town, "zhou", filed.case, PATH)
    tie(town, "li", county.row(filed.case).applicant, "spouse")

    with pytest.raises(TieFound), begin(town.zhou) as ctx:
        commands.complete(ctx, step(filed.case, PATH).id, outcome="accept", form={}, opinion="")
