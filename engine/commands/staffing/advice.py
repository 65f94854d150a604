"""What would mend an item's staffing: the fewest posts that have to be granted, to whom of those there, or anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from engine.commands.staffing.office import Office, Path
from engine.commands.staffing.words import Words, grants, while_away
from engine.db.read.staffing import Officer
from engine.model import Assignment, OrganLevel, Standing
from engine.rules.granting import Wanted, refusal
from engine.staffing.answers import Staffing
from engine.staffing.covering import widest
from engine.staffing.encoding import Encoding
from engine.staffing.instance import Seat
from engine.staffing.mending import mending

MOST = 8  # officers of the office who are asked about for one post
NEW = 2  # officers who could be taken on for one post
Post = tuple[str, int]  # code of a post and organ


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A post that might be granted; `person` is below 0 for somebody who is not there yet."""

    post: str
    organ: int
    tier: str
    person: int


def advice(office: Office, paths: Sequence[Path], asked: Staffing) -> list[Words]:
    """Return what would make all these ways possible, each by itself: the smallest sets of grants, as sentences."""
    failing = {n: answer for n, answer in enumerate(asked.answers) if not isinstance(answer, Mapping)}
    failed = wide([paths[n] for n in failing])
    every = dict.fromkeys(step for path in failed for step in path.way.parts)
    concerned = dict.fromkeys(step for conflict in failing.values() for why in conflict for step in why.steps)
    for steps in (concerned, every):
        posts = dict.fromkeys((office.post_of(step), office.organ_of(step)) for step in steps)
        if found := Tried(office, failed, list(posts)).sentences():
            return found
    return []


def advice_without(office: Office, paths: Sequence[Path], persons: Sequence[int]) -> list[Words]:
    """Return what would make all ways possible while one of these persons is away, whoever it is."""
    found: dict[Words, list[int]] = {}
    paths = wide(paths)
    for person in persons:
        without = replace(office, away=office.away | {person})
        for said in advice(without, paths, Staffing([path.way for path in paths], without.away)):
            found.setdefault(said, []).append(person)
    return [while_away(office, away, said) for said, away in found.items()]


def wide(paths: Sequence[Path]) -> list[Path]:
    """Return the paths that no other covers: what makes these possible makes all of them so."""
    return [paths[place] for place in widest([path.way for path in paths])]


class Tried:
    """Grants of some posts, asked of the solver: to officers who are there, and to new ones."""

    def __init__(self, office: Office, paths: Sequence[Path], posts: Sequence[Post]) -> None:
        self.office, self.paths = office, paths
        self.tier = next(reversed(list(office.book.tiers.by_code)), "")
        self.new = dict(self._new(posts))
        self.there = dict(self._there(posts))

    def sentences(self) -> list[Words]:
        """Return each smallest set of posts, with those of there who could have them as well as somebody new."""
        sets: dict[tuple[Grant, ...], list[list[int]]] = {}
        for found in self.mended(self.new):
            if found:
                sets.setdefault(tuple(replace(each, person=0) for each in found), [[] for _ in found])
        for wanted, persons in sets.items():
            there = {label: each for label, each in self.there.items() if replace(each, person=0) in wanted}
            for found in self.mended(there):
                if tuple(replace(each, person=0) for each in found) == wanted and (len(wanted) == 1 or not persons[0]):
                    for known, each in zip(persons, found, strict=True):
                        known.append(each.person)
        return [grants(self.office, [(g.post, g.organ, g.tier) for g in key], who) for key, who in sets.items()]

    def mended(self, grants: Mapping[str, Grant]) -> list[tuple[Grant, ...]]:
        """Return the smallest sets of these grants, by label, that make every path possible."""
        additions = {label: seats for label, grant in grants.items() if (seats := list(self._seats(grant)))}
        if not additions:
            return []
        found = mending(Encoding([path.way for path in self.paths], self.office.away, additions))
        return [tuple(grants[label] for label in labels) for labels in found]

    def _new(self, posts: Sequence[Post]) -> Iterator[tuple[str, Grant]]:
        for number, (post, organ) in enumerate(posts):
            for again in range(NEW):
                person = -1 - number * NEW - again
                yield f"{number:03} {again}", Grant(post=post, organ=organ, tier=self._tier(post), person=person)

    def _there(self, posts: Sequence[Post]) -> Iterator[tuple[str, Grant]]:
        for number, (post, organ) in enumerate(posts):
            able = (person for person in self._near(organ) if self._may_hold(person, post, organ))
            for rank, person in enumerate(islice(able, MOST)):
                yield f"{number:03} {rank}", Grant(post=post, organ=organ, tier=self._tier(post), person=person)

    def _near(self, organ: int) -> list[int]:
        """Return the officers of the organ, then those of the office where cases are filed, then all others."""
        units = (organ, self.office.organ)

        def far(officer: Officer) -> int:
            here = [a.parent if a.level is OrganLevel.WINDOW else a.organ for a in officer.own]
            return next((n for n, unit in enumerate(units) if unit in here), len(units))

        staff = self.office.staff
        there = [officer for officer in staff.officers.values() if officer.person not in self.office.away]
        return [officer.person for officer in sorted(there, key=lambda o: (far(o), o.person))]

    def _may_hold(self, person: int, post: str, organ: int) -> bool:
        """Return whether a post could be granted to somebody who does not hold it there: rules/granting.

        As the command asks it: together with each whom he stands in for, or who stands in for him.
        """
        staff, book = self.office.staff, self.office.book
        officer = staff.officers[person]
        if book.posts[post].reserved or any((a.post, a.organ) == (post, organ) for a in officer.own):
            return False
        wanted = Wanted(post=post, from_on=staff.on, writing="the grant")
        partners = {person, *(a.on_behalf for a in officer.instead if a.on_behalf)}
        partners |= {o.person for o in staff.officers.values() if any(a.on_behalf == person for a in o.instead)}
        for partner in partners:
            theirs = staff.officers[partner].own if partner in staff.officers else ()
            if refusal(officer.standing.status, {a.post for a in (*officer.own, *theirs)}, wanted, book):
                return False
        return True

    def _tier(self, post: str) -> str:
        """Return the highest tier for a post that takes a step which has tiers, else nothing."""
        tiered = any(step.tier and step.post == post for step in self.office.item.steps.values())
        return self.tier if tiered else ""

    def _seats(self, grant: Grant) -> Iterator[tuple[str, Seat]]:
        """Yield the parts that somebody could take with the post in hand."""
        officer = self._with(grant)
        for step in dict.fromkeys(step for path in self.paths for step in path.way.parts):
            if (self.office.post_of(step), self.office.organ_of(step)) == (grant.post, grant.organ):
                task = self.office.task(step)
                yield from ((step, seat) for seat in self.office.could(step, task, officer).may if not seat.behalf)

    def _with(self, grant: Grant) -> Officer:
        known = self.office.staff.officers.get(grant.person)
        organ = self.office.staff.organs[grant.organ]
        post = Assignment(
            id=0,
            post=grant.post,
            organ=grant.organ,
            organ_code=organ.code,
            organ_name=organ.name,
            level=OrganLevel(organ.level),
            parent=organ.parent,
            tier=grant.tier or None,
        )
        if known:
            return replace(known, own=(*known.own, post))
        standing = Standing(certified=True)
        return Officer(person=grant.person, login="", name="", name_en="", standing=standing, own=(post,), instead=())
