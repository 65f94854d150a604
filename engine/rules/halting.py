"""Which stops of a case halt which of its clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model import Clock, ClockKind
from engine.rules.limits import Stop
from engine.rules.rule import Rule


def halting(clock: Clock, stops: Sequence[Stop], rules: Mapping[str, Rule]) -> list[Stop]:
    """Return the stops that a clock's rule lists; a promise follows the statute that it shortens.

    Stops belong to the case (Administrative Licensing Law art. 45), so step clocks stand still in all of them.
    """
    if clock.kind is ClockKind.STEP:
        return list(stops)
    rule = rules.get(clock.key.partition(":")[2] if clock.kind is ClockKind.PROMISE else clock.rule)
    return [stop for stop in stops if rule is not None and stop.kind in rule.stops]
