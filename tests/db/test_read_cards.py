"""Cards are found by what waits and for whom, nobody sees one that is not his to see, and more cards cost no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.db.read import card, cards, scores
from engine.db.read.cardrights import Reader, reader
from engine.db.read.cards import Filter
from engine.model import Assignment, OrganLevel
from tests.db import rows
from tests.db.cardrows import CHIEF, DAY, FIRST, HEADS, HOLDER, LAST, MONITOR, OUTSIDER, REVIEWER, a_card, with_cards
from tests.db.rows import AT, TODAY


@pytest.fixture
def conn(database_url: str) -> Iterator[sa.Connection]:
    yield from with_cards(database_url)


def found(conn: sa.Connection, who: Reader, **wanted: Any) -> list[int]:
    listed = [row.id for row in cards.rows(conn, who, Filter(**wanted), TODAY)]
    assert cards.listed(conn, who, Filter(**wanted), TODAY) == len(listed)
    return listed


def test_the_first_answer_due_stands_on_top(conn):
    assert found(conn, MONITOR) == [1, 4, 2]
    assert found(conn, MONITOR, closed=True) == [3]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"level": "red"}, [2]),
        ({"level": "yellow"}, [1, 4]),
        ({"step": "explain"}, [1]),
        ({"step": "review"}, [4, 2]),
        ({"organ": 1}, [1, 4, 2]),  # with all under it
        ({"organ": 3}, [2]),
        ({"post": "decider"}, [4]),
        ({"mine": True}, [4, 2]),  # free, and for the monitor's post
        ({"late": True}, [1]),
        ({"q": "hp-0002"}, [2]),
        ({"q": "罗小平"}, [1]),
        ({"q": "2026-yl-000002"}, [2]),
        ({"q": "%"}, []),
    ],
)
def test_each_filter_narrows_the_list(conn, wanted, ids):
    assert found(conn, MONITOR, **wanted) == ids


def test_a_step_that_somebody_holds_waits_for_nobody_else(conn):
    conn.execute(sa.update(t.step).where(t.step.c.case_ == 102).values(claimed_by=1))

    assert found(conn, MONITOR, mine=True) == [4]
    assert cards.waiting(conn, MONITOR) == 1
    assert cards.rows(conn, MONITOR, Filter(step="review"), TODAY)[1].steps[0].waits is False


@pytest.mark.parametrize(
    ("who", "ids"),
    [
        (MONITOR, [1, 4, 2]),
        (REVIEWER, [1]),  # the office, and the person
        (HOLDER, [4]),  # the person alone
        (OUTSIDER, []),
        (CHIEF, [1, 4, 2]),  # the county with all under it
        (Reader(person=3, units=(3,)), [2]),
    ],
)
def test_a_card_is_seen_by_its_office_its_person_and_its_chief(conn, who, ids):
    assert found(conn, who) == ids
    assert cards.counts(conn, who, TODAY).running == len(ids)
    for key in (1, 2, 4):
        assert (cards.one(conn, who, f"HP-{key:04}") is not None) is (key in ids)
        assert (card.whole(conn, who, f"HP-{key:04}", HEADS, TODAY) is not None) is (key in ids)


def test_the_counts_agree_with_the_lists(conn):
    counted = cards.counts(conn, MONITOR, TODAY)

    assert (counted.running, counted.closed, counted.mine, counted.late) == (3, 1, 2, 1)
    assert {step.path: step.cards for step in counted.steps} == {"explain": 1, "review": 2}
    assert cards.waiting(conn, REVIEWER) == 1
    assert cards.waiting(conn, OUTSIDER) == 0
    month = cards.month(conn, MONITOR, FIRST, LAST)
    assert (month.yellow, month.red) == (3, 1)
    assert cards.month(conn, MONITOR, LAST, LAST).yellow == 0


def test_a_row_says_whom_it_is_about_and_masks_the_applicant(conn):
    row = cards.rows(conn, MONITOR, Filter(), TODAY)[0]

    assert row.subject is not None
    assert (row.subject.number, row.subject.title) == ("2026-YL-000001", "罗*平的店")
    assert (row.person.name, row.organ.name, row.points) == ("王景行", "县政务服务中心", -5)
    assert cards.one(conn, MONITOR, "HP-0004").subject is None


def test_the_cards_of_a_case_are_those_the_reader_may_see(conn):
    found = cards.badges(conn, MONITOR, [1, 2])

    assert {key: [badge.number for badge in of] for key, of in found.items()} == {
        1: ["HP-0001", "HP-0003"],
        2: ["HP-0002"],
    }
    assert found[2][0].level == "red"
    assert list(cards.badges(conn, REVIEWER, [1, 2])) == [1]
    assert cards.badges(conn, OUTSIDER, [1, 2]) == {}


@pytest.mark.parametrize(
    ("level", "marks", "counts"),
    [
        ("yellow", ("served",), "yellow"),
        ("red", ("served",), "red"),
        ("red", (), None),  # a draft
        ("red", ("served", "downgraded"), "yellow"),
        ("yellow", ("served", "downgraded"), None),  # a reminder
        ("red", ("served", "upheld", "rescinded"), None),
    ],
)
def test_a_case_is_marked_with_the_cards_that_count(conn, level, marks, counts):
    a_card(conn, 9, 2, "review", TODAY, level=level, marks=marks)

    badges = {badge.number: badge.level for badge in cards.badges(conn, MONITOR, [2])[2]}
    row = cards.one(conn, MONITOR, "HP-0009")

    assert badges.get("HP-0009") == counts
    assert row is not None
    assert row.stands == counts


def test_nobody_but_a_supervisor_sees_a_card_before_it_is_served(conn):
    a_card(conn, 9, 1, "review", TODAY, level="red", marks=("received",))

    assert 9 in found(conn, MONITOR)
    assert 9 not in found(conn, REVIEWER)
    assert cards.one(conn, REVIEWER, "HP-0009") is None
    assert [badge.number for badge in cards.badges(conn, REVIEWER, [1])[1]] == ["HP-0001", "HP-0003"]


def test_one_card_names_its_evidence_and_who_answers(conn):
    for person, post, organ in ((3, "decider", 2), (1, "chief", 1), (2, "chief", 3)):
        rows.put(conn, t.assignment, person=person, post=post, organ=organ, from_on=date(2026, 1, 1), proposal=1)
    rows.put(
        conn, t.form, case_=101, step=None, path="explain", person=2, body_json='{"form":{"explanation":"调休"}}',
        salt=b"", at=AT,
    )  # fmt: skip

    whole = card.whole(conn, MONITOR, "HP-0001", HEADS, TODAY)

    assert whole is not None
    assert [(proof.seq, proof.type) for proof in whole.evidence.proofs] == [(2, "clock.overrun"), (4, "card.drafted")]
    assert whole.evidence.seq == 4
    assert whole.evidence.clock.due_on == date(2026, 10, 12)
    assert {post: [who.name for who in held] for post, held in whole.tiers.items()} == {
        "decider": ["赵远舟"],
        "chief": ["李秋禾"],  # of the nearest organ above, not of another township
    }
    assert [(f.form, whole.names[f.person].name) for f in whole.filled] == [({"explanation": "调休"}, "王景行")]
    assert [(s.points, s.reason) for s in whole.scores] == [(-5, "issued")]


def test_an_ended_post_answers_for_nothing(conn):
    rows.put(
        conn, t.assignment, person=3, post="chief", organ=2, from_on=date(2026, 1, 1), to_on=TODAY - DAY, proposal=1
    )

    assert card.whole(conn, MONITOR, "HP-0001", HEADS, TODAY).tiers["chief"] == ()


def test_a_card_without_a_case_has_a_page_too(conn):
    whole = card.whole(conn, MONITOR, "HP-0004", HEADS, TODAY)

    assert whole is not None
    assert (whole.evidence.clock, whole.evidence.proofs) == (None, ())


def test_a_post_in_a_window_counts_for_the_organ_above_it():
    held = [assigned(2, "acceptance", OrganLevel.WINDOW, 4, 2), assigned(3, "chief", OrganLevel.COUNTY, 1, None)]

    who = reader(7, False, held, ("chief",))

    assert who.offices == ((4, "acceptance"), (1, "chief"), (2, "acceptance"))
    assert who.units == (1,)


def assigned(key: int, post: str, level: OrganLevel, organ: int, parent: int | None) -> Assignment:
    return Assignment(
        id=key, post=post, organ=organ, organ_code="", organ_name="", level=level, parent=parent, item=None
    )


def test_more_cards_cost_no_more_statements(conn):
    asked: list[str] = []
    sa.event.listen(conn, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def ask() -> int:
        asked.clear()
        cards.rows(conn, MONITOR, Filter(), TODAY)
        cards.listed(conn, MONITOR, Filter(), TODAY)
        cards.counts(conn, MONITOR, TODAY)
        cards.badges(conn, MONITOR, [1, 2])
        card.whole(conn, MONITOR, "HP-0001", HEADS, TODAY)
        scores.sums(conn, MONITOR, FIRST, LAST)
        return len(asked)

    few = ask()
    for key in range(10, 30):
        a_card(conn, key, 1 if key % 2 else 2, "explain", TODAY)
        rows.put(conn, t.score, card=key, organ=2, post="reviewer", points=-5, reason="issued", on=TODAY)

    assert ask() == few
    assert few <= 35
