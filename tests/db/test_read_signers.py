"""What pages show of several people on one step."""

from __future__ import annotations

import pytest

from engine import clock
from engine.db.read import casefile, people, signers
from engine.db.store import reading
from engine.errors import NotFound
from engine.rules.signatures import standing
from tests import county
from tests.commands import together
from tests.commands.together import advise, ask, claim, complete, remove, take_back, vote
from tests.county import at, step

NOW = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield together.found()


def test_who_is_asked_and_what_i_am_asked_for(town):
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")
    before = ask(town, "wang", "mu", filed.case, "draft")
    after = ask(town, "wang", "zhao", filed.case, "draft", "after")
    gone = ask(town, "wang", "ren", filed.case, "draft", "after")
    remove(town, "wang", gone)

    with reading() as conn:
        shown = signers.of_step(conn, step(filed.case, "draft").id)
        assert [(s.id, s.kind, s.name.name, s.by.name, s.signed_at) for s in shown] == [
            (before, "before", "Mu", "Wang", None),
            (after, "after", "Zhao", "Wang", None),
        ]
        (question,) = signers.asked_of(conn, town.mu.person)
        assert (question.signer, question.path, question.number, question.waits) == (
            before,
            "draft",
            filed.number,
            False,
        )
        assert signers.asked_of(conn, town.ren.person) == ()
    advise(town, "mu", before)
    complete(town, "wang", filed.case, "draft", "submit")
    with reading() as conn:
        assert signers.asked_of(conn, town.mu.person) == ()
        (question,) = signers.asked_of(conn, town.zhao.person)
        assert [a.outcome for a in standing(question.acts, question.step)] == ["submit"]
    advise(town, "zhao", after)
    with reading() as conn:
        assert signers.asked_of(conn, town.zhao.person) == ()


def test_a_second_question_waits_for_the_first_of_its_turn_only(town):
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")
    ask(town, "wang", "mu", filed.case, "draft")
    ask(town, "wang", "zhao", filed.case, "draft", "after")
    ask(town, "wang", "ren", filed.case, "draft")

    with reading() as conn:
        waits = {who: signers.asked_of(conn, town.people[who].person)[0].waits for who in ("mu", "zhao", "ren")}
    assert waits == {"mu": False, "zhao": False, "ren": True}


def test_who_is_asked_may_see_the_case(town):
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")
    with reading() as conn:
        mu = officer(conn, town, "mu")
        with pytest.raises(NotFound):
            casefile.of_case(conn, mu, filed.case)
    signer = ask(town, "wang", "mu", filed.case, "draft")
    with reading() as conn:
        assert casefile.of_case(conn, mu, filed.case).number == filed.number
    remove(town, "wang", signer)
    with reading() as conn, pytest.raises(NotFound):
        casefile.of_case(conn, mu, filed.case)


def officer(conn, town, who):
    """Return somebody as pages know him."""
    person = town.people[who].person
    held = people.assignments(conn, (person,), clock.local_date(NOW))[person]
    return people.Officer(
        account=0, person=person, login=who, name=who.title(), name_en=None, language="zh", phrase="",
        opened_at=NOW, assignments=held, organs_en={},
    )  # fmt: skip


def test_votes_that_stand_and_where_the_chair_looks(town):
    filed = together.file(town)
    together.signed(town, filed.case, "council")
    for who in ("an", "bao"):
        vote(town, who, filed.case, "carry")
    take_back(town, "bao", filed.case, "council")

    with reading() as conn:
        shown = signers.votes(conn, step(filed.case, "council").id)
        assert [(v.name.name, v.outcome) for v in shown] == [("An", "carry")]
        places = [(key, "council") for key, _ in signers.running(conn)]
        (waiting,) = signers.at_places(conn, places)
        assert (waiting.case, waiting.path) == (filed.case, "council")
        assert signers.at_places(conn, ()) == ()
    vote(town, "cao", filed.case, "carry")
    complete(town, "qin", filed.case, "council", "carry")
    with reading() as conn:
        assert signers.at_places(conn, places) == ()
    assert county.open_paths(filed.case) == ["deliver"]
