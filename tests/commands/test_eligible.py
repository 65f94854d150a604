"""Who may act on a step and why the others may not: what pages are told is what `claim` does."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine import clock, commands
from engine.db import plans, rulebook
from engine.db.store import reading
from engine.errors import NotFound, NotYourPost, Refused, TierTooLow
from tests import county
from tests.commands import lawful
from tests.commands.lawful import STEPS
from tests.commands.test_statements import counted
from tests.county import Town, at

EXAMPLES = int(os.environ.get("SUNLIT_TEST_ELIGIBLE", "12"))
TODAY = at("2026-03-02 10:00").date()
POSTS = ("acceptance", "inspector", "reviewer", "decider", "issuer", "monitor", "council_member")
CAST = ("hua", "hou", "wang", "yan", "chen", "liu", "zhao", "song", "wu", "bai", "zhou")


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield lawful.found()


@pytest.fixture
def here(town):
    return lambda: town  # Hypothesis looks into what it is given


def officers(case: int, path: str) -> dict[int, Refused | None]:
    with reading() as conn:
        found = commands.officers(conn, county.step(case, path).id, TODAY)
    assert len({each.person for each in found}) == len(found)
    return {each.person: each.refusal for each in found}


def told(refusal: Refused | None) -> tuple[str, dict[str, Any]]:
    return type(refusal).__name__, dict(vars(refusal)) if refusal else {}


def agree(town: Town, case: int, path: str) -> dict[int, Refused | None]:
    """Make sure that everybody is told what `claim` would do; return what they are told."""
    found, key = officers(case, path), county.step(case, path).id
    for who, actor in town.people.items():
        refusal = lawful.would(town, who, key)
        if actor.person in found:
            assert told(refusal) == told(found[actor.person]), who
        else:
            assert isinstance(refusal, NotYourPost), who
    return found


def test_every_holder_of_the_post_is_named_with_the_reason_why_not(town):
    filed = lawful.file(town, amount=60_000)
    lawful.do(town, filed.case, *lawful.BEFORE_DECISION)
    lawful.know(town, "song", status="trainee")
    lawful.give(town, "wang", "decider", tier="standing_meeting")
    lawful.give(town, "bai", "decider", tier="section")

    found = agree(town, filed.case, "decide")

    named = {who: type(found[actor.person]).__name__ for who, actor in town.people.items() if actor.person in found}
    assert named == {
        "zhao": "NoneType", "both": "NoneType", "song": "StatusForbids", "wang": "SamePerson", "bai": "TierTooLow",
    }  # fmt: skip


def test_a_stand_in_is_named_while_the_holder_is_away(town):
    filed = lawful.file(town)
    assert town.bai.person not in officers(filed.case, "accept")
    lawful.stand_in(town, "bai", "hou")

    found = agree(town, filed.case, "accept")

    assert found[town.bai.person] is None


def test_the_own_post_is_asked_about_before_the_one_stood_in_for(town):
    lawful.give(town, "zhao", "reviewer")
    case = lawful.file(town, amount=60_000).case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "zhao:review")
    lawful.give(town, "bai", "decider", tier="section")
    lawful.stand_in(town, "bai", "zhao")  # whose post is older, and who reviewed

    assert isinstance(agree(town, case, "decide")[town.bai.person], TierTooLow)


def test_the_officers_of_another_township_are_not_asked(town):
    filed = lawful.file(town)

    assert town.li.person not in agree(town, filed.case, "accept")


def test_the_number_of_statements_does_not_grow_with_the_officers(town, monkeypatch):
    monkeypatch.setattr(rulebook, "RECENT", 600.0)  # seconds: on a slow machine the rules would be read anew meanwhile
    filed = lawful.file(town)
    lawful.do(town, filed.case, *lawful.BEFORE_DECISION)
    officers(filed.case, "decide")  # the rules are read once
    plans.forget()
    with counted() as few:
        officers(filed.case, "decide")
    with counted() as again:
        officers(filed.case, "decide")
    for who in ("zhou", "bai", "he", "wu", "yan"):
        lawful.give(town, who, "decider", tier="section")

    with counted() as many:
        officers(filed.case, "decide")

    assert len(few) == len(many) <= 18  # the look-up of the step by the test among them
    assert len(again) <= 10  # nothing is proven twice


def test_there_is_nobody_for_a_step_that_is_not(town):
    with pytest.raises(NotFound), reading() as conn:
        commands.officers(conn, 4711, TODAY)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """Posts given, stand-ins named, facts changed, and steps done by whoever may, in any order."""
    some = st.sampled_from(CAST)
    give = st.tuples(st.just("give"), some, st.sampled_from(POSTS))
    stand_in = st.tuples(st.just("stand_in"), some, some)
    know = st.tuples(st.just("know"), some, st.sampled_from(["trainee", "official", "certified", ""]))
    step = st.tuples(st.just("step"), some, some)
    return draw(st.lists(st.one_of(give, stand_in, know, step, step, step), min_size=4, max_size=14))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example costs too much to be made smaller
)
@given(history=histories(), amount=st.sampled_from([0, 50_000, 50_001, 3_000_000]))
def test_in_random_histories_everybody_is_told_what_claim_does(here, history, amount):
    town = here()
    lawful.afresh(town)
    filed = lawful.file(town, amount=amount)
    for verb, who, what in history:
        path = next((p for p in STEPS if p in county.open_paths(filed.case)), None)
        if verb == "give":
            organ = "shimen" if what == "acceptance" else "county"
            tier = "executive_meeting" if what == "decider" else None
            lawful.give(town, who, what, organ, tier=tier)
        elif verb == "stand_in" and who != what and lawful.assignment(town, what):
            lawful.stand_in(town, who, what)
        elif verb == "know":
            column = {"certificate": "1" if what else None} if what in ("certified", "") else {"status": what}
            lawful.know(town, who, **column)
        elif verb == "step" and path is not None:
            found = agree(town, filed.case, path)
            may = sorted(name for name in CAST if found.get(town.people[name].person, NotFound) is None)
            if may:
                lawful.do(town, filed.case, f"{may[len(who + what) % len(may)]}:{path}")
