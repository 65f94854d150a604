"""What has to be staffed: the parts of a way through a flow, who could take each, and what the rules ask of them.

Everybody is a natural person. Nothing here knows posts, flows or the database: who could take a part for himself was
asked of engine/rules/permission.py before, and what one taking means for another stands in the demands below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Seat:
    """Who takes a part: `person`; `behalf`: for whom, where he stands in, which he does only while that one is away.

    Nobody takes a part while he is away himself.
    """

    person: int
    behalf: int = 0

    @property
    def people(self) -> frozenset[int]:
        """Return whom this counts as: a stand-in is bound as both (SOD-16)."""
        return frozenset((self.person, self.behalf) if self.behalf else (self.person,))


@dataclass(frozen=True, kw_only=True)
class Part:
    """A step of a way. `seats`: how many different persons act on it, none of them twice, nor one and his stand-in.

    `may`: who could. `barred`: who holds the post and may not whatever others do, each with the id of the rule.
    `done`: who has acted on it already, in that order; what they did binds others like any act, whether or not there
    are seats left. `held`: who has claimed it; one of the seats is his, also when he claimed it for somebody who has
    come back, but not while he is away: then others may take it over.
    """

    step: str
    seats: int = 1
    may: tuple[Seat, ...] = ()
    barred: Mapping[Seat, str] = field(default_factory=dict)
    done: tuple[Seat, ...] = ()
    held: Seat | None = None


@dataclass(frozen=True)
class Apart:
    """No two of these steps are done by people who meet: one person, or one and whom he stands in for."""

    rule: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Bound:
    """All who act on `step` meet the one who completed `before`, the bound step that was done last before it.

    Of several who act on `before`, any may be the one who completes it; of those who have acted, the last one did.
    """

    rule: str
    before: str
    step: str


@dataclass(frozen=True)
class Least:
    """At least so many different persons act on these steps; who stands in for somebody is one person with him.

    Persons that are linked so, over however many steps, are one.
    """

    rule: str
    steps: tuple[str, ...]
    persons: int


@dataclass(frozen=True)
class Next:
    """Who completed the step before as a stand-in does not take a seat of `step` himself (SOD-16).

    Of several steps that open it together any may be the last, and of several who act on one, any may be: it is enough
    that one of them all did so for himself, or is not the person who acts on `step`.
    """

    rule: str
    before: tuple[str, ...]
    step: str


Demand = Apart | Bound | Least | Next


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way through a flow: its parts by step, in an order in which they can be done, and what is asked of them.

    What is done is done: a demand asks nothing of acts that all lie behind, nor of steps that the way does not have.
    Each demand is asked by itself.
    """

    parts: Mapping[str, Part]
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Why:
    """A reason that no roster has: that a step be staffed at all, or that a demand or a bar on a step be kept.

    `rule`: the id of the constraint, empty for the step itself. `steps`: the step; of a demand the steps it concerns
    here (of an Apart always two).
    """

    steps: tuple[str, ...]
    rule: str = ""


Roster = Mapping[str, tuple[Seat, ...]]  # step -> who takes its seats
Conflict = tuple[Why, ...]  # minimal: without any one of them there is a roster
