"""What exactly is proposed, for the person who decides: one function a kind, beside its template _proposal_<kind>."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import commands
from engine.commands.proposing import digest
from engine.commands.versions import changes_in_words
from engine.db import store
from engine.db.faults import CaseFault, parse
from engine.db.read import case as cases
from engine.db.read import moves
from engine.db.read.casefile import CaseFile
from engine.db.read.faulted import Faulted
from engine.db.read.proposals import Whole
from engine.db.store import Connection
from webui import definitions, mending, office_calendar, office_moves, proposed_people
from webui.language import chosen, gettext
from webui.words import HOWS, VERBS, known


@dataclass(frozen=True, kw_only=True)
class FaultWords:
    """A fault in words: where, what was being done, the engine's own words, since when."""

    at: str
    path: str
    doing: str
    why: str
    since: datetime


def model(conn: Connection, found: Whole) -> dict[str, Any]:
    """Return what the template of the kind asks for: `template`, `body`, `digest`, and what its own function adds."""
    body = json.loads(found.body_json)
    more = MODELS[found.kind](conn, found, body) if found.kind in MODELS else {"rows": list(rows(body))}
    return {"template": f"admin/_proposal_{found.kind}.html", "body": body, "digest": digest(found.body_json), **more}


def rows(body: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield what is proposed as names and values, of nested parts with the names of those around them."""
    for name, value in body.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from rows(value, f"{path}.")
        elif isinstance(value, list):
            yield from rows({str(place): each for place, each in enumerate(value, 1)}, f"{path}.")
        else:
            yield path, "—" if value in (None, "") else gettext("是") if value is True else str(value)


def fault_words(conn: Connection, case: Faulted | cases.Case | CaseFile) -> FaultWords:
    """Return why a case in fault rests."""
    assert case.fault is not None
    return _words(conn, case.definition, case.sha256, case.fault)


def _words(conn: Connection, definition: int, sha256: str, fault: CaseFault) -> FaultWords:
    doing = known(VERBS, fault.verb)
    if fault.step:
        step = definitions.element_name(conn, definition, sha256, fault.step)
        doing = gettext("%(verb)s“%(step)s”", verb=doing, step=step)
    return FaultWords(
        at=definitions.element_name(conn, definition, sha256, fault.place),
        path=fault.place,
        doing=doing,
        why=fault.why,
        since=fault.since,
    )


def _definition(conn: Connection, found: Whole, _: Mapping[str, Any]) -> dict[str, Any]:
    """`version`: the number it would get or has; None when it was declined or changed nothing."""
    wanted = commands.proposed_definition(conn, found.body_json)
    versions = moves.versions(conn, wanted.source.item)
    version = wanted.version if found.waits else next((v.version for v in versions if v.proposal == found.id), None)
    before = wanted.before
    if version is not None and not found.waits:
        older = next((v for v in versions if v.version == version - 1), None)
        before = definitions.source(conn, older.id, older.sha256) if older else None
    changes = None
    if version is not None and before is not None:
        changes = changes_in_words(before, wanted.source, chosen(), store.book())
    return {"wanted": wanted, "version": version, "changes": changes, "definitions": definitions}


def _repair(conn: Connection, _: Whole, body: Mapping[str, Any]) -> dict[str, Any]:
    case = cases.by_id(conn, body["case"])
    assert case is not None
    item = definitions.item(conn, case.definition, case.sha256)
    fault = parse(json.dumps(body["fault"]))
    assert fault is not None
    return {
        "case": case,
        "told": _words(conn, case.definition, case.sha256, fault),
        "how": known(HOWS, body["how"]),
        "step": definitions.step_name(item, body["at"]),
        "open_steps": [definitions.step_name(item, step.path) for step in case.open_steps],
        "is_same": case.fault == fault,
    }


MODELS: Mapping[str, Callable[[Connection, Whole, Mapping[str, Any]], dict[str, Any]]] = {
    "definition": _definition,
    "repair": _repair,
    "move": office_moves.facts,
    "calendar": office_calendar.facts,
    "rules": proposed_people.rules,
    **dict.fromkeys(proposed_people.TELLERS, proposed_people.people),
    "correction": mending.facts,
}
