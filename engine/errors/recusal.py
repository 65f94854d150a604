"""Recusal says no, or has been dealt with."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Refused, Stale


@dataclass(kw_only=True, eq=False)
class RecusalPending(Refused):
    """The head of the unit is deciding whether you must keep out of this case. Leave its steps to others till then."""


@dataclass(kw_only=True, eq=False)
class Recused(Refused):
    """It was decided that you keep out of this case; somebody else must handle it."""


@dataclass(kw_only=True, eq=False)
class TieFound(Refused):
    """You have a tie to the applicant or the agent ({kind}): leave the case to others, or ask the head to decide."""

    kind: str


@dataclass(kw_only=True, eq=False)
class NotInCase(Refused):
    """Recusal is asked by and about officers who have a part in this case, and by its applicant."""


@dataclass(kw_only=True, eq=False)
class NotDecider(Refused):
    """This recusal is decided by {who}, never by the officer or by who asked for it."""

    who: str


@dataclass(kw_only=True, eq=False)
class AlreadyRaised(Stale):
    """Whether this officer keeps out of the case has been asked already; see what is decided."""


@dataclass(kw_only=True, eq=False)
class VoteGiven(Refused):
    """You have voted on this recusal; a vote is not changed."""
