"""An item on which nearly every constraint is asked, its cast, and posts, stand-ins and facts given past the checks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import Refused
from engine.model import Source
from engine.settings import settings
from tests import county
from tests.bpmn.flows import flows, source
from tests.commands import small
from tests.county import Town
from tests.kept import kept

SETS = (
    '<sun:separate steps="accept review decide" rule="SOD-03"/>'
    '<sun:separate steps="decide issue" rule="SOD-04"/>'
    '<sun:separate steps="review survey" rule="SOD-05"/>'
    '<sun:separate steps="accept decide" rule="SOD-30"/>'
    '<sun:bind steps="accept close" rule="DES-01"/>'
)
STEPS = ("accept", "survey", "review", "decide", "issue", "close")
ORGAN = {"county": 1, "centre": 2, "w1": 3, "shimen": 4}
EVER = date(2026, 1, 1)
AMOUNT = {"type": "integer", "title": "金额", "title_en": "Amount", "minimum": 0, "maximum": 10**12, "x-amount": True}
MORE: dict[str, tuple[str, str] | None] = {
    "hou": ("acceptance", "shimen"),
    "song": ("decider", "yl"),
    "yan": ("reviewer", "yl"),
    "bai": None,
    "yue": ("council_member", "yl"),
    "lin": ("legal_reviewer card_reviewer", "yl"),
    "meng": ("monitor", "yl"),
}


def item(
    sets: str = SETS,
    name: str = "lawful",
    issue: str = "issuer",
    returns: str = "",
    council: bool = False,
    **facts: Any,
) -> Source:
    """Return the item: a row of steps, filed in a township, surveyed by two, decided by tier, closed by who began.

    `issue`: the post of its last but one step. `returns`: where the decision may be sent back to. `council`: the
    decision is voted on.
    """
    tier = "<sun:tier/>" + (f'<sun:returns to="{returns}"/>' if returns else "")
    decide = small.step("decide", tier, post="decider")
    if council:
        decide = small.step("decide", '<sun:collective chair="chief"/>', post="council_member", outcomes="done drop")
    steps = (
        small.step("accept", post="acceptance"),
        small.step("survey", '<sun:persons min="2" certified="yes"/>', post="inspector"),
        small.step("review"),
        decide,
        small.step("issue", post=issue),
        small.step("close", post="acceptance"),
    )
    row = " ".join(f"{a}>{b}" for a, b in zip(("s", *STEPS), (*STEPS, "e"), strict=True))
    body = (
        f"<extensionElements>{sets}</extensionElements>{small.begins()}{''.join(steps)}<endEvent id='e'/>{flows(row)}"
    )
    made = source(body, name, forms={"case": small.form(amount=AMOUNT)})
    return replace(made, facts={"risk": "medium", "distinct_persons": 3} | facts)


def found(made: Source | None = None) -> Town:
    """Found the county with the item; deciders reach every amount and inspectors are certified."""
    return _found(made or item())


@kept
def _found(made: Source) -> Town:
    town = county.found(MORE)
    small.deploy(town, made)
    everybody = sa.update(t.assignment).where(t.assignment.c.post == "decider").values(tier="standing_meeting")
    write(everybody)
    for name in ("chen", "liu"):
        know(town, name, certificate="云执法 0001")
    return town


def write(*statements: sa.Executable) -> None:
    with engine(settings().database_url).begin() as conn:
        for statement in statements:
            conn.execute(statement)


def know(town: Town, name: str, **columns: Any) -> None:
    write(sa.update(t.person).where(t.person.c.id == town.people[name].person).values(**columns))


def give(town: Town, name: str, post: str, organ: str = "county", **more: Any) -> int:
    """Give a post past the checks; return the assignment's id."""
    row = {"person": town.people[name].person, "post": post, "organ": ORGAN[organ], "from_on": EVER, "proposal": 1}
    with engine(settings().database_url).begin() as conn:
        made = conn.execute(sa.insert(t.assignment).values(row | more).returning(t.assignment.c.id))
        return int(made.scalar_one())


def assignment(town: Town, name: str) -> int:
    with reading() as conn:
        held = sa.select(t.assignment.c.id).where(t.assignment.c.person == town.people[name].person)
        return int(conn.scalars(held.order_by(t.assignment.c.id)).first() or 0)


def stand_in(town: Town, name: str, whom: str) -> None:
    """Register `name` as the stand-in of the first post of `whom`, who is away."""
    b, a = town.people[name].person, town.people[whom].person
    write(
        sa.insert(t.stand_in).values(assignment=assignment(town, whom), person=b, from_on=EVER, proposal=1),
        sa.insert(t.absence).values(person=a, from_on=EVER, to_on=date(2030, 1, 1), proposal=1),
    )


def back(town: Town, whom: str) -> None:
    write(sa.delete(t.absence).where(t.absence.c.person == town.people[whom].person))


def afresh(town: Town) -> None:
    """Take back what was given past the checks, and the cases that were filed, so that an example starts anew."""
    last = sum(len(held[0].split()) for held in (county.CAST | MORE).values() if held)  # what the founding grants
    write(
        sa.delete(t.stand_in),
        sa.delete(t.absence),
        sa.update(t.assignment).where(t.assignment.c.id > last).values(to_on=EVER),
        sa.update(t.case_).values(state="withdrawn"),
        sa.update(t.person).values(status="official", certificate=None),
    )
    for name in ("chen", "liu"):
        know(town, name, certificate="1")


def file(town: Town, who: str = "hua", amount: int = 1000, name: str = "lawful") -> commands.Filed:
    with begin(town.people[who]) as ctx:
        return commands.file_case(ctx, item=name, applicant=county.applicant(), form={"amount": amount}, materials=())


def case_of(step: int) -> int:
    with reading() as conn:
        return int(conn.scalar(sa.select(t.step.c.case_).where(t.step.c.id == step)) or 0)


def signer_of(step: int) -> int:
    """Return the id of the request for an opinion on a step."""
    with reading() as conn:
        return int(conn.scalar(sa.select(t.signer.c.id).where(t.signer.c.step == step)) or 0)


def claim(town: Town, who: str, case: int, path: str) -> Refused | None:
    """Try to claim a step; return the refusal. A claim that succeeds is kept."""
    try:
        county.claim(town, who, case, path)
    except Refused as refusal:
        return refusal
    return None


def complete(town: Town, who: str, case: int, path: str, outcome: str = "done") -> commands.Completed:
    with begin(town.people[who]) as ctx:
        return commands.complete(ctx, county.step(case, path).id, outcome=outcome, form={}, opinion="")


def do(town: Town, case: int, *acts: str) -> None:
    """Claim and complete steps: "hua:accept", "chen:survey", ..."""
    for each in acts:
        who, _, path = each.partition(":")
        county.claim(town, who, case, path)
        complete(town, who, case, path)


def past(step: str, town: Town, case: int, who: str) -> None:
    """Make somebody the holder of an open step past the check of `claim`."""
    key = county.step(case, step).id
    write(sa.update(t.step).where(t.step.c.id == key).values(claimed_by=town.people[who].person))


def done_for(town: Town, case: int, who: str, path: str, whom: str) -> None:
    """Record that `who` has done a step as the stand-in of `whom`."""
    row = {"case_": case, "step": county.step(case, path).id, "path": path, "person": town.people[who].person}
    more = {"on_behalf_of": town.people[whom].person, "kind": "complete", "outcome": "done", "at": clock.now()}
    write(sa.insert(t.act).values(row | more))


def would(town: Town, who: str, step_id: int) -> Refused | None:
    """Return how `claim` would refuse somebody; nothing is kept, not even the refusal's trace."""
    found: Refused | None = None
    with suppress(Undone), begin(town.people[who]) as ctx:
        try:
            commands.claim(ctx, step_id)
        except Refused as refusal:
            found = refusal
        raise Undone
    return found


class Undone(Exception):
    """Rolls back what was tried."""


BEFORE_DECISION = ("hua:accept", "chen:survey", "liu:survey", "wang:review")
