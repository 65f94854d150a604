"""A row of the rule book: how long the law allows, from which mark to which, what halts and what prolongs it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model import Unit


class Direction(StrEnum):
    WITHIN = "within"  # must be done by the end of the last day
    AT_LEAST = "at_least"  # this many days must pass: a sale period, a public notice
    BEFORE = "before"  # at the latest so many days before the day it counts from


class Effect(StrEnum):
    """What the law makes of silence. There is no deemed grant: no statute read for this system knows one."""

    NONE = "none"
    CARD_ONLY = "card_only"
    DEEMED_ACCEPTANCE = "deemed_acceptance"
    DEEMED_RENEWAL = "deemed_renewal"
    DEEMED_CONSENT = "deemed_consent"
    LAPSE = "lapse"


class EffectFrom(StrEnum):
    """The day from which the effect holds, whenever it is recorded."""

    START = "start"  # back-dated to the day the limit counts from
    LAST_DAY = "last_day"
    NEXT_DAY = "next_day"  # its 00:00, the end of the last day


@dataclass(frozen=True, kw_only=True)
class Extension:
    """By how much, in the rule's unit, a limit may be prolonged, how often, and by whom.

    `post`: code of the post that approves; empty: the authority that `approver` describes, outside the posts.
    `before_expiry`: too late once the last day has passed. `reason`: must be given and told to the party.
    Who asks does not approve (SOD-18).
    """

    amount: int
    approver: str
    approver_en: str
    post: str = ""
    times: int = 1
    before_expiry: bool = True
    reason: bool = True


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A time limit of the law. An item names verified rules only; `evidence` is the evidence mark of DOMAIN.md.

    `start` and `until`: the marks between which it runs; direction before counts back from `start`, and `until` must
    be reached in time. `stops`: kinds of stops that halt it. `note` tells what the figures do not.
    """

    id: str
    name: str
    name_en: str
    unit: Unit
    amount: int
    direction: Direction
    start: str
    until: str
    stops: tuple[str, ...]
    extension: Extension | None
    effect: Effect
    effect_from: EffectFrom
    basis: str
    basis_en: str
    verified: bool
    evidence: str = ""
    note: str = ""
    note_en: str = ""
