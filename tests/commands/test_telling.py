"""Who is concerned is told in the inbox: once, with the teller's words, and never of what he did himself."""

from __future__ import annotations

import pytest

from engine import commands
from engine.db import memos as written
from engine.db.memos import Memo, MemoKind
from engine.db.store import begin
from engine.errors import NotFound
from engine.model import SYSTEM, SYSTEM_ACTOR
from tests import county
from tests.commands import small
from tests.commands.office import memos, on
from tests.commands.undoable import back, split


@pytest.fixture
def town(database_url):
    with on("2026-03-02"):
        yield county.found({"xu": ("acceptance", "w1")})


def tell(who, *rows: Memo) -> None:
    with begin(who) as ctx:
        written.tell(ctx, rows)


def test_nobody_is_told_twice_of_one_thing_or_of_what_he_did(town):
    one = Memo(person=town.wang.person, kind=MemoKind.COPY, text="请看")

    tell(town.li, one, one, Memo(person=town.li.person, kind=MemoKind.COPY), Memo(person=SYSTEM, kind=MemoKind.COPY))

    assert [(m.person, m.by, m.text) for m in memos()] == [(town.wang.person, town.li.person, "请看")]


def test_the_system_tells_in_nobodys_name_and_no_text_is_none(town):
    tell(SYSTEM_ACTOR, Memo(person=town.li.person, kind=MemoKind.PROPOSAL, text="长" * 900))
    tell(SYSTEM_ACTOR, Memo(person=town.li.person, kind=MemoKind.PROPOSAL))

    assert [(m.by, len(m.text or "")) for m in memos()] == [(None, written.MOST), (None, 0)]
    assert memos()[1].text is None


def test_a_memo_is_read_once_by_whom_it_is_for(town):
    tell(town.li, Memo(person=town.wang.person, kind=MemoKind.COPY))
    key = memos()[0].id
    with pytest.raises(NotFound), begin(town.li) as ctx:
        commands.read_memo(ctx, key)
    with begin(town.wang) as ctx:
        commands.read_memo(ctx, key)
    first = memos()[0].read_at

    with on("2026-03-03"), begin(town.wang) as ctx:
        commands.read_memo(ctx, key)
        assert commands.read_all_memos(ctx, key) == 0

    assert (first, memos()[0].read_at) == (county.at("2026-03-02 10:00"),) * 2


def test_who_gets_a_step_by_transfer_is_told(town):
    filed = county.file(town)
    step = county.claim(town, "li", filed.case, "intake/accept")
    xu = town.people["xu"].person

    with begin(town.li) as ctx:
        commands.transfer(ctx, step, to=xu, reason="外出开会")

    assert [(m.person, m.kind, m.step, m.by, m.text) for m in memos()] == [
        (xu, "transfer", step, town.li.person, "外出开会")
    ]


def test_who_did_the_step_that_a_case_goes_back_to_is_told(town):
    small.deploy(town, split())
    filed = small.file(town)
    for path in ("prepare", "left", "right"):
        small.do(town, filed.case, path)

    back(town, "zhao", filed.case, "check", "prepare")

    assert [(m.person, m.kind, m.case_, m.by, m.text) for m in memos()] == [
        (town.wang.person, "return", filed.case, town.zhao.person, "材料不齐")
    ]
