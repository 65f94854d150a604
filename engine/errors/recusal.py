"""Somebody must keep out of a case, or it is not decided yet."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Refused


@dataclass(kw_only=True, eq=False)
class RecusalPending(Refused):
    """Whether you must keep out of this case is not decided yet; until then you may not act in it."""


@dataclass(kw_only=True, eq=False)
class Recused(Refused):
    """It was decided that you keep out of this case; somebody else must handle it."""


@dataclass(kw_only=True, eq=False)
class TieFound(Refused):
    """Something ties you to a party of this case ({kind}). Ask for a decision on your recusal, or leave it."""

    kind: str
