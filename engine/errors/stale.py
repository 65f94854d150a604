"""Somebody was faster, or something is not ready yet."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Stale


@dataclass(kw_only=True, eq=False)
class AlreadyClaimed(Stale):
    """{holder} has claimed this step already."""

    holder: str


@dataclass(kw_only=True, eq=False)
class StepClosed(Stale):
    """This step has been done already."""


@dataclass(kw_only=True, eq=False)
class CaseClosed(Stale):
    """This case is closed."""


@dataclass(kw_only=True, eq=False)
class CaseInFault(Stale):
    """The flow of this case could not go on. The flow manager can repair it; until then nobody can act on its steps."""


@dataclass(kw_only=True, eq=False)
class NotInFault(Stale):
    """This case needs no repair, or it has changed since the repair was proposed. Look at the case again."""


@dataclass(kw_only=True, eq=False)
class TimeFirst(Stale):
    """A time limit ran out before this and takes effect first. Nothing was saved; look again in a moment."""


@dataclass(kw_only=True, eq=False)
class NotRendered(Stale):
    """The document {number} is still being made. Try again in a moment."""

    number: str


@dataclass(kw_only=True, eq=False)
class NotWaiting(Stale):
    """The case does not wait for '{name}', or not any more. Look at the case again."""

    name: str


@dataclass(kw_only=True, eq=False)
class CaseMoved(Stale):
    """The case was changed by somebody else at the same moment. Nothing was saved; look again."""


@dataclass(kw_only=True, eq=False)
class AlreadyFiled(Stale):
    """This draft has been filed already."""


@dataclass(kw_only=True, eq=False)
class AlreadyDecided(Stale):
    """This proposal has been decided already."""
