"""The ways of an item that no other covers, whoever its officers are: found once, then asked about on many days."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from engine.commands.staffing.advice import wide
from engine.commands.staffing.office import Asked, Office, Parts, Path
from engine.model import OrganLevel, Run
from engine.rules.book import Book
from engine.staffing.instance import Part, Seat

MOST = 500  # covers that are kept
Key = tuple[str, tuple[tuple[str, OrganLevel], ...], frozenset[str]]

_covers: dict[Key, tuple[Book, tuple[Asked, ...]]] = {}  # of the book that was in force when it was last asked


def cover(office: Office, runs: tuple[Run, ...], sha256: str) -> list[Path]:
    """Return ways of an office that are all possible only if every way is. `runs`: of the files with this SHA-256.

    What the rules ask of a way depends on the item, the book, the levels at which its steps are done, and where
    somebody stands in that day; and, where members decide together, on how many there are: there the ways are compared
    anew.
    """
    if any(step.collective for step in office.item.steps.values()):
        return wide(list(office.paths(runs)))
    key = sha256, tuple(office.levels.items()), office.stood
    book, asked = _covers.get(key, (None, ()))
    if book is not office.book:
        paths = office.along(office.asked(runs), _anybody(office))
        asked = tuple((path.run, path.tier) for path in wide(list(paths)))
        if len(_covers) >= MOST:
            _covers.clear()
        _covers[key] = office.book, asked
    return list(office.along(asked, office.parts))


def _anybody(office: Office) -> Parts:
    """Return parts that are alike only if they are whoever the officers are. Nobody stands in elsewhere than today."""
    numbers, stood = count(1), office.stood

    def parts(path: str, amount: int | None) -> dict[str, Part]:
        number = next(numbers)
        seat = Seat(number, number if path in stood else 0)
        return {step: replace(part, may=(seat,), barred={}) for step, part in office.parts(path, amount).items()}

    return parts
