"""The only place that reads the time. `*_at` is an aware UTC instant, `*_on` a local date of Asia/Shanghai.

With SUNLIT_DEMO=1 the demo county's time is the real one plus the offset kept in `<data>/clock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.errors import ClockGoesForward
from engine.settings import settings

ZONE = ZoneInfo("Asia/Shanghai")
DEMO_START = datetime(2026, 9, 14, 9, 0, tzinfo=ZONE).astimezone(UTC)

_set: ContextVar[datetime | None] = ContextVar("sunlit_clock", default=None)


def now() -> datetime:
    """Return the present instant, UTC; inside `at(...)` the instant set there."""
    if (instant := _set.get()) is not None:
        return instant
    return real() + (_offset() if settings().demo else timedelta())


def real() -> datetime:
    """Return the machine's own instant, UTC: for heartbeats, never for law."""
    return datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Set the clock for this context: tests, and the replay of scenarios."""
    token = _set.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)


def local_date(instant: datetime) -> date:
    """Return the local date of an instant."""
    return instant.astimezone(ZONE).date()


def day_start(day: date) -> datetime:
    """Return 00:00 local time of `day`, as a UTC instant: the moment at which the day before has passed."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def start_demo(moment: datetime = DEMO_START) -> None:
    """Let the demo county's time be `moment` now, unless it was started before."""
    path = _path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(round((moment - real()).total_seconds())))


def advance(by: timedelta) -> datetime:
    """Move the demo clock forward and return the new instant.

    Raises:
        ClockGoesForward: `by` is negative, or this is not the demo county.
    """
    if by < timedelta() or not settings().demo:
        raise ClockGoesForward()
    new = round((_offset() + by).total_seconds())
    temporary = _path().with_suffix(".new")
    temporary.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_text(str(new))
    temporary.replace(_path())
    return now()


def _path() -> Path:
    return settings().data_dir / "clock"


def _offset() -> timedelta:
    try:
        return timedelta(seconds=int(_path().read_text()))
    except FileNotFoundError:
        return timedelta()
