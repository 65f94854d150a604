"""The auditor finds events, and a chain that was bent is found broken at the exact place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.db.read import audit
from engine.db.read.audit import Filter
from engine.model import Event
from engine.rules import trace
from tests.db import rows
from tests.db.rows import AT

ONE, TWO = "2026-YL-000001", "2026-YL-000002"
REFUSED = {"verb": "claim", "error": "SamePerson", "subject": "review", "why": "no"}


@pytest.fixture
def conn(database_url: str) -> Iterator[sa.Connection]:
    """Case 1 with four events on Monday, case 2 with one on Tuesday."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows.county(connection)
        rows.a_case(connection, 1, title="罗小平的火锅店")
        rows.a_case(connection, 2)
        rows.events(
            connection,
            ONE,
            ("case.filed", "p1", {"item": "food"}),
            ("clock.overrun", None, {"key": "statute:L03", "overrun_on": "2026-10-12"}),
            ("refused", "p1", REFUSED),
            ("step.claimed", "p2", {}),
        )
        rows.events(connection, TWO, ("case.withdrawn", "p9", {"channel": "portal"}), at=AT + timedelta(days=1))
        yield connection


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), [(TWO, 1), (ONE, 4), (ONE, 3), (ONE, 2), (ONE, 1)]),
        (Filter(case="000002"), [(TWO, 1)]),
        (Filter(title="火锅"), [(ONE, 4), (ONE, 3), (ONE, 2), (ONE, 1)]),
        (Filter(officer="李秋"), [(ONE, 3), (ONE, 1)]),
        (Filter(officer="YL002"), [(ONE, 4)]),
        (Filter(officer="wang"), [(ONE, 4)]),
        (Filter(officer="罗小平"), []),  # applicants are not found by name
        (Filter(type=Event.CASE_FILED), [(ONE, 1)]),
        (Filter(refused=True), [(ONE, 3)]),
        (Filter(from_on=date(2026, 10, 13)), [(TWO, 1)]),
        (Filter(to_on=date(2026, 10, 12), refused=True), [(ONE, 3)]),
        (Filter(page=2), []),
    ],
)
def test_the_search_narrows_and_shows_the_newest_first(conn, wanted, expected):
    assert [(record.chain, record.seq) for record in audit.search(conn, wanted)] == expected
    if wanted.page == 1:
        assert audit.count(conn, wanted) == len(expected)


def test_officers_are_named_and_applicants_masked(conn):
    found = audit.search(conn, Filter())

    assert [record.who and record.who.name for record in found] == ["罗*平", "王景行", "李秋禾", None, "李秋禾"]


def test_a_chain_is_told_in_its_order_with_fingerprints_that_link(conn):
    told = audit.of_chain(conn, ONE)

    assert [record.seq for record in told] == [1, 2, 3, 4]
    assert [record.body["prev"] for record in told] == [trace.GENESIS, *(r.fingerprint for r in told[:-1])]
    assert [record.refused for record in told] == [False, False, True, False]


def test_refusals_and_times_can_be_told_alone_and_are_counted(conn):
    assert [record.seq for record in audit.of_chain(conn, ONE, only="refused")] == [3]
    assert [record.seq for record in audit.of_chain(conn, ONE, only="times")] == [2]
    assert audit.tally(conn, ONE) == audit.Tally(total=4, refused=1, times=1)


def test_the_overrun_of_a_clock_is_found_by_its_key(conn):
    assert audit.overruns(conn, ONE)["statute:L03"].seq == 2


def test_titles_hide_the_name_of_a_natural_applicant(conn):
    assert audit.titles(conn, {ONE}, reader=0) == {ONE: "罗*平的火锅店"}


def test_a_case_names_its_definition_and_an_organ_has_none(conn):
    assert audit.definitions(conn, {ONE, "organ:2"}) == {ONE: (1, "food")}


# --- the check ------------------------------------------------------------------------------------------------------


def chain(conn: sa.Connection, name: str, count: int, *, bend: int = 0, drop: int = 0, head: str = "") -> None:
    """A chain of `count` events; number `bend` is changed after it was linked, number `drop` is left out."""
    prev = trace.GENESIS
    for seq in range(1, count + 1):
        content = rows.body(name, seq, prev, "step.claimed", "p1", {}, AT)
        prev = trace.link(content)
        if seq == bend:
            content = content.replace(b'"person":"p1"', b'"person":"p2"')
        if seq != drop:
            rows.event(conn, name, seq, "step.claimed", "p2" if seq == bend else "p1", content)
    rows.put(conn, t.chain, id=name, head=head or prev, seq=count, last_at=AT)


def test_a_whole_chain_is_whole(conn):
    found = audit.check(conn, ONE)

    assert (found.events, found.broken) == (4, None)


def test_a_changed_event_is_found_at_the_next_one(conn):
    chain(conn, "bent", 5, bend=3)

    found = audit.check(conn, "bent")

    assert (found.events, found.broken.seq, found.broken.kind) == (3, 4, "prev")
    assert found.broken.recorded != found.broken.computed == found.head


def test_a_changed_last_event_is_found_by_the_head(conn):
    chain(conn, "bent", 3, bend=3)

    assert audit.check(conn, "bent").broken.kind == "head"


def test_a_missing_event_is_found(conn):
    chain(conn, "short", 4, drop=2)

    assert (audit.check(conn, "short").broken.seq, audit.check(conn, "short").broken.kind) == (3, "gap")


def test_a_missing_last_event_is_found(conn):
    chain(conn, "short", 4, drop=4)

    broken = audit.check(conn, "short").broken

    assert (broken.seq, broken.kind, broken.recorded, broken.computed) == (3, "short", "4", "3")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"not json", "unreadable"),
        (b'{"b":1, "a":2}', "unreadable"),  # not canonical
        (rows.body("another", 1, trace.GENESIS, "step.claimed", "p1", {}, AT), "other"),
        (rows.body("odd", 1, trace.GENESIS, "step.released", "p1", {}, AT), "copied"),
        (rows.body("odd", 1, trace.GENESIS, "step.claimed", "p1", {}, AT + timedelta(seconds=1)), "copied"),
    ],
)
def test_an_event_that_is_not_what_its_row_says_is_found(conn, content, kind):
    rows.event(conn, "odd", 1, "step.claimed", "p1", content)
    rows.put(conn, t.chain, id="odd", head=trace.link(content), seq=1, last_at=AT)

    assert audit.check(conn, "odd").broken.kind == kind
    assert audit.of_chain(conn, "odd")[0].facts == {}


def test_events_without_a_head_are_a_break_and_no_events_are_none(conn):
    rows.event(conn, "bare", 1, "step.claimed", "p1", rows.body("bare", 1, trace.GENESIS, "step.claimed", "p1", {}, AT))

    assert audit.check(conn, "bare").broken.kind == "head"
    assert audit.check(conn, "nothing") == audit.Check(chain="nothing", events=0, head=trace.GENESIS, broken=None)
