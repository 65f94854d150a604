"""Four cards in the county of tests/db/rows.py, and who may ask for them.

1 yellow to be explained, overdue; 2 red for the township, in review; 3 ended; 4 red by hand without a case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engine.db import tables as t
from engine.db.read.cardrights import Reader
from tests.db import rows
from tests.db.rows import AT, TODAY

DAY = timedelta(days=1)
MONITOR = Reader(person=3, every=True, offices=((1, "monitor"),))
REVIEWER = Reader(person=2, offices=((2, "reviewer"),))
HOLDER = Reader(person=1, offices=((4, "acceptance"),))
OUTSIDER = Reader(person=3, offices=((3, "reviewer"), (1, "decider")))
CHIEF = Reader(person=3, units=(1,))
HEADS = ("decider", "chief")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def a_card(conn: sa.Connection, card_id: int, subject: int | None, path: str | None, due_on: date, **more: Any) -> None:
    """A card with its life: a case of its own, with one open step, or closed when there is no path."""
    state = {"state": "open"} if path else {"state": "closed", "result": "archived", "closed_at": AT}
    marks = dict.fromkeys(more.pop("marks", ("served",)), "2026-10-13")
    number = {"number": f"HP-{card_id:04}", "item": "efficacy_card", "definition": 2, "applicant": 0, "agent": None}
    rows.a_case(conn, 100 + card_id, title="牌", marks_json=json.dumps(marks), **number, **state)
    if path:
        post = {"explain": ("reviewer", 2), "review": ("monitor", 1)}[path]
        rows.put(
            conn, t.step, case_=100 + card_id, token=f"{card_id}", path=path, round=1, post=post[0], organ=post[1],
            opened_at=AT, due_on=due_on,
        )  # fmt: skip
    values = {
        "id": card_id, "case_": 100 + card_id, "subject_case": subject, "key": f"step:{card_id}", "level": "yellow",
        "cause": "overrun", "rule": "L15", "path": "review", "post": "reviewer", "organ": 2, "person": 2,
        "on": date(2026, 10, 13),
    } | more  # fmt: skip
    rows.put(conn, t.card, **values)


def with_cards(database_url: str) -> Iterator[sa.Connection]:
    """Four cards: 1 yellow to be explained, overdue; 2 red for the township, in review; 3 ended; 4 without a case."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows.county(connection)
        rows.item(connection, 2, "efficacy_card", 1, "黄牌红牌", "Cards")
        rows.a_case(connection, 1, title="罗小平的店")
        rows.a_case(connection, 2, organ=3)
        clock = rows.a_clock(connection, 1, "step", 2, date(2026, 10, 12), key="step:1", started_on=date(2026, 10, 9))
        a_card(connection, 1, 1, "explain", TODAY - DAY, clock=clock)
        a_card(connection, 2, 2, "review", TODAY + DAY, level="red", organ=3, person=None, post="publisher")
        a_card(connection, 3, 1, None, TODAY)
        a_card(connection, 4, None, "review", TODAY, cause="manual", key="manual:1", post="decider", person=1)
        for card_id, points, reason, on in ((1, -5, "issued", 13), (3, -5, "issued", 13), (3, 5, "rescinded", 14)):
            rows.put(
                connection, t.score, card=card_id, organ=2, post="reviewer", points=points, reason=reason,
                on=date(2026, 10, on),
            )  # fmt: skip
        facts = {"key": "step:1", "kind": "step", "overrun_on": "2026-10-13", "amount": 2, "unit": "working_day"}
        rows.events(
            connection,
            "2026-YL-000001",
            ("case.filed", "p1", {}),
            ("clock.overrun", None, facts),
            ("clock.overrun", None, facts | {"key": "step:9"}),
            ("card.drafted", None, {"card": "HP-0001", "level": "yellow", "cause": "overrun", "key": "step:1"}),
        )
        yield connection
