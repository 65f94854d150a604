"""`sunlit staff --stuck [--json]`: which open cases can nobody finish by the posts of today, whether or not away?

Exit 0: none, 1: some, or not all could be looked at. JSON: {"on", "stuck": [{"number", "item", "organ", "steps",
"conflict", "holders": [login]}], "unseen"}; "unseen": how many more would have to be proven.
"""

from __future__ import annotations

import json
from typing import Any

from engine.commands.staffing.stuck import StuckCase, stuck_now
from engine.db.store import reading


def show(*, as_json: bool) -> int:
    """Print the cases that are stuck now; return the exit code."""
    with reading() as conn:
        found = stuck_now(conn)
    if as_json:
        said = {"on": str(found.on), "stuck": [_json(each) for each in found.cases], "unseen": found.unseen}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        for each in found.cases:
            print(f"{each.number}  {each.item.zh} ({each.organ.code})\n  {each.why.zh}\n  {each.why.en}")
        more = f"; {found.unseen} more not looked at" if found.unseen else ""
        print(f"{len(found.cases)} open cases that nobody can finish{more}")
    return 1 if found.cases or found.unseen else 0


def _json(found: StuckCase) -> dict[str, Any]:
    return {
        "number": found.number,
        "item": str(found.item),
        "organ": found.organ.code,
        "steps": [str(step) for step in found.steps],
        "conflict": str(found.why),
        "holders": [officer.login for officer in found.holders],
    }
