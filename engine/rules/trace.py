"""The trace: the exact bytes of an event and its link to the one before. No clock, no database.

Fields and bytes are final: a type never changes its fact keys, new needs get new types. engine/verifier.py checks the
same from the outside and shares no code with this module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from engine.model import Event, Item

VERSION = 1
GENESIS = "0" * 64
SALT_BYTES = 32

_FACTS = {
    Event.COUNTY_FOUNDED: "name",
    Event.PROPOSED: "proposal kind digest",
    Event.APPROVED: "proposal kind digest result",
    Event.DECLINED: "proposal kind digest",
    Event.CALENDAR_ADOPTED: "proposal year amends days digest clocks",
    Event.SIGNED_IN: "channel",
    Event.SIGN_IN_FAILED: "channel",
    Event.SIGNED_OUT: "channel",
    Event.CASE_FILED: "item item_version channel applicant materials",
    Event.CASE_CLOSED: "state result",
    Event.CASE_WITHDRAWN: "channel",
    Event.CASE_FAULTED: "verb why at",
    Event.CASE_REPAIRED: "proposal how at",
    Event.CASE_MOVED: "proposal from to",
    Event.CODE_REISSUED: "",
    Event.MARK_REACHED: "mark on taken_from",
    Event.STEP_OPENED: "opened_by path round post_organ limit",
    Event.STEP_CLAIMED: "",
    Event.STEP_RELEASED: "",
    Event.STEP_SIGNED: "signed needed",
    Event.STEP_UNSIGNED: "signed",
    Event.STEP_COMPLETED: "round signed",
    Event.STEP_CANCELLED: "why",
    Event.STEP_TRANSFERRED: "to",
    Event.STEP_ADVISED: "kind round",
    Event.STEP_VOTED: "voted members",
    Event.STEP_RETURNED: "round to",
    Event.STEP_WITHDRAWN: "round",
    Event.STEP_URGED: "",
    Event.STEP_LENT: "from to",
    Event.SIGNER_ADDED: "kind officer",
    Event.SIGNER_REMOVED: "kind officer",
    Event.CASE_COPIED: "to",
    Event.RECUSAL_RAISED: "recusal officer source kind",
    Event.RECUSAL_VOTED: "recusal officer voted members",
    Event.RECUSAL_DECIDED: "recusal officer upheld",
    Event.MARK_CORRECTED: "proposal mark from to",
    Event.ENTRY_CORRECTED: "proposal path",
    Event.POST_GRANTED: "proposal granted officer post organ item tier from to",
    Event.POST_ENDED: "proposal ended officer to",
    Event.STAND_IN_NAMED: "proposal stand_in granted officer from to",
    Event.STAND_IN_ENDED: "proposal stand_in to",
    Event.ABSENCE_RECORDED: "proposal officer from to",
    Event.ABSENCE_ENDED: "proposal officer from was to",
    Event.TIE_DECLARED: "officer kind",
    Event.ACCOUNT_CHANGED: "proposal officer what",
    Event.RULES_ADOPTED: "proposal digest",
    Event.CLOCK_STARTED: "key kind unit amount from provisional",
    Event.CLOCK_MOVED: "proposal key kind from to was_provisional provisional",
    Event.CLOCK_ENDED: "key kind started_on used in_time",
    Event.CLOCK_REOPENED: "key kind started_on",
    Event.CLOCK_OVERRUN: "key kind overrun_on amount unit",
    Event.CLOCK_STOPPED: "kind from to document",
    Event.CLOCK_RESUMED: "kind from to planned_to document",
    Event.CLOCK_EXTENDED: "key amount unit document",
    Event.CLOCK_RECOUNTED: "key kind from to provisional why",
    Event.EFFECT_TAKEN: "effect key on",
    Event.MESSAGE_DELIVERED: "message",
    Event.DOCUMENT_MADE: "document kind number digest",
    Event.DOCUMENT_RENDERED: "document number sha256",
    Event.CARD_DRAFTED: "card level cause key on",
    Event.CARD_SCORED: "points organ post reason",
    Event.TIMER_MOVED: "proposal key path from to",
    Event.TIMER_FIRED: "key path legal_at",
    Event.TRACE_EXPORTED: "cases events",
    Event.TRACE_CHECKED: "events faults",
    Event.REFUSED: "verb error subject why",
}
FACTS: Mapping[Event, frozenset[str]] = MappingProxyType({e: frozenset(keys.split()) for e, keys in _FACTS.items()})

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def canonical(value: object) -> bytes:
    """Return the one JSON text of `value`: RFC 8785 for texts, whole numbers below 2^53, booleans, null, lists, dicts.

    Raises:
        ValueError: a float, a large number, a key that is not ASCII text, half a surrogate pair, another type.
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def body(
    *,
    org: str,
    case: str,
    seq: int,
    prev: str,
    id: str,
    type: Event,
    step: str | None,
    person: str | None,
    post: str | None,
    assignment: int | None,
    on_behalf: str | None,
    definition: str | None,
    rule: str | None,
    at: str,
    due_on: str | None,
    outcome: str | None,
    data: str | None,
    facts: Mapping[str, Any],
) -> bytes:
    """Return the bytes of an event.

    `case`: case number, or organ:<id>; `seq`: 1, 2, ... in that chain; `step`: the element path; `person` and
    `on_behalf`: pseudonyms; `definition`: its hash; `data`: a commitment; `at`: UTC, `2026-03-02T01:00:00.000000Z`.

    Raises:
        ValueError: the fact keys are not exactly those of the type, or a value has the wrong form.
    """
    if wrong := FACTS[type] ^ facts.keys():
        raise ValueError(f"facts of {type}: {', '.join(sorted(wrong))} is missing or unknown")
    if seq < 1:
        raise ValueError(f"seq {seq} is below 1")
    _form("prev", prev, _HASH)
    _form("at", at, _AT)
    for name, text, pattern in (("due_on", due_on, _DATE), ("definition", definition, _HASH), ("data", data, _HASH)):
        if text is not None:
            _form(name, text, pattern)
    return canonical(
        {
            "v": VERSION,
            "org": org,
            "case": case,
            "seq": seq,
            "prev": prev,
            "id": id,
            "type": str(type),
            "step": step,
            "person": person,
            "post": post,
            "assignment": assignment,
            "on_behalf": on_behalf,
            "definition": definition,
            "rule": rule,
            "at": at,
            "due_on": due_on,
            "outcome": outcome,
            "data": data,
            "facts": dict(facts),
        }
    )


def link(body: bytes) -> str:
    """Return what the next event of the chain gives as `prev`; for the last event it is the chain's head."""
    return sha256(b"sunlit/case/1\0" + body).hexdigest()


def commitment(salt: bytes, body: bytes) -> str:
    """Return what an event says of data kept outside the trace: nothing can be read from it, nothing exchanged.

    Raises:
        ValueError: the salt is not 32 bytes long (its fixed length keeps salt and body apart).
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return sha256(b"sunlit/payload/1\0" + salt + body).hexdigest()


def table(item: Item) -> dict[str, Any]:
    """Return what a verifier has to know of a definition: an entry of `definitions.json` in an export."""
    return {
        "item": item.id,
        "steps": {
            path: {
                "post": step.post,
                "limit": step.days,
                "outcomes": list(step.outcomes) or ["done"],
                "persons": step.persons.min,
                **({"applicant": True} if step.applicant else {}),
                **({"chair": step.collective.chair} if step.collective else {}),
                "separations": [{"rule": s.rule, "steps": list(s.steps)} for s in item.separations if path in s.steps],
            }
            for path, step in item.steps.items()
        },
    }


def _form(name: str, text: str, pattern: re.Pattern[str]) -> None:
    if not pattern.fullmatch(text):
        raise ValueError(f"{name}: {text!r} has the wrong form")


def _check(value: object) -> None:
    match value:
        case None | bool() | str():
            return  # half a surrogate pair is refused when the text is encoded
        case int():
            if abs(value) >= 2**53:
                raise ValueError(f"{value} is too large a number for JSON")
        case list() | tuple():
            for part in value:
                _check(part)
        case dict():
            for key, part in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise ValueError(f"the key {key!r} is not ASCII text")
                _check(part)
        case _:
            raise ValueError(f"{type(value).__name__} has no place in the trace")
