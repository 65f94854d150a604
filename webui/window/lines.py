"""Rows of a list as pages draw them: clock faces, the group by due day, and why somebody may not take a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.db import store
from engine.db.read import desk
from engine.db.read.people import Officer
from engine.db.store import Connection
from engine.errors import CaseInFault, Refused
from engine.model import Clock, ClockKind, Item
from engine.rules import permission
from engine.rules.book import Book
from engine.rules.demands import demands
from engine.rules.halting import halting
from webui import definitions
from webui.clocks import Face, face
from webui.language import day, gettext, pick
from webui.messages import message

ORDER = ("over", "warn", "note", "ok", "stop")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A step in a list. `face`: of its own clock, or of the case's; `promise`: of the case; `why`: why not to claim.

    `together`: it is decided by vote, and nobody claims it.
    """

    row: desk.Row
    step: str
    item: str
    organ: str
    face: Face | None
    promise: Face | None
    marks: tuple[tuple[str, str], ...]
    outcome: str = ""
    why: str = ""
    together: bool = False

    @property
    def lamp(self) -> str:
        return self.face.lamp if self.face else "ok"

    @property
    def due_on(self) -> date | None:
        return self.face.due_on if self.face else None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Lines that are due together."""

    title: str
    note: str
    lines: tuple[Line, ...]


def lines(conn: Connection, rows: Sequence[desk.Row], today: date, officer: Officer | None = None) -> list[Line]:
    """Return rows as lines; with an officer, say why he may not take them."""
    book, calendar = store.book(), store.calendar(conn)

    def faced(row: desk.Row, clock: Clock | None) -> Face | None:
        if clock is None:
            return None
        return face(clock, halting(clock, row.stops, book.limits), calendar, book.thresholds, today)

    found = []
    for row in rows:
        of = definitions.item(conn, row.definition, row.sha256)
        promise = next((c for c in row.clocks if c.kind is ClockKind.PROMISE), None)
        statutes = [c for c in row.clocks if c.kind is ClockKind.STATUTE and c.within]
        statute = min(statutes, key=lambda c: c.due_on, default=None)
        own, promised = faced(row, row.clock), faced(row, promise or statute)
        refusal = bar(row, of, officer, book) if officer else None
        error = CaseInFault() if row.in_fault and row.closed_at is None else refusal
        found.append(
            Line(
                row=row,
                step=definitions.step_name(of, row.path),
                item=definitions.item_name(of),
                organ=pick(row.organ_name, row.organ_name_en),
                face=own or promised,
                promise=promised,
                marks=_marks(row, of, own, promised, today),
                outcome=_outcome(conn, row) if row.outcome else "",
                why=message(error) if error and officer else "",
                together=row.path in of.steps and of.steps[row.path].collective is not None,
            )
        )
    return found


def _outcome(conn: Connection, row: desk.Row) -> str:
    source = definitions.source(conn, row.definition, row.sha256)
    return definitions.outcome_name(source, row.path, row.outcome)


def bar(row: desk.Row, of: Item, officer: Officer, book: Book) -> Refused | None:
    """Return why an officer may not take a step, by the one rule that the commands ask, too."""
    post = book.posts[row.post]
    task = permission.Task(
        step=row.step,
        path=row.path,
        post=row.post,
        post_name=pick(post.name, post.name_en),
        organ=row.organ,
        organ_name=pick(row.organ_name, row.organ_name_en),
        item=row.item_id,
        applicant=row.applicant,
        agent=row.agent,
        acts=row.acts,
        demands=demands(of, row.path, row.post, book),
        names=definitions.act_names(of),
        about=row.card.judged(of.steps[row.path].post) if row.card else row.complained,
        amount=row.amount,
        lent=row.lent,
    )
    return permission.bar(officer.person, officer.assignments, task, book.exclusions, officer.standing)


def counts(found: Sequence[Line]) -> dict[str, int]:
    """Return the number of lines by lamp, the gravest first; lamps that nobody shows are left out."""
    number = Counter(line.lamp for line in found)
    return {lamp: number[lamp] for lamp in ORDER if number[lamp]}


def grouped(found: Sequence[Line], today: date) -> list[Group]:
    """Return the lines that came back, then the others by when they are due: overdue, today, tomorrow, later, stopped.

    Empty groups are left out.
    """
    back, found = [line for line in found if line.row.returned], [line for line in found if not line.row.returned]
    tomorrow = today + timedelta(days=1)

    def due(test: Callable[[date], bool]) -> Callable[[Line], bool]:
        return lambda line: line.lamp != "stop" and line.due_on is not None and test(line.due_on)

    wanted: tuple[tuple[str, str, Callable[[Line], bool]], ...] = (
        (gettext("已超期"), "", due(lambda on: on < today)),
        (gettext("今天到期"), gettext("24:00 前办结"), due(lambda on: on == today)),
        (gettext("明天到期"), day(tomorrow, today), due(lambda on: on == tomorrow)),
        (gettext("以后"), "", due(lambda on: on > tomorrow)),
        (gettext("没有时限"), "", lambda line: line.due_on is None),
        (gettext("停表中"), gettext("不计时，到期自动恢复"), lambda line: line.lamp == "stop"),
    )
    groups = [Group(title=gettext("退回给我的"), note=gettext("先办"), lines=tuple(back))]
    groups += [Group(title=title, note=note, lines=tuple(filter(test, found))) for title, note, test in wanted]
    return [group for group in groups if group.lines]


def _marks(
    row: desk.Row, of: Item, own: Face | None, promised: Face | None, today: date
) -> tuple[tuple[str, str], ...]:
    found = [("over", gettext("流程出错"))] if row.in_fault and row.closed_at is None else []
    if row.returned and row.closed_at is None:
        found.append(("warn", gettext("退回")))
    if own and promised and promised.due_on <= today:
        late = promised.due_on < today
        found.append(("over", gettext("期限已过")) if late else ("warn", gettext("期限同日到期")))
    step = of.steps.get(row.path)
    if step and any(risk.level == "high" for risk in step.risks):
        found.append(("warn", gettext("高风险")))
    if step and step.persons.min > 1:
        found.append(("", gettext("%(n)s 人签", n=step.persons.min)))
    return tuple(found)
