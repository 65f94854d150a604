"""Who in an office may act on a step now: the rule of permission, asked about all who hold its post there and are in.

Beside engine/commands/eligible.py it knows who is away, and asks about an organ that the step only might go to.
"""

from __future__ import annotations

from dataclasses import replace

from engine.commands.cases import Case
from engine.commands.permit import task
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.read import eligible
from engine.db.staff import away
from engine.errors import Refused
from engine.rules.permission import answer


def able(ctx: Context, case: Case, step: StepRow) -> dict[int, str]:
    """Return who can act on the step today, by person: the name."""
    there = eligible.holders(ctx.conn, replace(eligible.facts(ctx.conn, step.id), step=step), ctx.today)
    absent = away(ctx.conn, [each.person for each in there], ctx.today)
    asked = task(ctx, case, step)
    found: dict[int, str] = {}
    for each in there:
        post = answer(each.person, each.assignments, asked, ctx.book.exclusions, each.standing)
        if not isinstance(post, Refused) and each.person not in absent:
            found[each.person] = each.name
    return found
