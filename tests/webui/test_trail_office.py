"""What the trail says of office actions: it names the officers whom an event speaks of, and hides nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.db.read import mentioned
from engine.db.read.audit import Record
from engine.db.read.facts import Named
from engine.db.store import reading
from webui import trail

ZHAO = {"p-zhao": Named(name="赵远舟", name_en="Zhao Yuanzhou")}


def record(kind: str, facts: dict, **body) -> Record:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    told = {"type": kind, "person": "p-li", "step": "review", "facts": facts, **body}
    return Record(
        id=1, chain="2026-YL-000001", seq=1, type=kind, at=at, who=Named(name="李秋禾", name_en="Li Qiuhe"), body=told,
        fingerprint="", officers=ZHAO,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("step.transferred", {"to": "p-zhao"}, "把“review”转给赵远舟"),
        ("case.copied", {"to": ["p-zhao", "p-gone"]}, "抄送赵远舟、姓名已删除的人"),
        ("case.copied", {"to": "p-zhao"}, "抄送赵远舟"),
        ("signer.added", {"kind": "before", "officer": "p-zhao"}, "在“review”上请赵远舟提意见（前加签）"),
        ("signer.removed", {"kind": "after", "officer": "p-zhao"}, "在“review”上不再请赵远舟提意见（后加签）"),
        ("recusal.raised", {"officer": "p-zhao", "kind": "spouse"}, "提出赵远舟应回避（夫妻关系）"),
        ("recusal.decided", {"officer": "p-zhao", "upheld": False}, "决定赵远舟不回避"),
        ("absence.recorded", {"officer": "p-zhao", "proposal": 4}, "登记外出：赵远舟（提议第 4 号）"),
        (
            "absence.ended",
            {"officer": "p-zhao", "proposal": 4, "from": "2026-03-02", "was": "2026-03-06", "to": "2026-03-03"},
            "赵远舟的外出提前结束：最后一天由 3月6日 周五 改为 3月3日 周二（提议第 4 号）",
        ),
        ("rules.adopted", {"proposal": 4}, "采用规则（提议第 4 号）"),
        ("account.changed", {"officer": "p-zhao", "what": "closed"}, "赵远舟的账号变动（停用）"),
    ],
)
def test_an_event_names_the_officers_it_speaks_of(app, kind, facts, said):
    with app.test_request_context("/?lang=zh"):
        assert trail.say(record(kind, facts), None) == said


def test_who_stood_in_is_told_with_whom_he_stood_in_for(app):
    with app.test_request_context("/?lang=en"):
        assert trail.who(record("step.claimed", {}, on_behalf="p-zhao")) == "Li Qiuhe for Zhao Yuanzhou"
        assert trail.who(record("step.claimed", {})) == "Li Qiuhe"


def test_a_path_or_a_day_is_taken_for_nobody_s_name():
    returned = {"type": "step.returned", "facts": {"to": "review", "round": 1}}
    ended = {"type": "post.ended", "facts": {"to": "2026-03-02", "officer": "p-zhao"}}

    assert list(mentioned.pseudonyms(returned)) == []
    assert list(mentioned.pseudonyms(ended)) == ["p-zhao"]
    assert list(mentioned.pseudonyms({"type": "case.copied", "facts": {"to": ["a", "b", 3]}})) == ["a", "b"]


def test_only_officers_are_named(town):
    with reading() as conn:
        known = dict(conn.execute(sa.select(t.person.c.pseudonym, t.person.c.name)).all())
        found = mentioned.officers(conn, set(known))

    assert {"Li", "Wang"} <= {each.name for each in found.values()}
    assert len(found) < len(known)  # the system is a person without an account
