"""Small items for tests of time: steps in a row, deployed by two persons, done by the county's cast."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.find import time_of
from engine.db.store import begin, reading
from engine.model import Clock, Source
from engine.rules import book
from engine.settings import settings
from tests import county
from tests.bpmn.flows import flows, source
from tests.county import Town

HOLDERS = {"acceptance": "li", "reviewer": "wang", "decider": "zhao", "issuer": "wu"}


def day(title: str = "日期") -> dict[str, str]:
    return {"type": "string", "format": "date", "title": title, "title_en": "Day"}


def form(**fields: dict[str, Any]) -> dict[str, Any]:
    """Return a form all of whose fields must be filled in."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def begins(mark: str = "") -> str:
    return f'<startEvent id="s"><extensionElements>{mark}</extensionElements></startEvent>'


def step(name: str, *inside: str, post: str = "reviewer", outcomes: str = "done") -> str:
    organ = "case" if post == "acceptance" else "county"
    return (
        f'<userTask id="{name}" name="{name}"><extensionElements><sun:post code="{post}" organ="{organ}"/>'
        f'<sun:limit days="1"/><sun:outcomes values="{outcomes}"/>{"".join(inside)}</extensionElements></userTask>'
    )


def timer(name: str, rule: str, *inside: str, at: str = "") -> str:
    """Return a timer that follows a rule's clock: on the boundary of a step, or by itself."""
    kind = "boundaryEvent" if at else "intermediateCatchEvent"
    attached = f'attachedToRef="{at}"' if at else ""
    return (
        f'<{kind} id="{name}" {attached}><extensionElements>{"".join(inside)}</extensionElements>'
        f'<timerEventDefinition><timeDuration>limit("{rule}")</timeDuration></timerEventDefinition></{kind}>'
    )


def mark(name: str, **more: str) -> str:
    return f'<sun:mark name="{name}"{"".join(f" {key}={chr(34)}{value}{chr(34)}" for key, value in more.items())}/>'


def effect(rule: str) -> str:
    return f'<sun:effect rule="{rule}"/>'


def item(rules: str, drawn: str, *elements: str, forms: dict[str, Any] | None = None, name: str = "small") -> Source:
    """Return an item that counts by these rules, each between its own marks."""
    known = book.load(settings().processes / "_rules").limits
    said = "".join(
        f'<sun:limit rule="{rule}" from="{known[rule].start}" until="{known[rule].until}"/>' for rule in rules.split()
    )
    body = f"<extensionElements>{said}</extensionElements>{''.join(elements)}{flows(drawn)}"
    return source(body, name, forms=forms)


def deploy(town: Town, made: Source) -> None:
    with begin(town.ma) as ctx:
        proposal = commands.propose_definition(ctx, made)
    with begin(town.feng) as ctx:
        commands.approve(ctx, proposal)


def file(town: Town, name: str = "small", **filled: Any) -> commands.Filed:
    with begin(town.li) as ctx:
        who = county.applicant()
        return commands.file_case(ctx, item=name, applicant=who, form=filled, materials=())


def do(town: Town, case: int, path: str, outcome: str = "done", **filled: Any) -> commands.Completed:
    """Claim a step as one who holds its post, and complete it."""
    who = HOLDERS[county.step(case, path).post]
    if county.step(case, path).claimed_by is None:
        county.claim(town, who, case, path)
    with begin(town.people[who]) as ctx:
        key = county.step(case, path).id
        return commands.complete(ctx, key, outcome=outcome, form=filled, opinion="")


def clock(case: int, key: str) -> Clock:
    with reading() as conn:
        return time_of(conn, case).clocks[key]


def told(number: str, kind: str) -> list[dict[str, Any]]:
    return [event for event in county.events(number) if event["type"] == kind]


def timer_of(case: int) -> Any:
    with reading() as conn:
        return conn.execute(sa.select(t.timer).where(t.timer.c.case_ == case).order_by(t.timer.c.id.desc())).first()
