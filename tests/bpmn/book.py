"""A small book of rules, of the shape of engine.rules.book."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.model import Unit
from engine.rules import book
from engine.rules.constraint import Constraint
from engine.rules.tiers import Tiers

REAL = book.load(Path(__file__).parents[2] / "processes" / "_rules")


@dataclass(frozen=True)
class Rule:
    id: str
    amount: int
    unit: Unit = Unit.WORKING_DAY
    verified: bool = True
    direction: str = "within"
    start: str = "received"
    until: str = "decided"
    effect: str = "card_only"


@dataclass(frozen=True)
class Post:
    code: str
    name: str


@dataclass(frozen=True)
class Book:
    limits: dict[str, Rule] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    constraints: dict[str, Constraint] = field(default_factory=dict)
    tiers: Tiers = field(default_factory=Tiers)


BOOK = Book(
    limits={
        rule.id: rule
        for rule in (
            Rule("L01", 5),
            Rule("L03", 20, start="accepted"),
            Rule("L09", 20, verified=False),
            Rule("L20", 2, Unit.MONTH),
            Rule("T05b", 3, Unit.CALENDAR_DAY, direction="at_least", start="posted", until="ended"),
            Rule("T03a", 15, Unit.CALENDAR_DAY, direction="before", start="closing", until="clarified"),
            Rule("I04", 15, start="consulted", until="opinion_given", effect="deemed_consent"),
            Rule("X05", 30, start="delivered", until="review_requested", effect="lapse"),
        )
    },
    posts={
        code: Post(code, name)
        for code, name in {"acceptance": "窗口受理岗", "reviewer": "审查岗", "decider": "决定岗"}.items()
    },
    constraints={"SOD-03": REAL.constraints["SOD-03"]},
)
