"""What the tests of the rules share: the published calendar, and strategies for clocks."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from engine import calendars
from engine.model import Unit
from engine.rules.limits import Stop
from engine.rules.workdays import WorkCalendar

RULES = Path(__file__).parents[2] / "processes" / "_rules"
DATA = Path(__file__).parent / "data"
CHINA = WorkCalendar.of({day: works for day, (works, _, _) in calendars.days().items()})

days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
amounts = st.integers(0, 90)


@st.composite
def stops(draw: st.DrawFn, start: date) -> list[Stop]:
    spans = draw(st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 20)), max_size=3))
    return [Stop("hearing", start + timedelta(after), start + timedelta(after + longer)) for after, longer in spans]


@st.composite
def clocks(draw: st.DrawFn, units: tuple[Unit, ...] = tuple(Unit)) -> tuple[Unit, int, date, list[Stop]]:
    """A unit, an amount, a day of start and up to three stops that may overlap."""
    unit, start = draw(st.sampled_from(units)), draw(days)
    return unit, draw(st.integers(0, 8) if unit is Unit.MONTH else amounts), start, draw(stops(start))
