"""The published calendar of China, from the notices of the State Council. See README.md for origin and licence."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from engine.calendars.notice import Notice, days_of

_FILE = Path(__file__).parent / "china_2023_2026.json"


@cache
def days() -> dict[date, tuple[bool, str, str]]:
    """Return every day of the published years: whether offices work, name of holiday or make-up day, notice."""
    return published(_FILE)


def published(file: Path) -> dict[date, tuple[bool, str, str]]:
    """Return every day of the years in `file`; other weekdays are working days, other Saturdays and Sundays off."""
    years: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["years"]
    result: dict[date, tuple[bool, str, str]] = {}
    for year, said in sorted(years.items()):
        result |= days_of(
            Notice(
                year=int(year),
                sources=tuple(said["notice"]),
                days_off={date.fromisoformat(day): name for day, name in said["days_off"].items()},
                makeup_workdays={date.fromisoformat(day): name for day, name in said["makeup_workdays"].items()},
            )
        )
    return result
