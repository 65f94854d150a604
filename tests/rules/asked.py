"""A small case for tests of permission: who did what, by which post, and what is asked of who acts next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.errors import Refused
from engine.model import Act, ActKind, Assignment, Item, OrganLevel, Separation, Standing, Step
from engine.rules import book
from engine.rules.demands import demands
from engine.rules.permission import Task, bar
from tests.rules.values import RULES

BOOK = book.load(RULES)
LI, WANG, ZHAO, WU, HE, APPLICANT, AGENT = range(1, 8)
TOWN, COUNTY = 10, 20
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
LEVELS = {TOWN: OrganLevel.TOWNSHIP, COUNTY: OrganLevel.COUNTY}
UNKNOWN = Standing()
POSTS = {"accept": "acceptance", "review": "reviewer", "recheck": "rechecker", "decide": "decider", "issue": "issuer"}


def post(code: str, organ: int = COUNTY, id: int = 1, **more: Any) -> Assignment:
    return Assignment(
        id=id, post=code, organ=organ, organ_code=str(organ), organ_name=str(organ), level=LEVELS[organ], parent=None,
        **more,
    )  # fmt: skip


def act(person: int, path: str, *, step: int = 1, kind: ActKind = ActKind.COMPLETE, **more: Any) -> Act:
    at = AT + timedelta(minutes=step)
    return Act(person=person, path=path, kind=kind, outcome="pass", at=at, step=step, **more)


def step(path: str, code: str, **more: Any) -> Step:
    return Step(path=path, name=path, name_en=path, post=code, organ="county", days=1, outcomes=("done",), **more)


def item(
    *kept: tuple[str, str], bound: Sequence[tuple[str, str]] = (), steps: Sequence[Step] = (), **facts: Any
) -> Item:
    """Return an item of the usual five steps; `kept`: (steps, rule) of what is kept apart, `bound` of one person's."""
    usual = {path: step(path, code) for path, code in POSTS.items()} | {s.path: s for s in steps}
    return Item(
        id="small", name="小", name_en="Small", steps=usual, limits=(), marks={}, calls={}, ends={}, ends_en={},
        separations=tuple(Separation(steps=tuple(s.split()), rule=rule) for s, rule in kept),
        bindings=tuple(Separation(steps=tuple(s.split()), rule=rule) for s, rule in bound), **facts,
    )  # fmt: skip


CHAIN = ("accept review recheck decide", "SOD-03")


def task(of: Item, path: str, acts: Sequence[Act] = (), organ: int = COUNTY, number: int = 9, **more: Any) -> Task:
    code = of.steps[path].post
    return Task(
        step=number, path=path, post=code, post_name=BOOK.posts[code].name, organ=organ, organ_name=str(organ),
        item=of.id, applicant=APPLICANT, agent=AGENT, acts=acts, demands=demands(of, path, code, BOOK), names={},
        level=LEVELS[organ], **more,
    )  # fmt: skip


def asked(
    person: int, of: Item, path: str, acts: Sequence[Act] = (), *, held: Sequence[Assignment] = (),
    standing: Standing = UNKNOWN, organ: int = COUNTY, number: int = 9, **more: Any,
) -> str:  # fmt: skip
    """Return "" when the person may do the step, else the refusal's class and basis: "SamePerson SOD-03"."""
    found = told(person, of, path, acts, held=held, standing=standing, organ=organ, number=number, **more)
    return f"{type(found).__name__} {found.basis}" if found else ""


def told(
    person: int, of: Item, path: str, acts: Sequence[Act] = (), *, held: Sequence[Assignment] = (),
    standing: Standing = UNKNOWN, organ: int = COUNTY, number: int = 9, **more: Any,
) -> Refused | None:  # fmt: skip
    own = held or (post(of.steps[path].post, organ),)
    return bar(person, own, task(of, path, acts, organ, number, **more), BOOK.exclusions, standing)


def instead(code: str, whom: int, id: int = 2):
    return post(code, id=id, on_behalf=whom, on_behalf_pseudonym="p")


TIERED = item(steps=[step("decide", "decider", tier=True)])
