"""Properties of the checks: a stand-in is never freer than himself, acts never free anybody, the number is reached."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.model import Act, ActKind
from engine.rules.separation import number_of_persons
from tests.rules.asked import CHAIN, act, asked, item, post

PERSONS = st.integers(1, 5)
PATHS = st.sampled_from(["accept", "review", "recheck", "decide", "issue"])
HANDLED = st.sampled_from([ActKind.COMPLETE, ActKind.SIGN, ActKind.ADVISE, ActKind.VOTE, ActKind.RETURN])
OF = item(CHAIN, ("decide issue", "SOD-04"))
COUNTED = item(("accept review decide issue", "SOD-27"), risk="high")
SAME = ("SamePerson SOD-03", "SamePerson SOD-04")


@st.composite
def acts(draw: st.DrawFn) -> list[Act]:
    made = draw(st.lists(st.tuples(PERSONS, PATHS, HANDLED, st.one_of(st.none(), PERSONS)), max_size=6))
    return [
        act(who, path, step=n, kind=kind, on_behalf=whom if whom != who else None)
        for n, (who, path, kind, whom) in enumerate(made, 1)
    ]


@given(PERSONS, PATHS, acts())
def test_who_handled_another_step_of_the_set_is_refused_and_nobody_else(person, path, done):
    others = {p for kept in OF.separations if path in kept.steps for p in kept.steps} - {path}
    handled = any(a.path in others and person in (a.person, a.on_behalf) for a in done)
    answer = asked(person, OF, path, [a for a in done if a.on_behalf is None or a.path in others])

    assert (answer in SAME) == handled


@given(PERSONS, PERSONS, PATHS, acts())
def test_a_stand_in_is_refused_whatever_either_of_the_two_is_refused(person, whom, path, done):
    instead = [post(OF.steps[path].post, on_behalf=whom, on_behalf_pseudonym="p")]
    either = asked(person, OF, path, done) in SAME or asked(whom, OF, path, done) in SAME

    assert (asked(person, OF, path, done, held=instead) in SAME) == either


@given(PERSONS, PATHS, acts(), acts())
def test_what_is_done_besides_frees_nobody(person, path, done, more):
    if asked(person, OF, path, done) in SAME:
        assert asked(person, OF, path, [*done, *more]) in SAME


@given(st.lists(st.integers(1, 6), min_size=4, max_size=12), st.integers(0, 3))
def test_whoever_is_let_through_the_least_number_of_persons_is_reached(wanted, again):
    """Each counted step is done by the first who is not refused, some of them a second time after a return."""
    order = list(COUNTED.steps)
    path_of = ["accept", "review", "decide", "issue"]
    way = [*path_of[: again + 1], *path_of] if again else path_of
    done: list[Act] = []
    for number, path in enumerate(way, 1):
        wishes = [wanted[(number + k) % len(wanted)] for k in range(len(wanted))]
        free = next(w for w in (*wishes, *range(100, 110)) if asked(w, COUNTED, path, done, number=number) == "")
        done.append(act(free, path, step=number))

    assert set(way) <= set(order)
    assert number_of_persons(done, path_of) >= 4


@given(acts())
def test_two_who_are_one_count_once(done):
    paths = ["accept", "review", "recheck", "decide", "issue"]
    counted = [a for a in done if a.kind in (ActKind.COMPLETE, ActKind.SIGN, ActKind.VOTE)]
    people = {p for a in counted for p in (a.person, a.on_behalf) if p}
    links = {frozenset((a.person, a.on_behalf)) for a in counted if a.on_behalf}

    assert len(people) - len(links) <= number_of_persons(done, paths) <= len({a.person for a in counted})
