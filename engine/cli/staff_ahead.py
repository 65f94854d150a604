"""`sunlit staff [ITEM] --ahead [--organ O] [--json]`: where can an item not be done today or in the next 30 days?

All items if none is named, by the posts, stand-ins and leave on record. Exit 0: nowhere, 1: somewhere, or not known.
JSON: {"on", "until", "shortages": [{"item", "organ", "from", "to", "ends", "conflict", "away": [login]}], "too_many":
[item]}; "ends" false: it is still so on the last day looked at; "too_many": items with more ways than can be looked at.
"""

from __future__ import annotations

import json
from typing import Any

from engine import clock
from engine.commands.staffing import Shortage, shortages
from engine.db.store import reading


def show(item: str, organ: str, *, as_json: bool) -> int:
    """Print the shortages ahead; return the exit code."""
    with reading() as conn:
        found = shortages(conn, clock.local_date(clock.now()), item=item, organ=organ)
    if as_json:
        listed = [_json(each) for each in found.shortages]
        said = {"on": str(found.on), "until": str(found.until), "shortages": listed, "too_many": list(found.too_many)}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        for each in found.shortages:
            print(f"{each.item} {each.organ.code}: {each.said.zh}\n  {each.said.en}")
        for key in found.too_many:
            print(f"{key}: has more ways than can be looked at")
        if not (found.shortages or found.too_many):
            print(f"no shortage from {found.on} to {found.until}, as far as leave and posts are on record")
    return 1 if found.shortages or found.too_many else 0


def _json(found: Shortage) -> dict[str, Any]:
    return {
        "item": found.item,
        "organ": found.organ.code,
        "from": str(found.first),
        "to": str(found.last),
        "ends": found.ends,
        "conflict": str(found.conflict),
        "away": [officer.login for officer in found.away],
    }
