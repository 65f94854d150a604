"""Random walks of the item by random officers on random days: whatever happens, the invariants hold."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine import clock, commands
from engine.bpmn import budget
from engine.db import find
from engine.db import tables as t
from engine.db.store import begin, calendar, reading
from engine.errors import Invalid, NotRendered, Refused, Stale
from engine.model import SYSTEM, Actor, Lamp
from engine.rules import lamps, limits
from engine.settings import settings as configured
from tests import county
from tests.county import at, events, row
from tests.samples import FORMS

from .test_statements import counted

OUTCOMES = {
    "intake/accept": ("accept", "accept", "supplement", "accept", "supplement", "not_ours"),
    "intake/supplement": ("supplied", "supplied", "supplied", "supplied", "supplied", "abandoned"),
    "intake/accept_again": ("accept", "accept", "accept", "accept", "not_accepted"),
    "review": ("pass", "refuse"),
    "site_inspection/inspect": ("pass", "pass", "rectify", "rectify", "fail"),
    "site_inspection/reinspect": ("pass", "fail"),
    "recheck": ("agree", "oppose"),
    "decide": ("grant", "refuse"),
}
APART = (  # read off the law and the item's drawing, not off its XML
    {"intake/accept", "review", "recheck", "decide"},
    {"intake/accept_again", "review", "recheck", "decide"},
    {"decide", "issue/make"},
    {"decide", "issue/deliver"},
    {"review", "site_inspection/inspect"},
    {"review", "site_inspection/reinspect"},
)
TWO = {"site_inspection/inspect", "site_inspection/reinspect"}
FITTING = {
    "intake": ("li", "many"),
    "review": ("wang", "both", "many"),
    "site_inspection": ("chen", "liu", "many"),
    "recheck": ("he", "both", "many"),
    "decide": ("zhao", "both", "many"),
    "issue": ("wu", "many"),
}
PEOPLE = ("li", "wang", "chen", "liu", "he", "zhao", "wu", "both", "many", "zhou", "hua", "qian")
ASKING = ("transfer", "ask", "ask", "advise", "advise", "unask")
HISTORIES = int(os.environ.get("SUNLIT_TEST_HISTORIES", "60"))
MOVES = st.tuples(
    st.sampled_from((*["do"] * 24, "claim", "release", "withdraw", "nobody", *["break", "repair"] * 4, *ASKING * 3)),
    st.integers(0, 2),  # which open step
    st.one_of(st.integers(0, 2), st.integers(0, 2), st.sampled_from(PEOPLE)),  # one whose post it is, or anybody
    st.integers(0, 5),  # which outcome
    st.sampled_from((0, 0, 0, 0, 1, 2, 5, 9, 30, 75)),  # hours, or days from 24 on, that pass before
    st.booleans(),  # does the worker run?
)


@pytest.fixture(scope="module")
def walks(tmp_path_factory, sqlite_template):
    """A county on SQLite in which all walks of the module happen."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("walks")
        shutil.copyfile(sqlite_template, folder / "sunlit.db")
        for name, value in (("DATABASE_URL", f"sqlite:///{folder / 'sunlit.db'}"), ("DATA_DIR", str(folder))):
            patch.setenv(f"SUNLIT_{name}", value)
        patch.setenv("SUNLIT_SECRET_KEY", "a secret that only tests know")
        configured.cache_clear()
        cast = county.CAST | {"many": ("inspector reviewer decider issuer rechecker acceptance", "yl")}
        patch.setattr(county, "CAST", cast)
        with clock.at(at("2026-03-02 08:00")):
            town = county.found()
        yield town.people
    configured.cache_clear()


def act(town: county.Town, case: int, move: tuple[Any, ...]) -> None:
    verb, which, name, finding, _, _ = move
    if verb == "withdraw":
        with begin(Actor(person=row(case).applicant, channel="portal")) as ctx:
            commands.withdraw(ctx, case, reason="不开店了")
    open_now = county.open_paths(case)
    if verb == "repair":
        repair(town, case, which, finding)
    if verb in ("withdraw", "nobody", "repair") or not open_now:
        return
    path = open_now[which % len(open_now)]
    key = county.step(case, path).id
    fitting = FITTING.get(path.partition("/")[0], PEOPLE)
    turn = which if isinstance(name, str) else name
    chosen = name if isinstance(name, str) and verb != "break" else fitting[turn % len(fitting)]
    holder = county.step(case, path).claimed_by
    who = Actor(person=holder) if holder and not isinstance(name, str) else town.people[chosen]
    if verb == "release":
        with begin(who) as ctx:
            commands.release(ctx, key)
        return
    if verb in ASKING:
        if holder is None:
            with begin(who) as ctx:
                commands.claim(ctx, key)
        other = town.people[fitting[finding % len(fitting)] if verb == "transfer" else PEOPLE[finding]].person
        among(verb, who, key, other, ("before", "after", "delegate")[which])
        return
    if verb == "do" and holder and move[5]:  # somebody sees to it that the step need not wait
        with suppress(Refused, Stale):
            among("advise", who, key, 0, "")
    with counted() as seen, begin(who) as ctx:
        commands.claim(ctx, key)
    assert len(seen) <= 16  # one to look at who is asked; of them seven where the rest is proven anew
    if verb == "break":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(budget, "ELEMENTS", -1)
            patch.setattr(budget, "TOKENS", -1)
            complete(who, key, path, finding)
    if verb == "do":
        complete(who, key, path, finding)


def among(verb: str, who: Actor, key: int, other: int, kind: str) -> None:
    """Let the step's holder, or anybody if nobody holds it, hand it over or ask; let who is asked answer."""
    with reading() as conn:
        found = conn.execute(sa.select(t.step).where(t.step.c.id == key)).one()
        held = Actor(person=found.claimed_by) if found.claimed_by and found.claimed_by != SYSTEM else who
        open_now = (t.signer.c.step == key) & t.signer.c.signed_at.is_(None) & t.signer.c.removed_at.is_(None)
        asked = conn.execute(sa.select(t.signer).where(open_now).order_by(t.signer.c.id).limit(1)).one_or_none()
    with begin(Actor(person=asked.person) if verb == "advise" and asked else held) as ctx:
        if verb == "transfer":
            commands.transfer(ctx, key, to=other, reason="出差")
        elif verb == "ask":
            commands.add_signer(ctx, key, officer=other, kind=kind, reason="请看")
        elif asked and verb == "advise":
            commands.advise(ctx, asked.id, opinion="可以")
        elif asked:
            commands.remove_signer(ctx, asked.id, reason="不用了")


def complete(who: Actor, key: int, path: str, finding: int) -> None:
    possible = OUTCOMES.get(path, ("done",))
    outcome = possible[finding % len(possible)]
    form = FORMS.get(f"{path}:{outcome}", FORMS.get(path, {}))
    with counted() as seen, begin(who) as ctx:
        commands.complete(ctx, key, outcome=outcome, form=form, opinion="同意")
    assert len(seen) <= 19  # two for a document, one to look at what it serves, two for who is asked before and after


def repair(town: county.Town, case: int, which: int, finding: int) -> None:
    """Two persons let a case in fault try again, or continue where the walk says, if it can."""
    found = row(case)
    with reading() as conn:
        sha256 = conn.scalar(sa.select(t.definition.c.sha256).where(t.definition.c.id == found.definition))
        places = commands.repair_places(conn, found.definition, sha256, found.engine_state)
    at = places[finding % len(places)] if which and places else ""
    with begin(town.ma) as ctx:
        proposal = commands.propose_repair(ctx, case, how="continue" if at else "retry", at=at, reason="再试")
    with begin(town.feng) as ctx:
        commands.approve(ctx, proposal)
    assert row(case).state != "fault"


def separate(case: int) -> None:
    """Make sure from the acts alone that nobody did what must be apart, and two persons inspected."""
    with reading() as conn:
        acts = conn.execute(sa.select(t.act).where(t.act.c.case_ == case)).all()
        steps = conn.execute(sa.select(t.step).where(t.step.c.case_ == case)).all()
        asked = conn.execute(sa.select(t.signer).where(t.signer.c.case_ == case)).all()
    after = {signer.step for signer in asked if signer.kind == "after"}
    advised = {(one.step, one.person) for one in acts if one.kind == "advise"}
    assert advised == {(signer.step, signer.person) for signer in asked if signer.signed_at is not None}
    for step in [each for each in steps if each.outcome is not None]:
        assert all(s.signed_at or s.removed_at for s in asked if s.step == step.id), "somebody was not waited for"
    did: dict[int, set[str]] = {}
    signed: dict[int, list[int]] = {}
    for one in acts:
        did.setdefault(one.person, set()).add(one.path)
        completes = one.kind == "complete" and one.person in signed.get(one.step, [])  # signed before, and waited
        if one.kind != "advise" and not (completes and one.step in after):
            signed.setdefault(one.step, []).append(one.person)
    for paths in did.values():
        assert all(len(paths & apart) <= 1 for apart in APART), paths
    for step in steps:
        people = signed.get(step.id, [])
        assert len(people) == len(set(people)) <= (2 if step.path in TWO else 1)
        assert not advised & {(step.id, person) for person in people}
        if step.outcome is not None:
            assert len(people) == (2 if step.path in TWO else 1)
        assert step.closed_at is None or step.closed_at >= step.opened_at


def lamp_as_stored(case: int, today: date) -> Lamp:
    found = row(case)
    return lamps.lamp(lamps.Turns(found.blue_on, found.yellow_on, found.red_on), today)


def lamp_as_counted(case: int, today: date) -> Lamp:
    """Return the gravest lamp of the running clocks, from the days used and left of each on that day."""
    with reading() as conn:
        clocks, days = find.time_of(conn, case).clocks.values(), calendar(conn)
    shown = [Lamp.GREEN]
    for c in (c for c in clocks if c.ended_on is None):
        last = limits.due_on(c.unit, c.amount, c.started_on, (), days).on
        used = limits.used(c.unit, c.started_on, (), days, today)
        few = c.amount - used <= 1 or used * 100 >= 80 * c.amount if c.amount > 2 else today >= last
        half = used * 100 >= 50 * c.amount
        shown.append(Lamp.RED if today > last else Lamp.YELLOW if few else Lamp.BLUE if half else Lamp.GREEN)
        assert c.due_on == last
    return max(shown, key=list(Lamp).index)


def traced(number: str) -> None:
    """Make sure that the trace alone tells a sound story."""
    told = events(number)
    assert [e["seq"] for e in told] == list(range(1, len(told) + 1))
    assert [e["at"] for e in told] == sorted(e["at"] for e in told)
    done = Counter((e["step"], e["facts"]["round"]) for e in told if e["type"] == "step.completed")
    assert set(done.values()) <= {1}
    ended = Counter(e["facts"]["key"] for e in told if e["type"] == "clock.ended")
    late = Counter(e["facts"]["key"] for e in told if e["type"] == "clock.overrun")
    assert set(ended.values()) | set(late.values()) <= {1}
    for each in told:
        if each["type"] == "clock.ended":
            assert each["facts"]["in_time"] is (each["facts"]["key"] not in late)


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.sampled_from(("new", "change")), st.integers(0, 300), st.lists(MOVES, min_size=25, max_size=50))
def test_whatever_happens_the_invariants_hold(walks, kind, day, moves):
    town = county.Town(walks)
    now = at("2026-03-02 16:30") + timedelta(days=day)
    with clock.at(now):
        filed = county.file(town, kind=kind)
    for move in moves:
        passing = move[4]
        now += timedelta(days=passing // 8 if passing > 5 else 0, hours=passing if passing <= 5 else 0)
        with clock.at(now):
            if move[5]:
                assert commands.catch_up()[1] == 0
            with suppress(Refused, Stale, Invalid):
                try:
                    act(town, filed.case, move)
                except NotRendered as waiting:
                    commands.render_waiting(filed.case, waiting.number)
                    act(town, filed.case, move)
            assert lamp_as_stored(filed.case, clock.local_date(now)) == lamp_as_counted(
                filed.case, clock.local_date(now)
            )
    event(f"{row(filed.case).state} {row(filed.case).result}")
    for kind in {e["type"] for e in events(filed.number)} & {"step.transferred", "signer.added", "step.advised"}:
        event(kind)
    separate(filed.case)
    traced(filed.number)
    with reading() as conn:
        assert [fault.text("en") for fault in commands.check(conn, [filed.number]).faults] == []
