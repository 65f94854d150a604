"""The own case of a card: numbered, filed, and noted in the chain of the case that it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.bpmn import run
from engine.commands import cases, forms
from engine.commands.settle import settle
from engine.db import cards, definitions, organs, people, record, sealed
from engine.db.context import Context
from engine.db.find import OpenCase
from engine.db.record import Change, Entry, Head, NewCase
from engine.model import SYSTEM, ActKind, Assignment, CaseState, Event
from engine.rules import trace
from engine.rules.cards import ITEM, Cause, Level, Yellow, fact_of, quarter_begins, repeated

NAMES = {Level.YELLOW: "黄牌", Level.RED: "红牌"}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What a card is for. `organ`: id; `person`: who held the step then; `on`: legal date."""

    level: Level
    cause: Cause
    key: str
    on: date
    post: str
    organ: int
    path: str | None = None
    person: int | None = None
    rule: str | None = None
    clock: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A card's own case and its number."""

    case: int
    number: str


def draft(ctx: Context, subject: OpenCase, fact: Fact, monitor: Assignment | None = None) -> Issued | None:
    """Draft a card, and the red ones that repetition calls for; None when it has been drafted before."""
    if cards.exists(ctx.conn, fact.key, fact.level, subject.id):
        return None
    issued = _file(ctx, subject, fact, monitor)
    if fact.level is Level.YELLOW:
        for key in _repeated(ctx, subject, fact):
            anywhere = subject.id if key == Cause.REPEATED else None
            if not cards.exists(ctx.conn, key, Level.RED, anywhere):
                red = replace(fact, level=Level.RED, cause=Cause.REPEATED, key=key, rule=None, clock=None)
                _file(ctx, subject, red, None)
    return issued


def _repeated(ctx: Context, subject: OpenCase, fact: Fact) -> list[str]:
    known = organs.by_id(ctx.conn)
    found = [
        Yellow(
            case=card.subject_case or 0,
            fact=fact_of(card.cause, card.path, card.key),
            post=card.post,
            organ=known[card.organ].code,
            on=card.on,
            rescinded_on=card.marks.get("rescinded"),
        )
        for card in cards.yellow_beside(ctx.conn, subject.id, fact.post, fact.organ, quarter_begins(fact.on))
    ]
    return repeated(found[-1], found[:-1], ctx.book.cards)


def _file(ctx: Context, subject: OpenCase, fact: Fact, monitor: Assignment | None) -> Issued:
    """Open the card's own case, and note it in the chain of the case that it is about."""
    version = definitions.newest(ctx.conn, ITEM)
    deployed = cases.definition(ctx.conn, version.id, version.sha256)
    series = f"{ctx.today.year}-{organs.series(ctx.conn)}P"
    number = f"{series}-{people.count(ctx.conn, f'case:{series}'):06d}"
    form = _form(subject, fact)
    forms.check(deployed.source, "case", form)
    ctx.subject.definition = subject.sha256
    facts = {
        "card": number,
        "level": fact.level.value,
        "cause": fact.cause.value,
        "key": fact.key,
        "on": fact.on.isoformat(),
    }
    entry = Entry(type=Event.CARD_DRAFTED, step=fact.path, post=fact.post, rule=fact.rule, facts=facts)
    record.append(ctx, record.case_chain(ctx, subject.number), [entry])
    new = NewCase(
        number=number,
        definition=version.id,
        item=ITEM,
        organ=fact.organ,
        applicant=SYSTEM,
        subject_case=subject.id,
        title=f"{NAMES[fact.level]} {subject.number}",
        query_hash=sealed.keyed_hash("query", f"{number}:{sealed.new_code()}"),
    )
    known = organs.by_id(ctx.conn)
    case = cases.Case(
        id=record.filed(ctx, new),
        number=number,
        version=0,
        definition=version.id,
        sha256=version.sha256,
        deployed=deployed,
        item=ITEM,
        organ=fact.organ,
        applicant=SYSTEM,
        agent=None,
        state=CaseState.OPEN,
        marks={},
        engine_state=b"",
        head=Head(id=number, org=known[fact.organ].code, head=trace.GENESIS, seq=0, last_at=None),
        steps=(),
        acts=(),
    )
    cards.add(ctx.conn, _card(case.id, subject.id, fact))
    ctx.subject.definition = version.sha256
    decides = {f"case_{name}": value for name, value in forms.decides(deployed.source, "case", form).items()}
    moved = run.start(deployed.program, decides)
    change = _received(ctx, case, monitor, form, version.version)
    settle(ctx, case, moved, change, when=ctx.now, cause=change.entries[0].id, form=form)
    record.save(ctx, case.id, 0, case.head, change)
    return Issued(case=case.id, number=number)


def _form(subject: OpenCase, fact: Fact) -> dict[str, Any]:
    more = {"rule": fact.rule, "path": fact.path, "reason": fact.reason}
    return {
        "level": fact.level.value,
        "manual": fact.cause is Cause.MANUAL,
        "subject": subject.number,
        "cause": fact.cause.value,
        "key": fact.key,
        "on": fact.on.isoformat(),
        **{name: value for name, value in more.items() if value},
    }


def _card(case: int, subject: int, fact: Fact) -> dict[str, Any]:
    names = ("level", "cause", "key", "rule", "path", "post", "organ", "person", "on", "clock")
    return {"case_": case, "subject_case": subject, **{name: getattr(fact, name) for name in names}}


def _received(ctx: Context, case: cases.Case, monitor: Assignment | None, form: dict[str, Any], version: int) -> Change:
    body = forms.text({"form": form, "materials": []})
    salt, commitment = record.payload(body.encode())
    facts = {
        "item": ITEM,
        "item_version": version,
        "channel": ctx.actor.channel,
        "applicant": "system",
        "materials": 0,
    }
    post, assignment = (monitor.post, monitor.id) if monitor else (None, None)
    change = Change()
    change.trace(
        Entry(type=Event.CASE_FILED, step="case", post=post, assignment=assignment, data=commitment, facts=facts)
    )
    common = {"case_": case.id, "step": None, "path": "case", "person": ctx.person, "at": ctx.now}
    act = {"on_behalf_of": None, "assignment": assignment, "kind": ActKind.FILE.value, "outcome": None}
    change.acts.append(common | act)
    change.forms.append(common | {"body_json": body, "salt": salt})
    return change
