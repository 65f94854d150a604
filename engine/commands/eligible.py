"""Who may act on a step, and why each other holder of its post may not: the answers that `claim` would give."""

from __future__ import annotations

from datetime import date

from engine.commands import cases
from engine.commands.permit import task_of
from engine.commands.staffing.lasting import leaving_nobody
from engine.db import store
from engine.db.context import Connection
from engine.db.read import eligible, pairs
from engine.db.read.eligible import Eligible, StepFacts
from engine.errors import Refused
from engine.model import ActKind
from engine.rules.book import Book
from engine.rules.cards import quarter_begins
from engine.rules.constraint import Check
from engine.rules.permission import answer


def officers(conn: Connection, step_id: int, today: date) -> tuple[Eligible, ...]:
    """Return everybody who holds the step's post there or stands in for a holder, with the refusal of who may not.

    Eighteen statements at most, however many they are; nine of them to find who would leave nobody for what comes later
    (staffing/lasting.py). Whether somebody else has claimed the step is not asked. `warning`: SOD-28 where whoever
    reviewed the case and this officer are together too often this quarter.

    Raises:
        NotFound: there is no such step.
    """
    of = eligible.facts(conn, step_id)
    book = store.book()
    item = cases.definition(conn, of.definition, of.sha256).program.item
    about = of.card.judged(item.steps[of.step.path].post) if of.card else of.complained
    asked = task_of(conn, of, item, of.step, book, about)
    often = _too_often(conn, of, book, today)
    holders = eligible.holders(conn, of, today)
    answers = {h.person: answer(h.person, h.assignments, asked, book.exclusions, h.standing) for h in holders}
    refused = {person: found for person, found in answers.items() if isinstance(found, Refused)}
    refused |= leaving_nobody(conn, step_id, answers.keys() - refused.keys())
    return tuple(
        Eligible(
            person=holder.person,
            name=holder.name,
            name_en=holder.name_en,
            refusal=refused.get(holder.person),
            warning=often.get(holder.person, ""),
        )
        for holder in holders
    )


def _too_often(conn: Connection, of: StepFacts, book: Book, today: date) -> dict[int, str]:
    """Return the constraint that warns of each person who does this step with the same reviewer too often.

    One statement, where the step is one that such a constraint is about, else none.
    """
    reviewers = {act.person for act in of.acts if act.kind is ActKind.COMPLETE}
    found: dict[int, str] = {}
    for rule in book.constraints.values():
        if Check.STATISTICS in rule.checks and rule.least and of.step.post in rule.others:
            common = pairs.pairs(conn, rule, quarter_begins(today), today, of.item)
            found |= {pair.other: rule.id for pair in common if pair.one in reviewers}
    return found
