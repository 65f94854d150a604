"""A rule of time says no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.errors.base import Refused


@dataclass(kw_only=True, eq=False)
class TooEarly(Refused):
    """This is possible from {from_on} on: '{rule}' must have run at least so long."""

    rule: str
    from_on: date


@dataclass(kw_only=True, eq=False)
class NoticeTooLate(Refused):
    """'{rule}' asks for this by {latest}. Choose a later day."""

    rule: str
    latest: date


@dataclass(kw_only=True, eq=False)
class StopNotAllowed(Refused):
    """'{kind}' stops no clock that runs in this case; the law knows: {possible}."""

    kind: str
    possible: str


@dataclass(kw_only=True, eq=False)
class AlreadyStopped(Refused):
    """The clock stands still already, until {to_on}."""

    to_on: date


@dataclass(kw_only=True, eq=False)
class NotApproved(Refused):
    """Nobody has approved what was asked for in '{step}'. Another person must do that first."""

    step: str


@dataclass(kw_only=True, eq=False)
class NotExtendable(Refused):
    """'{rule}' cannot be extended in this case: {why}."""

    rule: str
    why: str


@dataclass(kw_only=True, eq=False)
class TooLateToExtend(Refused):
    """'{rule}' ended on {due_on}; it could be extended only before."""

    rule: str
    due_on: date


@dataclass(kw_only=True, eq=False)
class OneCorrection(Refused):
    """The one notice of what to supplement was given on {on}; another may only name defects of what came since."""

    on: date


@dataclass(kw_only=True, eq=False)
class OwnUnit(Refused):
    """The card is about you or your unit; somebody else must do this."""
