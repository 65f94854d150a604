"""One card as its page draws it: facts, evidence, what was explained and found, its way, what may be done now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine import clock
from engine.db import store
from engine.db.read import card as cards
from engine.db.read import documents as papers
from engine.db.read import portal
from engine.db.read.card import Card
from engine.db.read.cardrights import Reader
from engine.db.read.case import CaseStep
from engine.db.read.casefile import Filled
from engine.db.store import Connection
from engine.model import Event, Item, Source, Unit
from engine.rules import limits
from engine.rules.book import Book
from engine.rules.halting import halting
from engine.rules.limits import DayKind
from engine.rules.separation import FILING
from engine.rules.workdays import WorkCalendar
from webui import cardlines, definitions, forms, ledger, words
from webui.language import day, gettext, moment, ngettext, pick

FIRST_DAYS, LAST_DAYS, LEAST_GAP = 1, 7, 3  # of a long clock
OTHERS = {"yellow": ("issue", "confirm", "confirm_drop", "answer"), "red": ("explain",)}  # never come to this level
COUNTED = (DayKind.DAY, DayKind.MAKEUP)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A line of the card's way. `kind`: past | now | next; `told`: what was filled in."""

    kind: str
    title: str
    when: str
    text: str = ""
    told: tuple[tuple[str, str], ...] = ()
    quote: str = ""


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A day of the clock that was overrun. `gap`: so many days before it are left out."""

    on: date
    kind: str
    count: str
    over: bool
    gap: int = 0


def model(conn: Connection, who: Reader, number: str, today: date) -> dict[str, Any] | None:
    """Return everything that templates/cards/_card.html asks for; None when there is no such card for the reader."""
    found = cards.whole(conn, who, number, cardlines.HEADS, today)
    if found is None:
        return None
    row, book, calendar = found.row, store.book(), store.calendar(conn)
    item = definitions.item(conn, row.definition, row.sha256)
    source = definitions.source(conn, row.definition, row.sha256)
    (line,) = cardlines.lines(conn, [row], today)
    return {
        "card": found,
        "line": line,
        "says": _says(conn, found, source, book),
        "days": _days(found, calendar, book),
        "proved": proved(found),
        "reason": _newest(found, "reason", FILING),
        "explained": _newest(found, "explanation"),
        "findings": tuple(_findings(found, item, source)),
        "moments": (*_past(found, item, source), *_now(line, today), *_next(found, item, book)),
        "sees_case": who.every,
        "documents": papers.of_case(conn, row.case),
    }


def _says(conn: Connection, found: Card, source: Source, book: Book) -> list[tuple[str, str]]:
    """Return the facts of the head: rule, basis, office, persons by tier."""
    row = found.row
    rule = book.limits.get(row.rule or "")
    named = (
        gettext("%(name)s（%(rule)s）", name=pick(rule.name, rule.name_en), rule=rule.id) if rule else row.rule or ""
    )
    basis: Mapping[str, str] = next(iter(source.facts.get("basis", ())), {})
    county = pick(basis.get("law", ""), basis.get("law_en"))
    said = [
        (gettext("被牌岗位"), cardlines.office(row.organ.name, row.organ.name_en, row.post, book)),
        (gettext("所在步骤"), cardlines.step_name(conn, row)),
        (gettext("触犯规则"), named),
        (gettext("规则依据"), _basis(rule)),
        (gettext("发牌依据"), county),
        (gettext("承办"), pick(row.person.name, row.person.name_en) if row.person else ""),
        (gettext("负责人"), words.joined_names(found.tiers.get("decider", ()))),
        (gettext("一把手"), words.joined_names(found.tiers.get("chief", ()))),
    ]
    return [(name, text) for name, text in said if text]


def _basis(rule: Any) -> str:
    if rule is None:
        return ""
    text = pick(rule.basis, rule.basis_en)
    read = rule.verified or (rule.amount == 0 and rule.evidence.startswith("V-"))  # the promise sets the figure
    return text if read else gettext("%(basis)s（未核实）", basis=text)


def _days(found: Card, calendar: WorkCalendar, book: Book) -> list[Passed]:
    """Return the days of the overrun clock up to the day of the fact; of a long one its start and its last days."""
    ran = found.evidence.clock
    if ran is None or ran.unit is Unit.HOUR:
        return []
    amount, until = ran.amount + ran.extended, max(found.row.on, ran.due_on)
    stops = halting(ran, found.evidence.stops, book.limits)
    every = limits.ledger(ran.unit, amount, ran.started_on, stops, calendar, until)
    gap = max(0, len(every) - FIRST_DAYS - LAST_DAYS)
    gap = gap if gap >= LEAST_GAP else 0
    kept = [*every[:FIRST_DAYS], *every[FIRST_DAYS + gap :]]
    return [
        Passed(
            on=passed.on,
            kind=ledger.kind_name(passed.kind),
            count=f"{passed.number}/{amount}" if passed.kind in COUNTED else "",
            over=passed.over,
            gap=gap if place == FIRST_DAYS else 0,
        )
        for place, passed in enumerate(kept)
    ]


def proved(found: Card) -> bool | None:
    """Return whether the trace tells of the same overrun; None where the card rests on no clock."""
    if found.evidence.clock is None:
        return None
    on = found.row.on.isoformat()
    return any(p.type == Event.CLOCK_OVERRUN and p.facts.get("overrun_on") == on for p in found.evidence.proofs)


def _newest(found: Card, name: str, path: str = "") -> tuple[str, str, str] | None:
    """Return what was last written in a field, of any step or of this one, by whom, and when."""
    written = (f for f in reversed(found.filled) if f.form.get(name) and path in ("", f.path))
    filled = next(written, None)
    return (str(filled.form[name]), _name(found, filled), moment(filled.at)) if filled else None


def _findings(found: Card, item: Item, source: Source) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield what review and panel found: step and person, outcome, what they wrote; the newest first."""
    outcomes = {step.id: step.outcome for step in found.life.steps}
    for filled in reversed(found.filled):
        if filled.path in ("review", "panel"):
            outcome = definitions.outcome_name(source, filled.path, outcomes.get(filled.step or 0))
            title = f"{definitions.step_name(item, filled.path)} · {_name(found, filled)} · {moment(filled.at)}"
            yield title, outcome, _told(source, filled)


def _told(source: Source, filled: Filled) -> list[tuple[str, str]]:
    rules: Mapping[str, Any] = (definitions.form_schema(source, filled.path) or {}).get("properties", {})
    return [
        (pick(rule.get("title", name), rule.get("title_en")), forms.shown(rule, filled.form[name]))
        for name, rule in rules.items()
        if name in filled.form
    ]


def _name(found: Card, filled: Filled) -> str:
    who = found.names.get(filled.person)
    return pick(who.name, who.name_en) if who else gettext("系统")


def _past(found: Card, item: Item, source: Source) -> tuple[Moment, ...]:
    """Return what happened, in order: found, served, done, counted. Marks and points have a day, no hour."""
    life = found.life
    at: list[tuple[date, int, datetime, Moment]] = []

    def add(on: date, order: int, when: datetime, told: Moment) -> None:
        at.append((on, order, when, told))

    begun = _newest(found, "reason", FILING)
    text = begun[1] if begun else gettext("系统，由时限账和留痕得出")
    filed = Moment(kind="past", title=gettext("拟牌"), when=moment(life.filed_at), text=text)
    add(clock.local_date(life.filed_at), 0, life.filed_at, filed)
    if served := found.row.marks.get("served"):
        served_text = cardlines.office(found.row.organ.name, found.row.organ.name_en, found.row.post, store.book())
        add(served, 2, life.filed_at, Moment(kind="past", title=gettext("已送达"), when=day(served), text=served_text))
    for step in life.steps:
        if step.closed_at:
            order = 1 if step.path in OTHERS["yellow"] and step.path != "answer" else 3
            add(clock.local_date(step.closed_at), order, step.closed_at, _done(found, item, source, step))
    for score in found.scores:
        title = gettext("计分 %(points)+d", points=score.points)
        add(
            score.on,
            2 if score.on == found.row.marks.get("served") and found.row.level == "red" else 4,
            life.filed_at,
            Moment(kind="past", title=title, when=day(score.on), text=words.known(words.SCORES, score.reason)),
        )
    return tuple(told for *_, told in sorted(at, key=lambda each: each[:3]))


def _done(found: Card, item: Item, source: Source, step: CaseStep) -> Moment:
    filled = [f for f in found.filled if f.step == step.id]
    outcome = definitions.outcome_name(source, step.path, step.outcome) if step.outcome else ""
    late = "" if step.outcome else gettext("期满没有办，自动往下走")
    return Moment(
        kind="past",
        title=definitions.step_name(item, step.path),
        when=moment(step.closed_at) if step.closed_at else "",
        text=" · ".join(filter(None, (words.joined_names(step.by), outcome, late))),
        told=tuple(pair for each in filled for pair in _told(source, each)),
        quote="；".join(each.opinion for each in filled if each.opinion),
    )


def _now(line: cardlines.Line, today: date) -> Iterator[Moment]:
    for wait in line.waits:
        due = gettext("%(day)s止", day=day(wait.step.due_on, today)) if wait.step.due_on else ""
        text = " · ".join(filter(None, (wait.who, wait.face.text if wait.face else "")))
        yield Moment(kind="now", title=gettext("%(step)s（现在）", step=wait.name), when=due, text=text)


def _next(found: Card, item: Item, book: Book) -> Iterator[Moment]:
    """Yield the steps that may follow."""
    for step in portal.ahead(found.life, item):
        if step.path not in (*OTHERS[found.row.level], "confirm_drop"):
            limit = ngettext("%(num)d 日内", "%(num)d 日内", step.days) if step.days else ""
            yield Moment(kind="next", title=pick(step.name, step.name_en), when=limit, text=words.post(step.post, book))
