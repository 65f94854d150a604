"""An evaluation committee: drawn by lot, of five or more, odd, two thirds experts, without ties (SOD-13). No database.

Source: Tendering and Bidding Law art. 37; its implementing Regulation art. 46.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.rules.constraint import Constraint


class Fault(StrEnum):
    FEW = "few"  # fewer members than the rule asks for
    EVEN = "even"  # an even number
    EXPERTS = "experts"  # too small a share of experts
    SUPERVISOR = "supervisor"  # a member supervises the matter
    TIED = "tied"  # a member is tied to a bidder, or is one
    TWICE = "twice"  # one person stands twice
    NOT_DRAWN = "not_drawn"  # an expert was not among those drawn
    NO_RECORD = "no_record"  # nothing says when, by whom and from whom the lot was drawn


@dataclass(frozen=True, kw_only=True)
class Draw:
    """The record of a draw. `candidates`: among whom; `drawn`: in the order of the lot; `by`: who drew, two persons."""

    at: datetime
    candidates: tuple[int, ...]
    drawn: tuple[int, ...]
    by: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member. `posts`: codes of the posts that the person holds."""

    person: int
    expert: bool
    posts: Collection[str] = field(default_factory=tuple)


def faults(
    members: Sequence[Member], draw: Draw | None, tied: Collection[int], supervisors: Collection[str], rule: Constraint
) -> tuple[Fault, ...]:
    """Return what is wrong with a committee, empty when it may sit; all faults, not only the first.

    `tied`: who is tied to a bidder; `supervisors`: posts that supervise the matter; `rule`: SOD-13 with its figures.
    """
    experts = [member.person for member in members if member.expert]
    people = [member.person for member in members]
    told = {
        Fault.FEW: len(members) < rule.least,
        Fault.EVEN: len(members) % 2 == 0,
        Fault.EXPERTS: len(experts) * rule.share[1] < len(members) * rule.share[0],
        Fault.SUPERVISOR: any(set(member.posts) & set(supervisors) for member in members),
        Fault.TIED: bool(set(people) & set(tied)),
        Fault.TWICE: len(set(people)) != len(people),
        Fault.NOT_DRAWN: draw is not None and not set(experts) <= set(draw.drawn),
        Fault.NO_RECORD: draw is None or not _recorded(draw),
    }
    return tuple(fault for fault, is_so in told.items() if is_so)


def _recorded(draw: Draw) -> bool:
    """Return whether a record says that somebody was chosen by lot: drawn from more than were drawn, by two persons."""
    by_lot = set(draw.drawn) < set(draw.candidates)
    return by_lot and len(set(draw.drawn)) == len(draw.drawn) and len(set(draw.by)) > 1
