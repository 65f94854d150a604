"""Recusal, declared or asked for: what bars meanwhile, who decides, and what follows."""

from __future__ import annotations

from threading import Thread

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import (
    AlreadyRaised,
    CaseClosed,
    Invalid,
    NotDecider,
    NotFound,
    NotInCase,
    RecusalPending,
    Recused,
)
from tests import county, recusals
from tests.county import at, claim, do, step
from tests.recusals import applicant, ask, decide, row
from tests.samples import FORMS

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = "intake/accept"


def test_an_officer_declares_a_tie_and_the_step_goes_back_at_once(town, filed):
    claim(town, "li", filed.case, PATH)

    key = ask(town.li, filed.case, town.li)

    assert (row(key).source, row(key).kind, row(key).reason) == ("declared", "collateral", recusals.REASON)
    assert step(filed.case, PATH).claimed_by is None
    assert county.types(filed.number)[-2:] == ["recusal.raised", "step.released"]
    raised = recusals.last(filed, "recusal.raised")
    assert (raised["rule"], raised["facts"]["source"], raised["facts"]["recusal"]) == ("SOD-08", "declared", key)
    assert recusals.REASON not in str(county.events(filed.number))


def test_while_it_waits_the_officer_may_not_act_and_a_colleague_may(town, filed):
    claim(town, "li", filed.case, PATH)
    ask(town.li, filed.case, town.li)

    with pytest.raises(RecusalPending):
        claim(town, "li", filed.case, PATH)
    with pytest.raises(RecusalPending), begin(town.li) as ctx:
        commands.complete(ctx, step(filed.case, PATH).id, outcome="accept", form={}, opinion="")

    refused = recusals.last(filed, "refused")
    assert (refused["rule"], refused["facts"]["error"]) == ("SOD-08", "RecusalPending")
    do(town, "mei", filed.case, PATH, "accept")
    assert step(filed.case, PATH).outcome == "accept"


def test_a_claim_that_went_past_the_check_can_only_be_released(town, filed):
    ask(town.li, filed.case, town.li)
    key = step(filed.case, PATH).id
    recusals.write(sa.update(t.step).where(t.step.c.id == key).values(claimed_by=town.li.person))

    with pytest.raises(RecusalPending), begin(town.li) as ctx:
        commands.complete(ctx, key, outcome="accept", form={}, opinion="")
    with begin(town.li) as ctx:
        commands.release(ctx, key)

    assert step(filed.case, PATH).claimed_by is None


def test_upheld_the_officer_is_out_of_the_whole_case(town, filed):
    recusal = ask(town.wang, filed.case, town.wang)

    decide(town.qin, recusal, upheld=True)

    assert recusals.last(filed, "recusal.decided")["facts"]["upheld"] is True
    assert (recusals.last(filed, "recusal.decided")["post"], row(recusal).decided_by) == ("chief", town.qin.person)
    do(town, "li", filed.case, PATH, "accept")
    with pytest.raises(Recused) as refusal:
        claim(town, "wang", filed.case, "review")
    assert refusal.value.basis == "SOD-08"
    with pytest.raises(Recused):  # nor bring a message in
        county.deliver(town, "wang", filed.case, "extension")
    claim(town, "both", filed.case, "review")


def test_dismissed_with_reasons_the_officer_goes_on(town, filed):
    recusal = ask(town.li, filed.case, town.li, "other")

    decide(town.tang, recusal, upheld=False, reason="只是同名")

    assert row(recusal).decision == "只是同名"
    assert "只是同名" not in str(county.events(filed.number))
    do(town, "li", filed.case, PATH, "accept")


@SQLITE
def test_a_colleague_in_the_case_asks_and_a_stranger_may_not(town, filed):
    claim(town, "li", filed.case, PATH)

    recusal = ask(town.wang, filed.case, town.li)

    assert (row(recusal).source, row(recusal).raised_by) == ("asked", town.wang.person)
    assert step(filed.case, PATH).claimed_by is None
    assert recusals.last(filed, "step.released")["person"] == "system"
    for stranger in (town.hua, town.qian):
        with pytest.raises(NotInCase):
            ask(stranger, filed.case, town.li)


@SQLITE
def test_only_who_has_had_a_hand_in_the_case_is_asked_about(town, filed):
    with pytest.raises(NotInCase):
        ask(town.li, filed.case, town.zhao)
    with pytest.raises(NotInCase):  # who has no post for it declares nothing
        ask(town.hua, filed.case, town.hua)

    ask(town.zhao, filed.case, town.zhao)  # he could come to decide it


def test_the_applicant_asks_with_the_receipt(town, filed):
    claim(town, "li", filed.case, PATH)

    recusal = ask(applicant(filed.case), filed.case, town.li, "interest")

    assert (row(recusal).source, row(recusal).raised_by) == ("asked", county.row(filed.case).applicant)
    assert step(filed.case, PATH).claimed_by is None


@SQLITE
def test_the_applicant_of_another_case_is_refused(town, filed):
    with begin(town.mei) as ctx:
        other = commands.file_case(
            ctx,
            item=county.ITEM,
            applicant=county.applicant("李四", "999001198806140025"),
            form=FORMS["case"],
            materials=(),
        )

    with pytest.raises(NotInCase):
        ask(applicant(other.case), filed.case, town.li)


@SQLITE
@pytest.mark.parametrize(("kind", "reason"), [("cousin", "x"), ("other", "  "), ("other", "x" * 1001)])
def test_a_tie_must_be_named_and_told(town, filed, kind, reason):
    with pytest.raises(Invalid):
        ask(town.li, filed.case, town.li, kind, reason)
    assert county.types(filed.number)[-1] != "recusal.raised"


def test_it_is_asked_once(town, filed):
    recusal = ask(town.li, filed.case, town.li, "other")
    with pytest.raises(AlreadyRaised):
        ask(applicant(filed.case), filed.case, town.li)

    decide(town.tang, recusal, upheld=False)
    with pytest.raises(AlreadyRaised):  # the same, by the same
        ask(town.li, filed.case, town.li, "other")
    second = ask(applicant(filed.case), filed.case, town.li)
    decide(town.tang, second, upheld=True)

    with pytest.raises(AlreadyRaised):
        ask(town.li, filed.case, town.li, "spouse")
    with pytest.raises(AlreadyRaised):
        decide(town.tang, second, upheld=False)


@SQLITE
def test_what_was_done_before_stays(town, filed):
    do(town, "li", filed.case, PATH, "accept")
    recusal = ask(applicant(filed.case), filed.case, town.li)

    decide(town.tang, recusal, upheld=True)

    assert step(filed.case, PATH).outcome == "accept"
    assert "step.completed" in county.types(filed.number)


@SQLITE
def test_nothing_is_asked_or_decided_when_the_case_has_ended(town, filed):
    recusal = ask(town.mei, filed.case, town.mei)
    with begin(applicant(filed.case)) as ctx:
        commands.withdraw(ctx, filed.case, reason="不办了")

    with pytest.raises(CaseClosed):
        decide(town.tang, recusal, upheld=True)
    with pytest.raises(CaseClosed):
        ask(town.li, filed.case, town.li)


@SQLITE
def test_there_must_be_a_recusal_to_decide(town):
    with pytest.raises(NotFound):
        decide(town.qin, 99, upheld=True)


@SQLITE
@pytest.mark.parametrize("who", ["li", "wang", "qin", "xu"])
def test_only_the_nearest_head_decides(town, filed, who):
    recusal = ask(town.li, filed.case, town.li)

    with pytest.raises(NotDecider, match="县政务服务中心") as refusal:
        decide(town.people[who], recusal, upheld=False)

    assert refusal.value.basis == "SOD-08"
    assert recusals.last(filed, "refused")["facts"]["verb"] == "decide_recusal"


def test_who_waited_for_the_case_meanwhile_sees_what_was_asked(town, filed):
    claim(town, "li", filed.case, PATH)
    results: list[object] = []

    def complete():
        with clock.at(at("2026-03-02 10:00")):
            try:
                with begin(town.li) as ctx:
                    commands.complete(ctx, step(filed.case, PATH).id, outcome="accept", form={}, opinion="")
            except Exception as error:
                results.append(error)

    waits = Thread(target=complete)
    with begin(town.wang) as ctx:
        commands.raise_recusal(ctx, filed.case, officer=town.li.person, kind="other", reason="牌友")
        waits.start()
        waits.join(0.5)  # long enough to come to the lock; nothing depends on it
        assert waits.is_alive()
    waits.join()

    assert [type(each) for each in results] == [RecusalPending]
