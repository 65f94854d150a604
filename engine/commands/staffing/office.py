"""An item in one organ on one day: where its steps are done, who could take each, and what its ways ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.commands.filing import POST
from engine.db import organs
from engine.db.read.staffing import Officer, Staff
from engine.model import SYSTEM, Collective, Item, OrganLevel, Run
from engine.rules.book import Book
from engine.rules.demands import Demands, demands
from engine.rules.permission import About, Task, holds
from engine.rules.separation import FILING
from engine.staffing.asking import CHAIR, part, takes_officers, together, way
from engine.staffing.instance import Part, Way

Asked = tuple[Run, str]  # a run, and the code of the tier that is meant; empty where no step of it has tiers
Parts = Callable[[str, int | None], Mapping[str, Part]]
Concerned = tuple[tuple[Officer, ...], frozenset[int]]  # who could act, and who of them, or of their holders, is away


@dataclass(frozen=True, kw_only=True)
class Path:
    """A run, asked for an amount that the tier decides at most. `tier`: empty where no step of it has tiers."""

    run: Run
    tier: str
    way: Way


@dataclass(frozen=True, kw_only=True)
class Office:
    """An item as it is done where cases are filed in `organ`. `away`: who is not there that day.

    Of one case also who its parties are, whom it is `about`, and which of its steps are `lent` to the pool.
    """

    item: Item
    book: Book
    staff: Staff
    organ: int
    away: frozenset[int]
    applicant: int = SYSTEM
    agent: int | None = None
    about: About | None = None
    lent: frozenset[str] = frozenset()

    def paths(self, runs: tuple[Run, ...]) -> Iterator[Path]:
        """Yield the ways that are asked about: each run, where amounts matter once for every tier of the book."""
        yield from self.along(self.asked(runs), self.parts)

    def asked(self, runs: tuple[Run, ...]) -> Iterator[Asked]:
        """Yield each run, where amounts matter with every tier of the book."""
        for run in runs:
            tiered = any(self.item.steps[path].tier for path in run.steps)
            yield from ((run, tier) for tier in (self.book.tiers.by_code if tiered else [""]))

    def along(self, asked: Iterable[Asked], parts_of: Parts) -> Iterator[Path]:
        """Yield these ways. `parts_of`: the parts of a step for an amount, by path."""
        amounts = {tier.code: tier.up_to for tier in self.book.tiers.by_code.values()}
        known: dict[tuple[str, str], Mapping[str, Part]] = {}
        for run, tier in asked:
            parts: dict[str, Part] = {}
            for path in self._done(run):
                key = path, tier if path != FILING and self.item.steps[path].tier else ""
                if key not in known:
                    known[key] = parts_of(path, amounts.get(tier))
                parts |= known[key]
            yield Path(run=run, tier=tier, way=way(run, self.item, self.book, parts, self.levels))

    def organ_of(self, path: str) -> int:
        """Return the organ in which a step is done; of filing, and of who presides, too."""
        if path == FILING:
            return self.organ
        if path.endswith(CHAIR):
            return self._chairs(path.removesuffix(CHAIR))[0]
        return organs.nearest(self.staff.organs, self.organ, self.item.steps[path].organ)

    def post_of(self, path: str) -> str:
        """Return the post whose holders do a step; of filing, and of who presides, too."""
        if path == FILING:
            return POST
        step = self.item.steps[path.removesuffix(CHAIR)]
        return step.collective.chair if step.collective and path.endswith(CHAIR) else step.post

    @property
    def concerned(self) -> Concerned:
        """Return all that the answer depends on and that changes from day to day."""
        wanted = {(POST, self.organ)}
        for path, step in self.item.steps.items():
            organ = self.organ_of(path)
            wanted.add((step.post, organ))
            if step.collective:
                wanted |= {(step.collective.chair, each) for each in organs.upwards(self.staff.organs, organ)}
        able = {
            officer.person: officer
            for post, organ in wanted
            for officer in self.staff.of_post(post)
            if any(holds(held, post, organ, self.item.id) for held in officer.posts)
        }
        people = {*able, *(held.on_behalf for officer in able.values() for held in officer.instead)}
        return tuple(able[person] for person in sorted(able)), self.away & people

    @property
    def stood(self) -> frozenset[str]:
        """Return the steps on which somebody may stand in today: the holder is away, and he is not."""
        return frozenset(
            path
            for path, step in self.item.steps.items()
            for officer in self.staff.of_post(step.post)
            if officer.person not in self.away
            for held in officer.instead
            if held.on_behalf in self.away and holds(held, step.post, self.organ_of(path), self.item.id)
        )

    @property
    def levels(self) -> dict[str, OrganLevel]:
        return {path: OrganLevel(self.staff.organs[self.organ_of(path)].level) for path in self.item.steps}

    def task(self, path: str, amount: int | None = None) -> Task:
        """Return a step as permission sees it while nobody has acted. Who files is asked for the post alone."""
        post, organ, step = self.post_of(path), self.organ_of(path), path.removesuffix(CHAIR)
        asked = Demands() if path == FILING else demands(self.item, step, self.item.steps[step].post, self.book)
        return Task(
            step=0,
            path=step,
            post=post,
            post_name=self.book.posts[post].name,
            organ=organ,
            organ_name=self.staff.organs[organ].name,
            item=self.item.id,
            applicant=self.applicant,
            agent=self.agent,
            about=self.about,
            lent=path in self.lent,
            acts=(),
            demands=asked,
            names={},
            level=OrganLevel(self.staff.organs[organ].level),
            amount=amount,
        )

    def could(self, path: str, task: Task, *others: Officer) -> Part:
        """Return who could take a part; with `others`, only whether they could. Nobody files or votes for another."""
        proxies = path != FILING and self._collective(path) is None
        staff = others or self.staff.of_post(task.post)
        return part(task, staff, self.book.exclusions, away=self.away, proxies=proxies)

    def _done(self, run: Run) -> list[str]:
        """Return the steps of a run that take officers, after filing where a separation names it."""
        filed = any(FILING in kept.steps for kept in self.item.separations)
        return [*([FILING] if filed else []), *(path for path in run.steps if takes_officers(self.item, path))]

    def parts(self, path: str, amount: int | None) -> dict[str, Part]:
        """Return the parts of a step for an amount: of one that is decided together two."""
        task = self.task(path, amount)
        if (rule := self._collective(path)) is None:
            return {path: self.could(path, task)}
        return together(self.could(path, task), self._chairs(path, amount)[1], rule.quorum)

    def _collective(self, path: str) -> Collective | None:
        return None if path == FILING else self.item.steps[path.removesuffix(CHAIR)].collective

    def _chairs(self, path: str, amount: int | None = None) -> tuple[int, Part]:
        """Return who may preside, in the organ of the step or the nearest above where somebody may, and that organ."""
        rule, task = self._collective(path), self.task(path, amount)
        assert rule is not None
        for organ in organs.upwards(self.staff.organs, task.organ):
            found = self.could(path, replace(task, post=rule.chair, organ=organ))
            if found.may:
                return organ, found
        return task.organ, self.could(path, replace(task, post=rule.chair))
