"""Several people on one step: a county with more officers, the item `countersign`, and short words for what they do."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.commands import small
from tests.county import Town
from tests.items.town import HERE
from tests.kept import kept

ITEM = "countersign"
MORE = {
    "han": ("reviewer", "yl"),
    "rui": ("rechecker", "yl"),
    "ren": ("rechecker", "yl"),
    "deng": ("decider", "yl"),
    "an": ("council_member", "yl"),
    "bao": ("council_member", "yl"),
    "cao": ("council_member", "yl"),
    "mu": ("legal_reviewer", "yl"),
}  # qin, the chief, presides
FORMS = {"inspect": {"found": "与图纸一致"}, "council": {"minutes": "逐项讨论，意见一致。"}}


@kept
def found() -> Town:
    town = county.found(MORE)
    county.deploy(town, HERE / ITEM)
    return town


def file(town: Town) -> commands.Filed:
    return small.file(town, ITEM, title="样例事项", contact_name="罗雨平")


def key(case: int, path: str) -> int:
    found: int = county.step(case, path).id
    return found


def claim(town: Town, who: str, case: int, path: str) -> int:
    return county.claim(town, who, case, path)


def complete(town: Town, who: str, case: int, path: str, outcome: str, **form: Any) -> commands.Completed:
    """Complete a step that is claimed, or over which somebody presides."""
    with begin(town.people[who]) as ctx:
        filled = form or FORMS.get(path, {})
        return commands.complete(ctx, key(case, path), outcome=outcome, form=filled, opinion=f"{who}的意见")


def do(town: Town, who: str, case: int, path: str, outcome: str) -> commands.Completed:
    claim(town, who, case, path)
    return complete(town, who, case, path, outcome)


def release(town: Town, who: str, case: int, path: str) -> None:
    with begin(town.people[who]) as ctx:
        commands.release(ctx, key(case, path))


def take_back(town: Town, who: str, case: int, path: str) -> None:
    with begin(town.people[who]) as ctx:
        commands.take_back(ctx, key(case, path))


def transfer(town: Town, who: str, to: str, case: int, path: str, reason: str = "出差") -> int:
    with begin(town.people[who]) as ctx:
        return commands.transfer(ctx, key(case, path), to=town.people[to].person, reason=reason)


def ask(town: Town, who: str, officer: str, case: int, path: str, kind: str = "before") -> int:
    with begin(town.people[who]) as ctx:
        person = town.people[officer].person
        return commands.add_signer(ctx, key(case, path), officer=person, kind=kind, reason="请看这一项")


def advise(town: Town, who: str, signer: int, opinion: str = "可以") -> int:
    with begin(town.people[who]) as ctx:
        return commands.advise(ctx, signer, opinion=opinion)


def remove(town: Town, who: str, signer: int, reason: str = "不需要了") -> int:
    with begin(town.people[who]) as ctx:
        return commands.remove_signer(ctx, signer, reason=reason)


def vote(town: Town, who: str, case: int, outcome: str, path: str = "council") -> int:
    with begin(town.people[who]) as ctx:
        return commands.vote(ctx, key(case, path), outcome=outcome, opinion=f"{who}的意见")


def signed(town: Town, case: int, until: str) -> None:
    """Do everything before the step `until`."""
    for path, who, outcome in (
        ("draft", ("wang",), "submit"),
        ("inspect", ("chen", "liu"), "pass"),
        ("review", ("he", "rui"), "approve"),
        ("sign", ("zhao", "deng"), "agree"),
    ):
        if path == until:
            return
        for each in who:
            do(town, each, case, path, outcome)


def grant(town: Town, who: str, post: str, organ: str = "yl", on: date = date(2026, 1, 1)) -> int:
    """Give somebody a post, past the two persons whose act it is; return the assignment."""
    with engine(settings().database_url).begin() as conn:
        place = conn.scalar(sa.select(t.organ.c.id).where(t.organ.c.code == organ))
        row = {"person": town.people[who].person, "post": post, "organ": place, "from_on": on}
        new = sa.insert(t.assignment).values(**row, proposal=_proposal(conn))
        return int(conn.execute(new.returning(t.assignment.c.id)).scalar_one())


def end_posts(town: Town, who: str, last: date = date(2026, 3, 1)) -> None:
    """Let every post of somebody end, past the two persons whose act it is."""
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.assignment).where(t.assignment.c.person == town.people[who].person).values(to_on=last))


def away(town: Town, who: str, first: date = date(2026, 3, 2), last: date = date(2026, 3, 2)) -> None:
    """Note days away, past the two persons whose act it is."""
    row = {"person": town.people[who].person, "from_on": first, "to_on": last, "kind": "leave"}
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.insert(t.absence).values(**row, proposal=_proposal(conn)))


def stand_in(town: Town, who: str, instead_of: str) -> None:
    """Name a stand-in for every post of somebody, past the two persons whose act it is."""
    with engine(settings().database_url).begin() as conn:
        for post in conn.scalars(
            sa.select(t.assignment.c.id).where(t.assignment.c.person == town.people[instead_of].person)
        ).all():
            row = {"assignment": post, "person": town.people[who].person, "from_on": date(2026, 1, 1)}
            conn.execute(sa.insert(t.stand_in).values(**row, proposal=_proposal(conn)))


def _proposal(conn: sa.Connection) -> Any:
    return conn.scalar(sa.select(sa.func.min(t.proposal.c.id)))


def apply_for(case: int, person: int) -> None:
    """Let somebody be the applicant of a case."""
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).where(t.case_.c.id == case).values(applicant=person))


def again(town: Town, who: str) -> None:
    """Give somebody's person a second account, `<who>2`."""
    person = town.people[who].person
    with engine(settings().database_url).begin() as conn:
        first = conn.execute(sa.select(t.account).where(t.account.c.person == person)).one()._mapping
        row = {k: v for k, v in first.items() if k != "id"} | {"login": f"{who}2"}
        account = conn.execute(sa.insert(t.account).values(**row).returning(t.account.c.id)).scalar_one()
    town.people[f"{who}2"] = Actor(person=person, account=account)  # type: ignore[index]


def acts(case: int, path: str) -> list[tuple[int, str, str | None]]:
    """Return the acts on a step: (person, kind, outcome)."""
    with reading() as conn:
        rows = conn.execute(sa.select(t.act).where(t.act.c.case_ == case, t.act.c.path == path).order_by(t.act.c.id))
        return [(row.person, row.kind, row.outcome) for row in rows]


def last(number: str) -> dict[str, Any]:
    return county.events(number)[-1]


def refused(number: str, error: str, rule: str | None = None) -> None:
    """Make sure that the last thing traced in the case is this refusal, with its basis."""
    event = last(number)
    assert (event["type"], event["facts"]["error"], event["rule"]) == ("refused", error, rule)


def clean(number: str) -> None:
    """Make sure that the trace of the case is whole and means what it says."""
    with reading() as conn:
        assert [fault.text("en") for fault in commands.check(conn, [number]).faults] == []
