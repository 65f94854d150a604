"""What a card costs, or gives back, as its case moves on. Rows are only added; their sum is what it costs now."""

from __future__ import annotations

from engine.commands.settling import Settling
from engine.db import cards
from engine.db.record import Entry
from engine.model import Event
from engine.rules.cards import DOWNGRADED, EFFECTIVE, ITEM, RESCINDED, points

REASONS = {EFFECTIVE: "issued", DOWNGRADED: "downgraded", RESCINDED: "rescinded"}  # the last one reached counts


def keep_score(now: Settling) -> None:
    """Add the difference that the marks reached in this move make to what a card costs, from their day on."""
    reached = [mark for mark in REASONS if mark in now.marks and mark not in now.case.marks]
    card = cards.of_case(now.ctx.conn, now.case.id) if reached and now.case.item == ITEM else None
    if card is None:
        return
    before = sum(row.points for row in cards.scores(now.ctx.conn, card.id))
    difference = points(card.level, now.marks, now.ctx.book.cards) - before
    if not difference:
        return
    reason, on = REASONS[reached[-1]], now.marks[reached[-1]]
    cards.score(now.ctx.conn, card, difference, reason, on)
    facts = {
        "points": difference,
        "organ": now.case.head.org,  # a card's case lies where the office is that got it
        "post": card.post,
        "reason": reason,
    }
    now.change.trace(Entry(type=Event.CARD_SCORED, facts=facts, by_actor=False))
