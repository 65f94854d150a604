"""Facts that every layer shares: an item as its definition declares it, people, and the kinds. No behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

SYSTEM = 0  # the person id of the system itself; it holds no post


class OrganLevel(StrEnum):
    COUNTY = "county"
    CENTRE = "centre"
    SUBCENTRE = "subcentre"
    TOWNSHIP = "township"
    WINDOW = "window"


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"  # an end of the flow was reached; `result` says which
    WITHDRAWN = "withdrawn"
    FAULT = "fault"  # its flow could not go on; two persons repair it


RUNNING = (CaseState.OPEN, CaseState.FAULT)  # the law's time runs in these states


class ClockKind(StrEnum):
    STEP = "step"
    PROMISE = "promise"
    STATUTE = "statute"


class Lamp(StrEnum):
    """The lamp of a case or step, by severity."""

    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    HOUR = "hour"


class ActKind(StrEnum):
    FILE = "file"
    COMPLETE = "complete"
    SIGN = "sign"  # one of several persons on a step, not the last
    TAKE_BACK = "take_back"  # a signature, while the step is open


class Event(StrEnum):
    """Types of trace events. A type never changes its fact keys (engine/rules/trace.py); new needs get new types."""

    COUNTY_FOUNDED = "county.founded"
    PROPOSED = "proposal.made"
    APPROVED = "proposal.approved"
    DECLINED = "proposal.declined"
    CALENDAR_ADOPTED = "calendar.adopted"
    SIGNED_IN = "session.opened"
    SIGN_IN_FAILED = "session.refused"
    SIGNED_OUT = "session.closed"
    CASE_FILED = "case.filed"
    CASE_CLOSED = "case.closed"
    CASE_WITHDRAWN = "case.withdrawn"
    CASE_FAULTED = "case.faulted"
    CASE_REPAIRED = "case.repaired"
    CASE_MOVED = "case.moved"
    CODE_REISSUED = "case.code_reissued"
    MARK_REACHED = "mark.reached"
    STEP_OPENED = "step.opened"
    STEP_CLAIMED = "step.claimed"
    STEP_RELEASED = "step.released"
    STEP_SIGNED = "step.signed"
    STEP_UNSIGNED = "step.unsigned"
    STEP_COMPLETED = "step.completed"
    STEP_CANCELLED = "step.cancelled"
    CLOCK_STARTED = "clock.started"
    CLOCK_MOVED = "clock.moved"
    CLOCK_ENDED = "clock.ended"
    CLOCK_OVERRUN = "clock.overrun"
    TIMER_MOVED = "timer.moved"
    TIMER_FIRED = "timer.fired"
    TRACE_EXPORTED = "trace.exported"
    TRACE_CHECKED = "trace.checked"
    REFUSED = "refused"


# --- an item, as its definition declares it --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A named instant of a case. `on`: the outcomes that reach it, none = any.

    `at`: an earlier mark whose date it takes (deemed acceptance is back-dated to receipt: Licensing Law art. 32).
    """

    name: str
    on: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Risk:
    id: str
    level: str  # low | medium | high
    text: str


@dataclass(frozen=True, kw_only=True)
class DocumentRule:
    kind: str
    on: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Persons:
    """How many people act on one step: `rule` is all | any | ratio:a/b | sequence; `min` of them at least."""

    min: int = 1
    rule: str = "all"


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """What another engine's file says of a user task, as written there, `${...}` included; nothing here obeys it.

    A designer turns it into a post, a limit and a form: `sunlit check --adopt`.
    """

    assignee: str = ""
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    due: str = ""
    form: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A user task. `path` is its id, behind the ids of the call activities it lies in: `intake/accept`."""

    path: str
    name: str
    name_en: str
    post: str
    organ: str  # case | township | county: nearest of that level up the case's tree
    days: int | None  # step limit, working days
    outcomes: tuple[str, ...]  # none declared = only "done"
    returns: tuple[str, ...] = ()
    persons: Persons = field(default_factory=Persons)
    marks: tuple[Mark, ...] = ()
    risks: tuple[Risk, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    vendor: Vendor | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class CaseLimit:
    """A statutory limit by rule id between two marks; `promise`: promised working days, where the item promises."""

    rule: str
    promise: int | None
    start: str
    until: str
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Separation:
    """The steps (paths) of which no two may be done by one person in one case; `rule` names the constraint."""

    steps: tuple[str, ...]
    rule: str
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Item:
    """What a definition declares, called flows included. `marks`: marks of elements other than user tasks, by path."""

    id: str
    name: str
    name_en: str
    steps: Mapping[str, Step]
    limits: tuple[CaseLimit, ...]
    separations: tuple[Separation, ...]
    marks: Mapping[str, tuple[Mark, ...]]
    calls: Mapping[str, str]  # path of a call activity -> id of the called flow
    ends: Mapping[str, str]  # id of a top end event -> its name
    ends_en: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Source:
    """The files of an item or shared flow, as they are stored for ever. `forms`: JSON Schema by step path or `case`."""

    item: str
    file: str
    xml: bytes
    forms: Mapping[str, Any]
    facts: Mapping[str, Any]  # item.toml
    called: Mapping[str, Source] = field(default_factory=dict)


# --- people ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A post held now. `organ` is the organ's id; `item` limits it to one item when set."""

    id: int
    post: str
    organ: int
    organ_code: str
    organ_name: str
    level: OrganLevel
    parent: int | None
    item: str | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: an officer, an applicant with a receipt, or the system (person SYSTEM). Posts are read by `begin`."""

    person: int
    account: int | None = None
    channel: str = "window"  # window | portal | worker | cli | seed


SYSTEM_ACTOR = Actor(person=SYSTEM, channel="worker")


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a person did on a step of a case: the facts that separation compares."""

    person: int
    path: str
    kind: ActKind
    outcome: str | None
    at: datetime
    on_behalf: int | None = None
    step: int | None = None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A limit's run in a case, as stored. `key` is unique in the case: `statute:L03`, `promise:L03`, `step:<token>`."""

    key: str
    kind: ClockKind
    rule: str
    unit: Unit
    amount: int
    started_on: date
    due_on: date
    provisional: bool
    until: str = ""
    extended: int = 0
    step: int | None = None
    ended_on: date | None = None
    overrun_at: datetime | None = None
    id: int | None = None
