"""What an officer may do with a card now, or why not: the steps of its life that wait for the officer."""

from __future__ import annotations

from dataclasses import dataclass

from engine.db import store
from engine.db.read import casefile
from engine.db.read.cardrows import Row
from engine.db.read.people import Officer
from engine.db.store import Connection
from webui import definitions
from webui.messages import message
from webui.window import timeline


@dataclass(frozen=True, kw_only=True)
class Act:
    """A step that waits for the reader. `why`: why the reader may not do it, else empty."""

    step: int
    name: str
    why: str


def acts(conn: Connection, officer: Officer, row: Row) -> tuple[Act, ...]:
    """Return the steps that wait for the officer, each with the reason why not, if there is one."""
    own = [step for step in row.steps if step.waits]
    if not own:
        return ()
    item, book = definitions.item(conn, row.definition, row.sha256), store.book()
    file = casefile.of_case(conn, officer, row.case)
    bars = [(step, timeline.refusal(file, item, book, file.step(step.id), officer)) for step in own]
    return tuple(
        Act(step=step.id, name=definitions.step_name(item, step.path), why=message(bar) if bar else "")
        for step, bar in bars
    )
