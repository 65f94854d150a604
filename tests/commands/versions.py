"""Versions of the food operation licence for tests, made by edits of its files, and words for moving cases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.bpmn.source import load
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.settings import settings
from tests import county
from tests.county import ITEM, Town, at, do

MONDAY = at("2026-03-02 10:00")


class Files:
    """A copy of all processes, for changing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "processes"
        shutil.copytree(settings().processes, self.folder)

    def edit(self, flow: str, *pairs: tuple[str, str]) -> Files:
        """Exchange texts in a BPMN file, each of which must be there."""
        file = self.folder / flow / "flow.bpmn"
        text = file.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")
        return self

    def form(self, step: str, **fields: object) -> Files:
        """Add fields to a step's form."""
        file = self.folder / ITEM / "form.json"
        forms = json.loads(file.read_text(encoding="utf-8"))
        forms[step]["properties"] |= fields
        file.write_text(json.dumps(forms, ensure_ascii=False, indent=2), encoding="utf-8")
        return self

    def deploy(self, town: Town) -> str:
        """Put them in force by two persons."""
        with begin(town.ma) as ctx:
            proposal = commands.propose_definition(ctx, load(self.folder / ITEM, self.folder))
        with begin(town.feng) as ctx:
            return commands.approve(ctx, proposal).result


RENAMED = (ITEM, ('name="复核"', 'name="再核"'))
SECOND_LOOK = (  # a step more, between recheck and decision, and a day more for it
    ITEM,
    ('promise="7"', 'promise="8"'),
    (
        '<bpmn:userTask id="decide"',
        '<bpmn:userTask id="look" name="会商"><bpmn:extensionElements><sun:name lang="en">Look</sun:name>'
        '<sun:post code="rechecker" organ="county"/><sun:limit days="1"/></bpmn:extensionElements>'
        "<bpmn:incoming>to_look</bpmn:incoming><bpmn:outgoing>to_decide</bpmn:outgoing></bpmn:userTask>"
        '<bpmn:userTask id="decide"',
    ),
    (
        '<bpmn:sequenceFlow id="to_decide" sourceRef="recheck"',
        '<bpmn:sequenceFlow id="to_look" sourceRef="recheck" targetRef="look"/>'
        '<bpmn:sequenceFlow id="to_decide" sourceRef="look"',
    ),
    ("<bpmn:outgoing>to_decide</bpmn:outgoing>", "<bpmn:outgoing>to_look</bpmn:outgoing>"),
    (
        "<bpmn:flowNodeRef>recheck</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>recheck</bpmn:flowNodeRef><bpmn:flowNodeRef>look</bpmn:flowNodeRef>",
    ),
)


def plan(*numbers: str, to: int = 2) -> dict[str, tuple[list[str], list[str]]]:
    """Return faults and notes by case, each as `code at what`."""
    with reading() as conn:
        found = commands.plan_move(conn, ITEM, to, numbers)
    return {case.number: (said(case.faults), said(case.notes)) for case in found}


def said(points: Any) -> list[str]:
    return [" ".join(filter(None, (p.code, p.at, p.what))) for p in points]


def propose(town: county.Town, *numbers: str, who: str = "ma", to: int = 2) -> int:
    with begin(town.people[who]) as ctx:
        return commands.propose_move(ctx, ITEM, to, numbers)


def approve(town: county.Town, proposal: int, who: str = "feng") -> str:
    with begin(town.people[who]) as ctx:
        return commands.approve(ctx, proposal).result


def version(case: int) -> int:
    with reading() as conn:
        of = sa.select(t.definition.c.version).join(t.case_, t.case_.c.definition == t.definition.c.id)
        return conn.scalar(of.where(t.case_.c.id == case))


def to_recheck(town: county.Town, case: int) -> None:
    do(town, "li", case, "intake/accept", "accept")
    do(town, "wang", case, "review", "pass")
    do(town, "chen", case, "site_inspection/inspect", "pass")
    do(town, "liu", case, "site_inspection/inspect", "pass")
