"""The side of a case page: what was done, what is open now, what may follow, and who may do it or may not and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.clock import day_start
from engine.db.read.casefile import CaseFile, Organ, StepFact
from engine.db.read.people import Holder, Officer
from engine.db.read.taken import Taken
from engine.errors import Refused
from engine.model import Act, ActKind, Assignment, Item, Source, Step
from engine.rules import permission, raising
from engine.rules.book import Book
from engine.rules.cards import SUBJECT
from engine.rules.demands import demands
from engine.rules.limits import Stop
from webui import definitions, stops, words
from webui.language import day, gettext, moment, ngettext, pick
from webui.messages import message, of_another
from webui.window import done
from webui.window.able import Able, Who, whos
from webui.window.moment import Moment

MOST_NEXT = 4  # steps that may follow
MOST_WHO = 3  # officers named for each: who may, and who may not


def task(case: CaseFile, of: Item, book: Book, path: str, post: str, organ: Organ, step: int = 0) -> permission.Task:
    """Return a step as the rule of permission sees it. Whoever holds an open step counts as having done it."""
    named = book.posts[post]
    holders = [
        Act(person=s.claimed_by, path=s.path, kind=ActKind.COMPLETE, outcome=None, at=case.filed_at, step=s.id)
        for s in case.steps
        if s.closed_at is None and s.claimed_by is not None and s.path != path
    ]
    return permission.Task(
        step=step,
        path=path,
        post=post,
        post_name=pick(named.name, named.name_en),
        organ=organ.id,
        organ_name=pick(organ.name, organ.name_en),
        item=case.item_id,
        applicant=case.applicant,
        agent=case.agent,
        acts=[*case.acts, *(holders if not step else ())],
        demands=demands(of, path, post, book),
        names=definitions.act_names(of),
        about=case.card.judged(of.steps[path].post) if case.card else case.complained,
        amount=case.amount,
        open=[s.path for s in case.steps if s.closed_at is None],
        lent=any(s.lent for s in case.steps if s.id == step),
    )


def refusal(case: CaseFile, of: Item, book: Book, step: StepFact, officer: Officer) -> Refused | None:
    """Return why the officer may not act on an open step, or None."""
    asked = task(case, of, book, step.path, step.post, case.organs[step.organ], step.id)
    return permission.bar(officer.person, officer.assignments, asked, book.exclusions, officer.standing)


def organ_of(organs: Mapping[int, Organ], start: int, level: str) -> Organ:
    """Return the nearest organ of a level up the tree; `case` is where the case was filed."""
    here = organs[start]
    while level != "case" and here.level != level and here.parent is not None:
        here = organs[here.parent]
    return here


def following(case: CaseFile, of: Item) -> list[Step]:
    """Return the steps that have not been opened and stand behind the last opened one in the file.

    Those that run beside the flow, when somebody asks for them, are not among them.
    """
    aside = {step.path for raised in of.raised for step in raising.steps(of, raised)}
    opened = {step.path for step in case.steps}
    if case.closed_at is not None:
        return []
    paths = [path for path in of.steps if path not in aside]
    last = max((paths.index(path) for path in opened if path in paths), default=-1)
    return [of.steps[path] for path in paths[last + 1 :] if path not in opened][:MOST_NEXT]


def who(
    asked: permission.Task,
    book: Book,
    holders: Sequence[Holder],
    every: Mapping[int, tuple[Assignment, ...]],
    me: int,
) -> tuple[Who, ...]:
    """Return who holds the post there: those who may first, the others with the reason."""
    found = []
    for holder in holders:
        if not permission.holds(holder.assignment, asked.post, asked.organ, asked.item, asked.lent):
            continue
        bar = permission.bar(holder.person, every.get(holder.person, ()), asked, book.exclusions)
        why = "" if bar is None else message(bar) if holder.person == me else of_another(bar)
        found.append(Who(name=pick(holder.name, holder.name_en), post=asked.post_name, why=why))
    may, barred = [w for w in found if not w.why], [w for w in found if w.why]
    more = max(0, len(may) - MOST_WHO)
    others = (Who(name=ngettext("另有 %(num)d 人", "另有 %(num)d 人", more), post=asked.post_name),) if more else ()
    return (*may[:MOST_WHO], *others, *barred[:MOST_WHO])


def moments(
    case: CaseFile,
    of: Item,
    source: Source,
    book: Book,
    holders: Sequence[Holder],
    every: Mapping[int, tuple[Assignment, ...]],
    found: Able,
    me: int,
    here: int,
    today: date,
) -> tuple[Moment, ...]:
    """Return the timeline in order: done and stopped by time, then open, then what may follow.

    `here`: the step whose page it is; of it everybody who could do it is named.
    """
    past = [(act.at, done.moment_of(case, of, source, act)) for act in case.acts]
    past += [(day_start(stop.from_on), _stopped(stop, book, today)) for stop in case.stops]
    past += [(effect.at, _taken(effect, book, today)) for effect in case.effects]
    lines = [line for _, line in sorted(past, key=lambda pair: pair[0])]
    for step in case.steps:
        if step.closed_at is None and case.closed_at is None:
            names = whos(found, case, step, me, 0 if step.id == here else MOST_WHO)
            lines.append(_now(case, of, step, me, today, names))
    for declared in following(case, of):
        post, organ = declared.post, organ_of(case.organs, case.organ, declared.organ)
        if case.card and post == SUBJECT:
            post, organ = case.card.post, case.organs[case.card.organ]
        asked = task(case, of, book, declared.path, post, organ)
        lines.append(
            Moment(
                kind="next",
                title=pick(declared.name, declared.name_en),
                when=ngettext("%(num)d 日内", "%(num)d 日内", declared.days) if declared.days else "",
                text=f"{asked.post_name} · {asked.organ_name}",
                who=who(asked, book, holders, every, me),
            )
        )
    return tuple(lines)


def _stopped(stop: Stop, book: Book, today: date) -> Moment:
    return Moment(
        kind="stop",
        title=gettext("停表：%(name)s", name=words.stop(stop.kind, book)),
        when=f"{day(stop.from_on, today)} — {day(stop.to_on, today)}",
        text=gettext("这些天不计入期限") + stops.by_notice(stop),
    )


def _taken(effect: Taken, book: Book, today: date) -> Moment:
    rule = book.limits[effect.rule]
    return Moment(
        kind="law",
        title=gettext("依法%(effect)s", effect=words.known(words.EFFECTS, effect.effect)),
        when=moment(effect.at),
        text=gettext("自 %(on)s 起 · %(basis)s", on=day(effect.on, today), basis=pick(rule.basis, rule.basis_en)),
    )


def _now(case: CaseFile, of: Item, step: StepFact, me: int, today: date, names: tuple[Who, ...]) -> Moment:
    name = definitions.step_name(of, step.path)
    if step.claimed_by is None:
        text = gettext("待认领 · %(organ)s", organ=pick(case.organs[step.organ].name, case.organs[step.organ].name_en))
    else:
        holder = case.people[step.claimed_by]
        shown = pick(holder.name, holder.name_en)
        text = gettext("%(name)s · 您", name=shown) if step.claimed_by == me else shown
        if step.claimed_at:
            text += " · " + gettext("%(at)s 认领", at=moment(step.claimed_at))
    return Moment(
        kind="now",
        title=gettext("%(step)s（现在）", step=name),
        when=gettext("%(day)s止", day=day(step.due_on, today)) if step.due_on else "",
        text=text,
        url_step=step.id,
        who=names,
    )
