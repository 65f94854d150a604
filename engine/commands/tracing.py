"""Export the trace and check it. Reading and checking need no write transaction; what was done is recorded after."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import verifier
from engine.commands import cases
from engine.commands.permit import by_post
from engine.db import definitions, record, store, trail
from engine.db.context import Connection, Context
from engine.db.record import Entry
from engine.errors import NotFound
from engine.model import SYSTEM, Event
from engine.rules import trace
from engine.rules.demands import read_by


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What lies in an export's folder."""

    cases: int
    events: int


def write_export(conn: Connection, folder: Path, chains: Sequence[str] | None = None) -> Exported:
    """Write an export: events.jsonl (the exact bytes), chains.json, definitions.json, verifier.py.

    `chains`: case numbers or organ:<id>; None = all. The folder is made; files in it are overwritten.

    Raises:
        NotFound: a chain does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    heads = _heads(conn, chains)
    number = 0
    with (folder / "events.jsonl").open("wb") as file:
        for body in trail.bodies(conn, chains):
            file.write(body + b"\n")
            number += 1
    _json(folder / "chains.json", heads)
    _json(folder / "definitions.json", _definitions(conn))
    shutil.copyfile(verifier.__file__, folder / "verifier.py")
    return Exported(cases=sum(not chain.startswith("organ:") for chain in heads), events=number)


def check(conn: Connection, chains: Sequence[str] | None = None) -> verifier.Report:
    """Export to a temporary folder and run the verifier on it; return its report.

    With it go what an export cannot show: columns of events that do not say what the bytes say, cases without a trace.
    """
    with tempfile.TemporaryDirectory(prefix="sunlit-") as name:
        write_export(conn, Path(name), chains)
        report = verifier.check(Path(name))
    for wrong in trail.miscopied(conn, chains):
        report.add("database", 0, wrong.chain, wrong.seq, ("copy", wrong.recorded, wrong.told))
    for number in trail.untraced(conn) if chains is None else ():
        report.add("database", 0, number, 0, ("copy", "-", number))
    return report


def permit_trace(ctx: Context) -> None:
    """Make sure that the actor may export or check the trace.

    Raises:
        NotYourRole: the actor is neither auditor nor monitor, nor the operator at the command line.
    """
    ctx.subject.verb = "trace"
    if ctx.person == SYSTEM and ctx.actor.channel == "cli":
        return
    by_post(ctx, "auditor", "monitor")


def record_export(ctx: Context, exported: Exported) -> None:
    """Trace that the trace was exported."""
    permit_trace(ctx)
    facts = {"cases": exported.cases, "events": exported.events}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.TRACE_EXPORTED, facts=facts)])


def record_check(ctx: Context, report: verifier.Report) -> None:
    """Trace that the trace was checked, and how many faults were found."""
    permit_trace(ctx)
    facts = {"events": report.events, "faults": report.count}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.TRACE_CHECKED, facts=facts)])


def _heads(conn: Connection, chains: Sequence[str] | None) -> dict[str, dict[str, Any]]:
    heads = {chain.id: {"head": chain.head, "seq": chain.seq} for chain in trail.heads(conn, chains)}
    for chain in chains or ():
        if chain not in heads:
            raise NotFound(what="case", key=chain)
    return heads


def _definitions(conn: Connection) -> dict[str, Any]:
    """Return the flat table of each definition that a verifier can replay without BPMN."""
    book, found = store.book(), {}
    for each in definitions.of_items(conn):
        found[each.sha256] = trace.table(read_by(cases.definition(conn, each.id, each.sha256).program.item, book))
    return found


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1), encoding="utf-8")
