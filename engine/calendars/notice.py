"""A yearly notice of the State Council as a file: days off and make-up working days of one year, read strictly.

The form is that of the shipped calendar (README.md), with exactly one year in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.errors import Finding, Invalid

Days = Mapping[date, tuple[bool, str, str]]  # whether offices work, name of holiday or make-up day, notice
_TOP = {"what", "source", "years"}
_YEAR = {"notice", "days_off", "makeup_workdays"}
_SUMS = {"workdays_in_year", "days_off_on_weekdays"}  # follow from the others; where they stand they must agree
_LONGEST = 300  # characters of a name or address
_LARGEST = 1 << 20  # bytes of a file


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a notice says of its year. `sources`: addresses or numbers of the notices."""

    year: int
    sources: tuple[str, ...]
    days_off: Mapping[date, str]
    makeup_workdays: Mapping[date, str]


def days_of(notice: Notice) -> dict[date, tuple[bool, str, str]]:
    """Return every day of the year; other weekdays are working days, other Saturdays and Sundays off."""
    source, day = " ".join(notice.sources), date(notice.year, 1, 1)
    result: dict[date, tuple[bool, str, str]] = {}
    while day.year == notice.year:
        off, makeup = notice.days_off.get(day), notice.makeup_workdays.get(day)
        works = makeup is not None or (off is None and day.weekday() < 5)
        result[day] = (works, off or makeup or "", source)
        day += timedelta(1)
    return result


def read(data: bytes, file: str) -> Notice:
    """Read a notice of one year.

    Raises:
        Invalid: all that is wrong with it, each with its line.
    """
    return _Reader(data, file).notice()


class _Doubled(ValueError):
    """A key stands twice in one object; the argument is the key."""


@dataclass(frozen=True)
class _Reader:
    data: bytes
    file: str

    def notice(self) -> Notice:
        years = self._object(self._parsed(), "the file", _TOP, {"years"}).get("years")
        if not isinstance(years, dict) or len(years) != 1:
            raise self._wrong("years", "name exactly one year: a notice is adopted a year at a time")
        key, body = next(iter(years.items()))
        if not re.fullmatch(r"(19|20|21)\d\d", key, re.ASCII):
            raise self._wrong(key, f"'{key}' is no year like 2027")
        self._object(body, key, _YEAR | _SUMS, _YEAR)
        off, makeup = self._dates(body, "days_off", int(key)), self._dates(body, "makeup_workdays", int(key))
        if not off:
            raise self._wrong("days_off", "names no day off; a notice of a year without holidays is a mistake")
        for day in sorted(off.keys() & makeup.keys()):
            raise self._wrong(str(day), f"{day} is both a day off and a make-up working day")
        for day in sorted(makeup):
            if day.weekday() < 5:
                raise self._wrong(str(day), f"{day} is a weekday, so no make-up working day; leave it out")
        result = Notice(year=int(key), sources=self._sources(body["notice"]), days_off=off, makeup_workdays=makeup)
        self._agree(body, result)
        return result

    def _agree(self, body: Mapping[str, Any], notice: Notice) -> None:
        sums = {
            "workdays_in_year": sum(works for works, _, _ in days_of(notice).values()),
            "days_off_on_weekdays": [str(day) for day in sorted(notice.days_off) if day.weekday() < 5],
        }
        for name in sorted(sums.keys() & body.keys()):
            if body[name] != sums[name]:
                raise self._wrong(name, f"'{name}' does not agree with the days: they give {sums[name]}")

    def _parsed(self) -> Any:
        if len(self.data) > _LARGEST:
            raise self._at(1, "", f"is larger than {_LARGEST} bytes")
        try:
            return json.loads(self.data.decode(), object_pairs_hook=_unique)
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise self._at(line, "", "is not UTF-8; save it as UTF-8") from None
        except _Doubled as error:
            raise self._wrong(str(error), f"'{error}' stands here twice", last=True) from None
        except json.JSONDecodeError as error:
            raise self._at(error.lineno, "", f"is no JSON: {error.msg}") from None
        except (RecursionError, ValueError):
            raise self._at(1, "", "is no JSON that could be a notice") from None

    def _object(self, value: Any, where: str, known: set[str], needed: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(where, f"{where} must be an object")
        for key in value:
            if key not in known:
                raise self._wrong(key, f"'{key}' is not known here; known are {', '.join(sorted(known))}")
        for key in sorted(needed - value.keys()):
            raise self._wrong(where, f"'{key}' is missing in {where}")
        return value

    def _dates(self, body: Mapping[str, Any], field: str, year: int) -> dict[date, str]:
        if not isinstance(body[field], dict):
            raise self._wrong(field, f"'{field}' must be an object of days and names")
        found = {}
        for text, name in body[field].items():
            day = _date(text)
            if day is None:
                raise self._wrong(text, f"'{text}' is no day like {year}-01-01")
            if day.year != year:
                raise self._wrong(text, f"{text} lies outside the year {year}")
            found[day] = self._text(name, text, f"the name of {text}")
        return found

    def _sources(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise self._wrong("notice", "'notice' must be a list: the address or number of the notice")
        return tuple(self._text(each, "notice", "an entry of 'notice'") for each in value)

    def _text(self, value: Any, where: str, what: str) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST or not value.isprintable():
            raise self._wrong(where, f"{what} must be a text of 1 to {_LONGEST} characters in one line")
        return value

    def _wrong(self, where: str, message: str, last: bool = False) -> Invalid:
        text, quoted = self.data.decode(), json.dumps(where, ensure_ascii=False)
        place = text.rfind(quoted) if last else text.find(quoted)
        return self._at(text.count("\n", 0, max(place, 0)) + 1, where, message)

    def _at(self, line: int, where: str, message: str) -> Invalid:
        found = Finding(file=self.file, line=line, level="calendar", rule="notice", message=message, where=where)
        return Invalid(findings=(found,))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise _Doubled(key)
        result[key] = value
    return result


def _date(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
