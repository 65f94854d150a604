"""A yellow or red card as a row: what it is for, to whom it was given, and which steps of its life wait."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db.read.cardrights import Reader, waits
from engine.db.read.facts import Found, Named, Query, clocks_of, named, without_name
from engine.db.stops import of_cases
from engine.db.tables import card, case_, definition, organ, person, score, step
from engine.model import RUNNING, CaseState, Clock
from engine.rules.limits import Stop


@dataclass(frozen=True, kw_only=True)
class OpenStep:
    """A step of a card's life that waits. `waits`: for the reader, who holds it or its post."""

    id: int
    path: str
    post: str
    organ: Named
    holder: Named | None
    due_on: date | None
    waits: bool


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The case that a card is about; a natural applicant's name is masked in its title."""

    id: int
    number: str
    title: str
    item: Named
    definition: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A card. `definition` and `sha256` name the version of its life's flow; `points`: what it costs by now, or 0.

    `marks`: what its life has reached, with the local date: served, explained, upheld, ..., engine/db/cards.py.
    """

    id: int
    case: int
    number: str
    level: str
    cause: str
    key: str
    rule: str | None
    path: str | None
    post: str
    organ_id: int
    organ: Named
    person: Named | None
    on: date
    clock: int | None
    subject: Subject | None
    state: CaseState
    result: str | None
    marks: Mapping[str, date]
    filed_at: datetime
    closed_at: datetime | None
    definition: int
    sha256: str
    points: int
    steps: tuple[OpenStep, ...]
    clocks: tuple[Clock, ...]
    stops: tuple[Stop, ...]

    @property
    def stands(self) -> str | None:
        """The level that counts by now; None before it is served, and once it is rescinded or a lowered yellow one."""
        return standing_level(self.level, self.marks)

    @property
    def lives(self) -> bool:
        return self.state in RUNNING


def standing_level(level: str, marks: Collection[str]) -> str | None:
    """Return the level of a card that counts: a lowered red card is yellow, a lowered yellow one a mere reminder."""
    if "served" not in marks or "rescinded" in marks:
        return None
    return {"red": "yellow"}.get(level) if "downgraded" in marks else level


def cards() -> Query:
    """Return the query of all cards, to be narrowed and ordered."""
    subject, about = case_.alias("subject"), definition.alias("about")
    applicant, holder = person.alias("applicant"), person.alias("holder")
    points = sa.select(sa.func.coalesce(sa.func.sum(score.c.points), 0)).where(score.c.card == card.c.id)
    return (
        sa.select(
            card, case_.c.number, case_.c.state, case_.c.result, case_.c.marks_json, case_.c.filed_at,
            case_.c.closed_at, case_.c.definition, definition.c.sha256, organ.c.name.label("organ_name"),
            organ.c.name_en.label("organ_name_en"), holder.c.name.label("holder"), holder.c.name_en.label("holder_en"),
            subject.c.id.label("subject_id"), subject.c.number.label("subject_number"),
            subject.c.title.label("subject_title"),
            subject.c.definition.label("subject_definition"), about.c.sha256.label("subject_sha256"),
            about.c.name.label("subject_item"), about.c.name_en.label("subject_item_en"),
            applicant.c.kind.label("applicant_kind"), applicant.c.name.label("applicant_name"),
            points.scalar_subquery().label("points"),
        )
        .select_from(card.join(case_, case_.c.id == card.c.case_))
        .join(definition, definition.c.id == case_.c.definition)
        .join(organ, organ.c.id == card.c.organ)
        .outerjoin(holder, holder.c.id == card.c.person)
        .outerjoin(subject, subject.c.id == card.c.subject_case)
        .outerjoin(about, about.c.id == subject.c.definition)
        .outerjoin(applicant, applicant.c.id == subject.c.applicant)
    )  # fmt: skip


def fetch(conn: Connection, who: Reader, query: Query) -> tuple[Row, ...]:
    """Return the rows of a query of `cards`, with what waits and its clocks. Four statements."""
    found = conn.execute(query).all()
    cases = [row.case_ for row in found]
    steps, clocks, stops = _open_steps(conn, who, cases), clocks_of(conn, cases, running=True), of_cases(conn, cases)
    return tuple(
        Row(
            id=row.id, case=row.case_, number=row.number, level=row.level, cause=row.cause, key=row.key, rule=row.rule,
            path=row.path, post=row.post, organ_id=row.organ, organ=named(row, "organ_name"),
            person=named(row, "holder") if row.holder else None, on=row.on, clock=row.clock, subject=_subject(row),
            state=CaseState(row.state), result=row.result, marks=marks_of(row.marks_json),
            filed_at=row.filed_at, closed_at=row.closed_at,
            definition=row.definition, sha256=row.sha256, points=row.points,
            steps=tuple(steps[row.case_]), clocks=tuple(clocks[row.case_]), stops=tuple(stops[row.case_]),
        )
        for row in found
    )  # fmt: skip


def marks_of(text: str) -> dict[str, date]:
    """Return the marks of a case from its column."""
    return {name: date.fromisoformat(on) for name, on in json.loads(text).items()}


def _subject(row: Found) -> Subject | None:
    if row.subject_number is None:
        return None
    return Subject(
        id=row.subject_id,
        number=row.subject_number,
        title=without_name(row.subject_title, row.applicant_kind, row.applicant_name),
        item=named(row, "subject_item"),
        definition=row.subject_definition,
        sha256=row.subject_sha256,
    )


def _open_steps(conn: Connection, who: Reader, cases: Collection[int]) -> dict[int, list[OpenStep]]:
    query = (
        sa.select(
            step.c.id, step.c.case_, step.c.path, step.c.post, step.c.due_on, organ.c.name.label("organ_name"),
            organ.c.name_en.label("organ_name_en"), person.c.name.label("holder"),
            person.c.name_en.label("holder_en"), waits(who).label("waits"),
        )
        .select_from(step.join(organ, organ.c.id == step.c.organ))
        .outerjoin(person, person.c.id == step.c.claimed_by)
        .where(step.c.case_.in_(cases), step.c.closed_at.is_(None))
        .order_by(step.c.opened_at, step.c.id)
    )  # fmt: skip
    found: dict[int, list[OpenStep]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.case_].append(
            OpenStep(
                id=row.id, path=row.path, post=row.post, organ=named(row, "organ_name"),
                holder=named(row, "holder") if row.holder else None, due_on=row.due_on, waits=bool(row.waits),
            )
        )  # fmt: skip
    return found
