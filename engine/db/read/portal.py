"""What an applicant sees of the own case: the case with personal fields masked, and what may still come."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.db.read.case import Case, by_id
from engine.db.read.facts import Declared
from engine.model import CaseState


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`ahead`: declared steps, in the order of the file, behind the furthest open one and never opened yet.

    They may come, they need not: which of them do depends on the outcomes.
    """

    case: Case
    ahead: tuple[Declared, ...]


def progress(conn: sa.Connection, case: int) -> Progress | None:
    """The progress of a case; six statements."""
    found = by_id(conn, case)
    return Progress(case=found, ahead=_ahead(found)) if found else None


def _ahead(case: Case) -> tuple[Declared, ...]:
    if case.state != CaseState.OPEN:
        return ()
    opened, now = {step.path for step in case.steps}, {step.path for step in case.open_steps}
    paths = list(case.elements.steps)
    furthest = max((index for index, path in enumerate(paths) if path in now), default=len(paths))
    return tuple(case.elements.steps[path] for path in paths[furthest + 1 :] if path not in opened)
