"""The published calendar of China, from the notices of the State Council. See README.md for origin and licence."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "china_2023_2026.json"


@cache
def days() -> dict[date, tuple[bool, str, str]]:
    """Return every day of the published years: whether offices work, name of holiday or make-up day, notice."""
    return published(_FILE)


def published(file: Path) -> dict[date, tuple[bool, str, str]]:
    """Return every day of the years in `file`; other weekdays are working days, other Saturdays and Sundays off."""
    years: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["years"]
    result: dict[date, tuple[bool, str, str]] = {}
    for year, notices in sorted(years.items()):
        notice = " ".join(notices["notice"])
        day = date(int(year), 1, 1)
        while day.year == int(year):
            off, makeup = notices["days_off"].get(str(day)), notices["makeup_workdays"].get(str(day))
            works = makeup is not None or (off is None and day.weekday() < 5)
            result[day] = (works, off or makeup or "", notice)
            day += timedelta(1)
    return result
