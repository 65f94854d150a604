"""A small book of rules, of the shape of engine.rules.book."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model import Unit


@dataclass(frozen=True)
class Rule:
    amount: int
    unit: Unit = Unit.WORKING_DAY
    verified: bool = True
    direction: str = "within"


@dataclass(frozen=True)
class Post:
    code: str
    name: str


@dataclass(frozen=True)
class Book:
    limits: dict[str, Rule] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    constraints: dict[str, object] = field(default_factory=dict)


BOOK = Book(
    limits={"L01": Rule(5), "L03": Rule(20), "L09": Rule(20, verified=False), "L20": Rule(2, Unit.MONTH)},
    posts={
        code: Post(code, name)
        for code, name in {"acceptance": "窗口受理岗", "reviewer": "审查岗", "decider": "决定岗"}.items()
    },
    constraints={"SOD-03": None},
)
