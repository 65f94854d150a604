"""Who would leave nobody, where one person is left, and conflicts of a case under way in words: known answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import clock, commands
from engine.commands.staffing import lasting, words
from engine.commands.staffing.offered import offered
from engine.db import store
from engine.db.store import begin, reading
from engine.errors import NobodyLeft
from engine.rules.separation import FILING
from engine.staffing.asking import PAST
from engine.staffing.instance import Apart, Part, Seat, Way, Why
from tests import county
from tests.commands.test_statements import counted
from tests.staffing import left, township
from tests.staffing.left import do, step

DAY = county.at("2026-03-02 10:00")


@pytest.fixture
def town(sqlite_url):
    with clock.at(DAY):
        yield left.found()


def lasts(case: int, path: str) -> list[tuple[str, str]]:
    with reading() as conn:
        return [(each.zh, each.en) for each in commands.lasts(conn, step(case, path))]


def refused(town: county.Town, who: str, case: int, path: str) -> NobodyLeft:
    with pytest.raises(NobodyLeft) as told, begin(town.people[who]) as ctx:
        commands.claim(ctx, step(case, path))
    return told.value


def test_a_held_step_is_named_with_its_holder_once(town):
    found = refused(town, "ding", left.file(town).case, "accept")

    assert (found.zh, found.basis) == (left.WHY, "SOD-03")
    assert found.why == (
        "Review (Reviewer) needs one of Ding, Zhao; Decide (Decider) needs one of Zhao; "
        "SOD-03: Accept (held by Ding) and Review by different persons; "
        "SOD-03: Review and Decide by different persons."
    )
    assert "Let somebody else take it." in str(found)


def test_what_was_done_is_named_with_who_did_it(sqlite_url):
    with clock.at(DAY):
        town = township.found(left.OFFICERS | {"luo": ("acceptance decider", "shimen")})
        township.deploy(town, township.item())
        case = left.file(town, "ding").case
        do(town, case, "luo:accept")

        found = refused(town, "zhao", case, "review")

    assert found.zh == (
        "「决定」（决定岗）需要 1 人，只有Luo、Zhao；SOD-03：「受理」（Luo办的）和「决定」由不同的人办；"
        "SOD-03：「审查」（由Zhao办）和「决定」由不同的人办。"
    )
    assert found.why.endswith(
        "SOD-03: Accept (done by Luo) and Decide by different persons; "
        "SOD-03: Review (held by Zhao) and Decide by different persons."
    )


def test_who_is_asked_has_a_part_in_the_step(town):
    case = left.file(town).case
    with begin(town.luo) as ctx:
        commands.claim(ctx, step(case, "accept"))

    with pytest.raises(NobodyLeft) as told, begin(town.luo) as ctx:
        commands.add_signer(ctx, step(case, "accept"), officer=town.ding.person, kind="before", reason="会商")

    assert "SOD-03：「受理」（Ding有份，由Luo办）和「审查」由不同的人办" in told.value.zh
    assert "Accept (Ding has a part in it, held by Luo) and Review" in told.value.why
    assert told.value.instead_zh == "请另请别人。"


def test_of_several_who_act_on_a_step_those_who_have_are_told(town):
    with reading() as conn:
        (office,) = offered(conn, "small").offices()
    bai, ding, zhao = (Seat(town.people[who].person) for who in ("luo", "ding", "zhao"))
    part = Part(step="review", seats=1, may=(bai, ding, zhao), done=(bai,))

    said = words.conflict(office, Way(parts={"review": part}), (Why(steps=("review",)),))

    assert said.zh == "「审查」（审查岗）除Luo外还需要 1 人，只有Ding、Zhao。"
    assert said.en == "Review (Reviewer) needs, beside Luo, one of Ding, Zhao."


def test_who_acted_and_has_left_or_applied_is_told_so(town):
    with reading() as conn:
        (office,) = offered(conn, "small").offices()
    gone = replace(office, applicant=4711)
    filing, review = FILING + PAST, Part(step="review", seats=1)
    for person, zh, en in ((4711, "申请人", "the applicant"), (4712, "已离岗的人", "somebody who has left")):
        parts = {filing: Part(step=filing, seats=0, done=(Seat(person),)), "review": review}
        apart = Apart("SOD-03", (filing, "review"))
        why = (Why(steps=apart.steps, rule=apart.rule),)

        said = words.conflict(gone, Way(parts=parts, demands=(apart,)), why)

        assert said.zh == f"SOD-03：「收件」（{zh}办的）和「审查」由不同的人办。"
        assert said.en == f"SOD-03: Filing (done by {en}) and Review by different persons."


def test_of_a_step_of_two_who_has_signed_is_told_beside_who_could(sqlite_url):
    with clock.at(DAY):
        people = {"bai": ("reviewer", "shimen"), "luo": ("acceptance decider", "shimen")}
        town = township.found(left.OFFICERS | people)
        two = township.step("review", "reviewer", '<sun:persons min="2" rule="all"/>', name="审查")
        township.deploy(town, township.item(township.THREE[0], two, township.THREE[2]))
        case = left.file(town, "ding").case
        do(town, case, "ding:accept", "bai:review")

        found = lasts(case, "review")

    assert found == [
        ("「审查」只剩Zhao一人可办。", "Only Zhao can still do: Review."),
        ("少了Luo，「审查」「决定」就办不成。", "Without Luo this fails: Review, Decide."),
    ]


def test_who_must_not_be_missing_is_named_with_the_steps(town):
    case = left.file(town).case

    assert lasts(case, "accept") == [
        ("「决定」只剩Zhao一人可办。", "Only Zhao can still do: Decide."),
        ("少了Ding，「审查」「决定」就办不成。", "Without Ding this fails: Review, Decide."),
        ("少了Luo，「受理」「审查」「决定」就办不成。", "Without Luo this fails: Accept, Review, Decide."),
    ]
    do(town, case, "luo:accept")
    assert lasts(case, "review") == [
        ("「决定」只剩Zhao一人可办。", "Only Zhao can still do: Decide."),
        ("少了Ding，「审查」「决定」就办不成。", "Without Ding this fails: Review, Decide."),
    ]
    do(town, case, "ding:review")
    assert lasts(case, "decide") == [("「决定」只剩Zhao一人可办。", "Only Zhao can still do: Decide.")]
    do(town, case, "zhao:decide")
    assert lasts(case, "decide") == []


def test_where_somebody_is_left_beside_each_nothing_is_said(sqlite_url):
    with clock.at(DAY):
        people = dict.fromkeys(("ding", "luo", "zhao", "bai"), (township.ALL, "shimen"))
        town = township.found(people)
        township.deploy(town, township.item())
        assert lasts(left.file(town).case, "accept") == []


def test_who_is_told_of_many_costs_no_more_statements(town):
    case = left.file(town).case
    store.book()  # read once
    with reading() as conn:
        with counted() as first:
            found = lasting.leaving_nobody(conn, step(case, "accept"), {town.ding.person, town.luo.person})
        with counted() as again:
            lasting.leaving_nobody(conn, step(case, "accept"), {town.ding.person, town.luo.person})

    assert set(found) == {town.ding.person}
    assert (len(first), len(again)) == (7 + 1, 2 + 1)  # the look-up of the step by the test among them
