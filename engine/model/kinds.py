"""Kinds that every layer shares: states, levels, units, types of events."""

from __future__ import annotations

from enum import StrEnum

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
    CLOCK_STOPPED = "clock.stopped"
    CLOCK_RESUMED = "clock.resumed"
    CLOCK_EXTENDED = "clock.extended"
    CLOCK_RECOUNTED = "clock.recounted"
    EFFECT_TAKEN = "effect.taken"
    MESSAGE_DELIVERED = "message.delivered"
    DOCUMENT_MADE = "document.made"
    DOCUMENT_RENDERED = "document.rendered"
    CARD_DRAFTED = "card.drafted"
    CARD_SCORED = "card.scored"
    TIMER_MOVED = "timer.moved"
    TIMER_FIRED = "timer.fired"
    TRACE_EXPORTED = "trace.exported"
    TRACE_CHECKED = "trace.checked"
    REFUSED = "refused"
