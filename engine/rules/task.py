"""A step as far as permission is concerned, and somebody who wants to act on it. No decision is taken here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.model import Act, Assignment, OrganLevel, Standing
from engine.rules.demands import Demands
from engine.rules.separation import FILING, Exclusion

FILED = "收件"  # what the act of filing is called


@dataclass(frozen=True, kw_only=True)
class About:
    """Whom a card is about: the post in its organ, and the person who held the step, where somebody did.

    `rule`: SOD-21 where a complaint is about them.
    """

    post: str
    organ: int
    person: int | None
    rule: str = "SOD-20"


@dataclass(frozen=True, kw_only=True)
class Task:
    """A step as far as permission is concerned. `names`: step path -> name, for the reason in words.

    `about`: whom the case is about, on a step that judges them. `demands`: what the definition and the book ask.
    `level`: of the step's organ. `open`: paths of the steps of the case that are open. `amount`: yuan that the case
    counts, with those that it was split from; None: not known.
    """

    step: int
    path: str
    post: str
    post_name: str
    organ: int
    organ_name: str
    item: str
    applicant: int
    agent: int | None
    acts: Sequence[Act]
    demands: Demands
    names: Mapping[str, str]
    about: About | None = None
    applicants: bool = False  # the applicant may do it too
    level: OrganLevel | None = None
    open: Sequence[str] = field(default_factory=tuple)
    opened_at: datetime | None = None
    lent: bool = False  # to the county pool
    amount: int | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who wants to act on what: `by` is the post used, `posts` all that are held, `standing` what else is known."""

    person: int
    by: Assignment
    posts: Sequence[Assignment]
    task: Task
    exclusions: Sequence[Exclusion]
    standing: Standing

    @property
    def people(self) -> tuple[int, ...]:
        """The person, and whom the person stands in for: both are asked about everywhere (SOD-16)."""
        return (self.person,) if self.by.on_behalf is None else (self.person, self.by.on_behalf)

    def name(self, path: str) -> str:
        return self.task.names.get(path, FILED if path == FILING else path)


def concerns(person: int, assignments: Iterable[Assignment], about: About) -> bool:
    """Return whether a card is about this person, or about a post that the person holds there."""
    return person == about.person or any(holds(a, about.post, about.organ, a.item or "") for a in assignments)


def holds(assignment: Assignment, post: str, organ: int, item: str, lent: bool = False) -> bool:
    """Return whether the post held is the one asked for, in the organ or in a window directly under it.

    `lent`: the step was lent to the organ's pool (借岗); only a post that lies in the pool, or its
    stand-in, takes it.
    """
    if lent and not assignment.pool:
        return False
    there = assignment.organ == organ or (assignment.level is OrganLevel.WINDOW and assignment.parent == organ)
    return assignment.post == post and there and assignment.item in (None, item)


def held(assignments: Sequence[Assignment], post: str, organ: int, item: str, lent: bool = False) -> Assignment | None:
    """Return the first assignment by which its holder may act, if any."""
    return next((a for a in assignments if holds(a, post, organ, item, lent)), None)
