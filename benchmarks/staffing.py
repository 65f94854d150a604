"""Can 500 officers staff a flow of 30 steps under 30 constraints, on all its ways; why not; without whom not?

Run: .venv/bin/python -m benchmarks.staffing [ROUNDS]
Each round draws another county. Beside it, in the same run: the same ways each in a solver of its own, and on small
flows trying everything. Prints medians with their spread (10th to 90th percentile), ratios, and the memory at its peak.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from engine.staffing.answers import Staffing
from engine.staffing.instance import Apart, Bound, Demand, Least, Next, Part, Seat, Way
from tests.staffing import brute
from tests.staffing.drawn import draw

ROUNDS, STEPS, OFFICERS, CHOICES = 20, 30, 500, 6  # of so many choices of two ways each, every combination: 64 ways
STEP_NAMES = [f"s{n:02}" for n in range(STEPS)]
SCARCE, USUAL = (1, 6), (5, 50)  # officers who may take a step


def flow(seed: int, officers: tuple[int, int]) -> tuple[Way, ...]:
    """Return 64 ways: 24 steps always, of six pairs of steps one; every fifth officer has a stand-in who takes his."""
    dice = Random(seed)  # noqa: S311 a benchmark's dice, no secret
    stands = {p: dice.randint(1, OFFICERS) for p in range(5, OFFICERS + 1, 5)}
    parts = {step: _part(dice, step, officers, stands) for step in STEP_NAMES}
    demands = tuple(_demands(dice))
    for bound in (demand for demand in demands if isinstance(demand, Bound)):
        parts[bound.step] = replace(parts[bound.before], step=bound.step, seats=1)
    pairs = [(STEP_NAMES[n], STEP_NAMES[n + 1]) for n in range(0, 2 * CHOICES, 2)]
    left_out = [{pair[chosen >> n & 1] for n, pair in enumerate(pairs)} for chosen in range(2**CHOICES)]
    return tuple(Way(parts={s: parts[s] for s in STEP_NAMES if s not in out}, demands=demands) for out in left_out)


def _part(dice: Random, step: str, officers: tuple[int, int], stands: dict[int, int]) -> Part:
    """One step in ten takes two persons; one in ten is open to everybody."""
    own = dice.sample(range(1, OFFICERS + 1), dice.randint(*officers) if dice.random() < 0.9 else OFFICERS)
    may = [Seat(p) for p in own] + [Seat(stands[p], p) for p in own if stands.get(p, p) != p]
    seats = 2 if dice.random() < 0.1 and len(own) > 1 else 1
    return Part(step=step, seats=seats, may=tuple(sorted(may)))


def _demands(dice: Random) -> Sequence[Demand]:
    """15 that keep two to five steps apart, 5 that bind two, 5 that count persons, 5 that bar who has just stood in."""
    some = [sorted(dice.sample(STEP_NAMES, dice.randint(2, 5))) for _ in range(30)]
    found: list[Demand] = [Bound(f"B{n}", steps[0], steps[-1]) for n, steps in enumerate(some[15:20])]
    last = {bound.step for bound in found if isinstance(bound, Bound)}
    found += [Apart(f"A{n}", tuple(step for step in steps if step not in last)) for n, steps in enumerate(some[:15])]
    found += [Least(f"L{n}", tuple(steps), 2) for n, steps in enumerate(some[20:25])]
    return [*found, *(Next(f"N{n}", (steps[0],), steps[-1]) for n, steps in enumerate(some[25:]))]


def main(rounds: int) -> None:
    for name, officers in (("5 to 50 may", USUAL), ("1 to 6 may", SCARCE)):
        large(f"30 steps, 500 officers, 64 ways, {name}", officers, rounds)
    small(rounds)
    print(f"memory at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def large(what: str, officers: tuple[int, int], rounds: int) -> None:
    """The questions one after the other on one solver, and the ways alone each on its own."""
    times: dict[str, list[float]] = {name: [] for name in ("all ways", "conflicts", "one away", "together", "two away")}
    ratios, possible = [], 0
    for seed in range(rounds):
        ways = flow(seed, officers)
        start = time.perf_counter()
        staffing = Staffing(ways)
        took = [(time.perf_counter() - start) * 1000, timed(lambda known=staffing: known.answers)]
        took.append(timed(lambda known=staffing: known.breaks_without(1)))
        took += [sum(took), timed(lambda known=staffing: known.breaks_without())]
        for found, ms in zip(times.values(), took, strict=True):
            found.append(ms)
        ratios.append(timed(lambda ways=ways: [Staffing((way,)).possible for way in ways]) / took[0])
        possible += sum(not isinstance(answer, tuple) for answer in staffing.answers)
    print(f"{what}: {possible} of {len(ways) * rounds} ways are possible")
    for name, found in times.items():
        show(name, found)
    print(f"  a solver for each way / one for all: ×{statistics.median(ratios):.1f} ({spread(ratios)})")


def small(rounds: int) -> None:
    """Who must not be away, on small random flows: trying everything beside the solver."""
    mine, theirs = [], []
    dice = Random(1)  # noqa: S311
    every = (draw(dice) for _ in range(100 * rounds))
    for drawn in [it for it in every if len(it.ways[0].parts) > 5 and Staffing(it.ways, it.away).possible]:
        mine.append(timed(lambda it=drawn: Staffing(it.ways, it.away).breaks_without()))
        theirs.append(timed(lambda it=drawn: brute.breaks_without(it.ways, it.people, it.away)))
    print(f"{len(mine)} random flows of 6 or 7 steps and at most 6 persons that can be staffed, one or two away")
    show("trying everything", theirs)
    show("the solver", mine)


def timed(ask: Callable[[], object]) -> float:
    """Return how many milliseconds an answer took."""
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def show(what: str, times: Sequence[float]) -> None:
    print(f"  {what:24} {statistics.median(times):8.1f} ms ({spread(times)})")


def spread(values: Sequence[float]) -> str:
    tenths = statistics.quantiles(values, n=10)
    return f"{tenths[0]:.3g}–{tenths[-1]:.3g}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
