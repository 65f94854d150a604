"""From a run of an item to a way that can be staffed: its parts, and what the rules ask of those who take them.

No rule stands here. Who could take a seat whatever others do is what permission answers of a case in which nobody has
acted; what one act means for another is read out of the same demands that permission asks. Where they say otherwise
than this file, they are right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from types import MappingProxyType
from typing import Protocol

from engine.errors import Refused
from engine.model import Assignment, Item, OrganLevel, Run, Standing
from engine.rules.book import Book
from engine.rules.council import quorum
from engine.rules.demands import Demands, demands
from engine.rules.permission import Task, answer, holds
from engine.rules.separation import Exclusion, is_township
from engine.rules.signatures import fewest
from engine.staffing.instance import Apart, Bound, Demand, Least, Next, Part, Seat, Way

CHAIR = "#chair"  # behind a step's path: the part of who presides over a decision taken together
PAST = "#past"  # behind a step's path: what has been done on it, in a case that is under way
STAND_IN = "SOD-16"
DONE = "done"  # the outcome of a step that declares none
NO_LEVELS: Mapping[str, OrganLevel] = MappingProxyType({})


class Officer(Protocol):
    """An officer with the posts that he holds, and those that he may act by while their holder is away."""

    @property
    def person(self) -> int: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def own(self) -> Sequence[Assignment]: ...
    @property
    def instead(self) -> Sequence[Assignment]: ...


def takes_officers(item: Item, path: str) -> bool:
    """Return whether a step has a part: the applicant does alone what is open to him (`permission.answers`).

    One that is bound to others is an officer's: done by the applicant it would leave them to nobody.
    """
    return not item.steps[path].applicant or any(path in kept.steps for kept in item.bindings)


def part(
    task: Task,
    officers: Iterable[Officer],
    exclusions: Sequence[Exclusion],
    *,
    away: Collection[int] = (),
    proxies: bool = True,
) -> Part:
    """Return the part of a step with everybody who holds its post or, with `proxies`, stands in for who does.

    Who may act for himself is not offered for another, except where being that other may be asked for (a binding): one
    who acts for himself meets fewer people. `away`: whose posts their stand-ins have beside their own, today.
    """
    may: list[Seat] = []
    barred: dict[Seat, str] = {}
    asked = replace(task, demands=replace(task.demands, counted={}))
    bound = any(task.path in kept.steps for kept in task.demands.bound)
    for officer in officers:
        for seat, posts in _offers(officer, task, away, proxies):
            if seat.behalf and Seat(seat.person) in may and not bound:
                continue
            found = answer(seat.person, posts, asked, exclusions, officer.standing)
            if isinstance(found, Refused):
                barred[seat] = found.basis
            else:
                may.append(seat)
    return Part(step=task.path, may=tuple(may), barred=barred)


def _offers(
    officer: Officer, task: Task, away: Collection[int], proxies: bool
) -> Iterator[tuple[Seat, Sequence[Assignment]]]:
    """Yield how an officer could act on a step, and all posts that he has then, among them one way to act on it."""
    fitting = [
        post for post in (*officer.own, *officer.instead) if holds(post, task.post, task.organ, task.item, task.lent)
    ]
    others = [post for post in officer.own if post not in fitting]
    others += [post for post in officer.instead if post.on_behalf in away and post not in fitting]
    if own := [post for post in fitting if post.on_behalf is None]:
        yield Seat(officer.person), [*own, *others]
    for holder in dict.fromkeys(post.on_behalf for post in fitting if post.on_behalf is not None and proxies):
        theirs = [post for post in officer.instead if post.on_behalf == holder and post not in others]
        yield Seat(officer.person, holder), [*theirs, *others]


def together(members: Part, chairs: Part, share: tuple[int, int]) -> dict[str, Part]:
    """Return the parts of a step that is decided by vote: a quorum of all who may be members, and who presides.

    Source: SOD-15. A chair who is a member may have both.
    """
    chair = members.step + CHAIR
    return {
        members.step: replace(members, seats=quorum(len(members.may), share)),
        chair: replace(chairs, step=chair),
    }


def way(
    run: Run, item: Item, book: Book, parts: Mapping[str, Part], levels: Mapping[str, OrganLevel] = NO_LEVELS
) -> Way:
    """Return what a run asks of those who do it. `parts`: of its steps, and of filing where a separation names it.

    A step without a part is the applicant's. `levels`: of the organs in which the steps are done.
    """
    return asked_of(run, item, book, {path: seated(item, run, each) for path, each in parts.items()}, levels)


def asked_of(run: Run, item: Item, book: Book, parts: Mapping[str, Part], levels: Mapping[str, OrganLevel]) -> Way:
    """Return the same with parts that have their seats. What lies behind has names of its own (PAST)."""
    asked = _Asked(run, item, book, parts)
    kept = [*asked.apart(), *asked.bound(), *asked.least(), *asked.next()]
    return Way(parts=asked.barred_by_level(levels), demands=tuple(dict.fromkeys(kept)))


def seated(item: Item, run: Run, taken: Part) -> Part:
    """Return a part with as many seats as the outcomes take with which this way is gone, whichever it is."""
    step = item.steps.get(taken.step)
    if step is None or step.collective:
        return taken
    possible = step.outcomes or (DONE,)
    ways = run.outcomes.get(taken.step) or possible
    return replace(taken, seats=max(fewest(step.persons, possible, outcome) for outcome in ways))


def step_of(part: str) -> str:
    """Return the path of the step that a part is of."""
    return part.partition("#")[0]


def is_past(part: str) -> bool:
    """Return whether a part is what has been done on a step."""
    return part.endswith(PAST)


class _Asked:
    """What is asked of a run; `order`: its steps that have parts, filing first."""

    def __init__(self, run: Run, item: Item, book: Book, parts: Mapping[str, Part]) -> None:
        self.run, self.item, self.parts = run, item, parts
        self.place = {path: number for number, path in enumerate(run.steps)}
        filed = [path for path in parts if path not in self.place and not path.endswith(CHAIR)]
        self.order = [*filed, *(path for path in run.steps if path in parts)]
        self.demands = demands(item, run.steps[0], "", book) if run.steps else Demands()  # of any step the same

    def acting(self, path: str) -> tuple[str, ...]:
        """Return the parts whose acts are on a step; the last of them completes it."""
        return (path, path + CHAIR) if path + CHAIR in self.parts else (path,)

    def opened(self, path: str) -> int:
        """Return the place of the step whose completion opens this one; -1: it opens with the run."""
        here = self.place[path]
        return max((self.place[b] for b in self.run.before.get(path, ()) if self.place.get(b, here) < here), default=-1)

    def apart(self) -> Iterator[Demand]:
        """Yield steps of different persons, as `separation.conflict` finds them in whatever order they are done."""
        for kept in self.demands.apart:
            steps = [path for path in self.order if step_of(path) in kept.steps]
            for one, other in combinations(steps, 2):
                if step_of(one) != step_of(other) and not (is_past(one) and is_past(other)):
                    yield from (Apart(kept.rule, each) for each in product(self.acting(one), self.acting(other)))

    def bound(self) -> Iterator[Demand]:
        """Yield steps of one person: each with the last opened of those done (`separation.latest`)."""
        for kept in self.demands.bound:
            steps = [path for path in self.order if step_of(path) in kept.steps and path in self.place]
            for number, path in enumerate(steps):
                others = [done for done in steps[:number] if step_of(done) != path]
                if others and not is_past(path):
                    before = max(others, key=lambda done: (self.opened(done), self.place[done]))
                    yield from (Bound(kept.rule, self.acting(before)[-1], each) for each in self.acting(path))

    def least(self) -> Iterator[Demand]:
        """Yield how many persons have acted at the end of each counted step, lest `enough_persons` refuse the last."""
        asked = self.demands
        order = list(asked.counted)
        for path in [path for path in self.order if path in asked.counted]:
            here = self.place[path]
            beside = [other for other in self.run.steps if self.opened(other) < here < self.place[other]]
            behind = {*order[order.index(path) + 1 :]} - {step_of(each) for each in self.run.steps[:here]}
            later = {*behind, *(other for other in beside if other in asked.counted)} - {path}
            seats = sum(self.parts[each].seats for each in self.acting(path))
            left = max(0, asked.counted[path] - seats) + sum(asked.counted[other] for other in later)
            counted = [other for other in self.run.steps[: here + 1] if step_of(other) in asked.counted]
            applicants = any(other not in self.parts for other in counted)
            steps = tuple(each for other in counted if other in self.parts for each in self.acting(other))
            if (persons := asked.least - left - applicants) > 1:
                yield Least(asked.counting, steps, persons)

    def next(self) -> Iterator[Demand]:
        """Yield which step follows which: `separation.after_stand_in`. An applicant stands in for nobody."""
        for path in [path for path in self.order if path in self.place and not is_past(path)]:
            here = self.place[path]
            before = [b for b in self.run.before.get(path, ()) if self.place.get(b, here) < here]
            if before and all(b in self.parts for b in before):
                last = tuple(self.acting(b)[-1] for b in before)
                yield from (Next(STAND_IN, last, each) for each in self.acting(path))

    def barred_by_level(self, levels: Mapping[str, OrganLevel]) -> dict[str, Part]:
        """Return the parts in order; nobody may take one at the level at which another of its set has been done.

        Source: `separation.level`. An act counts for the level of its step's organ: it is done by a post held there.
        """
        found: dict[str, Part] = {}
        for path in self.order:
            rule = "" if is_past(path) else self._same_level(path, levels)
            for each in self.acting(path):
                taken = self.parts[each]
                if rule:
                    taken = replace(taken, may=(), barred={**dict.fromkeys(taken.may, rule), **taken.barred})
                found[each] = taken
        return found

    def _same_level(self, path: str, levels: Mapping[str, OrganLevel]) -> str:
        """Return the rule by which a step is at the level of one that is done before it; empty: none."""
        if path not in levels:
            return ""
        done = {step_of(other) for other in self.order[: self.order.index(path)] if step_of(other) != path}
        same = {other for other in done if other in levels and is_township(levels[other]) == is_township(levels[path])}
        return next((kept.rule for kept in self.demands.levels if path in kept.steps and same & set(kept.steps)), "")
