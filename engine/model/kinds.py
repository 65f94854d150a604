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
    ADVISE = "advise"  # an added signer, or a delegate, gave an opinion
    VOTE = "vote"  # a member of a collective decision
    RETURN = "return"  # sent the step back to an earlier one
    WITHDRAW = "withdraw"  # took the own completed step back; the completion stays and is void


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
    STEP_TRANSFERRED = "step.transferred"
    STEP_ADVISED = "step.advised"
    STEP_VOTED = "step.voted"
    STEP_RETURNED = "step.returned"
    STEP_WITHDRAWN = "step.withdrawn"
    STEP_URGED = "step.urged"
    STEP_LENT = "step.lent"
    SIGNER_ADDED = "signer.added"
    SIGNER_REMOVED = "signer.removed"
    CASE_COPIED = "case.copied"
    RECUSAL_RAISED = "recusal.raised"
    RECUSAL_VOTED = "recusal.voted"
    RECUSAL_DECIDED = "recusal.decided"
    MARK_CORRECTED = "mark.corrected"
    ENTRY_CORRECTED = "entry.corrected"
    POST_GRANTED = "post.granted"
    POST_ENDED = "post.ended"
    STAND_IN_NAMED = "stand_in.named"
    STAND_IN_ENDED = "stand_in.ended"
    ABSENCE_RECORDED = "absence.recorded"
    ABSENCE_ENDED = "absence.ended"
    TIE_DECLARED = "tie.declared"
    ACCOUNT_CHANGED = "account.changed"
    RULES_ADOPTED = "rules.adopted"
    CLOCK_STARTED = "clock.started"
    CLOCK_MOVED = "clock.moved"
    CLOCK_ENDED = "clock.ended"
    CLOCK_REOPENED = "clock.reopened"
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
