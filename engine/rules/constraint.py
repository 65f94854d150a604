"""The constraints of separation as data: each with the way in which it is checked, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Check(StrEnum):
    """How a constraint is checked. Every constraint has one or more of these; nothing else decides."""

    EXCLUSION = "exclusion"  # posts that one person does not hold together; at grant, and at each act
    DISTINCT = "distinct"  # steps of one case by different persons
    BIND = "bind"  # steps of one case by one person
    CARDINALITY = "cardinality"  # at least so many different persons in a case, by its risk
    RECUSAL = "recusal"  # who is a party, is tied to one, or is judged by the case keeps out
    TIER = "tier"  # the post reaches the amount
    LEVEL = "level"  # steps of one case at different levels of government, and by different persons
    REQUESTER = "requester"  # who asks does not approve
    SEVERAL = "several"  # one act of several persons
    STATISTICS = "statistics"  # a warning, counted over many cases
    STATUS = "status"  # some statuses exclude some powers; at grant, and at each act
    WRITING = "writing"  # a post is granted by a paper only
    STAND_IN = "stand_in"  # who stands in counts as both persons
    BLIND = "blind"  # its posts open no case content
    HAND_OVER = "hand_over"  # a step goes to somebody eligible, checked again on completion


AT_GRANT = (Check.EXCLUSION, Check.STATUS, Check.WRITING, Check.BLIND)
SEPARATES = (Check.DISTINCT, Check.REQUESTER, Check.LEVEL)  # the checks by which sun:separate keeps persons apart


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """A constraint. `kind`: C refuses, W warns. The figures belong to its checks; which, says `FIGURES`.

    `persons`: least number by risk. `of`: the constraints whose steps it counts. `share`: (2, 3) of several, per cent
    in statistics as (n, 100). `on_the_spot`: posts whose steps one person may do in an on-the-spot item, by risk.
    `posts`, `others`: which posts it is about; in statistics the two sides that are compared. `months`: how long back.
    `one_post`: two persons of one post may be kept apart by it, and their steps lie in one lane.
    """

    id: str
    name: str
    name_en: str
    basis: str
    basis_en: str
    kind: str = "C"
    checks: tuple[Check, ...] = ()
    persons: Mapping[str, int] = field(default_factory=dict)
    of: tuple[str, ...] = ()
    least: int = 0
    share: tuple[int, int] = (0, 1)
    months: int = 0
    posts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    on_the_spot: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    one_post: bool = False

    @property
    def scope(self) -> str:
        """When it is checked: static (at grant), case, statistics, or several of them."""
        found = ["static" if c in AT_GRANT else "statistics" if c is Check.STATISTICS else "case" for c in self.checks]
        return " ".join(dict.fromkeys(found))


# Which figures a check takes; all of them are asked for unless they stand in brackets.
FIGURES: Mapping[Check, tuple[str, ...]] = {
    Check.DISTINCT: ("(on_the_spot)", "(one_post)"),
    Check.CARDINALITY: ("persons", "of"),
    Check.SEVERAL: ("(least)", "(share)"),
    Check.STATISTICS: ("(share)", "(least)", "months", "posts", "(others)"),
    Check.STATUS: ("statuses", "powers"),
    Check.WRITING: ("powers", "posts"),
    Check.STAND_IN: ("posts",),
}
