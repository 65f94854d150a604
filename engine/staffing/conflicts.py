"""Why a way cannot be staffed: a smallest part of its reasons that cannot all be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.staffing.encoding import Encoding
from engine.staffing.instance import Conflict, Why


def conflicts(encoding: Encoding, ways: Sequence[int]) -> Mapping[int, Conflict]:
    """Return, of each of these ways, which have no roster, reasons of which none can be left out, in its order.

    What explains one way explains the next that has the same reasons, so that many ways are told by few conflicts. Else
    two are looked for, giving up the last reasons first, and the first; the smaller is taken. Each depends on nothing
    but which reasons can be kept together, so whatever was asked before, the answers are the same.
    """
    found: dict[int, Conflict] = {}
    for way in ways:
        reasons = encoding.reasons[way]
        known = (n for n, why in found.items() if all(reasons.get(w) == encoding.reasons[n][w] for w in why))
        same = min(known, key=lambda n: len(found[n]), default=None)
        found[way] = _smaller(encoding, way) if same is None else tuple(w for w in reasons if w in found[same])
    return found


def _smaller(encoding: Encoding, way: int) -> Conflict:
    reasons = list(encoding.reasons[way])
    found = min((_shrunk(encoding, way, order) for order in (reasons[::-1], reasons)), key=len)
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
