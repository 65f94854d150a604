"""Sending a step back: who may, what ends, what opens, which clocks go on."""

import pytest

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import CannotReturn, Invalid, NotClaimed, NotYourClaim, NotYourPost, StepClosed
from tests import county
from tests.bpmn.flows import flows
from tests.commands import small
from tests.commands.undoable import back, item, persons, returns, rows, split, timers, whole
from tests.county import at


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        return county.found({"xu": ("reviewer", "yl"), "shi": ("decider", "yl")})


@pytest.fixture
def now():
    with clock.at(at("2026-03-03 10:00")):
        yield


def to_check(town, source=None):
    small.deploy(town, source or split())
    filed = small.file(town)
    for path in ("prepare", "left", "right"):
        small.do(town, filed.case, path)
    return filed


def test_out_of_a_split_and_back_in_everyone_is_asked_again_and_nobody_twice(town, now):
    small.deploy(town, split())
    filed = small.file(town)
    small.do(town, filed.case, "prepare")
    small.do(town, filed.case, "left")

    back(town, "wang", filed.case, "right", "prepare")

    assert county.open_paths(filed.case) == ["prepare"]
    for path in ("prepare", "left"):
        small.do(town, filed.case, path)
    assert county.open_paths(filed.case) == ["right"]  # nothing of the first round waited at the join
    small.do(town, filed.case, "right")
    assert county.open_paths(filed.case) == ["check"]
    small.do(town, filed.case, "check")
    assert whole(filed.number) == []


def test_the_rest_of_the_block_ends_and_is_marked_and_the_new_round_has_a_new_clock(town, now):
    small.deploy(town, split())
    filed = small.file(town)
    small.do(town, filed.case, "prepare")
    with clock.at(at("2026-03-04 10:00")):
        back(town, "wang", filed.case, "left", "prepare")

    steps = {(row["path"], row["round"]): row for row in rows(t.step, filed.case)}
    assert {key: row["ended_by"] for key, row in steps.items()} == {
        ("prepare", 1): None, ("left", 1): "returned", ("right", 1): "returned", ("prepare", 2): None,
    }  # fmt: skip
    assert steps["left", 1]["outcome"] is None
    clocks = {row["step"]: row for row in rows(t.clock, filed.case)}
    assert clocks[steps["right", 1]["id"]]["ended_on"] is not None
    new = clocks[steps["prepare", 2]["id"]]
    assert (str(new["started_on"]), new["ended_on"]) == ("2026-03-04", None)
    told = [event["type"] for event in county.events(filed.number)]
    assert told.count("step.returned") == 1
    assert told.count("step.cancelled") == 1
    (urge,) = timers(filed.case, "urge")
    assert urge["cancelled_at"] is not None


def test_back_into_one_branch_the_other_is_not_asked_again(town, now):
    filed = to_check(town)

    back(town, "zhao", filed.case, "check", "left")

    assert county.open_paths(filed.case) == ["left"]
    small.do(town, filed.case, "left")
    assert county.open_paths(filed.case) == ["check"]
    small.do(town, filed.case, "check")
    assert county.row(filed.case).state == "closed"
    assert whole(filed.number) == []


def test_the_reason_and_the_act_are_kept_and_the_trace_commits_to_them(town, now):
    filed = to_check(town)

    back(town, "zhao", filed.case, "check", "prepare", reason=" 平面图与现场不符 ")

    act = rows(t.act, filed.case)[-1]
    assert (act["kind"], act["path"], act["person"]) == ("return", "check", town.zhao.person)
    assert "平面图与现场不符" in rows(t.form, filed.case)[-1]["body_json"]
    event = next(e for e in county.events(filed.number) if e["type"] == "step.returned")
    assert event["facts"] == {"round": 1, "to": "prepare"}
    assert event["data"]


@pytest.mark.parametrize(
    ("who", "to", "reason", "error"),
    [
        ("zhao", "right", "因为", CannotReturn),
        ("zhao", "check", "因为", CannotReturn),
        ("zhao", "nowhere", "因为", CannotReturn),
        ("zhao", "prepare", "  ", Invalid),
        ("shi", "prepare", "因为", NotYourClaim),
        ("wang", "prepare", "因为", NotYourPost),
    ],
)
def test_what_is_not_allowed_changes_nothing(town, now, who, to, reason, error):
    filed = to_check(town)
    county.claim(town, "zhao", filed.case, "check")
    before = rows(t.step, filed.case), county.row(filed.case).engine_state

    with pytest.raises(error), begin(town.people[who]) as ctx:
        commands.return_step(ctx, county.step(filed.case, "check").id, to=to, reason=reason)

    assert (rows(t.step, filed.case), county.row(filed.case).engine_state) == before


def test_a_step_must_be_held_and_open(town, now):
    filed = to_check(town)
    with pytest.raises(NotClaimed), begin(town.zhao) as ctx:
        commands.return_step(ctx, county.step(filed.case, "check").id, to="prepare", reason="因为")
    with pytest.raises(StepClosed), begin(town.wang) as ctx:
        commands.return_step(ctx, county.step(filed.case, "left").id, to="prepare", reason="因为")


def test_a_step_that_was_never_done_is_no_place_to_return_to(town, now):
    source = item(
        small.step("a", outcomes="x y"), '<exclusiveGateway id="x"/>', small.step("b"),
        small.step("c", returns("a", "b")),
        drawn='s>a a>x x>b>a == "x" x>c>a == "y" b>c c>e',
    )  # fmt: skip
    small.deploy(town, source)
    filed = small.file(town)
    small.do(town, filed.case, "a", "y")
    county.claim(town, "wang", filed.case, "c")

    with reading() as conn:
        assert commands.returnable(conn, county.step(filed.case, "c").id) == ("a",)
    with pytest.raises(CannotReturn, match="has not been done"):
        back(town, "wang", filed.case, "c", "b")


def test_signatures_that_stand_are_kept_as_acts_and_the_next_round_asks_for_all(town, now):
    filed = to_check(town, item(
        small.step("prepare"), small.step("left"), small.step("right"),
        small.step("check", returns("prepare"), persons(2), post="decider"),
        drawn="s>prepare prepare>left left>right right>check check>e",
    ))  # fmt: skip
    county.do(town, "zhao", filed.case, "check", "done", {})

    back(town, "shi", filed.case, "check", "prepare")

    for path in ("prepare", "left", "right"):
        small.do(town, filed.case, path)
    assert not county.do(town, "zhao", filed.case, "check", "done", {}).closed
    assert county.do(town, "shi", filed.case, "check", "done", {}).closed
    kinds = [row["kind"] for row in rows(t.act, filed.case) if row["path"] == "check"]
    assert kinds == ["sign", "return", "sign", "complete"]


def test_within_a_called_flow(town, now):
    desk = (
        '<startEvent id="i"/>' + small.step("accept") + small.step("look", returns("accept")) + '<endEvent id="o"/>'
        + flows("i>accept accept>look look>o")
    )  # fmt: skip
    called = '<callActivity id="intake" calledElement="desk"/>'
    small.deploy(town, item(called, small.step("z"), drawn="s>intake intake>z z>e", called={"desk": desk}))
    filed = small.file(town)
    small.do(town, filed.case, "intake/accept")

    back(town, "wang", filed.case, "intake/look", "intake/accept")

    assert county.open_paths(filed.case) == ["intake/accept"]
    for path in ("intake/accept", "intake/look", "z"):
        small.do(town, filed.case, path)
    assert county.row(filed.case).state == "closed"


def test_one_instance_of_a_step_sends_the_whole_activity_back(town, now):
    many = (
        '<userTask id="m" name="m"><extensionElements><sun:post code="reviewer" organ="county"/>'
        f'<sun:limit days="1"/>{returns("a")}</extensionElements><multiInstanceLoopCharacteristics>'
        "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    )
    small.deploy(town, item(small.step("a"), many, drawn="s>a a>m m>e"))
    filed = small.file(town)
    small.do(town, filed.case, "a")
    small.do(town, filed.case, "m")

    with reading() as conn:
        open_one = next(row for row in rows(t.step, filed.case) if row["path"] == "m" and row["closed_at"] is None)
        assert commands.returnable(conn, open_one["id"]) == ("a",)
    with begin(town.wang) as ctx:
        commands.claim(ctx, open_one["id"])
    with begin(town.wang) as ctx:
        commands.return_step(ctx, open_one["id"], to="a", reason="因为")

    assert county.open_paths(filed.case) == ["a"]
    small.do(town, filed.case, "a")
    assert county.open_paths(filed.case) == ["m", "m", "m"]
