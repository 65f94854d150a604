"""The same officers, who also hand steps over, ask one another for opinions, urge, copy and would lend."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from engine import commands
from engine.db import tables as t
from engine.db.context import Context
from engine.model import Actor
from tests.commands.office_machine import DECIDERS, REVIEWERS, Office, officers, which, who
from tests.commands.office_truths import rows

EVERYBODY = (*REVIEWERS, *DECIDERS)


class Together(Office):
    """Questions that are open keep no case from its end: they are answered, or taken back."""

    @property
    def questions(self) -> list[Any]:
        opened = {step.id for step in self.steps}
        asked = [row for row in rows(t.signer, self.case) if row.signed_at is None and row.removed_at is None]
        return [row for row in asked if row.step in opened]

    def by(self, person: int) -> Actor:
        return next(actor for actor in self.people.values() if actor.person == person)

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers, to=which)
    def transfer(self, number: int, person: int, to: int) -> None:
        self.claimed(number, person)
        other = self.people[EVERYBODY[to % 6]].person
        if self.on_step(number, person, lambda ctx, step: commands.transfer(ctx, step.id, to=other, reason="外出")):
            event("transferred")

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers, to=which, kind=st.sampled_from(("before", "after", "delegate")))
    def add_signer(self, number: int, person: int, to: int, kind: str) -> None:
        self.claimed(number, person)
        other = self.people[EVERYBODY[to % 6]].person

        def act(ctx: Context, step: Any) -> None:
            commands.add_signer(ctx, step.id, officer=other, kind=kind, reason="会商")

        if self.on_step(number, person, act):
            event(f"asked {kind}")

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers)
    def advise(self, number: int, person: int) -> None:
        """Answer as who is asked, or as somebody else."""
        if not (questions := self.questions):
            return
        asked = questions[number % len(questions)]
        actor = self.by(asked.person) if person != 2 else self.people[EVERYBODY[number % 6]]
        if self.attempt(actor, lambda ctx: commands.advise(ctx, asked.id, opinion="同意")):
            event("answered")

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=officers)
    def remove_signer(self, number: int, person: int) -> None:
        if not (questions := self.questions):
            return
        asked = questions[number % len(questions)]
        actor = self.by((asked.asked_by, asked.person, asked.asked_by)[person])
        self.attempt(actor, lambda ctx: commands.remove_signer(ctx, asked.id, reason="不用了"))

    @precondition(lambda self: self.is_open)
    @rule(number=which, person=who, to=which)
    def tell(self, number: int, person: int, to: int) -> None:
        """Urge a step, send a copy of the case, ask to lend a step: no token and no clock moves."""
        other = self.people[EVERYBODY[to % 6]].person
        self.on_step(number, person, lambda ctx, step: commands.urge(ctx, step.id, text="请抓紧"), held=False)
        self.on_step(
            number, person, lambda ctx, _: commands.copy(ctx, self.case, to=[other], text="请知悉"), held=False
        )
        self.on_step(number, person, lambda ctx, step: commands.lend(ctx, step.id, reason="人手不够"), held=False)

    def _on(self, turn: int) -> None:
        several = {step.id: self.program.item.steps[step.path].persons.min > 1 for step in self.steps}
        for asked in self.questions:
            answer = partial(commands.advise, signer_id=asked.id, opinion="同意")
            drop = partial(commands.remove_signer, signer_id=asked.id, reason="不用")
            # who answers does not sign: where several sign, enough must be left who can
            if several[asked.step] or not self.attempt(self.by(asked.person), answer):
                self.attempt(self.by(asked.asked_by), drop)
        super()._on(turn)
