"""Documents: made in the transaction of the step that they tell of, with a number; put on paper later.

Personal data stay in their facts, which can be erased; the trace keeps the digest. Licensing Law art. 32(2), 38.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.bpmn.run import Moved
from engine.commands import document_facts as facts
from engine.commands import forms
from engine.commands.cases import Case
from engine.commands.numbering import next_number
from engine.commands.settling import Settling
from engine.db import documents
from engine.db.context import Context
from engine.db.documents import NewDocument
from engine.db.find import StepRow
from engine.db.record import Entry
from engine.errors import Invalid, NotRendered
from engine.model import Event, Step
from engine.rules.documents import KINDS, RECEIPT, Document, missing, newest

TOLD = (Event.CLOCK_STOPPED, Event.CLOCK_EXTENDED)  # events that name the number of their notice


def may_serve(ctx: Context, case: Case, step: Step) -> None:
    """Make sure that what a step hands over lies on paper: the newest document of each kind that it serves.

    Raises:
        NotRendered: one is still being made.
    """
    if step.serves and (waits := newest(documents.of_case(ctx.conn, case.id), step.serves)):
        raise NotRendered(number=waits)


def make(now: Settling, moved: Moved, completed: tuple[StepRow, str] | None) -> None:
    """Make the documents that the completed step, or an event that was passed, declares.

    Raises:
        Invalid: a document would lack something that it must say; one finding a field.
    """
    step = completed[0] if completed else None
    for path, kind in _declared(now, moved, completed):
        _make(now, kind, path, facts.of(now, kind, path, step), step)


def receipt(now: Settling, post: str, materials: Sequence[str]) -> None:
    """Make the receipt of an application that has just been filed: what was handed in, and what runs from now on."""
    _make(now, RECEIPT, "case", facts.receipt(now, post, materials), None)


def _declared(now: Settling, moved: Moved, completed: tuple[StepRow, str] | None) -> Iterator[tuple[str, str]]:
    item = now.case.program.item
    if completed:
        step, outcome = completed
        yield from ((step.path, d.kind) for d in item.steps[step.path].documents if not d.on or outcome in d.on)
    for path in moved.passed:
        yield from ((path, declared.kind) for declared in item.documents.get(path, ()))


def _make(now: Settling, kind: str, path: str, said: Mapping[str, Any], step: StepRow | None) -> None:
    if lacks := missing(kind, said):
        raise Invalid(findings=tuple(_lacking(now, kind, name) for name in lacks))
    made = Document(kind=kind, number=_number(now, kind), facts=said)
    new = NewDocument(
        case_=now.case.id,
        step=step.id if step else None,
        kind=kind,
        number=made.number,
        facts_json=documents.text(said),
        made_at=now.ctx.now,
    )
    key = documents.add(now.ctx.conn, new)
    told = {"document": key, "kind": kind, "number": made.number, "digest": made.digest}
    now.change.trace(
        Entry(type=Event.DOCUMENT_MADE, step=path, facts=told, by_actor=step is not None or path == "case")
    )


def _lacking(now: Settling, kind: str, name: str) -> Any:
    words = f"'{KINDS[kind].name}' must say '{name}'"
    return forms.finding(now.case.source.file, name, words, "required")


def _number(now: Settling, kind: str) -> str:
    """Return the number that the clock's event gives its notice; else the next one."""
    if kind in ("special_procedure", "extension"):
        for entry in now.change.entries:
            if entry.type in TOLD:
                return str(entry.facts["document"])
    return next_number(now, kind)
