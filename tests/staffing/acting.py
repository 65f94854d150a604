"""Small random items acted out by few people: the real flow, the real rule of permission, and the guard before both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from engine.bpmn import run
from engine.bpmn.program import Program
from engine.bpmn.read import read
from engine.bpmn.runs import runs
from engine.commands.staffing.future import Future
from engine.commands.staffing.guard import Share, given, without
from engine.commands.staffing.ongoing import position, went
from engine.db.find import StepRow
from engine.errors import Refused
from engine.model import Act, ActKind, OrganLevel, Run, Separation
from engine.rules.permission import answer
from engine.rules.signatures import standing, verdict
from engine.staffing.asking import part
from engine.staffing.foresight import Course, DeadEnd
from tests.rules.asked import AT, BOOK, COUNTY, LEVELS, post, task
from tests.staffing.played import Officer
from tests.staffing.tiny import item

RULES = ("SOD-03", "SOD-03", "SOD-04")


@dataclass(frozen=True, kw_only=True)
class Small:
    """An item with few officers, by person. `runs`: all of its flow."""

    seed: int
    program: Program
    officers: dict[int, Officer]
    course: Course
    runs: tuple[Run, ...]


def small(seed: int, most: int = 5, *, loops: bool = True) -> Small:
    """Return the item of a seed: its flow is of tiny.py, its constraints and people are drawn."""
    rng = Random(seed)
    program = read(item(seed, most, loops=loops))
    paths = list(program.item.steps)
    apart = [Separation(steps=tuple(_some(rng, paths)), rule=rng.choice(RULES)) for _ in range(rng.randint(1, 3))]
    bound = [Separation(steps=tuple(_some(rng, paths)[:2]), rule="DES-01")] if rng.random() < 0.3 else []
    return made(program, apart, bound, [_officer(rng, person) for person in range(1, rng.randint(3, 5))], seed)


def made(
    program: Program, apart: Sequence[Separation], bound: Sequence[Separation], people: Sequence[Officer], seed: int = 0
) -> Small:
    """Return an item with these constraints and officers."""
    of = replace(program.item, separations=tuple(apart), bindings=tuple(bound))
    could = {path: part(task(of, path), people, BOOK.exclusions) for path in of.steps}
    course = Course(item=of, book=BOOK, could=could, levels=dict.fromkeys(of.steps, OrganLevel(LEVELS[COUNTY])))
    officers = {each.person: each for each in people}
    return Small(seed=seed, program=replace(program, item=of), officers=officers, course=course, runs=runs(program))


def _some(rng: Random, paths: Sequence[str]) -> list[str]:
    return rng.sample(paths, min(len(paths), rng.choice((2, 2, 3))))


def _officer(rng: Random, person: int) -> Officer:
    codes = rng.choice((("reviewer",), ("reviewer", "decider"), ("reviewer", "decider"), ("decider",)))
    return Officer(person=person, own=tuple(post(code, id=10 * person + n) for n, code in enumerate(codes)))


@dataclass(kw_only=True)
class Case:
    """A case of a small item. `steps`: all that were ever open; a step is claimed, then completed by who claimed it."""

    of: Small
    state: bytes = b""
    steps: list[StepRow] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    timers: list[run.Armed] = field(default_factory=list)
    ended: bool = False

    @property
    def open_steps(self) -> list[StepRow]:
        return [step for step in self.steps if step.closed_at is None]

    def copy(self) -> Case:
        return Case(
            of=self.of, state=self.state, steps=[*self.steps], acts=[*self.acts],
            timers=[*self.timers], ended=self.ended,
        )  # fmt: skip

    def may(self, person: int, step: StepRow) -> bool:
        """Return whether permission lets a person act on an open step."""
        asked = task(
            self.of.program.item, step.path, self.acts, number=step.id, opened_at=step.opened_at,
            open=[each.path for each in self.open_steps],
        )  # fmt: skip
        officer = self.of.officers[person]
        return not isinstance(answer(person, officer.own, asked, BOOK.exclusions, officer.standing), Refused)

    def future(self) -> Future:
        of = self.of
        return Future(
            program=of.program, state=self.state, runs=of.runs, course=of.course,
            position=position(self, of.course.could, {}), went=went(self.acts),
        )  # fmt: skip

    def doomed(self) -> bool:
        """Return what the guard thinks of the case as it stands."""
        future = self.future()
        return isinstance(future.end(future.position), DeadEnd)

    def refused(self, person: int, step: StepRow) -> bool:
        """Return whether the guard refuses that a person takes an open step, as engine/commands/staffing/guard does."""
        future, share = self.future(), Share(step.id, person)
        before = without(future.position, step.path, share)
        after = given(before, step.path, share, self.of.course)
        return isinstance(future.end(after), DeadEnd) and not isinstance(future.end(before), DeadEnd)

    def begin(self) -> None:
        self._came(run.start(self.of.program, {}))

    def claim(self, person: int, step: StepRow) -> None:
        self._put(replace(step, claimed_by=person))

    def claimed(self, person: int, step: StepRow) -> Case:
        """Return the case after a claim."""
        after = self.copy()
        after.claim(person, step)
        return after

    def completed(self, step: StepRow, outcome: str) -> Case:
        """Return the case after a step was completed."""
        after = self.copy()
        after.complete(step, outcome)
        return after

    def outcomes(self, step: StepRow) -> list[str]:
        return list(self.of.program.item.steps[step.path].outcomes) or ["done"]

    def complete(self, step: StepRow, outcome: str) -> None:
        """Let who has claimed a step find this, and do it if no other signature is missing."""
        assert step.claimed_by is not None
        declared = self.of.program.item.steps[step.path]
        found = [str(act.outcome) for act in standing(self.acts, step.id)]
        done = verdict(declared.persons, declared.outcomes or ("done",), [*found, outcome])
        self._act(step.claimed_by, step, ActKind.SIGN if done is None else ActKind.COMPLETE, outcome)
        self._put(replace(step, claimed_by=None))
        if done is not None:
            self._came(run.complete(self.of.program, self.state, step.token, done, {}))

    def fire(self, timer: run.Armed) -> None:
        self._came(run.fire(self.of.program, self.state, timer.token, timer.index))

    def _act(self, person: int, step: StepRow, kind: ActKind, outcome: str) -> None:
        at = AT + timedelta(minutes=len(self.acts) + 1)
        self.acts.append(
            Act(
                person=person, path=step.path, kind=kind, outcome=outcome, at=at, step=step.id, organ=COUNTY,
                level=LEVELS[COUNTY],
            )
        )  # fmt: skip

    def _put(self, step: StepRow) -> None:
        self.steps = [step if each.id == step.id else each for each in self.steps]

    def _came(self, moved: run.Moved) -> None:
        self.state, self.ended = moved.state, moved.ended is not None
        now = AT + timedelta(minutes=len(self.acts))
        gone = set(moved.disarmed)
        self.timers = [each for each in (*self.timers, *moved.armed) if (each.token, each.index) not in gone]
        for step in self.open_steps:
            if step.token in moved.closed or self.ended:
                self._put(replace(step, closed_at=now))
        for opened in moved.opened:
            self.steps.append(
                StepRow(
                    id=len(self.steps) + 1, token=opened.token, path=opened.path, round=1, organ=COUNTY,
                    post=self.of.program.item.steps[opened.path].post, opened_at=now, due_on=None, claimed_by=None,
                    claimed_at=None, closed_at=None, outcome=None,
                )
            )  # fmt: skip


def shares(case: Case) -> Iterator[tuple[int, StepRow]]:
    """Yield who may claim which open step, by permission alone."""
    for step in case.open_steps:
        if step.claimed_by is None:
            yield from ((person, step) for person in case.of.officers if case.may(person, step))
