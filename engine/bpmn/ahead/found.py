"""What may come of a case, as it is handed out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Move:
    """`path`: the step that is completed with `outcome`; both empty where an event happens or a timer fires.

    Of a step that is sent back `outcome` is empty. `to`: the place it leads to; `opens`: paths of the steps that it
    opens there, sorted, also where another instance of one is open already.
    """

    path: str
    outcome: str
    to: int
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """Places of a case that may come: 0 is now. By place: `open`: paths of open steps, sorted, each once; `moves`.

    `ended`: places where the case has ended; there is one at most.
    """

    open: tuple[tuple[str, ...], ...]
    moves: tuple[tuple[Move, ...], ...]
    ended: frozenset[int]
