"""Taking one's own completed step back: only while nothing of it has been used; its clock runs on."""

import pytest

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, book, reading
from engine.errors import CannotWithdraw, Invalid, NotYourPost, StepClosed, TimeFirst
from engine.rules.rederiving import rederive
from tests import county
from tests.commands import small
from tests.commands.undoable import back, item, persons, rows, split, take_back, timers, wait, whole
from tests.county import at


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        return county.found({"xu": ("reviewer", "yl"), "shi": ("decider", "yl")})


@pytest.fixture
def now():
    with clock.at(at("2026-03-03 10:00")):
        yield


def begun(town, source=None, *paths):
    small.deploy(town, source or split())
    filed = small.file(town)
    for path in paths:
        small.do(town, filed.case, path)
    return filed


def row_line():
    return item(
        small.step("a"), wait("alarm", "a", "workdays(2)", interrupts=False), small.step("n"),
        '<endEvent id="told"/>', small.step("b"), wait("late", "b", "workdays(5)"),
        drawn="s>a a>b b>e alarm>n n>told late>told",
    )  # fmt: skip


def test_the_step_is_open_again_as_it_was_and_what_came_of_it_has_ended(town, now):
    filed = begun(town, row_line())
    before = county.step(filed.case, "a")
    (alarm,) = timers(filed.case, "alarm")
    with clock.at(at("2026-03-04 09:00")):
        small.do(town, filed.case, "a")
        assert county.open_paths(filed.case) == ["b"]
    with clock.at(at("2026-03-04 16:00")):
        take_back(town, "wang", filed.case, "a")

    again = county.step(filed.case, "a")
    assert (again.id, again.token, again.round) == (before.id, before.token, 1)
    assert (again.closed_at, again.outcome, again.undo) == (None, None, None)
    assert (again.claimed_by, again.due_on) == (town.wang.person, before.due_on)
    assert county.open_paths(filed.case) == ["a"]
    assert county.step(filed.case, "b").ended_by == "taken_back"
    assert timers(filed.case, "alarm") == [alarm]
    assert timers(filed.case, "late")[0]["cancelled_at"] is not None
    own, other = rows(t.clock, filed.case)
    assert (str(own["started_on"]), own["due_on"], own["ended_on"]) == ("2026-03-03", before.due_on, None)
    assert other["ended_on"] is not None
    assert whole(filed.number) == []


def test_the_act_is_kept_the_withdrawal_beside_it_and_the_step_can_be_done_anew(town, now):
    filed = begun(town, row_line(), "a")
    take_back(town, "wang", filed.case, "a", reason=" 结论填错 ")
    small.do(town, filed.case, "a")
    small.do(town, filed.case, "b")

    acts = [(row["path"], row["kind"]) for row in rows(t.act, filed.case) if row["step"]]
    assert acts == [("a", "complete"), ("a", "withdraw"), ("a", "complete"), ("b", "complete")]
    assert any("结论填错" in row["body_json"] for row in rows(t.form, filed.case))
    told = [event["type"] for event in county.events(filed.number)]
    assert (told.count("step.withdrawn"), told.count("clock.reopened")) == (1, 1)
    assert [row["round"] for row in rows(t.step, filed.case) if row["path"] == "b"] == [1, 2]
    assert county.row(filed.case).state == "closed"
    assert whole(filed.number) == []


def test_another_branch_goes_on_meanwhile(town, now):
    filed = begun(town, split(), "prepare", "left")
    small.do(town, filed.case, "right")  # who waits at the join is used up

    with pytest.raises(CannotWithdraw, match="begun to work"):
        take_back(town, "wang", filed.case, "left")
    take_back(town, "wang", filed.case, "right")
    assert county.open_paths(filed.case) == ["right"]
    take_back(town, "wang", filed.case, "left")
    assert county.open_paths(filed.case) == ["left", "right"]
    small.do(town, filed.case, "right")
    small.do(town, filed.case, "left")
    assert county.open_paths(filed.case) == ["check"]
    assert whole(filed.number) == []


def test_of_a_step_that_several_sign_the_last_signature_comes_back_and_the_others_stand(town, now):
    source = item(small.step("a", persons(2)), small.step("b"), drawn="s>a a>b b>e")
    filed = begun(town, source)
    county.do(town, "wang", filed.case, "a", "done", {})
    county.do(town, "xu", filed.case, "a", "done", {})

    with pytest.raises(CannotWithdraw, match="somebody else"):
        take_back(town, "both", filed.case, "a")
    take_back(town, "xu", filed.case, "a")

    with begin(town.xu) as ctx:
        done = commands.complete(ctx, county.step(filed.case, "a").id, outcome="done", form={}, opinion="")
    assert (done.signed, done.needed) == (2, 2)
    assert county.open_paths(filed.case) == ["b"]


def test_an_effect_in_law_is_not_taken_back(town, now):
    source = item(small.step("a", small.mark("accepted")), small.step("b"), drawn="s>a a>b b>e")
    filed = begun(town, source, "a")
    with pytest.raises(CannotWithdraw, match="effect in law"):
        take_back(town, "wang", filed.case, "a")


@pytest.mark.parametrize("touch", ["claim", "complete", "return", "time"])
def test_what_somebody_has_used_is_not_taken_back(town, now, touch):
    filed = begun(town, split(), "prepare")
    if touch == "claim":
        county.claim(town, "xu", filed.case, "left")
    elif touch == "complete":
        county.do(town, "xu", filed.case, "left", "done", {})
    elif touch == "return":
        back(town, "xu", filed.case, "left", "prepare")
        small.do(town, filed.case, "prepare")
    before = rows(t.step, filed.case), county.row(filed.case).engine_state
    first = rows(t.step, filed.case)[0]["id"]

    with clock.at(at("2026-03-06 10:00" if touch == "time" else "2026-03-03 11:00")):
        with reading() as conn:
            why = commands.withdrawable(conn, first, town.wang.person)
        with pytest.raises(CannotWithdraw), begin(town.wang) as ctx:
            commands.withdraw_step(ctx, first, reason="因为")

    assert why == {"time": "late"}.get(touch, "used")
    assert (rows(t.step, filed.case), county.row(filed.case).engine_state) == before


def test_a_step_that_was_claimed_and_put_back_is_untouched(town, now):
    filed = begun(town, split(), "prepare")
    key = county.claim(town, "xu", filed.case, "left")
    with begin(town.xu) as ctx:
        commands.release(ctx, key)
    with reading() as conn:
        assert commands.withdrawable(conn, county.step(filed.case, "prepare").id, town.wang.person) is None
    take_back(town, "wang", filed.case, "prepare")
    assert county.open_paths(filed.case) == ["prepare"]


@pytest.mark.parametrize(
    ("who", "reason", "error"), [("xu", "因为", CannotWithdraw), ("zhao", "因为", NotYourPost), ("wang", " ", Invalid)]
)
def test_only_who_did_it_and_says_why(town, now, who, reason, error):
    filed = begun(town, split(), "prepare")
    with pytest.raises(error):
        take_back(town, who, filed.case, "prepare", reason=reason)


def test_an_open_step_has_nothing_to_take_back(town, now):
    filed = begun(town)
    county.claim(town, "wang", filed.case, "prepare")
    with pytest.raises(CannotWithdraw, match="not been completed"):
        take_back(town, "wang", filed.case, "prepare")
    small.do(town, filed.case, "prepare")
    take_back(town, "wang", filed.case, "prepare")
    with pytest.raises(CannotWithdraw, match="not been completed"):
        take_back(town, "wang", filed.case, "prepare")


def test_what_time_has_done_first_stands(town, now):
    filed = begun(town, row_line(), "a")
    with clock.at(at("2026-03-16 10:00")), pytest.raises(TimeFirst):
        take_back(town, "wang", filed.case, "a")


def test_a_step_that_was_taken_back_waits_for_its_holder_like_any(town, now):
    filed = begun(town, split(), "prepare")
    take_back(town, "wang", filed.case, "prepare")
    with pytest.raises(StepClosed), begin(town.xu) as ctx:
        commands.claim(ctx, county.step(filed.case, "left").id)
    with begin(town.wang) as ctx:
        commands.release(ctx, county.step(filed.case, "prepare").id)
    county.do(town, "xu", filed.case, "prepare", "done", {})
    with reading() as conn:
        key = county.step(filed.case, "prepare").id
        assert commands.withdrawable(conn, key, town.wang.person) == "not_yours"
        assert commands.withdrawable(conn, key, town.xu.person) is None


def test_the_cards_of_a_case_that_went_to_and_fro_follow_from_its_trace(town, now):
    filed = begun(town, split(), "prepare")
    take_back(town, "wang", filed.case, "prepare")
    small.do(town, filed.case, "prepare")
    back(town, "wang", filed.case, "left", "prepare")
    with clock.at(at("2026-03-10 10:00")):
        commands.catch_up()

    called = rederive({filed.number: county.events(filed.number)}, book().cards)

    assert {(card.key, str(card.on)) for card in called} == {
        (row["key"], "2026-03-05") for row in rows(t.clock, filed.case) if row["ended_on"] is None
    }
