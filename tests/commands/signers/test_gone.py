"""Who is asked for an opinion and leaves is not waited for: the system takes the question back, the step goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands import cases, signing
from engine.db import due
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import Answered, TimeFirst
from engine.model import SYSTEM_ACTOR
from engine.settings import settings
from tests import county
from tests.commands import together
from tests.commands.offices import approve as agree
from tests.commands.offices import do, held, last, post, rows
from tests.commands.together import advise, ask, claim, clean, complete, release
from tests.county import FORMS, at, events, step, types

TODAY, YESTERDAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 1), at("2026-03-03 10:00")
one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def asked(held):
    return held


def leave(town, who: str) -> None:
    do(town, commands.propose_leaving, officer=town.people[who].person, to_on=TODAY)


def end(town, who: str, code: str, to_on: date = YESTERDAY) -> None:
    do(town, commands.propose_end_of_post, held(town, who, code), to_on=to_on, reason="调岗")


def todo() -> list[due.Work]:
    with reading() as conn:
        return due.work(conn, clock.now(), papers=0)


def drop(signer: int) -> bool:
    with begin(SYSTEM_ACTOR) as ctx:
        return signing.drop_signer(ctx, signer)


def told() -> list[tuple[int, str, str]]:
    return [(row.person, row.kind, row.text) for row in rows("memo")]


def test_the_holder_is_told_and_completes_without_who_left(town, asked):
    signer = ask(town, "wang", "mu", asked.case, "draft")
    leave(town, "mu")

    assert commands.catch_up() == (1, 0)

    removed = events(asked.number)[-1]
    assert (removed["type"], removed["person"], removed["step"]) == ("signer.removed", "system", "draft")
    assert removed["facts"] == {"kind": "before", "officer": last(kind="post.ended")["facts"]["officer"]}
    assert [(person, kind) for person, kind, _ in told()] == [(town.wang.person, "signer")]
    assert "另请别人" in told()[0][2]
    with pytest.raises(Answered):
        advise(town, "mu", signer)
    assert county.open_paths(asked.case) == ["draft"]
    complete(town, "wang", asked.case, "draft", "submit")
    clean(asked.number)


def test_a_signed_step_that_waited_for_that_opinion_only_is_done_by_its_last_signatory(town, asked):
    ask(town, "wang", "mu", asked.case, "draft", "after")
    complete(town, "wang", asked.case, "draft", "submit")
    leave(town, "mu")
    assert county.open_paths(asked.case) == ["draft"]

    assert commands.catch_up() == (1, 0)

    assert county.open_paths(asked.case) == ["inspect", "review"]
    assert together.acts(asked.case, "draft")[-1] == (town.wang.person, "complete", "submit")
    (signed,) = [event for event in events(asked.number) if event["type"] == "step.signed"]
    (ended,) = [event for event in events(asked.number) if event["type"] == "step.completed"]
    assert (ended["person"], ended["on_behalf"], ended["post"]) == ("system", signed["person"], "reviewer")
    assert ended["assignment"] == signed["assignment"]
    assert "已按签名的结论办出" in told()[0][2]
    clean(asked.number)


@one_kind
def test_while_another_opinion_is_missing_the_step_waits_for_that_one(town, asked):
    ask(town, "wang", "mu", asked.case, "draft", "after")
    second = ask(town, "wang", "zhao", asked.case, "draft", "after")
    complete(town, "wang", asked.case, "draft", "submit")
    leave(town, "mu")
    commands.catch_up()
    assert county.open_paths(asked.case) == ["draft"]

    advise(town, "zhao", second)

    assert county.open_paths(asked.case) == ["inspect", "review"]
    clean(asked.number)


@one_kind
def test_of_a_step_in_the_pool_who_asked_is_told(town, asked):
    ask(town, "wang", "mu", asked.case, "draft")
    release(town, "wang", asked.case, "draft")
    leave(town, "mu")

    commands.catch_up()

    assert [person for person, _, _ in told()] == [town.wang.person]


@one_kind
def test_what_who_left_had_asked_stays_and_the_next_holder_may_take_it_back(town, asked):
    signer = ask(town, "wang", "mu", asked.case, "draft")
    leave(town, "wang")

    assert commands.catch_up() == (0, 0)

    assert "signer.removed" not in types(asked.number)
    claim(town, "han", asked.case, "draft")
    together.remove(town, "han", signer)
    complete(town, "han", asked.case, "draft", "submit")
    clean(asked.number)


@one_kind
def test_who_keeps_a_desk_post_or_gets_one_later_is_still_asked(town, asked):
    signer = ask(town, "wang", "mu", asked.case, "draft")
    agree(town, post(town, "mu", "rechecker", from_on=TODAY + timedelta(days=1)))
    end(town, "mu", "legal_reviewer")

    assert todo() == []
    assert not drop(signer)

    with clock.at(TOMORROW):
        advise(town, "mu", signer)
    clean(asked.number)


@one_kind
def test_a_post_that_is_no_desk_post_answers_nothing(town, asked):
    ask(town, "wang", "mu", asked.case, "draft")
    end(town, "mu", "legal_reviewer")
    agree(town, post(town, "mu", "auditor"))

    assert commands.catch_up() == (1, 0)

    assert types(asked.number)[-1] == "signer.removed"


@one_kind
def test_a_post_that_ends_as_planned_is_waited_for_to_its_last_day(town, asked):
    signer = ask(town, "wang", "mu", asked.case, "draft")
    end(town, "mu", "legal_reviewer", TODAY)

    assert todo() == []
    assert not drop(signer)
    with clock.at(TOMORROW):
        assert commands.catch_up() == (1, 0)
        assert commands.catch_up() == (0, 0)


@one_kind
def test_a_closed_account_alone_takes_no_question_back(town, asked):
    ask(town, "wang", "mu", asked.case, "draft")
    do(town, commands.propose_account, officer=town.mu.person, what="closed")

    assert commands.catch_up() == (0, 0)


@one_kind
def test_what_was_answered_or_has_ended_is_left_alone(town, asked):
    advise(town, "mu", ask(town, "wang", "mu", asked.case, "draft"))
    other = together.file(town)
    claim(town, "wang", other.case, "draft")
    together.remove(town, "wang", ask(town, "wang", "mu", other.case, "draft"))
    leave(town, "mu")

    assert todo() == []
    complete(town, "wang", asked.case, "draft", "submit")
    clean(asked.number)


@one_kind
@pytest.mark.parametrize(
    ("table", "rests"),
    [("case_", {"state": "fault"}), ("step", {"closed_at": at("2026-03-02 09:00")})],
)
def test_a_case_in_fault_rests_and_a_step_that_has_ended_asks_nobody(town, asked, table, rests):
    ask(town, "wang", "mu", asked.case, "draft")
    leave(town, "mu")
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.metadata.tables[table]).values(rests))

    assert todo() == []


@one_kind
def test_a_time_limit_that_ran_out_before_comes_first(town, asked, monkeypatch):
    signer = ask(town, "wang", "mu", asked.case, "draft", "after")
    complete(town, "wang", asked.case, "draft", "submit")
    leave(town, "mu")
    of_step = cases.of_step
    monkeypatch.setattr(cases, "of_step", lambda *given: replace(of_step(*given), late=True))

    with pytest.raises(TimeFirst):
        drop(signer)

    assert county.open_paths(asked.case) == ["draft"]
    assert "signer.removed" not in types(asked.number)


@one_kind
def test_two_steps_that_different_persons_must_do_may_both_end_so(town):
    """The trace of both names the system; to whoever checks it separation counts those who signed."""
    filed = county.file(town)
    for path, who, adviser, outcome in (("intake/accept", "li", "mu", "accept"), ("review", "wang", "an", "pass")):
        claim(town, who, filed.case, path)
        ask(town, who, adviser, filed.case, path, "after")
        with begin(town.people[who]) as ctx:
            commands.complete(ctx, step(filed.case, path).id, outcome=outcome, form=FORMS.get(path, {}), opinion="同意")
        leave(town, adviser)
        assert commands.catch_up() == (1, 0)

    ended = [event for event in events(filed.number) if event["type"] == "step.completed"]
    assert [(event["step"], event["person"]) for event in ended] == [("intake/accept", "system"), ("review", "system")]
    clean(filed.number)
