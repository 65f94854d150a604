"""A township that does small items by itself, with as many officers as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine import commands
from engine.commands.staffing import Outlook, Report, staffing
from engine.db.store import begin, reading
from engine.model import SYSTEM_ACTOR, Source
from tests import county
from tests.bpmn.flows import flows, source
from tests.commands import small
from tests.county import HASH, ORGANS, Town

OFFICE = {
    "ma": ("flow_manager", "yl"),
    "feng": ("list_manager", "yl"),
    "lu": ("administrator", "yl"),
    "jin": ("security_administrator", "yl"),
}
ALL = "acceptance reviewer decider"
CHAIN = '<sun:separate steps="accept review decide" rule="SOD-03"/>'


def found(officers: Mapping[str, Any]) -> Town:
    """Found a county. `officers`: login -> posts and organ, or a row's further columns."""
    rows = []
    for login, (posts, organ, *more) in (OFFICE | dict(officers)).items():
        held = tuple((post, organ) for post in posts.split())
        row = {"login": login, "name": login.title(), "name_en": login.title(), "password_hash": HASH, "posts": held}
        rows.append(commands.OfficerRow(**row, **(more[0] if more else {})))
    made = commands.County(
        name="云岭县", organs=ORGANS, officers=tuple(rows), founders=("ma", "feng"), since=date(2026, 1, 1)
    )
    with begin(SYSTEM_ACTOR) as ctx:
        commands.found(ctx, made)
    return Town(county.people())


def step(path: str, post: str, *inside: str, organ: str = "case", name: str = "") -> str:
    return (
        f'<userTask id="{path}" name="{name or path}"><extensionElements><sun:name lang="en">{path.title()}</sun:name>'
        f'<sun:post code="{post}" organ="{organ}"/><sun:limit days="1"/><sun:outcomes values="pass refuse"/>'
        f"{''.join(inside)}</extensionElements></userTask>"
    )


THREE = (
    step("accept", "acceptance", name="受理"),
    step("review", "reviewer", name="审查"),
    step("decide", "decider", name="决定"),
)


def item(
    *elements: str, kept: str = CHAIN, drawn: str = "s>accept accept>review review>decide decide>e", forms: Any = None
) -> Source:
    """Return an item whose steps are done in the organ in which it is filed."""
    drawing = f'<startEvent id="s"/><endEvent id="e"/>{"".join(elements or THREE)}{flows(drawn)}'
    return source(f"<extensionElements>{kept}</extensionElements>{drawing}", "small", forms=forms)


def deploy(town: Town, made: Source) -> None:
    small.deploy(town, made)


def report(organ: str = "", item: str = "small", **asked: Any) -> Report:
    with reading() as conn:
        return staffing(conn, item, organ, **asked)


def outlook(organ: str = "shimen", **asked: Any) -> Outlook:
    """Return the only outlook."""
    (found,) = report(organ, **asked).outlooks
    return found


def logins(town: Town, persons: Any) -> list[list[str]]:
    """Return absences by login."""
    known = {actor.person: login for login, actor in town.people.items()}
    return [sorted(known[person] for person in each) for each in persons]
