"""A rule of office acts beside the steps says no: urging, copying, lending, correcting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.errors.base import Refused


@dataclass(kw_only=True, eq=False)
class UrgedToday(Refused):
    """You have urged this step today; the office has been told. You may urge again on {again_on}."""

    again_on: date


@dataclass(kw_only=True, eq=False)
class NoHand(Refused):
    """You have no hand in this case; this is for those who handle it, hold a post it waits for, or supervise it."""


@dataclass(kw_only=True, eq=False)
class MayNotSee(Refused):
    """{holder} may not be sent a copy: no post held there sees cases, or it is the own case."""

    holder: str


@dataclass(kw_only=True, eq=False)
class CopiedAlready(Refused):
    """{holder} has been sent a copy of this case already."""

    holder: str


@dataclass(kw_only=True, eq=False)
class NotNeeded(Refused):
    """{holder} can act on this step in its own office, so it is not lent to the county pool."""

    holder: str


@dataclass(kw_only=True, eq=False)
class NobodyInPool(Refused):
    """Nobody in the county pool may act on this step either. Ask the administrators for a holder of '{post}'."""

    post: str


@dataclass(kw_only=True, eq=False)
class NotCorrectable(Refused):
    """This cannot be corrected: {why}{more}."""

    why: str
    more: str = ""
