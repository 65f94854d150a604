"""May this person act on this step? The one answer that every entry asks: claim, complete, sign, page, command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import AlreadySigned, ExcludedPosts, NotYourPost, OwnCase, OwnUnit, Refused, SamePerson
from engine.model import Act, Assignment, OrganLevel, Separation, Standing
from engine.rules import recusal
from engine.rules.separation import FILING, Exclusion, conflict, excluded
from engine.rules.signatures import has_signed

FILED = "收件"  # what the act of filing is called
PORTAL = "portal"  # the channel of an applicant with the receipt


@dataclass(frozen=True, kw_only=True)
class About:
    """Whom a card is about: the post in its organ, and the person who held the step, where somebody did."""

    post: str
    organ: int
    person: int | None


@dataclass(frozen=True, kw_only=True)
class Task:
    """A step as far as permission is concerned. `names`: step path -> name, for the reason in words.

    `about`: whom the card is about, on a step that judges one.
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
    separations: Sequence[Separation]
    names: Mapping[str, str]
    about: About | None = None
    applicants: bool = False  # the applicant may do it too
    standings: Mapping[int, Standing] = field(
        default_factory=dict
    )  # by person; who is not in it has nothing against him


def concerns(person: int, assignments: Iterable[Assignment], about: About) -> bool:
    """Return whether a card is about this person, or about a post that the person holds there."""
    return person == about.person or any(holds(a, about.post, about.organ, a.item or "") for a in assignments)


def holds(assignment: Assignment, post: str, organ: int, item: str) -> bool:
    """Return whether the post held is the one asked for, in the organ or in a window directly under it."""
    there = assignment.organ == organ or (assignment.level is OrganLevel.WINDOW and assignment.parent == organ)
    return assignment.post == post and there and assignment.item in (None, item)


def held(assignments: Sequence[Assignment], post: str, organ: int, item: str) -> Assignment | None:
    """Return the first assignment by which its holder may act, if any."""
    return next((a for a in assignments if holds(a, post, organ, item)), None)


def bar(person: int, assignments: Sequence[Assignment], task: Task, exclusions: Sequence[Exclusion]) -> Refused | None:
    """Return why this person may not act on the step, or None.

    Compared by natural person, never by account or post.
    Source: Administrative Licensing Law art. 34; Civil Servants Law art. 76; processes/_rules/separations.toml.
    """
    post = held(assignments, task.post, task.organ, task.item)
    if post is None:
        return NotYourPost(post=task.post_name, organ=task.organ_name)
    if clash := excluded([a.post for a in assignments], exclusions):
        exclusion, one, two = clash
        return ExcludedPosts(one=one, two=two, basis=exclusion.rule)
    if person in (task.applicant, task.agent):
        return OwnCase(basis="SOD-31")
    for who in (person, post.on_behalf):
        standing = None if who is None else task.standings.get(who)
        if standing and (refusal := recusal.bar(standing)):
            return refusal
    if task.about and concerns(person, assignments, task.about):
        return OwnUnit(basis="SOD-20")
    if hit := conflict(person, task.path, task.acts, task.separations):
        other = task.names.get(hit.path, FILED if hit.path == FILING else hit.path)
        return SamePerson(step=task.names.get(task.path, task.path), other=other, basis=hit.rule)
    if has_signed(person, task.acts, task.step):
        return AlreadySigned(basis="SOD-05")
    return None


def answers(person: int, channel: str, task: Task) -> bool:
    """Return whether this is the applicant, who does with the receipt a step of the own case that is open to it.

    An officer who is the applicant answers from the portal like anybody; at the desk the own case stays barred.
    """
    return task.applicants and channel == PORTAL and person == task.applicant


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Who has a hand in a case: the parties, who acted, who holds an open step. `held`: path and person.

    `names`: step path -> name, for the reason in words.
    """

    applicant: int
    agent: int | None
    acts: Sequence[Act]
    held: Iterable[tuple[str, int | None]]
    names: Mapping[str, str]


def hand(person: int, act: str, hands: Hands) -> Refused | None:
    """Return why this person may not take part in an office act on the case, or None. `act`: its name, in words.

    Source: SOD-31 (own case), SOD-01 (who administers handles no case, so who has handled one does not repair or move
    it).
    """
    if person in (hands.applicant, hands.agent):
        return OwnCase(basis="SOD-31")
    did = [done.path for done in hands.acts if person in (done.person, done.on_behalf)]
    did += [path for path, by in hands.held if by == person]
    if not did:
        return None
    other = FILED if did[0] == FILING else hands.names.get(did[0], did[0])
    return SamePerson(step=act, other=other, basis="SOD-01")
