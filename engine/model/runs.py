"""A way through a flow, as far as those who do its steps are concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Run:
    """The steps that are done on one way from its beginning to an end, each loop once at most.

    `steps`: paths of user tasks, each once, in an order in which they can be done. `before`: of each step those whose
    completion may be the last before it opens; none for what opens as the run begins. `outcomes`: of each step those
    with which this way is gone. `end`: id of the end event that the run ends in, empty where there are several.
    """

    steps: tuple[str, ...]
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    end: str = ""
