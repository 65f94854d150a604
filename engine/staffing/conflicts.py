"""Why a way cannot be staffed: a smallest part of its reasons that cannot all be kept."""

from __future__ import annotations

from collections.abc import Sequence

from engine.staffing.encoding import Encoding
from engine.staffing.instance import Conflict, Why


def conflict(encoding: Encoding, way: int) -> Conflict:
    """Return reasons of a way that has no roster of which none can be left out, in the order of the way.

    Two such parts are looked for, giving up the last reasons first, and the first; the smaller is taken. Each depends
    on nothing but which reasons can be kept together, so whatever was asked before, the answer is the same.
    """
    reasons = list(encoding.reasons[way])
    last, first = (_shrunk(encoding, way, order) for order in (reasons[::-1], reasons))
    found = min(last, first, key=len)
    return tuple(why for why in reasons if why in found)


def _shrunk(encoding: Encoding, way: int, order: Sequence[Why]) -> Sequence[Why]:
    """Give up, in this order, what can be given up while there is still no roster.

    What the solver did not need is given up without asking: what it needed is among the rest.
    """
    literals = encoding.reasons[way]
    if encoding.ask(way, order) is not None:
        raise ValueError("this way can be staffed: there is no conflict")
    kept, core = list(order), encoding.core()
    for why in order:
        rest = [one for one in kept if one != why]
        if core.isdisjoint(literals[why]):
            kept = rest
        elif encoding.ask(way, rest) is None:
            kept, core = rest, encoding.core()
    return kept
