"""The board counts, filters, orders and pages in SQL, and never asks more often because there is more to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.db.read import board, choices
from engine.db.read.board import Filter
from engine.model import CaseState, Lamp
from tests.db import rows
from tests.db.rows import AT, TODAY

DAY = timedelta(days=1)


@pytest.fixture
def conn(database_url: str) -> Iterator[sa.Connection]:
    """Five cases: 1 green, 2 blue, 3 yellow (last day tomorrow), 4 red in a township, 5 closed."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows.county(connection)
        rows.item(connection, 2, "bath", 1, "公共场所卫生许可", "Public places")
        rows.a_case(connection, 1)
        rows.a_case(connection, 2, blue_on=TODAY)
        rows.a_case(connection, 3, blue_on=TODAY - DAY, yellow_on=TODAY, red_on=TODAY + 2 * DAY, due_on=TODAY + DAY)
        rows.a_case(
            connection, 4, organ=3, item="bath", definition=2, title="梦泉浴室", due_on=TODAY - DAY, red_on=TODAY
        )
        rows.a_case(connection, 5, state="closed", result="granted", closed_at=AT, red_on=None, due_on=None)
        yield connection


def numbers(conn: sa.Connection, wanted: Filter) -> list[int]:
    found = [row.id for row in board.rows(conn, wanted, TODAY)]
    assert board.listed(conn, wanted, TODAY) == len(found)
    return found


def test_the_lamp_turns_on_its_day_and_the_counts_add_up(conn):
    counted = board.counts(conn, Filter(), TODAY)

    assert (counted.total, counted.red, counted.yellow, counted.blue, counted.green) == (4, 1, 1, 1, 1)
    assert counted.soon == 1


FAULT = '{"at": "g", "since": "2026-10-12T01:00:00+00:00", "step": null, "verb": "complete", "why": "no way"}'


def test_a_case_in_fault_is_among_the_open_ones_with_its_lamp(conn):
    rows.a_case(conn, 6, state="fault", fault_json=FAULT, red_on=TODAY, due_on=TODAY - 2 * DAY)

    counted = board.counts(conn, Filter(), TODAY)
    found = next(row for row in board.rows(conn, Filter(), TODAY) if row.id == 6)

    assert (counted.total, counted.red, counted.fault) == (5, 2, 1)
    assert numbers(conn, Filter()) == [6, 4, 3, 1, 2]
    assert numbers(conn, Filter(state=CaseState.FAULT)) == [6]
    assert numbers(conn, Filter(state=CaseState.FAULT, lamp=Lamp.GREEN)) == []
    assert (found.lamp, found.state) == (Lamp.RED, CaseState.FAULT)
    assert found.fault is not None
    assert found.fault.place == "g"
    assert sum(bar.total for bar in board.bars(conn, TODAY)) == 5


def test_a_page_is_found_by_the_order_of_the_index_not_by_sorting_all(conn):
    explain = "explain query plan "
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("set local enable_seqscan = off"))
        explain = "explain "
    asked = []
    sa.event.listen(conn, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    board.rows(conn, Filter(), TODAY)
    (statement, values), *_ = asked

    plan = "\n".join(str(row) for row in conn.exec_driver_sql(explain + statement, values))

    assert plan.count("ix_case_board") == 2, plan  # one for open cases, one for faults
    assert "SCAN case_" not in plan
    assert "Seq Scan on case_" not in plan


def test_pages_of_both_states_join_without_gap_or_double(conn, monkeypatch):
    monkeypatch.setattr(board, "PAGE", 2)
    for key in (6, 7, 8):
        rows.a_case(conn, key, state="fault", fault_json=FAULT, red_on=TODAY + key * DAY)

    every = [row.id for page in (1, 2, 3, 4) for row in board.rows(conn, Filter(page=page), TODAY)]

    monkeypatch.setattr(board, "PAGE", 50)
    assert every == numbers(conn, Filter())
    assert len(every) == 7


def test_the_day_before_it_turns_a_case_is_not_red_yet(conn):
    assert board.counts(conn, Filter(), TODAY - DAY).red == 0


def test_the_most_urgent_case_comes_first_and_one_without_a_limit_last(conn):
    rows.a_case(conn, 6, blue_on=None, yellow_on=None, red_on=None, due_on=None)

    assert numbers(conn, Filter()) == [4, 3, 1, 2, 6]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(lamp=Lamp.RED), [4]),
        (Filter(lamp=Lamp.GREEN), [1]),
        (Filter(item="bath"), [4]),
        (Filter(organ=1), [4, 3, 1, 2]),  # the county: all that lies under it
        (Filter(organ=1, own=True), []),  # nothing was filed at the county itself
        (Filter(organ=2), [3, 1, 2]),
        (Filter(q="浴室"), [4]),
        (Filter(q="yl-000002"), [2]),
        (Filter(q="%"), []),  # a wildcard is a character
        (Filter(state=CaseState.CLOSED), [5]),
        (Filter(state=CaseState.CLOSED, lamp=Lamp.RED), [5]),  # a closed case has no lamp
        (Filter(state=CaseState.WITHDRAWN), []),
    ],
)
def test_filters_narrow_the_list(conn, wanted, expected):
    assert numbers(conn, wanted) == expected


def test_the_counts_above_the_list_ignore_its_lamp_but_not_its_organ(conn):
    counted = board.counts(conn, Filter(lamp=Lamp.RED, organ=2), TODAY)

    assert (counted.total, counted.red) == (3, 0)


def test_a_row_says_where_the_case_is_and_who_holds_it(conn):
    rows.a_step(conn, 3, "accept", closed_at=AT, outcome="done")
    rows.a_step(conn, 3, "review", claimed_by=2, claimed_at=AT, due_on=TODAY)
    rows.a_step(conn, 3, "decide")
    rows.a_clock(conn, 3, "statute", 20, date(2026, 11, 9))
    rows.a_clock(conn, 3, "promise", 5, date(2026, 10, 19), ended_on=TODAY)

    row = board.rows(conn, Filter(lamp=Lamp.YELLOW), TODAY)[0]

    assert [(step.path, step.holder and step.holder.name) for step in row.steps] == [
        ("review", "王景行"),
        ("decide", None),
    ]
    assert [clock.key for clock in row.clocks] == ["statute:L03"]
    assert (row.lamp, row.organ.name, row.item.name) == (Lamp.YELLOW, "县政务服务中心", "食品经营许可")


def test_a_closed_row_names_its_result_and_has_no_lamp(conn):
    row = board.rows(conn, Filter(state=CaseState.CLOSED), TODAY)[0]

    assert (row.result, row.lamp) == ("granted", None)


def test_pages_follow_each_other_without_gap_and_cost_the_same_number_of_statements(conn):
    asked: list[str] = []
    sa.event.listen(conn.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    board.rows(conn, Filter(), TODAY)
    few = len(asked)
    for key in range(100, 160):
        rows.a_case(conn, key, red_on=TODAY + 30 * DAY)
        rows.a_step(conn, key, "review")
    asked.clear()

    first = board.rows(conn, Filter(), TODAY)

    assert len(asked) == few == 4
    second = board.rows(conn, Filter(page=2), TODAY)
    assert len(first) == board.PAGE
    assert len({row.id for row in (*first, *second)}) == len(first) + len(second) == 64


def test_bars_count_open_cases_by_the_organ_they_were_filed_at(conn):
    bars = board.bars(conn, TODAY)

    assert [(bar.name.name, bar.total, bar.yellow, bar.red) for bar in bars] == [
        ("石门乡", 1, 0, 1),
        ("县政务服务中心", 3, 1, 0),
    ]


def test_refusals_are_counted_by_local_day(conn):
    refused = ("refused", "p1", {"verb": "claim", "error": "SamePerson", "subject": None, "why": ""})
    rows.events(conn, "2026-YL-000001", refused, ("step.claimed", "p1", {}))  # Monday 09:00 local

    assert board.refused_on(conn, date(2026, 10, 12)) == 1
    assert board.refused_on(conn, date(2026, 10, 13)) == 0


def test_every_event_changes_the_version(conn):
    before = board.version(conn)

    rows.events(conn, "2026-YL-000001", ("step.claimed", "p1", {}))

    assert board.version(conn) > before


def test_filters_offer_the_newest_name_of_an_item_and_no_windows(conn):
    rows.item(conn, 3, "food", 2, "食品经营许可（餐饮）", "Food licence (catering)")

    assert [choice.name.name for choice in choices.items(conn)] == ["公共场所卫生许可", "食品经营许可（餐饮）"]
    assert [(choice.name.name, choice.depth) for choice in choices.organs(conn)] == [
        ("云岭县", 0),
        ("县政务服务中心", 1),
        ("石门乡", 1),
    ]
