"""May this person act on this step? The one answer that every entry asks: claim, complete, sign, page, command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import NotYourPost, OwnCase, Refused, SamePerson
from engine.model import Act, Assignment, Standing
from engine.rules import recusal as recusals
from engine.rules.barring import CHECKS
from engine.rules.separation import FILING, Exclusion
from engine.rules.task import FILED, About, Asked, Task, concerns, held, holds

__all__ = [
    "CHECKS",
    "FILED",
    "About",
    "Hands",
    "Task",
    "answer",
    "answers",
    "bar",
    "concerns",
    "hand",
    "held",
    "holds",
    "tied",
]

PORTAL = "portal"  # the channel of an applicant with the receipt
UNKNOWN = Standing()


def bar(
    person: int,
    assignments: Sequence[Assignment],
    task: Task,
    exclusions: Sequence[Exclusion],
    standing: Standing = UNKNOWN,
) -> Refused | None:
    """Return why this person may not act on the step, or None."""
    found = answer(person, assignments, task, exclusions, standing)
    return found if isinstance(found, Refused) else None


def answer(
    person: int,
    assignments: Sequence[Assignment],
    task: Task,
    exclusions: Sequence[Exclusion],
    standing: Standing = UNKNOWN,
) -> Assignment | Refused:
    """Return the post by which this person may act on the step, or why none of the posts held will do.

    Compared by natural person, never by account or post. Of several posts the first that nothing bars is used.
    Source: Administrative Licensing Law art. 34; Civil Servants Law art. 76; processes/_rules/separations.toml.
    """
    fitting = [a for a in assignments if holds(a, task.post, task.organ, task.item, task.lent)]
    refusals: list[Refused] = []
    for by in fitting:
        asked = Asked(person=person, by=by, posts=assignments, task=task, exclusions=exclusions, standing=standing)
        refusal = next((found for check in CHECKS if (found := check(asked)) is not None), None)
        if refusal is None:
            return by
        refusals.append(refusal)
    return refusals[0] if refusals else NotYourPost(post=task.post_name, organ=task.organ_name)


def answers(person: int, channel: str, task: Task) -> bool:
    """Return whether this is the applicant, who does with the receipt a step of the own case that is open to it.

    An officer who is the applicant answers from the portal like anybody; at the desk the own case stays barred.
    """
    return task.applicants and channel == PORTAL and person == task.applicant


def tied(people: Sequence[int], parties: Sequence[int | None], standings: Mapping[int, Standing]) -> Refused | None:
    """Return why these people keep out of a case whatever is done in it, or None: a party, or recused.

    `people`: who acts, and whom he stands in for; `standings`: how recusal stands, by person.
    Source: SOD-31, SOD-08; Civil Servants Law art. 76, 77.
    """
    return OwnCase(basis="SOD-31") if any(p in parties for p in people) else recusals.bars(people, standings)


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Who has a hand in a case: the parties, who acted, who holds an open step. `held`: path and person.

    `names`: step path -> name, for the reason in words. `standings`: how recusal stands, by person.
    """

    applicant: int
    agent: int | None
    acts: Sequence[Act]
    held: Iterable[tuple[str, int | None]]
    names: Mapping[str, str]
    standings: Mapping[int, Standing]


def hand(person: int, act: str, hands: Hands) -> Refused | None:
    """Return why this person may not take part in an office act on the case, or None. `act`: its name, in words.

    Source: SOD-31 (own case), SOD-08 (recusal), SOD-01 (who administers handles no case, so who has handled one does
    not repair or move it).
    """
    if refusal := tied((person,), (hands.applicant, hands.agent), hands.standings):
        return refusal
    did = [done.path for done in hands.acts if person in (done.person, done.on_behalf)]
    did += [path for path, by in hands.held if by == person]
    if not did:
        return None
    other = FILED if did[0] == FILING else hands.names.get(did[0], did[0])
    return SamePerson(step=act, other=other, basis="SOD-01")
