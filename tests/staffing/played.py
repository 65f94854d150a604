"""A run played step by step through the rule of permission, with real acts: may these people do it in some order?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations, product

from engine.errors import Refused
from engine.model import Act, ActKind, Assignment, Item, Run, Standing
from engine.rules.demands import Demands
from engine.rules.permission import Task, answer
from engine.rules.separation import FILING
from engine.rules.signatures import verdict
from engine.staffing.asking import part, takes_officers, way
from engine.staffing.instance import Part, Roster, Seat, Way
from tests.rules.asked import AT, BOOK, LEVELS, task


@dataclass(frozen=True, kw_only=True)
class Officer:
    person: int
    own: tuple[Assignment, ...] = ()
    instead: tuple[Assignment, ...] = ()
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, kw_only=True)
class World:
    """A run of an item, where its steps are done, and who there is. `away`: persons."""

    item: Item
    run: Run
    organs: Mapping[str, int]
    officers: Sequence[Officer]
    away: frozenset[int] = frozenset()

    @property
    def way(self) -> Way:
        levels = {path: LEVELS[organ] for path, organ in self.organs.items()}
        return way(self.run, self.item, BOOK, self.parts, levels)

    @property
    def parts(self) -> dict[str, Part]:
        """Of its steps but the applicant's, and of filing where a separation names it."""
        made: dict[str, Part] = {}
        if any(FILING in kept.steps for kept in self.item.separations):
            made[FILING] = part(self.filing, self.officers, BOOK.exclusions, away=self.away, proxies=False)
        for path in self.run.steps:
            if takes_officers(self.item, path):
                asked = task(self.item, path, organ=self.organs[path])
                made[path] = part(asked, self.officers, BOOK.exclusions, away=self.away)
        return made

    @property
    def filing(self) -> Task:
        post, organ = "acceptance", self.organs[FILING]
        return Task(
            step=0, path=FILING, post=post, post_name=post, organ=organ, organ_name="", item=self.item.id,
            applicant=0, agent=None, acts=(), demands=Demands(), names={},
        )  # fmt: skip

    def passes(self, roster: Roster) -> bool:
        """Return whether the people of a roster can do the run step after step, whoever of several is the last."""
        played = product(_orders(self.run), _turns(roster))
        return any(_Play(self).passes(order, turn) for order, turn in played)

    def posts(self, person: int) -> list[Assignment]:
        """Return what a person may act by, the own posts first, as the database gives it."""
        officer = next(each for each in self.officers if each.person == person)
        if person in self.away:
            return list(officer.own)
        return [*officer.own, *(post for post in officer.instead if post.on_behalf in self.away)]


def _orders(run: Run) -> Iterator[tuple[str, ...]]:
    for order in permutations(run.steps):
        if all(order.index(b) < order.index(path) for path, before in run.before.items() for b in before):
            yield order


def _turns(roster: Roster) -> Iterator[dict[str, tuple[Seat, ...]]]:
    for turn in product(*(permutations(seats) for seats in roster.values())):
        yield dict(zip(roster, turn, strict=True))


def _by_opening(run: Run) -> list[str]:
    place = {path: number for number, path in enumerate(run.steps)}
    return sorted(run.steps, key=lambda p: (max((place[b] for b in run.before.get(p, ())), default=-1), place[p]))


class _Play:
    def __init__(self, world: World) -> None:
        self.world, self.acts, self.minutes = world, list[Act](), 0
        self.ids = {path: number for number, path in enumerate(_by_opening(world.run), 1)}
        self.opened, self.done = dict[str, int](), dict[str, int]()  # minutes

    def passes(self, order: Sequence[str], turn: Mapping[str, Sequence[Seat]]) -> bool:
        if FILING in turn and not self._files(turn[FILING]):
            return False
        for number, path in enumerate(order):
            before = self.world.run.before.get(path, ())
            self.opened[path] = max((self.done[b] for b in before), default=0)
            beside = [
                other for other in order[number:] if set(self.world.run.before.get(other, ())) <= set(order[:number])
            ]
            if not self._step(path, turn.get(path, ()), beside):
                return False
            self.done[path] = self.minutes
        return True

    def _files(self, seats: Sequence[Seat]) -> bool:
        own = [post for seat in seats for post in self.world.posts(seat.person) if post.on_behalf is None]
        if len(seats) != 1 or seats[0].person in self.world.away or seats[0].behalf:
            return False
        if isinstance(answer(seats[0].person, own, self.world.filing, BOOK.exclusions), Refused):
            return False
        self._act(seats[0], FILING, ActKind.FILE, None, None)
        return True

    def _step(self, path: str, seats: Sequence[Seat], beside: Sequence[str]) -> bool:
        step, outcome = self.world.item.steps[path], self.world.run.outcomes[path][0]
        if not takes_officers(self.world.item, path):
            self._act(Seat(0), path, ActKind.COMPLETE, outcome, self.ids[path])
            return not seats
        organ, found = self.world.organs[path], list[str]()
        for seat in seats:
            asked = task(
                self.world.item, path, self.acts, organ, number=self.ids[path], open=beside,
                opened_at=AT + timedelta(minutes=self.opened[path]),
            )  # fmt: skip
            officer = next(each for each in self.world.officers if each.person == seat.person)
            posts = self.world.posts(seat.person)
            by = answer(seat.person, posts, asked, BOOK.exclusions, officer.standing)
            if isinstance(by, Refused) or (by.on_behalf or 0) != seat.behalf or seat.person in self.world.away:
                return False
            ended = verdict(step.persons, step.outcomes, [*found, outcome]) is not None
            found.append(outcome)
            self._act(seat, path, ActKind.COMPLETE if ended else ActKind.SIGN, outcome, self.ids[path])
            if ended:
                return seat == seats[-1]
        return False

    def _act(self, seat: Seat, path: str, kind: ActKind, outcome: str | None, step: int | None) -> None:
        self.minutes += 1
        at, level = AT + timedelta(minutes=self.minutes), LEVELS[self.world.organs[path]] if seat.person else None
        self.acts.append(
            Act(
                person=seat.person, path=path, kind=kind, outcome=outcome, at=at, step=step,
                on_behalf=seat.behalf or None, level=level,
            )
        )  # fmt: skip
