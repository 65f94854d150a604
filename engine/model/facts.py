"""People, what they did, and the clocks of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.model.kinds import SYSTEM, ActKind, ClockKind, OrganLevel, Unit


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A post held now. `organ` is the organ's id; `item` limits it to one item, `tier` to amounts, when set.

    `on_behalf`: whose post it is, when its registered stand-in acts because the holder is away (SOD-16); and the
    holder's pseudonym, for the trace. `pool`: it lies in the county pool, which takes steps that a small office lends.
    """

    id: int
    post: str
    organ: int
    organ_code: str
    organ_name: str
    level: OrganLevel
    parent: int | None
    item: str | None = None
    tier: str | None = None
    pool: bool = False
    on_behalf: int | None = None
    on_behalf_pseudonym: str | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: an officer, an applicant with a receipt, or the system (person SYSTEM). Posts are read by `begin`."""

    person: int
    account: int | None = None
    channel: str = "window"  # window | portal | worker | cli | seed


SYSTEM_ACTOR = Actor(person=SYSTEM, channel="worker")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of who wants to act, beside posts and acts; the defaults mean that nothing is known.

    `status`: official | temporary | trainee | helper. `certified`: holds a certificate of law enforcement. `recusal`:
    of this person in this case, "" | pending | upheld | tie; `tie`: the kind of tie that was found. `others`: the same
    of those whom the person may stand in for.
    """

    status: str = "official"
    certified: bool = False
    recusal: str = ""
    tie: str = ""
    others: Mapping[int, Standing] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a person did on a step of a case: the facts that separation compares.

    `organ`: by whose post, its id; `level`: that organ's, of a window the level of the organ above it.
    """

    person: int
    path: str
    kind: ActKind
    outcome: str | None
    at: datetime
    on_behalf: int | None = None
    step: int | None = None
    organ: int | None = None
    level: OrganLevel | None = None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A limit's run in a case, as stored. `key` is unique in the case: `statute:L03`, `promise:L03`, `step:<token>`."""

    key: str
    kind: ClockKind
    rule: str
    unit: Unit
    amount: int
    started_on: date
    due_on: date
    provisional: bool
    until: str = ""
    extended: int = 0
    direction: str = "within"  # engine/rules/rule.py
    step: int | None = None
    ended_on: date | None = None
    overrun_at: datetime | None = None
    id: int | None = None

    @property
    def within(self) -> bool:
        """Whether its last day may pass unheeded: only then are there lamps and overruns."""
        return self.direction == "within"
