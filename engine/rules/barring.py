"""The checks that permission asks, one function each: why somebody may not act on a step, or None."""

from __future__ import annotations

from collections.abc import Callable

from engine import errors
from engine.errors import ExcludedPosts, OwnCase, Refused, SamePerson
from engine.rules import recusal as recusals
from engine.rules import separation
from engine.rules.signatures import has_signed
from engine.rules.task import Asked, concerns


def posts_apart(asked: Asked) -> Refused | None:
    """Nobody acts who holds posts that exclude each other, those that he stands in for included."""
    if clash := separation.excluded([a.post for a in asked.posts], asked.exclusions):
        exclusion, one, two = clash
        return ExcludedPosts(one=one, two=two, basis=exclusion.rule)
    return None


def own_case(asked: Asked) -> Refused | None:
    """Civil Servants Law art. 76: nobody handles a case of which he is applicant or agent."""
    parties = (asked.task.applicant, asked.task.agent)
    return OwnCase(basis="SOD-31") if any(person in parties for person in asked.people) else None


def own_unit(asked: Asked) -> Refused | None:
    """Nobody judges a card on himself or his own office, or handles a complaint about himself."""
    about = asked.task.about
    if about is None or not any(concerns(person, asked.posts, about) for person in asked.people):
        return None
    return errors.ComplainedOf(basis=about.rule) if about.rule == "SOD-21" else errors.OwnUnit(basis=about.rule)


def recusal(asked: Asked) -> Refused | None:
    """Civil Servants Law art. 76, 77: who is tied to a party keeps out, and waits while that is being decided."""
    return recusals.bars(asked.people, {**asked.standing.others, asked.person: asked.standing})


def stand_in_allowed(asked: Asked) -> Refused | None:
    """Some posts have no stand-in."""
    barred = asked.by.on_behalf is not None and asked.task.post in asked.task.demands.no_stand_in
    return errors.NoStandIn(post=asked.task.post_name, basis="SOD-16") if barred else None


def status(asked: Asked) -> Refused | None:
    """Helpers, trainees and temporary staff take no deciding step, also not as a stand-in."""
    demands = asked.task.demands
    barred = demands.deciding and asked.standing.status in demands.statuses
    return errors.StatusForbids(post=asked.task.post_name, basis=demands.deciding) if barred else None


def certificate(asked: Asked) -> Refused | None:
    """Administrative Penalty Law art. 42: who inspects holds a certificate of law enforcement, where the step asks."""
    demands = asked.task.demands
    barred = demands.certified and not asked.standing.certified
    return errors.NotCertified(basis=demands.certified) if barred else None


def tier(asked: Asked) -> Refused | None:
    """The post must reach the amount of the case and of those that it was split from."""
    demands, amount = asked.task.demands, asked.task.amount
    if not demands.tiered or demands.tiers.reaches(asked.by.tier, amount):
        return None
    needed, held = demands.tiers.needed(amount), demands.tiers.by_code.get(asked.by.tier or "")
    return errors.TierTooLow(
        amount="—" if amount is None else f"{amount:,}",
        needed=needed.name if needed else "—",
        held=held.name if held else "—",
        basis=demands.tiered,
    )


def persons_apart(asked: Asked) -> Refused | None:
    """Steps that a constraint keeps apart are done by different persons; a stand-in counts as both."""
    task = asked.task
    hits = (separation.conflict(person, task.path, task.acts, task.demands.apart) for person in asked.people)
    if hit := next(filter(None, hits), None):
        return SamePerson(step=asked.name(task.path), other=asked.name(hit.path), basis=hit.rule)
    return None


def bound(asked: Asked) -> Refused | None:
    """Whoever did one of the bound steps does the others."""
    task = asked.task
    if hit := separation.foreign(asked.people, task.path, task.acts, task.demands.bound):
        return errors.OtherPerson(step=asked.name(task.path), other=asked.name(hit.path), basis=hit.rule)
    return None


def levels_apart(asked: Asked) -> Refused | None:
    """Administrative Licensing Law art. 35: the township examines, the county confirms."""
    task = asked.task
    if hit := separation.level(task.path, task.level, task.acts, task.demands.levels):
        return errors.SameLevel(step=asked.name(task.path), other=asked.name(hit.path), basis=hit.rule)
    return None


def not_next(asked: Asked) -> Refused | None:
    """Who did a step as a stand-in does not do the one after it."""
    task = asked.task
    if act := separation.after_stand_in(asked.person, task.step, task.opened_at, task.acts):
        return errors.NextStep(other=asked.name(act.path), basis="SOD-16")
    return None


def enough_persons(asked: Asked) -> Refused | None:
    """The persons of a case are at least as many as its risk asks: refused as soon as they could not be any more.

    Each counted step that lies behind this one and has not been done, or is open beside it, may still add persons.
    """
    task, demands = asked.task, asked.task.demands
    if task.path not in demands.counted:
        return None
    order = list(demands.counted)
    behind = {*order[order.index(task.path) + 1 :]} - separation.completed(task.acts)
    later = {*behind, *task.open} - {task.path}
    signed = {p for a in task.acts if a.step == task.step and a.kind in separation.DONE for p in (a.person,)}
    here = max(0, demands.counted[task.path] - len(signed - set(asked.people)) - 1)
    left = here + sum(number for path, number in demands.counted.items() if path in later)
    most = separation.number_of_persons(task.acts, demands.counted, asked.people) + left
    return (
        errors.TooFewPersons(least=demands.least, most=most, basis=demands.counting) if most < demands.least else None
    )


def not_twice(asked: Asked) -> Refused | None:
    """Where several sign, they are different persons."""
    task = asked.task
    signed = any(has_signed(person, task.acts, task.step) for person in asked.people)
    return errors.AlreadySigned(basis="SOD-05") if signed else None


CHECKS: tuple[Callable[[Asked], Refused | None], ...] = (
    posts_apart,
    own_case,
    own_unit,
    recusal,
    stand_in_allowed,
    status,
    certificate,
    tier,
    persons_apart,
    bound,
    levels_apart,
    not_next,
    enough_persons,
    not_twice,
)
