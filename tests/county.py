"""A small county for tests: its cast, one deployed item, and short words for what people do in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.bpmn.source import load
from engine.clock import ZONE
from engine.commands.sessions import hasher
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import NotRendered
from engine.model import SYSTEM_ACTOR, Actor
from engine.settings import settings
from tests.kept import kept
from tests.samples import FORMS

ITEM = "food_operation_licence"
PASSWORD = "sunlit-test"
HASH = hasher.hash(PASSWORD)

ORGANS = (
    commands.OrganRow(code="yl", name="云岭县行政审批局", name_en="Yunling", level="county", series="YL"),
    commands.OrganRow(code="centre", name="县政务服务中心", name_en="Centre", level="centre", parent="yl"),
    commands.OrganRow(code="w1", name="1 号窗口", name_en="Window 1", level="window", parent="centre"),
    commands.OrganRow(code="shimen", name="石门乡", name_en="Shimen", level="township", parent="yl"),
)
CAST: dict[str, tuple[str, str] | None] = {
    "li": ("acceptance", "w1"),
    "hua": ("acceptance", "shimen"),
    "wang": ("reviewer", "yl"),
    "chen": ("inspector", "yl"),
    "liu": ("inspector", "yl"),
    "he": ("rechecker", "yl"),
    "zhao": ("decider", "yl"),
    "wu": ("issuer", "yl"),
    "qian": ("monitor", "yl"),
    "sun": ("auditor", "yl"),
    "qin": ("chief", "yl"),
    "ma": ("flow_manager", "yl"),
    "feng": ("list_manager", "yl"),
    "zhou": None,
    "both": ("reviewer decider rechecker", "yl"),
    "lu": ("administrator", "yl"),
    "wei": ("administrator", "yl"),
    "jin": ("security_administrator", "yl"),
    "gao": ("security_administrator", "yl"),
}


def at(text: str) -> datetime:
    """Return a local time of Yunling as an instant: "2026-03-02 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Town:
    """The cast by name, each an officer who can act."""

    people: Mapping[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        return self.people[name]


def found(more: Mapping[str, tuple[str, str] | None] = {}) -> Town:
    """Found the county and deploy the item; return its people. `more`: officers beside the cast, with their posts."""
    return _found(CAST | more)


@kept
def _found(cast: Mapping[str, tuple[str, str] | None]) -> Town:
    officers = tuple(
        commands.OfficerRow(
            login=name,
            name=name.title(),
            name_en=name.title(),
            password_hash=HASH,
            posts=tuple((post, held[1]) for post in held[0].split()) if held else (),
        )
        for name, held in cast.items()
    )
    county = commands.County(
        name="云岭县", organs=ORGANS, officers=officers, founders=("ma", "feng"), since=date(2026, 1, 1)
    )
    with begin(SYSTEM_ACTOR) as ctx:
        commands.found(ctx, county)
    town = Town(people())
    deploy(town, settings().processes / ITEM)
    return town


def people() -> dict[str, Actor]:
    with reading() as conn:
        rows = conn.execute(sa.select(t.account.c.id, t.account.c.person, t.account.c.login))
        return {row.login: Actor(person=row.person, account=row.id) for row in rows}


def deploy(town: Town, folder: Path) -> str:
    with begin(town.ma) as ctx:
        proposal = commands.propose_definition(ctx, load(folder, settings().processes))
    with begin(town.feng) as ctx:
        return commands.approve(ctx, proposal).result


def applicant(name: str = "罗雨平", number: str = "999001198806140017") -> commands.Applicant:
    return commands.Applicant(
        kind="natural", name=name, id_type="identity_card", id_number=number, phone="138 0000 0000"
    )


def file(town: Town, who: str = "li", **form: Any) -> commands.Filed:
    """File an application at a window."""
    body = FORMS["case"] | form
    with begin(town.people[who]) as ctx:
        return commands.file_case(ctx, item=ITEM, applicant=applicant(), form=body, materials=())


def step(case: int, path: str) -> Any:
    """Return the newest step of a case with this path."""
    with reading() as conn:
        return conn.execute(_step, {"case": case, "path": path}).one()


def claim(town: Town, who: str, case: int, path: str) -> int:
    with begin(town.people[who]) as ctx:
        return commands.claim(ctx, step(case, path).id)


def do(
    town: Town, who: str, case: int, path: str, outcome: str, form: Mapping[str, Any] | None = None
) -> commands.Completed:
    """Claim a step and complete it with a form that fits."""
    key = claim(town, who, case, path)
    filled = FORMS.get(f"{path}:{outcome}", FORMS.get(path, {})) if form is None else form
    try:
        return _complete(town, who, key, outcome, filled)
    except NotRendered as waiting:
        commands.render_waiting(case, waiting.number)
        return _complete(town, who, key, outcome, filled)


def _complete(town: Town, who: str, key: int, outcome: str, form: Mapping[str, Any]) -> commands.Completed:
    with begin(town.people[who]) as ctx:
        return commands.complete(ctx, key, outcome=outcome, form=form, opinion="同意")


def deliver(town: Town, who: str, case: int, message: str) -> int:
    """Bring a message into a case."""
    with begin(town.people[who]) as ctx:
        return commands.deliver(ctx, case, message)


def row(case: int) -> Any:
    with reading() as conn:
        return conn.execute(_row, {"case": case}).one()


def events(chain: str) -> list[dict[str, Any]]:
    """Return the events of a chain, parsed."""
    with reading() as conn:
        bodies = conn.scalars(sa.select(t.event.c.body).where(t.event.c.case_ == chain).order_by(t.event.c.seq))
        return [json.loads(body) for body in bodies]


def types(chain: str) -> list[str]:
    return [event["type"] for event in events(chain)]


def open_paths(case: int) -> list[str]:
    with reading() as conn:
        return sorted(conn.scalars(_open, {"case": case}))


_case = sa.bindparam("case")
_of_case = t.step.c.case_ == _case
_step = sa.select(t.step).where(_of_case, t.step.c.path == sa.bindparam("path")).order_by(t.step.c.id.desc()).limit(1)
_row = sa.select(t.case_).where(t.case_.c.id == _case)
_open = sa.select(t.step.c.path).where(_of_case, t.step.c.closed_at.is_(None))
