"""What an applicant sees of the own case: the case with personal fields masked, and what may still come."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.db.read.case import Case, by_id
from engine.model import CaseState, Step

SUPPLEMENT = "supplement"  # the outcome by which an officer asks for what is missing (Licensing Law art. 32)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`ahead`: declared steps, in the order of the file, behind the furthest open one and never opened yet.

    They may come, they need not: which of them do depends on the outcomes.
    `asked`: the applicant was asked to supplement materials, and the case waits for them.
    """

    case: Case
    ahead: tuple[Step, ...]
    asked: bool


def progress(conn: sa.Connection, case: int) -> Progress | None:
    """The progress of a case; five statements."""
    found = by_id(conn, case)
    return Progress(case=found, ahead=_ahead(found), asked=_asked(found)) if found else None


def _ahead(case: Case) -> tuple[Step, ...]:
    if case.state != CaseState.OPEN:
        return ()
    opened, now = {step.path for step in case.steps}, {step.path for step in case.open_steps}
    paths = list(case.declared.steps)
    furthest = max((index for index, path in enumerate(paths) if path in now), default=len(paths))
    return tuple(case.declared.steps[path] for path in paths[furthest + 1 :] if path not in opened)


def _asked(case: Case) -> bool:
    """Whether the last step done asked for a supplement, and nothing but waiting for it is open."""
    done = [step for step in case.steps if step.closed_at and step.outcome]
    last = max(done, key=lambda step: (step.closed_at, step.id), default=None)
    return case.state == CaseState.OPEN and last is not None and last.outcome == SUPPLEMENT
