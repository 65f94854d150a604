"""Who must not be away: the persons, and the pairs, without whom some way has no roster."""

from __future__ import annotations

from engine.staffing.encoding import MORE, NOBODY, Encoding
from engine.staffing.instance import Roster

Absence = tuple[int, ...]  # one person, or two in order


def breaks_without(encoding: Encoding, most: int = MORE) -> tuple[Absence, ...]:
    """Return the smallest absences of up to `most` persons, one or two, that make a way impossible that is possible.

    A pair is named only if neither of the two alone breaks a way. In order, persons before pairs.

    It is enough to ask about persons of the rosters that are found. A roster stays one while nobody is away whom it
    has act: nobody returns through an absence, so whoever stood in still may, and who may act in addition does not
    matter. So p alone can break a way only if its roster has p act. Of a pair that breaks a way one, say p, acts in
    its roster; without p the way has a roster, as p alone breaks none, and in that one q must act, or it would stand
    without both. Stand-ins who may act only because p is away are in that second roster. The persons of steps that
    have plenty are not asked about: these always find others.
    """
    if most not in (1, MORE):
        raise ValueError(f"absences of one person or of {MORE} can be asked about, not of {most}")
    rosters = [_Rosters(encoding, way) for way in range(len(encoding.ways))]
    possible = [known for known in rosters if known.without(NOBODY) is not None]
    alone: set[int] = set()
    for known in possible:
        alone |= {p for p in known.acting(NOBODY) - alone if known.without(frozenset({p})) is None}
    pairs: set[Absence] = set()
    for known in possible if most > 1 else ():
        for p in sorted(known.acting(NOBODY) - alone):
            for q in sorted(known.acting(frozenset({p})) - alone):
                pair = (min(p, q), max(p, q))
                if pair not in pairs and known.without(frozenset(pair)) is None:
                    pairs.add(pair)
    return (*((p,) for p in sorted(alone)), *sorted(pairs))


def acting(roster: Roster) -> frozenset[int]:
    """Return who takes these seats."""
    return frozenset(seat.person for seats in roster.values() for seat in seats)


class _Rosters:
    """The rosters of a way that are known, which are looked through before the solver is asked for another."""

    def __init__(self, encoding: Encoding, way: int) -> None:
        self._encoding, self._way = encoding, way
        self._known: list[tuple[frozenset[int], frozenset[int]]] = []  # who acts, who has to be away beside `away`

    def without(self, away: frozenset[int]) -> frozenset[int] | None:
        """Return who acts in a roster that stands while these are away too, or None: there is none."""
        for who, needed in self._known:
            if who.isdisjoint(away) and needed <= away:
                return who
        roster = self._encoding.ask(self._way, away=away)
        if roster is None:
            return None
        self._known.append((acting(roster), self._needed(roster)))
        return acting(roster)

    def acting(self, away: frozenset[int]) -> frozenset[int]:
        """Return who acts in a roster that stands while these are away too."""
        found = self.without(away)
        assert found is not None
        return found

    def _needed(self, roster: Roster) -> frozenset[int]:
        parts = self._encoding.ways[self._way].parts
        seats = (seat for step, seats in roster.items() for seat in seats if seat != parts[step].held)
        return frozenset(seat.behalf for seat in seats if seat.behalf) - self._encoding.away
