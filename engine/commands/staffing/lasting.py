"""What people see of it before they act: whom a step would leave nobody behind, and where only one person is left."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine import clock
from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.staffing import words
from engine.commands.staffing.future import Last
from engine.commands.staffing.guard import Role, Share, ends, follows, future, refusal_of
from engine.commands.staffing.office import Office
from engine.commands.staffing.words import Words
from engine.db import find, plans, store
from engine.db.context import Connection
from engine.errors import NobodyLeft
from engine.model import CaseState
from engine.rules.cards import ITEM
from engine.rules.council import votes
from engine.staffing.instance import Seat


def leaving_nobody(conn: Connection, step_id: int, persons: Collection[int]) -> dict[int, NobodyLeft]:
    """Return who of these persons, all of whom permission lets act on a step, would leave nobody for what comes later.

    As `claim` or, on a step decided together, `vote` would refuse it. Who has the step already is not asked about.
    Two statements where the case goes on by its plan with any of them or nothing is asked, else nine at most.
    """
    case = _open(conn, step_id) if persons else None
    if case is None:
        return {}
    step = case.step(step_id)
    together = case.program.item.steps[step.path].collective is not None
    has = {*votes(case.acts, step.id), step.claimed_by}
    role = Role.VOTE if together else Role.HOLD
    shares = [Share(step.id, person, role) for person in sorted(set(persons) - has)]
    found = ends(conn, case, store.book(), [share for share in shares if not follows(case, share)])
    refused = {share.person: refusal_of(share, proof) for share, proof in found.items()}
    return {person: refusal for person, refusal in refused.items() if refusal}


def lasts(conn: Connection, step_id: int) -> tuple[Words, ...]:
    """Return sentences on the steps, open or still to come, for which only one person is left; in a process once.

    Exactly: some way on that can be done now could not be without that person, who is away for good.
    """
    case = _open(conn, step_id)
    if case is None:
        return ()
    key = "lasts", str(conn.engine.url), case.id, case.version, case.engine_state, case.planned.edition

    def found() -> tuple[Words, ...]:
        known = future(conn, case, store.book())
        return () if known is None else _said(known[0].office, known[1].lasts())

    return plans.remembered(key, found)


def _open(conn: Connection, step_id: int) -> Case | None:
    """Return the case of an open step of an item, as it stands."""
    found = find.seen(conn, "step", step_id, clock.now())
    if found is None or found.item == ITEM or found.state is not CaseState.OPEN:
        return None
    return None if found.step(step_id).closed_at is not None else cases.of(conn, found)


def _said(office: Office, found: Collection[Last]) -> tuple[Words, ...]:
    """Say it in one sentence of each person who is left alone with steps, and of those who are needed for the same."""
    alone: dict[int, dict[str, None]] = {}
    needed: dict[tuple[str, ...], dict[int, None]] = {}
    for last in found:
        parts = [last.way.parts[why.steps[0]] for why in last.conflict if not why.rule]
        open_ = [part for part in parts if part.held is None or part.held.person == last.person]
        if [part.seats for part in open_] == [1]:
            alone.setdefault(last.person, {})[open_[0].step] = None
        else:
            needed.setdefault(tuple(part.step for part in open_), {})[last.person] = None
    said = [_alone(office, person, steps) for person, steps in alone.items()]
    return (*said, *(_needed(office, steps, persons) for steps, persons in needed.items()))


def _alone(office: Office, person: int, paths: Iterable[str]) -> Words:
    who, (zh, en) = words.people(office, [Seat(person)]), _steps(office, paths)
    return Words(zh=f"{zh}只剩{who.zh}一人可办。", en=f"Only {who.en} can still do: {en}.")


def _needed(office: Office, paths: Iterable[str], persons: Collection[int]) -> Words:
    who, (zh, en) = words.people(office, [Seat(person) for person in persons]), _steps(office, paths)
    one_of = ("中任何一人", "any one of ") if len(persons) > 1 else ("", "")
    return Words(zh=f"少了{who.zh}{one_of[0]}，{zh}就办不成。", en=f"Without {one_of[1]}{who.en} this fails: {en}.")


def _steps(office: Office, paths: Iterable[str]) -> tuple[str, str]:
    names = [words.step(office, path) for path in paths]
    return "".join(name.zh for name in names), ", ".join(name.en for name in names)
