"""What would make every way possible: the fewest additions that do."""

from __future__ import annotations

from collections.abc import Iterator

from engine.staffing.absences import acting
from engine.staffing.encoding import NOBODY, TOGETHER, Encoding

SHOWN = 5
Question = tuple[int, frozenset[int]]  # a way, and who is away too
Labels = tuple[str, ...]


def mending(encoding: Encoding, *, surviving: bool = False) -> tuple[Labels, ...]:
    """Return the smallest sets of additions that make every way possible: the first `SHOWN` of them, in order.

    `surviving`: possible without any one person too. One empty set if nothing has to be added; nothing at all if more
    than `TOGETHER` additions are needed, or none help.
    """
    hard: list[Question] = []
    for size in range(min(TOGETHER, len(encoding.labels)) + 1):
        found: list[Labels] = []
        for chosen in _promising(encoding, hard, size):
            failing = _failing(encoding, chosen, surviving)
            if failing is None:
                found.append(chosen)
            else:
                hard.insert(0, failing)
            if len(found) == SHOWN:
                break
        if found:
            return tuple(found)
    return ()


def _promising(
    encoding: Encoding, hard: list[Question], size: int, chosen: Labels = (), start: int = 0
) -> Iterator[Labels]:
    """Yield in order the sets of `size` labels, those chosen and some from `start` on, that no hard question refutes.

    No set is begun for which a hard question would fail whatever is added later. Questions may be added meanwhile.
    """
    later = frozenset(encoding.labels[start:])
    for way, away in hard:
        if encoding.ask(way, away=away, labels=chosen, perhaps=later, most=size) is None:
            return
    if len(chosen) == size:
        yield chosen
        return
    for n in range(start, len(encoding.labels) - (size - len(chosen)) + 1):
        yield from _promising(encoding, hard, size, (*chosen, encoding.labels[n]), n + 1)


def _failing(encoding: Encoding, chosen: Labels, surviving: bool) -> Question | None:
    """Return the first question to which these additions are no answer. Who is not in a roster need not be asked about.

    Why that is so: `absences.breaks_without`.
    """
    for way in range(len(encoding.ways)):
        roster = encoding.ask(way, labels=chosen)
        if roster is None:
            return way, NOBODY
        for person in sorted(acting(roster)) if surviving else ():
            away = frozenset({person})
            if encoding.ask(way, away=away, labels=chosen) is None:
                return way, away
    return None
