"""Why a case rests in state fault: what was done with it, what the flow could not do, where, and since when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.db import tables as t
from engine.db.context import Context, Subject
from engine.errors import EngineFault
from engine.model import CaseState


@dataclass(frozen=True, kw_only=True)
class CaseFault:
    """`verb`: what was being done; `at`: path of the element, empty when none is known; `step`: acted on, if any."""

    verb: str
    why: str
    at: str
    step: str | None
    since: datetime

    @property
    def place(self) -> str:
        """Where to look: the element, else the step acted on."""
        return self.at or self.step or ""


def note(ctx: Context, subject: Subject, fault: EngineFault) -> CaseFault | None:
    """Set the case that was being moved to state fault; None when it has moved on meanwhile, or none was moved.

    Takes the case's lock, before that of its chain.
    """
    if subject.moving is None:
        return None
    case, version = subject.moving
    found = CaseFault(
        verb=subject.verb, why=fault.why, at=str(getattr(fault, "at", "")), step=subject.step, since=ctx.now
    )
    changed = ctx.conn.execute(
        sa.update(t.case_)
        .where(t.case_.c.id == case, t.case_.c.version == version, t.case_.c.state == CaseState.OPEN.value)
        .values(state=CaseState.FAULT.value, version=version + 1, fault_json=_text(found))
    )
    return found if changed.rowcount == 1 else None


def parse(text: str | None) -> CaseFault | None:
    """Return what the column `fault_json` holds."""
    if text is None:
        return None
    body = json.loads(text)
    return CaseFault(**body | {"since": datetime.fromisoformat(body["since"])})


def _text(fault: CaseFault) -> str:
    return json.dumps(vars(fault) | {"since": fault.since.isoformat()}, ensure_ascii=False, sort_keys=True)
