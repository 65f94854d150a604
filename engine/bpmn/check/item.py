"""The rules of level `item`, in order. Soundness by state space has its place after `reach`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.bpmn.check import clocks, effects, marks, names, outcomes, posts, reach, separations, vendors
from engine.bpmn.check.view import Found, View

FLOW_RULES: tuple[Callable[[View], Iterator[Found]], ...] = (
    *posts.RULES,
    *outcomes.RULES,
    *names.RULES,
    *marks.RULES,
    *effects.RULES,
    *separations.RULES,
    *reach.RULES,
    *clocks.RULES,
    *vendors.RULES,
)
