"""What an applicant is told of the own case beyond the case itself: whether to act now, and what may still come."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from engine.db import corrections
from engine.db.read.case import Case, CaseStep
from engine.model import CaseState, Item, Step
from engine.rules.correcting import DEFECTS, Written, newest

DECIDED = "decided"  # the mark behind which the way to the end is known
SUPPLEMENT = ("supplement", "supplement_again")  # outcomes that ask for what is missing (Licensing Law art. 32)


def ahead(case: Case, item: Item) -> tuple[Step, ...]:
    """Return the declared steps, in the order of the file, behind the furthest open one and never opened yet.

    They may come, they need not: which of them do depends on the outcomes. Once the case is decided its way is known:
    only what follows in the same called flow is left.
    """
    if case.state != CaseState.OPEN:
        return ()
    opened, now = {step.path for step in case.steps}, {step.path for step in case.open_steps}
    paths = list(item.steps)
    furthest = max((index for index, path in enumerate(paths) if path in now), default=len(paths))
    calls = {path.partition("/")[0] for path in now}
    left = (path for path in paths[furthest + 1 :] if path not in opened)
    return tuple(item.steps[path] for path in left if DECIDED not in case.marks or path.partition("/")[0] in calls)


def asked(case: Case) -> bool:
    """Whether the last step done asked the applicant for a supplement, and the case waits for it."""
    done = [step for step in case.steps if step.closed_at and step.outcome]
    last = max(done, key=lambda step: (step.closed_at, step.id), default=None)
    return case.is_running and last is not None and last.outcome in SUPPLEMENT


def waiting(case: Case, item: Item) -> tuple[CaseStep, ...]:
    """Return the open steps that the applicant may do, with the receipt."""
    if case.state != CaseState.OPEN:
        return ()
    declared = item.steps
    return tuple(step for step in case.open_steps if step.path in declared and declared[step.path].applicant)


def notice(conn: Connection, case: Case, item: Item) -> Written | None:
    """Return the newest notice of what to supplement: what it says, and when it was given. One statement."""
    return newest(corrections.written(conn, case.id), item.steps)


def lines(found: Written | None) -> tuple[str, ...]:
    """Return what a notice asks for, one thing a line."""
    return tuple(found.form[DEFECTS]) if found else ()
