"""Several people on one step: who has signed or voted, how many must, who is asked for an opinion, and what is mine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.db import store
from engine.db.read.casefile import CaseFile, StepFact
from engine.db.read.people import Officer
from engine.db.read.signers import Asked
from engine.model import Step
from engine.rules import council
from engine.rules.signatures import standing
from webui import words
from webui.language import gettext, pick
from webui.window.able import Able
from webui.window.done import who_acted


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a part in the step. `done`: has signed, voted or answered; `state` says so in words."""

    name: str
    state: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class Several:
    """`rule`: how many are needed, in words; `mine`: what I am asked; `votes`, `presides`: I vote, or conclude.

    `voted`: my vote stands; `waits`: whose opinion must come before the holder acts, in words.
    """

    rule: str
    people: tuple[Person, ...]
    mine: Asked | None = None
    votes: bool = False
    voted: bool = False
    presides: bool = False
    waits: str = ""

    @property
    def shown(self) -> bool:
        return bool(self.rule or self.people)


def several(
    case: CaseFile, step: StepFact, declared: Step, asks: Sequence[Asked], able: Able, officer: Officer
) -> Several:
    """Return what an open step asks of several people."""
    mine = next((ask for ask in asks if ask.signed_at is None and ask.person == officer.person), None)
    asked = tuple(_asked(asks))
    if declared.collective is None:
        signed = [
            Person(name=who_acted(case, a.person), state=gettext("已签"), done=True)
            for a in standing(case.acts, step.id)
        ]
        return Several(rule=_rule(declared, len(signed)), people=(*signed, *asked), mine=mine, waits=_waits(asks))
    votes = council.votes(case.acts, step.id)
    members = [each for each in able.members(step.id) if not able.stands_in(each.person, step, case)]
    people = [
        Person(
            name=pick(each.name, each.name_en),
            state=gettext("已表决") if each.person in votes else able.absent(each.person) or gettext("还没有表决"),
            done=each.person in votes,
        )
        for each in members
    ]
    needed = council.quorum(len(members), declared.collective.quorum)
    chair = words.post(declared.collective.chair, store.book())
    told = {"members": len(members), "needed": needed, "voted": len(votes), "chair": chair}
    return Several(
        rule=gettext(
            "集体决定：成员 %(members)d 人，到会须 %(needed)d 人，已表决 %(voted)d 人；“%(chair)s”最后表态作结。",
            **told,
        ),
        people=(*people, *asked),
        mine=mine,
        votes=any(each.person == officer.person and each.refusal is None for each in members),
        voted=officer.person in votes,
        presides=_presides(case, step, declared.collective.chair, officer),
        waits=_waits(asks),
    )


def _waits(asks: Sequence[Asked]) -> str:
    before = [ask for ask in asks if ask.signed_at is None and ask.kind != "after"]
    if not before:
        return ""
    names = words.joined(pick(ask.name.name, ask.name.name_en) for ask in before)
    return gettext("还要等%(names)s提出意见。", names=names)


def _rule(declared: Step, signed: int) -> str:
    if declared.persons.min < 2:
        return ""
    rule = words.signing(declared.persons.rule)
    return gettext("会签：已签 %(n)d / %(all)d，%(rule)s。", n=signed, all=declared.persons.min, rule=rule)


def _asked(asks: Sequence[Asked]) -> Iterator[Person]:
    for ask in asks:
        kind = words.signer(ask.kind)
        state = gettext("%(kind)s：意见已提", kind=kind) if ask.signed_at else gettext("%(kind)s：等意见", kind=kind)
        yield Person(name=pick(ask.name.name, ask.name.name_en), state=state, done=ask.signed_at is not None)


def _presides(case: CaseFile, step: StepFact, chair: str, officer: Officer) -> bool:
    """Return whether the officer holds the chair's post in the step's organ or above it; the command decides."""
    above, here = set(), case.organs.get(step.organ)
    while here is not None:
        above.add(here.id)
        here = case.organs.get(here.parent) if here.parent is not None else None
    return any(a.post == chair and a.on_behalf is None and a.organ in above for a in officer.assignments)
