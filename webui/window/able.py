"""Who may do the open steps of a case, and who may not and why: the engine's answer, in the page's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from engine import commands
from engine.db import store
from engine.db.read import away, people
from engine.db.read.casefile import CaseFile, StepFact
from engine.db.store import Connection
from engine.errors import NobodyLeft, Refused
from engine.model import Assignment, Item
from engine.rules.book import Book
from engine.rules.permission import FILED, held
from webui.language import day, gettext, is_english, ngettext, pick
from webui.messages import message, of_another
from webui.taking import instead


@dataclass(frozen=True, kw_only=True)
class Who:
    """Somebody who could act by his post. `post`: by which, or where; `note`: away, or for whom; `why`: why not."""

    name: str
    post: str
    why: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Able:
    """Who holds the post of each open step, by step. `every`: their posts; `gone`: until when who of them is away."""

    by_step: Mapping[int, tuple[commands.Eligible, ...]]
    every: Mapping[int, Sequence[Assignment]]
    gone: Mapping[int, date]
    today: date

    def of(self, step: int) -> tuple[commands.Eligible, ...]:
        return self.by_step.get(step, ())

    def refusal(self, step: int, person: int) -> Refused | None:
        """Return why somebody who holds the post may not act, or None."""
        return next((each.refusal for each in self.of(step) if each.person == person), None)

    def absent(self, person: int) -> str:
        """Return until when somebody is away, in words; empty for who is here."""
        return gettext("外出至 %(on)s", on=day(self.gone[person], self.today)) if person in self.gone else ""

    def by(self, person: int, step: StepFact, case: CaseFile) -> Assignment | None:
        """Return the post by which somebody could act."""
        return held(self.every.get(person, ()), step.post, step.organ, case.item_id, step.lent)

    def stands_in(self, person: int, step: StepFact, case: CaseFile) -> bool:
        """Return whether somebody could act only as a stand-in."""
        post = self.by(person, step, case)
        return post is not None and post.on_behalf is not None

    def somebody(self, step: int) -> bool:
        """Return whether permission lets anybody act who is here, as lending a step asks it."""
        return any(each.person not in self.gone for each in self.members(step))

    def members(self, step: int) -> tuple[commands.Eligible, ...]:
        """Return whom permission lets act, also who would leave nobody for what comes later."""
        return tuple(e for e in self.of(step) if e.refusal is None or isinstance(e.refusal, NobodyLeft))


def able(conn: Connection, case: CaseFile, of: Item, today: date) -> Able:
    """Ask about every open step of an open case."""
    if case.closed_at is not None:
        return Able(by_step={}, every={}, gone={}, today=today)
    book, found = store.book(), {}
    for step in case.steps:
        if step.closed_at is None:
            officers = commands.officers(conn, step.id, today)
            found[step.id] = tuple(replace(e, refusal=in_language(e.refusal, of, book)) for e in officers)
    everybody = {each.person for officers in found.values() for each in officers}
    every = people.assignments(conn, everybody, today)
    gone = away.until(conn, everybody, today)
    told = {step: tuple(_told(each, officers, gone) for each in officers) for step, officers in found.items()}
    return Able(by_step=told, every=every, gone=gone, today=today)


def _told(
    each: commands.Eligible, officers: Sequence[commands.Eligible], gone: Mapping[int, date]
) -> commands.Eligible:
    if not isinstance(each.refusal, NobodyLeft):
        return each
    return replace(each, refusal=instead(each.refusal, officers, gone))


def in_language(refusal: Refused | None, of: Item, book: Book) -> Refused | None:
    """Return a refusal with the names of steps and posts as the page's language has them."""
    if refusal is None or not is_english():
        return refusal
    known = {step.name: step.name_en for step in of.steps.values()}
    known |= {post.name: post.name_en for post in book.posts.values()} | {FILED: gettext("收件")}
    told = {f.name: getattr(refusal, f.name) for f in fields(refusal)}
    named: dict[str, Any] = {n: known[v] for n, v in told.items() if isinstance(v, str) and known.get(v)}
    return replace(refusal, **named)


def whos(found: Able, case: CaseFile, step: StepFact, me: int, most: int) -> tuple[Who, ...]:
    """Return at most so many who may, those here first, and as many who may not, with the reason. 0: all."""
    told = [_who(each, found, case, step, me) for each in found.of(step.id)]
    may = sorted((w for w in told if not w.why), key=lambda w: bool(w.note))
    barred = [w for w in told if w.why]
    more = max(0, len(may) - most) if most else 0
    others = (Who(name=ngettext("另有 %(num)d 人", "另有 %(num)d 人", more), post=""),) if more else ()
    return (*(may[:most] if most else may), *others, *(barred[:most] if most else barred))


def _who(each: commands.Eligible, found: Able, case: CaseFile, step: StepFact, me: int) -> Who:
    post = found.by(each.person, step, case)
    why = "" if each.refusal is None else message(each.refusal) if each.person == me else of_another(each.refusal)
    note = found.absent(each.person)
    if post and post.on_behalf is not None:
        note = gettext("代岗，算两个人")
    elif not note and not why:
        note = gettext("在岗")
    organ = case.organs[post.organ] if post else None
    where = pick(organ.name, organ.name_en) if organ else ""
    return Who(name=pick(each.name, each.name_en), post=where, why=why, note=note)
