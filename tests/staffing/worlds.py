"""Random small offices: an item with all kinds of constraints, a run of it, officers, stand-ins, absences, rosters."""

from __future__ import annotations

from random import Random
from typing import Any

from engine.model import Assignment, Persons, Run, Standing, Step
from engine.staffing.instance import Roster, Seat, Way
from tests.rules.asked import COUNTY, TOWN, item, post, step
from tests.staffing.played import Officer, World

POSTS = ("acceptance", "reviewer", "decider")
FIVE = ("accept", "review", "recheck", "decide", "issue")
KEPT = ("SOD-03", "SOD-04", "SOD-20", "SOD-27", "SOD-27", "SOD-30")
SEVERAL = (
    Persons(min=2),
    Persons(min=2, rule="any"),
    Persons(min=2, rule="sequence"),
    Persons(min=3, rule="ratio:2/3"),
)
PERSONS = range(1, 6)


def world(rng: Random) -> World:
    """Return a world: three to five of the usual steps, in a row or the second beside the third.

    There nobody is counted: how many may still come depends on which of the two is done first.
    """
    steps = sorted(rng.sample(FIVE, rng.randint(3, 5)), key=FIVE.index)
    if rng.random() < 0.3:
        rng.shuffle(steps)
    beside = len(steps) > 3 and rng.random() < 0.3
    made = [_step(rng, path) for path in steps]
    bound = _bound(rng, steps, beside)
    of = item(
        *(_kept(rng, steps) for _ in range(rng.randint(0, 3))),
        bound=[(" ".join(bound), "DES-01")] if bound else [],
        steps=made,
        risk="" if beside else rng.choice(("low", "medium", "high")),
        on_the_spot=rng.random() < 0.3,
        distinct_persons=0 if beside else rng.randint(0, 3),
    )
    before = {path: (steps[n - 1],) for n, path in enumerate(steps) if n}
    if beside:
        before |= {steps[2]: (steps[0],), steps[3]: (steps[1], steps[2])}
    outcomes = {path: (rng.choice(of.steps[path].outcomes),) for path in steps}
    return World(
        item=of,
        run=Run(steps=tuple(steps), before=before, outcomes=outcomes),
        organs={path: rng.choice((TOWN, COUNTY)) for path in steps} | {"case": TOWN},
        officers=_officers(rng, _proxies(bound, made)),
        away=frozenset(rng.sample(PERSONS, rng.choice((0, 0, 1, 2)))),
    )


def roster(rng: Random, of: World, asked: Way) -> Roster:
    """Return somebody for every seat: mostly who may, rarely who is barred or has no such post at all."""
    found = {}
    for path, part in asked.parts.items():
        able = [seat for seat in part.may if _in(of, seat)]
        every = able if able and rng.random() < 0.95 else [*part.may, *part.barred, *map(Seat, PERSONS)]
        found[path] = tuple(rng.choice(every) for _ in range(part.seats))
        if part.seats > 1 and len(every) >= part.seats and rng.random() < 0.9:
            found[path] = tuple(rng.sample(every, part.seats))
    return found


def _in(of: World, seat: Seat) -> bool:
    return seat.person not in of.away and (not seat.behalf or seat.behalf in of.away)


def _step(rng: Random, path: str) -> Step:
    more: dict[str, Any] = {}
    if rng.random() < 0.3:
        more["persons"] = rng.choice(SEVERAL)
    elif rng.random() < 0.15:
        more["applicant"] = True
    made = step(path, rng.choice(POSTS), **more)
    return Step(**vars(made) | {"outcomes": ("pass", "refuse")})


def _kept(rng: Random, steps: list[str]) -> tuple[str, str]:
    rule = rng.choice(KEPT)
    named = rng.sample(steps, rng.randint(2, len(steps)))
    return " ".join([*(["case"] if rule == "SOD-20" else []), *named]), rule


def _bound(rng: Random, steps: list[str], beside: bool) -> list[str]:
    if rng.random() < 0.5:
        return []
    found = rng.sample(steps, rng.randint(2, 3))
    return [] if beside and {steps[1], steps[2]} <= set(found) else found


def _proxies(bound: list[str], steps: list[Step]) -> str:
    """Return who may stand in for somebody: `twice`, also who holds the post; `once`, who does not; empty: nobody.

    Where others are bound to a step that several do, it would matter by which of them SOD-16 asks and by which DES-01.
    """
    if any(each.path in bound and each.persons.min > 1 for each in steps):
        return ""
    return "once" if bound else "twice"


def _officers(rng: Random, proxies: str) -> list[Officer]:
    own: dict[int, list[Assignment]] = {person: [] for person in PERSONS}
    for person in PERSONS:
        for code in POSTS:
            for organ in (TOWN, COUNTY):
                if rng.random() < 0.4:
                    own[person].append(post(code, organ, id=len(POSTS) * 100 * person + len(own[person])))
        if rng.random() < 0.05:
            own[person].append(post("chief", id=900 + person))
    return [
        Officer(
            person=person,
            own=tuple(own[person]),
            instead=tuple(_instead(rng, person, own, proxies)),
            standing=Standing(status=rng.choice(("official",) * 9 + ("trainee",))),
        )
        for person in PERSONS
    ]


def _instead(rng: Random, person: int, own: dict[int, list[Assignment]], proxies: str) -> list[Assignment]:
    """Return posts by which somebody stands in, for one holder of each post at most."""
    found: dict[tuple[str, int], Assignment] = {}
    mine = {(post.post, post.organ) for post in own[person]}
    for holder in PERSONS:
        for held in own[holder]:
            key = held.post, held.organ
            if proxies and holder != person and rng.random() < 0.25 and (proxies == "twice" or key not in mine):
                found.setdefault(key, Assignment(**vars(held) | {"on_behalf": holder, "on_behalf_pseudonym": "p"}))
    return list(found.values())
