"""What staffing answers: is each way possible, by whom, or why not; without whom is it not; what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from engine.staffing.absences import Absence, breaks_without
from engine.staffing.conflicts import conflicts
from engine.staffing.encoding import MORE, NOBODY, Additions, Encoding
from engine.staffing.instance import Conflict, Roster, Way
from engine.staffing.mending import Labels, mending


class Staffing:
    """Several ways, asked of one solver. `away`: who is away.

    The same question about the same ways has the same answer, whatever else was asked: rosters are found at the start,
    one way after the other, and everything else follows from what is possible and what is not.
    """

    def __init__(self, ways: Sequence[Way], away: frozenset[int] = NOBODY) -> None:
        self.ways, self.away = tuple(ways), away
        self._encoding = Encoding(self.ways, away)
        self._rosters = [self._encoding.ask(way) for way in range(len(self.ways))]

    @property
    def possible(self) -> bool:
        """Return whether every way can be staffed."""
        return None not in self._rosters

    @cached_property
    def answers(self) -> tuple[Roster | Conflict, ...]:
        """Return by way who takes its seats, of each step that has some; or the reasons that cannot all be kept."""
        why = conflicts(self._encoding, [way for way, roster in enumerate(self._rosters) if roster is None])
        return tuple(
            why[way] if roster is None else self._encoding.whole(way, roster)
            for way, roster in enumerate(self._rosters)
        )

    def breaks_without(self, most: int = MORE) -> tuple[Absence, ...]:
        """Return the smallest absences, of up to `most` persons (1 or 2), that make a possible way impossible."""
        return breaks_without(self._encoding, most)

    def mending(self, additions: Additions, *, surviving: bool = False) -> tuple[Labels, ...]:
        """Return the smallest sets of additions, by label, that make every way possible: up to five, of up to four.

        `surviving`: possible without any one person too. One empty set: nothing has to be added; none at all: nothing
        of that size helps. What bars somebody from a step bars him still if he is added to it.
        """
        return mending(Encoding(self.ways, self.away, additions), surviving=surviving)
