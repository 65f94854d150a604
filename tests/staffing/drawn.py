"""Ways drawn at random, with everything that there is: several seats, stand-ins, bars, acts, claims, demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from engine.staffing.instance import Apart, Bound, Demand, Least, Next, Part, Seat, Way

STEPS, PERSONS = 7, 6


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Ways that share steps, who there is, who of them is away, and what could be added."""

    ways: tuple[Way, ...]
    people: tuple[int, ...]
    away: frozenset[int]
    additions: Mapping[str, tuple[tuple[str, Seat], ...]]


def draw(dice: Random) -> Drawn:
    """Up to 7 steps and 6 persons; now and then few steps, one of which a crowd may take."""
    crowd = dice.random() < 0.12
    people = tuple(range(1, 1 + (dice.randint(9, 13) if crowd else dice.choice((2, 3, 4, 4, 5, 5, PERSONS)))))
    names = [f"s{n}" for n in range(dice.randint(1, 3) if crowd else dice.choice((1, 2, 3, 3, 4, 4, 5, 6, STEPS)))]
    stands = () if dice.random() < 0.3 else tuple(dice.sample(people, 2) for _ in range(dice.randint(1, 2)))
    parts = {name: part(dice, name, people, stands, crowd) for name in names}
    demands = [demand(dice, names, n, len(people)) for n in range(dice.randint(0, 2 + len(names)))]
    stood = {two for _, two in stands}
    away = frozenset(p for p in people if dice.random() < (0.6 if p in stood else 0.06))
    return Drawn(
        ways=ways(dice, parts, demands), people=people, away=away, additions=additions(dice, names, people, stands)
    )


def ways(dice: Random, parts: dict[str, Part], demands: list[Demand]) -> tuple[Way, ...]:
    """One way with all steps; and perhaps others, without some, or with a part that is staffed otherwise."""
    found = [Way(parts=parts, demands=tuple(demands))]
    for _ in range(dice.choice((0, 0, 1, 2))):
        kept = {step: p for step, p in parts.items() if dice.random() < 0.8}
        if kept and dice.random() < 0.4:
            step = dice.choice(list(kept))
            kept[step] = replace(kept[step], may=kept[step].may[: dice.randint(0, 3)])
        found.append(Way(parts=kept, demands=tuple(d for d in demands if dice.random() < 0.8)))
    return tuple(found)


def part(dice: Random, step: str, people: tuple[int, ...], stands: tuple[list[int], ...], crowd: bool) -> Part:
    number = len(people) if crowd and dice.random() < 0.7 else dice.randint(dice.random() < 0.97, min(4, len(people)))
    own = [Seat(p) for p in dice.sample(people, number)]
    may = own + [Seat(a, b) for a, b in stands if Seat(b) in own or dice.random() < 0.5]
    barred = {seat: dice.choice(("B1", "B2")) for seat in may if dice.random() < 0.1}
    done = ()
    if dice.random() < 0.15:
        done = tuple(dict.fromkeys(seat(dice, people, stands) for _ in range(dice.randint(1, 2))))
    seats = dice.choices((0, 1, 2, 3), (3 if done else 0.2, 8, 1.2 if number > 2 else 0.1, 0.3 if number > 3 else 0))[0]
    held = None
    if seats and may and dice.random() < 0.1:
        held = dice.choice(may) if dice.random() < 0.8 else seat(dice, people, stands)
    may = tuple(one for one in may if one not in barred)
    return Part(step=step, seats=seats, may=may, barred=barred, done=done, held=held)


def seat(dice: Random, people: tuple[int, ...], stands: tuple[list[int], ...]) -> Seat:
    return Seat(*dice.choice(stands)) if stands and dice.random() < 0.4 else Seat(dice.choice(people))


def demand(dice: Random, names: list[str], n: int, persons: int) -> Demand:
    rule = f"R{n}" if dice.random() < 0.9 else "R0"
    some = tuple(sorted(dice.sample(names, min(len(names), dice.randint(1, 4)))))
    two = (some[0], some[-1])
    match dice.choice(("apart", "apart", "apart", "bound", "least", "next", "next")):
        case "apart":
            return Apart(rule, (*some, "elsewhere") if dice.random() < 0.1 else some)
        case "bound" if two[0] != two[1]:
            return Bound(rule, *two)
        case "next" if len(some) > 1:
            return Next(rule, some[:-1], some[-1])
        case _:
            return Least(rule, some, dice.choice((2, 2, min(persons, len(some)), min(persons, len(some) + 1))))


def additions(
    dice: Random, names: list[str], people: tuple[int, ...], stands: tuple[list[int], ...]
) -> dict[str, tuple[tuple[str, Seat], ...]]:
    """Each gives one seat on up to four steps, as one more post would."""
    found = {}
    for n in range(dice.randint(0, 4)):
        one = seat(dice, people, stands)
        found[f"l{n}"] = tuple((step, one) for step in dice.sample(names, min(len(names), dice.randint(1, 4))))
    return found
