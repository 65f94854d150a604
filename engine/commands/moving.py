"""Move running cases to another version of their item: one person proposes with the plan, another approves.

Only a case of which every live token finds its place moves (engine/bpmn/moving.py, engine/rules/moving.py). Rows of
steps, timers, clocks and drafts are not touched: posts, last days and due instants stay as they were opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import clock
from engine.bpmn.moving import plan
from engine.commands import cases, forms
from engine.commands.cases import Deployed
from engine.commands.permit import by_post, impartial
from engine.commands.proposing import propose
from engine.db import moves, record, recusals, store
from engine.db.context import Connection, Context
from engine.db.definitions import Version
from engine.db.moves import Standing
from engine.db.proposals import Proposal
from engine.db.record import Change, Entry
from engine.errors import EngineFault, Invalid
from engine.model import RUNNING, Event
from engine.model import Standing as Recusal
from engine.rules import moving
from engine.rules.demands import read_by
from engine.rules.moving import Point
from engine.rules.permission import Hands

KIND = "move"
PROPOSERS = ("flow_manager",)
POSTS = ("flow_manager", "list_manager")
ACT = "移至新版"  # as messages name it
MOST = 500  # cases of one proposal: on SQLite nobody else writes while they move


@dataclass(frozen=True, kw_only=True)
class CaseMove:
    """What a move would do with one case. `version`, `to`: of the item; `state`: the new one, if it can move."""

    number: str
    version: int
    to: int
    steps: tuple[str, ...]
    faults: tuple[Point, ...]
    notes: tuple[Point, ...]
    state: bytes | None


def plan_move(conn: Connection, item: str, to: int, numbers: Sequence[str] = ()) -> list[CaseMove]:
    """Return what a move would do with the running cases of an item, or with these; nothing is changed.

    Raises:
        NotFound: there is no such version, or a case named is not a running one on another version.
    """
    version = moves.version(conn, item, to)
    ids = moves.running(conn, item, version, numbers)
    return [_case_move(conn, case, version) for case in moves.standing(conn, ids, clock.now())]


def planned_move(conn: Connection, body_json: str) -> dict[str, CaseMove]:
    """Return by number what would happen now to the cases of a proposal; ended and moved ones are left out."""
    body = json.loads(body_json)
    to, ids = _target(body), sorted(each["id"] for each in body["cases"])
    found = [case for case in moves.standing(conn, ids, clock.now()) if _is_to_move(case, to)]
    return {case.number: _case_move(conn, case, to) for case in found}


def propose_move(ctx: Context, item: str, to: int, numbers: Sequence[str] = ()) -> int:
    """Propose to move cases to a version: these, or all running ones that can move; return the proposal's id.

    Raises:
        NotYourRole: the actor manages no flows.
        NotFound: there is no such version, or a case named is not a running one on another version.
        OwnCase, SamePerson: the actor is the applicant or the agent, or has a hand in one of the cases.
        Invalid: a case named cannot move, and why; none can; or they are too many.
    """
    ctx.subject.verb = "propose_move"
    post = by_post(ctx, *PROPOSERS, item=item)
    version = moves.version(ctx.conn, item, to)
    ids = moves.running(ctx.conn, item, version, numbers)
    found = [(case, _case_move(ctx.conn, case, version)) for case in moves.standing(ctx.conn, ids, ctx.now)]
    chosen = [(case, move) for case, move in found if numbers or not move.faults]
    _possible(item, [move for _, move in chosen])
    known = recusals.of_cases(ctx, [case.id for case, _ in chosen])
    for case, _ in chosen:
        _impartial(ctx, case, known[case.id])
    body = {
        "item": item,
        "version": version.version,
        "definition": version.id,
        "sha256": version.sha256,
        "cases": [
            {
                "id": case.id,
                "number": case.number,
                "at": case.version,
                "version": case.definition.version,
                "steps": list(move.steps),
                "notes": [list(note.told) for note in move.notes],
            }
            for case, move in chosen
        ],
    }
    return propose(ctx, KIND, forms.text(body), post, about=item)


def carry_out(ctx: Context, proposal: Proposal) -> str:
    """Move the proposed cases as each stands now; return `item@version: moved n, left m`.

    A case that has gone on since is planned anew and moves if everything live still finds its place; one that does not,
    that has ended or has moved already stays as it is. None of them holds up the others.
    """
    body = json.loads(proposal.body_json)
    to = _target(body)
    post = by_post(ctx, *POSTS, item=body["item"])
    heads = moves.locked(ctx.conn, [each["id"] for each in body["cases"]])
    known = recusals.of_cases(ctx, heads)
    done = 0
    for case in moves.standing(ctx.conn, sorted(heads), ctx.now):
        _impartial(ctx, case, known[case.id])
        if not _is_to_move(case, to):
            continue
        move = _case_move(ctx.conn, case, to)
        if move.state is None:
            continue
        facts = {"proposal": proposal.id, "from": case.definition.sha256, "to": to.sha256}
        change = Change(
            case={"definition": to.id, "engine_state": move.state},
            entries=[Entry(type=Event.CASE_MOVED, post=post.post, assignment=post.id, facts=facts)],
        )
        ctx.subject.definition = to.sha256
        record.save(ctx, case.id, case.version, heads[case.id], change)
        done += 1
    ctx.subject.chain, ctx.subject.definition = "", None
    return f"{body['item']}@{to.version}: moved {done}, left {len(body['cases']) - done}"


def _target(body: Mapping[str, Any]) -> Version:
    return Version(id=body["definition"], version=body["version"], sha256=body["sha256"])


def _is_to_move(case: Standing, to: Version) -> bool:
    return case.state in RUNNING and case.definition.id != to.id


def _case_move(conn: Connection, case: Standing, to: Version) -> CaseMove:
    old, new = _deployed(conn, case.definition), _deployed(conn, to)
    try:
        planned = plan(old.program, new.program, case.engine_state)
    except EngineFault as fault:
        return _told(case, to, (Point("unreadable", what=fault.why),))
    book = store.book()
    before = moving.Version(item=read_by(old.program.item, book), forms=old.source.forms, ahead=planned.before)
    after = moving.Version(item=read_by(new.program.item, book), forms=new.source.forms, ahead=planned.ahead)
    faults = (*planned.faults, *moving.against(before, after, case.facts, planned.follows))
    notes = (*planned.notes, *moving.worth_knowing(before, after, case.facts))
    return _told(case, to, faults, notes, planned.state)


def _told(
    case: Standing, to: Version, faults: Sequence[Point], notes: Sequence[Point] = (), state: bytes | None = None
) -> CaseMove:
    return CaseMove(
        number=case.number,
        version=case.definition.version,
        to=to.version,
        steps=tuple(step.path for step in case.facts.steps),
        faults=tuple(dict.fromkeys(faults)),
        notes=tuple(dict.fromkeys(notes)),
        state=None if faults else state,
    )


def _deployed(conn: Connection, version: Version) -> Deployed:
    return cases.definition(conn, version.id, version.sha256)


def _possible(item: str, chosen: Sequence[CaseMove]) -> None:
    wrong = [(move.number, str(fault)) for move in chosen for fault in move.faults]
    if not chosen:
        wrong = [(item, "no running case of another version can move; look at the plan")]
    elif len(chosen) > MOST:
        wrong = [(item, f"{len(chosen)} cases are too many for one proposal; move at most {MOST} at a time")]
    if wrong:
        raise Invalid(findings=tuple(forms.finding(where, where, why, "move") for where, why in wrong))


def _impartial(ctx: Context, case: Standing, known: Mapping[int, Recusal]) -> None:
    names = {path: step.name for path, step in _deployed(ctx.conn, case.definition).program.item.steps.items()}
    hands = Hands(
        applicant=case.applicant,
        agent=case.agent,
        acts=case.facts.acts,
        held=case.facts.steps,
        names=names,
        standings=known,
    )
    impartial(ctx, ACT, hands, number=case.number, definition=case.definition.sha256)
