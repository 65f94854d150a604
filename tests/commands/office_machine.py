"""Officers at work on a small random case: what they may do, in any order. Refused or done, the truths hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import event, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine import clock, commands
from engine.bpmn.read import Program, read
from engine.db import tables as t
from engine.db.context import Context
from engine.db.store import begin, reading
from engine.errors import Invalid, Refused, Stale, SunlitError
from engine.model import Actor
from tests import county
from tests.commands import small
from tests.commands.office_flows import item
from tests.commands.office_truths import dump, hold, rows, story, verified
from tests.county import Town, at

REVIEWERS, DECIDERS = ("wang", "xu", "gu"), ("zhao", "shi", "tan")
MORE = {"xu": ("reviewer", "yl"), "gu": ("reviewer", "yl"), "shi": ("decider", "yl"), "tan": ("decider", "yl")}
MORNING = at("2026-03-02 09:00")
MOST = 200  # acts that bring a case to its end
which, who = st.integers(0, 11), st.integers(0, 2)
officers = st.sampled_from((0, 0, 0, 1, 1, 2))


class Office(RuleBasedStateMachine):
    """`flows`: the seeds of the items that are drawn; each is deployed once."""

    people: ClassVar[Mapping[str, Actor]]
    flows: ClassVar[Sequence[int]] = range(30)
    deployed: ClassVar[dict[int, Program]] = {}

    @initialize(number=st.integers(0, 10**6), begun=st.integers(0, 9))
    def filed(self, number: int, begun: int) -> None:
        """File a case, in which some steps are done already."""
        seed = self.flows[number % len(self.flows)]
        self.now = MORNING
        with clock.at(self.now):
            if seed not in self.deployed:
                source = item(seed)
                small.deploy(Town(self.people), source)
                self.deployed[seed] = read(source)
            self.program = self.deployed[seed]
            filed = small.file(Town(self.people), f"m{seed}")
        self.case, self.number = filed.case, filed.number
        self.told: list[Any] = []
        self.runs, self.ending = True, True
        for turn in range(begun):
            self.complete(number=turn, person=turn % 2, outcome=begun)
        self.ending = False

    @property
    def steps(self) -> list[Any]:
        return [step for step in rows(t.step, self.case) if step.closed_at is None]

    @property
    def is_open(self) -> bool:
        """Whether the case was open after the last act."""
        return self.__dict__.get("runs", False)

    def officer(self, post: str, number: int) -> Actor:
        return self.people[(REVIEWERS if post == "reviewer" else DECIDERS)[number % 3]]

    def attempt(self, actor: Actor, act: Callable[[Context], Any]) -> bool:
        """Do something. What is refused changes nothing but one event; what is too late or wrong, nothing at all."""
        if self.ending:
            return self._refused(actor, act) is None
        before, told = dump(self.case), story(self.number)
        error = self._refused(actor, act)
        note(f"{self.now:%m-%d %H:%M} {error.code if error else county.open_paths(self.case)}")
        if error is not None:
            after = story(self.number)
            assert dump(self.case) == before, f"{error.code} changed something"
            assert after[: len(told)] == told
            assert [row[1] for row in after[len(told) :]] == ["refused"] * isinstance(error, Refused), error
            event(error.code)
        return error is None

    def _refused(self, actor: Actor, act: Callable[[Context], Any]) -> SunlitError | None:
        try:
            with clock.at(self.now), begin(actor) as ctx:
                act(ctx)
        except (Refused, Stale, Invalid) as error:
            return error
        self.runs = county.row(self.case).state == "open"
        return None

    def on_step(self, number: int, person: int, act: Callable[[Context, Any], Any], *, held: bool = True) -> bool:
        """Act on one of the open steps, as who holds it if anybody does."""
        if not (steps := self.steps):
            return False
        step = steps[number % len(steps)]
        actor = self.officer(step.post, person)
        if held and person != 2 and step.claimed_by is not None:
            actor = next(a for a in self.people.values() if a.person == step.claimed_by)
        return self.attempt(actor, lambda ctx: act(ctx, step))

    def claimed(self, number: int, person: int) -> None:
        steps = self.steps
        step = steps[number % len(steps)] if steps else None
        if step is not None and step.claimed_by is None and person != 2:
            self.attempt(self.officer(step.post, person), lambda ctx: commands.claim(ctx, step.id))

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers, outcome=which)
    def complete(self, number: int, person: int, outcome: int) -> None:
        self.claimed(number, person)

        def act(ctx: Context, step: Any) -> None:
            possible = self.program.item.steps[step.path].outcomes
            chosen = possible[outcome % len(possible)]
            commands.complete(ctx, step.id, outcome=chosen, form={}, opinion="同意")

        self.on_step(number, person, act)

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers, outcome=which)
    def complete_too(self, number: int, person: int, outcome: int) -> None:
        self.complete(number=number, person=person, outcome=outcome)

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=who)
    def claim(self, number: int, person: int) -> None:
        self.on_step(number, person, lambda ctx, step: commands.claim(ctx, step.id), held=False)

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers)
    def release(self, number: int, person: int) -> None:
        self.on_step(number, person, lambda ctx, step: commands.release(ctx, step.id))

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=who)
    def take_back(self, number: int, person: int) -> None:
        self.on_step(number, person, lambda ctx, step: commands.take_back(ctx, step.id), held=False)

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers, to=which)
    def return_step(self, number: int, person: int, to: int) -> None:
        """Send back what may be sent back; now and then what may not."""
        with reading() as conn:
            possible = [commands.returnable(conn, step.id) for step in self.steps]
        can = [n for n, found in enumerate(possible) if found]
        number = can[number % len(can)] if can and to else number % max(len(possible), 1)
        self.claimed(number, person)

        def act(ctx: Context, step: Any) -> None:
            returns = possible[number] or self.program.item.steps[step.path].returns or (step.path,)
            commands.return_step(ctx, step.id, to=returns[to % len(returns)], reason="有误")

        if self.on_step(number, person, act):
            event("returned")

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers)
    def withdraw_step(self, number: int, person: int) -> None:
        """Take back one of the last completions, as who did it or somebody else."""
        done = [act for act in rows(t.act, self.case) if act.kind == "complete"][-4:]
        if not done:
            return
        act = done[-1 - number % len(done)]
        by = next(a for a in self.people.values() if a.person == act.person)
        step = next(step for step in rows(t.step, self.case) if step.id == act.step)
        actor = by if person != 2 else self.officer(step.post, number)
        with clock.at(self.now), reading() as conn:
            why = commands.withdrawable(conn, act.step, actor.person)
        taken = self.attempt(actor, lambda ctx: commands.withdraw_step(ctx, act.step, reason="填错"))
        assert not taken or why is None
        if taken:
            event("withdrawn")

    @precondition(lambda self: self.is_open)
    @rule(number=which, outcome=which)
    def regret(self, number: int, outcome: int) -> None:
        """Complete a step and take it back at once."""
        self.complete(number=number, person=0, outcome=outcome)
        if self.is_open:
            self.withdraw_step(number=0, person=0)

    @precondition(lambda self: self.is_open)
    @rule(person=who)
    def deliver(self, person: int) -> None:
        self.attempt(self.officer("reviewer", person), lambda ctx: commands.deliver(ctx, self.case, "m"))

    @rule(hours=st.sampled_from((1, 3, 24, 24, 48, 120)), fires=st.booleans())
    def wait(self, hours: int, fires: bool) -> None:
        self.now += timedelta(hours=hours)
        if fires:
            with clock.at(self.now):
                commands.catch_up()
            self.runs = hasattr(self, "case") and county.row(self.case).state == "open"

    @precondition(lambda self: self.is_open)
    @rule(number=st.integers(0, 19))
    def withdraw(self, number: int) -> None:
        """The applicant takes the application back, now and then."""
        if number == 0:
            person = county.row(self.case).applicant
            actor = Actor(person=person, channel="portal")
            self.attempt(actor, lambda ctx: commands.withdraw(ctx, self.case, reason="不办了"))

    @invariant()
    def truths_hold(self) -> None:
        if not hasattr(self, "case"):
            return
        told = story(self.number)
        if told == self.told:
            return
        assert told[: len(self.told)] == self.told, "the trace is not append-only"
        self.told = told
        hold(self.program, self.case)

    def teardown(self) -> None:
        """Whatever has happened, the case comes to its end when everybody does what is there to be done."""
        if not hasattr(self, "case"):
            return
        self.ending = True
        self.wait(hours=0, fires=True)
        for turn in range(MOST):
            if not self.is_open:
                break
            if not self.steps:
                self.wait(hours=240, fires=True)
            self._on(turn)
        assert not self.is_open, "the case does not come to its end"
        hold(self.program, self.case)
        verified(self.number)

    def _on(self, turn: int) -> None:
        for step in self.steps[:1]:
            if step.claimed_by is not None:
                holder = next(a for a in self.people.values() if a.person == step.claimed_by)
                self.attempt(holder, lambda ctx, step=step: commands.release(ctx, step.id))
            officer = self.officer(step.post, turn)  # each of the three in turn: some have a part in it already
            self.attempt(officer, lambda ctx, step=step: commands.claim(ctx, step.id))
            self.complete(number=0, person=0, outcome=1)
