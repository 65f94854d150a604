"""A way through a flow, as far as those who do its steps are concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Run:
    """The steps that are done on one way from its beginning to an end.

    `steps`: paths of user tasks, each once however often it is done, in an order in which they can be done first.
    `before`: of each step the others whose completion may be the last before it opens, whenever it opens; none for what
    opens as the run begins. `outcomes`: of each step those with which this way is gone, none for one that is only sent
    back. `end`: id of the end event that the run ends in, empty where there are several.
    """

    steps: tuple[str, ...]
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    end: str = ""
