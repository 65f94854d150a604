"""A few rows of the county of Yunling, written straight into the tables: what the reads are tested on.

People: 1 Li (acceptance), 2 Wang (review), 3 Zhao (decision), 9 Luo Xiaoping (applicant, natural).
Organs: 1 county, 2 its centre, 3 a township under the county, 4 a window of the centre.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from engine.db import tables as t
from engine.rules import trace

AT = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)  # Monday, 09:00 local
TODAY = date(2026, 10, 15)  # Thursday
POSTS = {"accept": "acceptance", "review": "reviewer", "decide": "decider", "issue": "issuer"}
FLOW = b"<definitions/>"  # the reads never look into it


def put(conn: sa.Connection, table: sa.Table, **values: Any) -> Any:
    """Insert a row and return its key."""
    return conn.execute(sa.insert(table).values(values)).inserted_primary_key[0]


def county(conn: sa.Connection) -> None:
    """People, organs, one definition of one item."""
    for key, kind, name, name_en in (
        (1, "natural", "李秋禾", "Li Qiuhe"),
        (2, "natural", "王景行", "Wang Jingxing"),
        (3, "natural", "赵远舟", "Zhao Yuanzhou"),
        (9, "natural", "罗小平", None),
    ):
        put(conn, t.person, id=key, pseudonym=f"p{key}", kind=kind, name=name, name_en=name_en)
        if key < 9:
            put(conn, t.account, person=key, login=f"YL{key:03}", password_hash="", active=True, language="zh")
    for key, name, parent, level in (
        (1, "云岭县", None, "county"),
        (2, "县政务服务中心", 1, "centre"),
        (3, "石门乡", 1, "township"),
        (4, "中心一号窗口", 2, "window"),
    ):
        put(conn, t.organ, id=key, code=f"yl{key}", name=name, name_en=f"Organ {key}", parent=parent, level=level)
    put(conn, t.proposal, id=1, kind="definition", body_json="{}", by=1, by_at=AT, approved_by=2, approved_at=AT)
    item(conn, 1, "food", 1, "食品经营许可", "Food licence")


def item(conn: sa.Connection, key: int, name: str, version: int, title: str, title_en: str) -> None:
    put(
        conn, t.definition, id=key, item=name, version=version, kind="item", name=title, name_en=title_en, sha256=name,
        xml=FLOW, item_json=json.dumps({"file": "flow.bpmn", "forms": {}, "facts": {}}), pins_json="{}", proposal=1,
        approved_at=AT,
    )  # fmt: skip


def a_case(conn: sa.Connection, key: int, **more: Any) -> Any:
    """An open case filed at the centre by Luo Xiaoping, with time enough unless `more` says otherwise."""
    values = {
        "id": key, "number": f"2026-YL-{key:06}", "definition": 1, "item": "food", "organ": 2, "applicant": 9,
        "title": f"第{key}号店", "channel": "window", "state": "open", "version": 1, "engine_state": b"",
        "marks_json": json.dumps({"received": "2026-10-12"}), "query_hash": "", "filed_at": AT,
        "due_on": date(2026, 10, 26), "blue_on": date(2026, 10, 20), "yellow_on": date(2026, 10, 23),
        "red_on": date(2026, 10, 27),
    } | more  # fmt: skip
    return put(conn, t.case_, **values)


def a_step(conn: sa.Connection, case: int, path: str, **more: Any) -> Any:
    values = {
        "case_": case, "token": f"{case}:{path}", "path": path, "round": 1, "post": POSTS[path], "organ": 2,
        "opened_at": AT,
    } | more  # fmt: skip
    return put(conn, t.step, **values)


def a_clock(conn: sa.Connection, case: int, kind: str, amount: int, due_on: date, **more: Any) -> Any:
    values = {
        "case_": case, "key": f"{kind}:L03", "kind": kind, "rule": "L03", "until": "decided", "unit": "working_day",
        "amount": amount, "extended": 0, "started_on": date(2026, 10, 12), "due_on": due_on, "provisional": False,
    } | more  # fmt: skip
    return put(conn, t.clock, **values)


def events(conn: sa.Connection, chain: str, *kinds: tuple[str, str | None, dict[str, Any]], at: datetime = AT) -> None:
    """A whole chain: each of `kinds` is type, person's pseudonym and facts; written in order, all at `at`."""
    prev = trace.GENESIS
    for seq, (kind, who, facts) in enumerate(kinds, start=1):
        content = body(chain, seq, prev, kind, who, facts, at)
        event(conn, chain, seq, kind, who, content, at)
        prev = trace.link(content)
    put(conn, t.chain, id=chain, head=prev, seq=len(kinds), last_at=at)


def body(chain: str, seq: int, prev: str, kind: str, who: str | None, facts: dict[str, Any], at: datetime) -> bytes:
    return trace.canonical(
        {
            "v": 1,
            "org": "yunling",
            "case": chain,
            "seq": seq,
            "prev": prev,
            "id": f"{chain}-{seq}",
            "type": kind,
            "step": None,
            "person": who,
            "post": "acceptance" if who else None,
            "assignment": None,
            "on_behalf": None,
            "definition": None,
            "rule": None,
            "due_on": None,
            "outcome": None,
            "data": None,
            "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "facts": facts,
        }
    )


def event(
    conn: sa.Connection, chain: str, seq: int, kind: str, who: str | None, content: bytes, at: datetime = AT
) -> None:
    put(conn, t.event, case_=chain, seq=seq, type=kind, person=who, at=at, body=content)
