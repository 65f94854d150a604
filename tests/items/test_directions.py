"""What must last, through the pages: it is refused, in words, on every day before its time is over."""

from __future__ import annotations

import pytest

from tests import county
from tests.items.people import on


@pytest.fixture
def sale(people):
    """Tender documents on sale since Wednesday 2026-03-04: five natural days end on Monday 2026-03-09."""
    case = people.file("tender_sale")
    with on("2026-03-04 09:00"):
        people.do("pu", case, "open_sale")
    return case


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-09"])  # the day after the beginning, and the last day
def test_a_sale_that_ends_too_early_is_refused_with_the_day_from_which_it_may_end(people, sale, day):
    with on(f"{day} 17:00"):
        said = people.refused("pu", sale, "close_sale")

        assert "最早 2026-03-10 才能办：“招标文件发售期”不得少于法定时间（T01）。" in said
        assert county.open_paths(sale) == ["close_sale"]
        assert "refused" in county.types(county.row(sale).number)


def test_a_sale_may_end_on_the_day_after_its_last_day(people, sale):
    with on("2026-03-10 08:30"):
        people.do("pu", sale, "close_sale")

        assert county.row(sale).result == "sold"


def test_the_page_says_how_long_it_must_last_and_how_much_is_left(people, sale):
    with on("2026-03-05 09:00"):
        assert "还差 4 / 不少于 5 日 期满 3月9日 周一" in people.case("pu", sale)


def test_what_must_last_has_no_lamp_and_no_overrun(people, sale):
    with on("2026-04-20 10:00"):
        assert "clock.overrun" not in [e["type"] for e in county.events(county.row(sale).number) if e["rule"] == "T01"]
