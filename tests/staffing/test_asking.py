"""What a run asks, in known answers: who could take each part, and which demands stand between the parts."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest

from engine.model import Assignment, Collective, Item, OrganLevel, Persons, Run, Standing
from engine.rules.signatures import fewest, verdict
from engine.staffing.asking import CHAIR, part, together, way
from engine.staffing.instance import Apart, Bound, Least, Next, Part, Seat, Way
from tests.rules.asked import BOOK, COUNTY, TOWN, item, post, step, task
from tests.staffing.played import Officer

OFFICIAL = Standing()
_COLLECTIVE = Collective(chair="chief")


def run(*steps: str, **more: Any) -> Run:
    in_a_row = {path: (steps[n - 1],) for n, path in enumerate(steps) if n}
    return Run(steps=steps, **{"before": in_a_row} | more)


def asked(of: Item, went: Run, *without: str, seats: int = 1, levels: dict[str, OrganLevel] | None = None) -> Way:
    """Return the way of a run whose steps have one person each, `without` those of the applicant."""
    parts = {p: Part(step=p, may=(Seat(1),), seats=seats) for p in ("case", *went.steps) if p not in without}
    return way(went, of, BOOK, parts, levels or {})


def demands_of(of: Item, went: Run, *without: str) -> tuple[object, ...]:
    return tuple(each for each in asked(of, went, *without).demands if not isinstance(each, Next))


def one(of: Item, path: str, officers: list[Officer], **more: Any) -> Part:
    return part(task(of, path), officers, BOOK.exclusions, **more)


def holder(person: int, *posts: Assignment, instead: tuple[Assignment, ...] = (), **known: Any) -> Officer:
    own = posts or (post("decider", id=person),)
    return Officer(person=person, own=own, instead=instead, standing=replace(OFFICIAL, **known))


def stands_in(whom: int, code: str = "decider", organ: int = COUNTY, **more: Any) -> Assignment:
    return post(code, organ, id=50 + whom, on_behalf=whom, on_behalf_pseudonym="p", **more)


def test_who_holds_the_post_there_could_take_the_part_and_nobody_else():
    elsewhere = holder(2, post("decider", TOWN))
    other_item = holder(3, post("decider", item="another"))

    assert one(item(), "decide", [holder(1), elsewhere, other_item]).may == (Seat(1),)


def test_a_stand_in_is_offered_whether_or_not_the_holder_is_away():
    found = one(item(), "decide", [holder(1), Officer(person=2, instead=(stands_in(1),))])

    assert found.may == (Seat(1), Seat(2, 1))


def test_filing_has_no_stand_ins():
    found = one(item(), "decide", [Officer(person=2, instead=(stands_in(1),))], proxies=False)

    assert found.may == ()


@pytest.mark.parametrize(
    ("officer", "rule"),
    [
        (holder(1, post("decider"), post("chief", id=2)), "SOD-09"),
        (holder(1, status="trainee"), "SOD-29"),
        (holder(1, recusal="upheld"), "SOD-08"),
    ],
)
def test_who_is_barred_whatever_others_do_is_named_with_the_rule(officer, rule):
    found = one(item(), "decide", [officer])

    assert (found.may, found.barred) == ((), {Seat(1): rule})


def test_a_tier_that_does_not_reach_the_amount_bars():
    of = item(steps=[step("decide", "decider", tier=True)])
    low, high = next(iter(BOOK.tiers.by_code)), list(BOOK.tiers.by_code)[-1]
    officers = [holder(1, post("decider", tier=low)), holder(2, post("decider", tier=high))]
    found = part(task(of, "decide", amount=None), officers, BOOK.exclusions)

    assert (found.may, found.barred) == ((Seat(2),), {Seat(1): "SOD-14"})


def test_a_certificate_that_the_step_asks_for_is_asked_for():
    of = item(steps=[step("inspect", "inspector", persons=Persons(min=2, certified=True))])
    officers = [holder(1, post("inspector"), certified=True), holder(2, post("inspector"))]

    assert one(of, "inspect", officers).barred == {Seat(2): "SOD-05"}


def test_posts_without_stand_ins_have_none():
    of = item(steps=[step("council", "council_member")])
    found = one(of, "council", [Officer(person=2, instead=(stands_in(1, "council_member"),))])

    assert found.barred == {Seat(2, 1): "SOD-16"}


def test_who_may_act_for_himself_is_not_offered_for_another_unless_steps_are_bound():
    both = holder(2, instead=(stands_in(1),))

    assert one(item(), "decide", [both]).may == (Seat(2),)
    assert one(item(bound=[("review decide", "DES-01")]), "decide", [both]).may == (Seat(2), Seat(2, 1))


def test_posts_stood_in_for_today_exclude_too():
    chief = holder(2, instead=(stands_in(1, "chief"),))

    assert one(item(), "decide", [chief]).may == (Seat(2),)
    assert one(item(), "decide", [chief], away={1}).barred == {Seat(2): "SOD-09"}


def test_that_the_least_number_cannot_be_reached_bars_nobody_from_the_last_step_before_anybody_has_acted():
    of = item(("accept review decide issue", "SOD-27"), risk="high")

    assert one(of, "issue", [holder(1, post("issuer"))]).may == (Seat(1),)


def test_steps_apart_are_those_of_the_run():
    of = item(("accept review recheck decide", "SOD-03"), ("decide issue", "SOD-04"))

    found = demands_of(of, run("accept", "review", "decide"))
    assert found == tuple(Apart("SOD-03", each) for each in combinations(("accept", "review", "decide"), 2))


def test_filing_is_apart_where_a_separation_names_it():
    of = item(("case review", "SOD-20"))

    assert demands_of(of, run("accept", "review")) == (Apart("SOD-20", ("case", "review")),)


def test_what_one_may_do_on_the_spot_is_not_kept_apart():
    of = item(("accept review recheck decide", "SOD-03"), on_the_spot=True, risk="medium")

    assert demands_of(of, run("accept", "review", "recheck")) == (
        Apart("SOD-03", ("accept", "recheck")),
        Apart("SOD-03", ("review", "recheck")),
        Least("SOD-27", ("accept", "review", "recheck"), 2),
    )


def test_each_bound_step_is_bound_to_the_one_before_it_on_this_run():
    of = item(bound=[("accept review decide", "DES-01")])

    assert demands_of(of, run("accept", "review", "decide")) == (
        Bound("DES-01", "accept", "review"),
        Bound("DES-01", "review", "decide"),
    )
    assert demands_of(of, run("accept", "decide")) == (Bound("DES-01", "accept", "decide"),)


def test_of_parallel_steps_the_one_opened_last_is_the_latest():
    of = item(bound=[("accept review decide", "DES-01")])
    went = run("recheck", "review", "accept", "decide", before={"accept": ("recheck",), "decide": ("accept", "review")})

    assert demands_of(of, went)[-1] == Bound("DES-01", "accept", "decide")
    beside = replace(went, before={"review": ("recheck",), "decide": ("accept", "review")})
    assert demands_of(of, beside)[-1] == Bound("DES-01", "review", "decide")


def test_persons_are_counted_as_soon_as_later_steps_could_not_make_up_for_them():
    of = item(("accept review recheck decide", "SOD-27"), risk="medium")

    assert demands_of(of, run("accept", "review", "recheck", "decide")) == (
        Least("SOD-27", ("accept", "review", "recheck"), 2),
        Least("SOD-27", ("accept", "review", "recheck", "decide"), 3),
    )


def test_a_counted_step_that_the_run_leaves_out_is_hoped_for_like_permission_does():
    of = item(("accept review decide", "SOD-27"), risk="medium")

    assert demands_of(of, run("accept", "review")) == (Least("SOD-27", ("accept", "review"), 2),)


def test_a_counted_step_open_beside_may_still_add_its_own():
    of = item(("review recheck decide", "SOD-27"), risk="medium")
    went = run("decide", "review", "recheck", before={"review": (), "recheck": ()})

    every = Least("SOD-27", ("decide", "review", "recheck"), 3)
    assert demands_of(of, went) == (Least("SOD-27", ("decide", "review"), 2), every)
    assert demands_of(of, run("decide", "review", "recheck"))[0] == Least("SOD-27", ("decide",), 3)


def test_the_applicant_counts_as_one_person():
    of = item(("accept review decide", "SOD-27"), risk="medium", steps=[step("accept", "acceptance", applicant=True)])

    assert demands_of(of, run("accept", "review", "decide"), "accept") == (Least("SOD-27", ("review", "decide"), 2),)


def test_who_completed_the_step_before_is_asked_about_stand_ins_but_no_applicant_is():
    went = run("accept", "review", "decide")

    assert asked(item(), went).demands == (
        Next("SOD-16", ("accept",), "review"),
        Next("SOD-16", ("review",), "decide"),
    )
    assert asked(item(), went, "accept").demands == (Next("SOD-16", ("review",), "decide"),)


def test_a_step_that_comes_back_to_itself_follows_what_lies_before_it():
    went = run("accept", "review", before={"accept": ("review",), "review": ("accept",)})

    assert asked(item(), went).demands == (Next("SOD-16", ("accept",), "review"),)


def test_nobody_may_do_a_step_at_the_level_at_which_another_of_its_set_was_done():
    of = item(("accept decide", "SOD-30"))
    went, centre = run("accept", "decide"), OrganLevel.CENTRE

    same = asked(of, went, levels={"accept": centre, "decide": OrganLevel.COUNTY})
    assert (same.parts["accept"].may, same.parts["decide"].may) == ((Seat(1),), ())
    assert same.parts["decide"].barred == {Seat(1): "SOD-30"}
    apart = asked(of, went, levels={"accept": OrganLevel.TOWNSHIP, "decide": centre})
    assert apart.parts["decide"].may == (Seat(1),)


@pytest.mark.parametrize(
    ("persons", "outcomes", "seats"),
    [
        (Persons(min=2), ("pass",), 2),
        (Persons(min=2, rule="any"), ("pass",), 1),
        (Persons(min=3, rule="ratio:1/3"), ("pass",), 1),
        (Persons(min=3, rule="ratio:1/3"), ("pass", "refuse"), 3),
        (Persons(min=3, rule="sequence"), ("refuse",), 1),
        (Persons(min=3, rule="sequence"), (), 3),
    ],
)
def test_there_are_as_many_seats_as_the_outcomes_of_the_run_take(persons, outcomes, seats):
    made = step("sign", "decider", persons=persons)
    of = item(steps=[replace(made, outcomes=("pass", "refuse"))])
    went = run("sign", outcomes={"sign": outcomes} if outcomes else {})

    assert asked(of, went).parts["sign"].seats == seats


@pytest.mark.parametrize("rule", ["all", "any", "sequence", "ratio:1/2", "ratio:2/3", "ratio:1/1"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_fewest_is_the_shortest_row_of_equal_findings_with_a_verdict(rule, number):
    persons, possible = Persons(min=number, rule=rule), ("pass", "refuse", "unclear")
    for outcome in possible:
        rows = (n for n in range(1, number + 1) if verdict(persons, possible, [outcome] * n) == outcome)
        assert fewest(persons, possible, outcome) == next(rows)


def test_a_decision_by_vote_takes_a_quorum_and_somebody_who_presides_who_may_be_a_member():
    members = Part(step="council", may=tuple(map(Seat, range(1, 6))))
    parts = together(members, Part(step="council", may=(Seat(1), Seat(9))), (2, 3))

    assert {path: (p.step, p.seats, len(p.may)) for path, p in parts.items()} == {
        "council": ("council", 4, 5),
        "council" + CHAIR: ("council" + CHAIR, 1, 2),
    }


def test_what_is_asked_of_a_council_is_asked_of_its_members_and_its_chair():
    of = item(
        ("review council issue", "SOD-03"),
        bound=[("council issue", "DES-01")],
        steps=[replace(step("council", "council_member"), collective=_COLLECTIVE)],
    )
    went = run("review", "council", "issue")
    parts = {path: Part(step=path, may=(Seat(1),)) for path in ("review", "issue")}
    found = way(went, of, BOOK, parts | together(Part(step="council", may=(Seat(2),)), Part(step="", may=()), (2, 3)))

    chair = "council" + CHAIR
    assert list(found.parts) == ["review", "council", chair, "issue"]
    assert set(found.demands) >= {
        *(Apart("SOD-03", ("review", each)) for each in ("council", chair)),
        *(Apart("SOD-03", (each, "issue")) for each in ("council", chair)),
        Bound("DES-01", chair, "issue"),
        Next("SOD-16", ("review",), chair),
        Next("SOD-16", (chair,), "issue"),
    }
    assert not any({"council", chair} <= set(each.steps) for each in found.demands if isinstance(each, Apart))


def test_several_persons_on_every_step_are_counted_once_each():
    of = item(
        ("accept review", "SOD-27"),
        risk="high",
        steps=[step("accept", "acceptance", persons=Persons(min=2, rule="any"))],
    )

    assert [(d.steps, d.persons) for d in demands_of(of, run("accept", "review")) if isinstance(d, Least)] == [
        (("accept",), 2),
        (("accept", "review"), 4),
    ]


def test_all_combinations_of_an_empty_run_ask_nothing():
    for kept, bound in product(([], [("accept review", "SOD-03")]), ([], [("accept review", "DES-01")])):
        assert way(Run(steps=()), item(*kept, bound=bound), BOOK, {}) == Way(parts={})
