"""What cards cost is summed by office and given back; who issues and who reviews is watched by the rates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.db.read import scores
from tests.db import rows
from tests.db.cardrows import FIRST, LAST, MONITOR, OUTSIDER, with_cards
from tests.db.rows import AT


@pytest.fixture
def conn(database_url: str) -> Iterator[sa.Connection]:
    yield from with_cards(database_url)


def test_scores_are_summed_by_office_and_a_rescission_gives_back(conn):
    (summed,) = scores.sums(conn, MONITOR, FIRST, LAST)

    assert (summed.organ.name, summed.post, summed.cards, summed.points) == ("县政务服务中心", "reviewer", 2, -5)
    assert [line.points for line in scores.lines(conn, MONITOR, FIRST, LAST)] == [5, -5, -5]
    assert scores.sums(conn, OUTSIDER, FIRST, LAST) == ()
    assert scores.lines(conn, MONITOR, FIRST, date(2026, 10, 12)) == ()


def test_who_watches_the_watchers_sees_each_rate_of_rescission(conn):
    for card_id, path, person, outcome in (
        (2, "issue", 1, "drop"),
        (2, "issue", 3, "issue"),
        (2, "review", 2, "uphold"),
        (3, "review", 2, "rescind"),
        (4, "case", 1, None),
    ):
        rows.put(conn, t.act, case_=100 + card_id, path=path, person=person, kind="complete", outcome=outcome, at=AT)
    conn.execute(
        sa.update(t.case_)
        .where(t.case_.c.id == 103)
        .values(marks_json='{"rescinded":"2026-10-14","served":"2026-10-13"}')
    )

    units = [(rate.by.name, rate.cards, rate.rescinded) for rate in scores.by_unit(conn, MONITOR)]
    issuers = [(rate.by.name, rate.cards, rate.rescinded) for rate in scores.by_issuer(conn, MONITOR)]
    reviewers = [(rate.by.name, rate.cards, rate.rescinded) for rate in scores.by_reviewer(conn, MONITOR)]

    assert units == [("县政务服务中心", 3, 1), ("石门乡", 1, 0)]
    assert issuers == [("李秋禾", 1, 0), ("赵远舟", 1, 0), ("系统", 2, 1)]
    assert reviewers == [("王景行", 2, 1)]
    assert scores.by_unit(conn, OUTSIDER) == scores.by_issuer(conn, OUTSIDER) == ()
