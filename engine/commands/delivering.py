"""Bring a message into a case: an officer asks for what an event of the flow waits for, an extension, a stop."""

from __future__ import annotations

from engine.bpmn import run
from engine.commands import cases, noting
from engine.commands.cases import Case
from engine.commands.permit import standing
from engine.commands.settle import settle
from engine.db import drafts, find, organs, record
from engine.db.context import Connection, Context
from engine.db.record import Change, Entry
from engine.errors import NotWaiting, Refused, TimeFirst
from engine.model import Assignment, Event, Raised
from engine.rules import raising
from engine.rules.demands import demands
from engine.rules.permission import Task, answer


def deliver(ctx: Context, case_id: int, message: str) -> int:
    """Bring a message in; return the case's id.

    Raises:
        NotWaiting: no event of the flow waits for it, or what it starts runs already.
        NotYourPost, ExcludedPosts, OwnCase, SamePerson: the actor may not (engine/rules/permission.py).
        StopNotAllowed, AlreadyStopped, NotExtendable, TooLateToExtend: what it asks for is not possible now.
        TimeFirst: a timer is past its instant and has not fired yet.
        CaseClosed, CaseInFault, CaseMoved, CaseFaulted: as with a step.
    """
    case = cases.by_id(ctx, case_id, "deliver")
    raised = next((r for r in case.program.item.raised if r.message == message), None)
    if raised is None:
        raise NotWaiting(name=message)
    ctx.subject.step = raised.path
    assignment = _permit(ctx, case, raised)
    if case.late:
        raise TimeFirst()
    if message not in run.awaited(case.program, case.engine_state):
        raise NotWaiting(name=raised.name)
    time = find.time_of(ctx.conn, case.id)
    if refusal := raising.bar(case.program.item, raised, time.clocks, time.stops, case.acts, ctx.book, ctx.today):
        raise refusal
    change = Change()
    cause = change.trace(
        Entry(
            type=Event.MESSAGE_DELIVERED,
            step=raised.path,
            facts={"message": message},
            **noting.by(assignment),
        )
    )
    cases.moving(ctx, case)
    moved = run.deliver(case.program, case.engine_state, "message", message)
    settle(ctx, case, moved, change, when=ctx.now, form={}, cause=cause, why=raised.path)
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [s.id for s in case.open_steps if s.token in moved.closed])
    return case.id


def awaited(conn: Connection, definition: int, sha256: str, engine_state: bytes) -> tuple[Raised, ...]:
    """Return the messages that a case in this state waits for; whether they are possible, `raising.bar` says."""
    program = cases.definition(conn, definition, sha256).program
    names = run.awaited(program, engine_state) if program.item.raised else frozenset()
    return tuple(raised for raised in program.item.raised if raised.message in names)


def _permit(ctx: Context, case: Case, raised: Raised) -> Assignment:
    known = organs.by_id(ctx.conn)
    organ = organs.nearest(known, case.organ, raised.organ)
    task = Task(
        step=0,
        path=raised.path,
        post=raised.post,
        post_name=ctx.book.posts[raised.post].name,
        organ=organ,
        organ_name=known[organ].name,
        item=case.item,
        applicant=case.applicant,
        agent=case.agent,
        acts=case.acts,
        demands=demands(case.program.item, raised.path, raised.post, ctx.book),
        names={raised.path: raised.name} | {path: step.name for path, step in case.program.item.steps.items()},
    )
    found = answer(ctx.person, ctx.assignments, task, ctx.book.exclusions, standing(ctx, case))
    if isinstance(found, Refused):
        raise found
    return found
