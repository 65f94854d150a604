"""Working days of the PRC: the published calendar, and the rule that stands in for it beyond. No clock, no database.

A calendar counts with ranks (how many working days there are up to a day): each question is a binary search or two.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
_CYCLE = 146_097  # days of 400 years: 20,871 whole weeks, so weekdays and dates repeat
_CYCLE_FIXED = tuple(
    day
    for year in range(1, 401)
    for month, number in _FIXED
    if (day := date(year, month, number).toordinal()) % 7 in range(1, 6)
)
_LAST = date.max.toordinal()


@dataclass(frozen=True)
class WorkCalendar:
    """Published days, and beyond them the rule: Saturdays, Sundays, 1 Jan, 1-2 May and 1-3 Oct are off.

    `published_from` and `published_to` bound the days that are known without a gap. Answers that need another day
    are provisional: the yearly notice of the State Council may turn a Saturday into a working day, and the reverse.
    The rule holds only days whose date does not depend on the lunar calendar.
    """

    published_from: date
    published_to: date
    _from: int
    _to: int
    _before: int  # working days by the rule before `_from`
    _working: tuple[int, ...]  # ordinals of the working days in `_from` .. `_to`

    @staticmethod
    def of(days: Mapping[date, bool]) -> WorkCalendar:
        """Return the calendar in which `days` says of each published day whether it is a working day.

        A day missing between two published ones follows the rule, and all after it is provisional.
        """
        if not days:
            return WorkCalendar(date.min, date.min, 1, 0, 0, ())
        known = {day.toordinal(): works for day, works in days.items()}
        first, last = min(known), max(known)
        gap = next((day for day in range(first, last + 1) if day not in known), last + 1)
        working = tuple(day for day in range(first, last + 1) if known.get(day, _is_regular(day)))
        return WorkCalendar(
            date.fromordinal(first), date.fromordinal(gap - 1), first, last, _regular(first - 1), working
        )

    def is_working(self, day: date) -> bool:
        """Return whether offices work on `day`."""
        ordinal = day.toordinal()
        return self._rank(ordinal) > self._rank(ordinal - 1)

    def is_provisional(self, day: date) -> bool:
        """Return whether what is said of `day` is a guess by the rule, not the published calendar."""
        return not self.published_from <= day <= self.published_to

    def add(self, start: date, n: int) -> date:
        """Return the n-th working day after `start`; `start` for 0; the n-th before `start` for a negative n."""
        if n == 0:
            return start
        ordinal = start.toordinal()
        rank = self._rank(ordinal) + n if n > 0 else self._rank(ordinal - 1) + n + 1
        return date.fromordinal(self._select(rank))

    def count(self, after: date, to: date) -> int:
        """Return the number of working days d with `after` < d <= `to`; negative when `to` lies before `after`."""
        return self._rank(to.toordinal()) - self._rank(after.toordinal())

    def next_working(self, day: date) -> date:
        """Return `day` if offices work on it, else the next day on which they do."""
        return self.add(day - timedelta(1), 1)

    def _rank(self, ordinal: int) -> int:
        """Return the number of working days up to and including `ordinal`, counted from the year 1."""
        if ordinal < self._from:
            return _regular(ordinal)
        rank = self._before + bisect_right(self._working, ordinal)
        return rank if ordinal <= self._to else rank + _regular(ordinal) - _regular(self._to)

    def _select(self, rank: int) -> int:
        """Return the ordinal of the working day of that rank.

        Raises:
            OverflowError: it lies outside the years 1 to 9999.
        """
        place = rank - self._before - 1
        if 0 <= place < len(self._working):
            return self._working[place]
        ordinal = bisect_left(range(_LAST + 1), rank, key=self._rank)
        if not 1 <= ordinal <= _LAST:
            raise OverflowError("date value out of range")
        return ordinal


def _regular(ordinal: int) -> int:
    """Return the number of days up to and including `ordinal` that the rule calls working days."""
    cycle, rest = divmod(ordinal, _CYCLE)
    weekdays = ordinal // 7 * 5 + min(ordinal % 7, 5)
    return weekdays - cycle * len(_CYCLE_FIXED) - bisect_right(_CYCLE_FIXED, rest)


def _is_regular(ordinal: int) -> bool:
    return _regular(ordinal) > _regular(ordinal - 1)
