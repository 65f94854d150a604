"""Facts that every layer shares: an item as its definition declares it, people, and the kinds. No behaviour."""

from engine.model.facts import SYSTEM_ACTOR, Act, Actor, Assignment, Clock, Standing
from engine.model.items import (
    CaseLimit,
    Collective,
    DocumentRule,
    ExtendRule,
    Item,
    Mark,
    Persons,
    Raised,
    Risk,
    Separation,
    Source,
    Step,
    StopRule,
    Vendor,
)
from engine.model.kinds import RUNNING, SYSTEM, ActKind, CaseState, ClockKind, Event, Lamp, OrganLevel, Unit
from engine.model.runs import Run

__all__ = [
    "RUNNING",
    "SYSTEM",
    "SYSTEM_ACTOR",
    "Act",
    "ActKind",
    "Actor",
    "Assignment",
    "CaseLimit",
    "CaseState",
    "Clock",
    "ClockKind",
    "Collective",
    "DocumentRule",
    "Event",
    "ExtendRule",
    "Item",
    "Lamp",
    "Mark",
    "OrganLevel",
    "Persons",
    "Raised",
    "Risk",
    "Run",
    "Separation",
    "Source",
    "Standing",
    "Step",
    "StopRule",
    "Unit",
    "Vendor",
]
