"""An item, as its definition declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A named instant of a case. `on`: the outcomes that reach it, none = any.

    `at`: an earlier mark whose date it takes (deemed acceptance is back-dated to receipt: Licensing Law art. 32).
    `date`: the form field that names its day, which may lie ahead: the expiry of a licence, the day of a hearing.
    """

    name: str
    on: tuple[str, ...] = ()
    at: str = ""
    date: str = ""


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
    """How many people act on one step: `rule` is all | any | ratio:a/b | sequence; `min` of them at least.

    `certified`: each holds a certificate of law enforcement (SOD-05).
    """

    min: int = 1
    rule: str = "all"
    certified: bool = False


@dataclass(frozen=True, kw_only=True)
class Collective:
    """A decision taken by all who hold the step's post in its organ, the post `chair` speaking last (SOD-15).

    `quorum`: share of them that must have voted, as (2, 3). `majority`: share of the votes given that carries.
    """

    chair: str
    quorum: tuple[int, int] = (2, 3)
    majority: tuple[int, int] = (1, 2)


@dataclass(frozen=True, kw_only=True)
class StopRule:
    """The step that serves the notice of a stop. `request`: path of the step whose form says kind, days, evidence."""

    request: str
    on: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExtendRule:
    """The step that approves an extension of the limit `rule`. `request`: path of the step whose form says why."""

    rule: str
    request: str
    on: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A message that an officer may bring into a case, where an event waits for it: who may, and what it is called.

    `within`: paths of the steps and calls of the event sub-process that it starts, where it starts one.
    """

    message: str
    path: str
    name: str
    name_en: str
    post: str
    organ: str
    within: tuple[str, ...] = ()


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
    collective: Collective | None = None
    tier: bool = False  # only a post whose tier reaches the case's amount (SOD-14)
    marks: tuple[Mark, ...] = ()
    risks: tuple[Risk, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    serves: tuple[str, ...] = ()  # kinds of documents that it hands over: they must have been rendered
    applicant: bool = False  # the applicant may do it too, with the receipt
    stop: StopRule | None = None
    resume: tuple[str, ...] | None = None  # the outcomes with which the running stop ends; (): any
    extend: ExtendRule | None = None
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
    """What a definition declares, called flows included. `marks`: marks of elements other than user tasks, by path.

    So are `documents`. `effects`: path of a timer event -> the rule whose effect of silence it is.
    `risk`, `on_the_spot`, `distinct_persons`: of item.toml, what separation asks of the whole item.
    """

    id: str
    name: str
    name_en: str
    steps: Mapping[str, Step]
    limits: tuple[CaseLimit, ...]
    separations: tuple[Separation, ...]
    bindings: tuple[Separation, ...] = ()  # the steps that one person does all of
    marks: Mapping[str, tuple[Mark, ...]]
    documents: Mapping[str, tuple[DocumentRule, ...]] = field(default_factory=dict)
    effects: Mapping[str, str] = field(default_factory=dict)
    raised: tuple[Raised, ...] = ()
    calls: Mapping[str, str]  # path of a call activity -> id of the called flow
    ends: Mapping[str, str]  # id of a top end event -> its name
    ends_en: Mapping[str, str]
    risk: str = ""  # low | medium | high
    on_the_spot: bool = False
    distinct_persons: int = 0


@dataclass(frozen=True, kw_only=True)
class Source:
    """The files of an item or shared flow, as they are stored for ever. `forms`: JSON Schema by step path or `case`."""

    item: str
    file: str
    xml: bytes
    forms: Mapping[str, Any]
    facts: Mapping[str, Any]  # item.toml
    called: Mapping[str, Source] = field(default_factory=dict)
