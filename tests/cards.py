"""A small county with cards: who issues, answers, reviews and judges them, and short words for what they do."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import cards as read
from engine.db import tables as t
from engine.db.cards import CardRow
from engine.db.store import begin, book, reading
from engine.rules.cards import ITEM
from engine.rules.rederiving import Derived, rederive
from engine.settings import ROOT, settings
from tests import county
from tests.county import Town
from tests.kept import kept

CAST = county.CAST | {
    "meng": ("monitor", "yl"),
    "gu": ("monitor", "yl"),
    "han": ("card_reviewer", "yl"),
    "shi": ("appeal_panel", "yl"),
    "wen": ("appeal_panel", "yl"),
    "all": ("monitor card_reviewer appeal_panel", "yl"),
    "lin": ("legal_reviewer card_reviewer", "yl"),
}
SCRIPT = tomllib.loads((ROOT / "processes" / ITEM / "scenarios.toml").read_text(encoding="utf-8"))
USUAL = {(usual["path"], usual["outcome"]): usual.get("form", {}) for usual in SCRIPT["usual"]}


@kept
def found() -> Town:
    """Found the county, deploy its item and the item of cards."""
    town = county.found(CAST)
    county.deploy(town, settings().processes / ITEM)
    return town


def do(town: Town, who: str, card: CardRow, path: str, outcome: str = "done", **form: Any) -> commands.Completed:
    """Claim a step of a card and complete it with a usual form; a field given as None is left out."""
    body = USUAL[path, outcome] | form
    filled = {name: value for name, value in body.items() if value is not None}
    return county.do(town, who, card.case_, path, outcome, filled)


def drafted(number: str | None = None) -> list[CardRow]:
    """Return the cards, all or those about a case, in the order in which they were drafted."""
    subject = t.case_.alias("subject")
    query = sa.select(t.card.c.id).outerjoin(subject, subject.c.id == t.card.c.subject_case).order_by(t.card.c.id)
    with reading() as conn:
        ids = conn.scalars(query.where(subject.c.number == number) if number else query).all()
        return [card for each in ids if (card := read.by_id(conn, each))]


def only(number: str, key: str, level: str = "yellow") -> CardRow:
    """Return the card about a case with this key and level."""
    (card,) = [card for card in drafted(number) if (card.key, card.level) == (key, level)]
    return card


def again(card: CardRow) -> CardRow:
    """Return a card as it is now."""
    return next(each for each in drafted() if each.id == card.id)


def told(cards: list[CardRow]) -> list[tuple[str, str, str, str]]:
    """Return level, cause, step and legal date of cards, by date."""
    return sorted((card.on.isoformat(), card.level.value, card.cause.value, card.path or "") for card in cards)


def scores(card: CardRow) -> list[tuple[int, str, str]]:
    """Return points, reason and date of what a card cost and gave back."""
    with reading() as conn:
        return [(row.points, row.reason, row.on.isoformat()) for row in read.scores(conn, card.id)]


def issue(town: Town, who: str, case: int, **more: Any) -> CardRow:
    """Issue a card by hand."""
    given: dict[str, Any] = {"level": "red", "post": "decider", "reason": "未经复核即作出决定。"} | more
    with reading() as conn:
        organ = given.pop("organ", conn.scalar(sa.select(t.organ.c.id).where(t.organ.c.code == "yl")))
    with begin(town.people[who]) as ctx:
        issued = commands.issue_card(ctx, case, organ=organ, **given)
    return next(card for card in drafted() if card.case_ == issued.case)


def chains() -> Mapping[str, list[dict[str, Any]]]:
    """Return the events of all chains, as an export holds them."""
    found: dict[str, list[dict[str, Any]]] = {}
    with reading() as conn:
        for chain, body in conn.execute(sa.select(t.event.c.case_, t.event.c.body).order_by(t.event.c.id)):
            found.setdefault(chain, []).append(json.loads(body))
    return found


def rederived() -> set[Derived]:
    """Return the cards that the trace calls for."""
    return set(rederive(chains(), book().cards))


def in_database() -> set[Derived]:
    """Return the cards there are, as `rederived` tells them."""
    with reading() as conn:
        numbers = {row.id: row.number for row in conn.execute(sa.select(t.case_.c.id, t.case_.c.number))}
    return {
        Derived(
            card.on,
            "" if card.key.startswith("quarter:") else numbers[card.subject_case or 0],
            card.key,
            card.level,
            card.cause,
        )
        for card in drafted()
    }


def assert_intact() -> None:
    with reading() as conn:
        assert [fault.text("en") for fault in commands.check(conn).faults] == []
