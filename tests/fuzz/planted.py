"""The faults that are planted, one at a time, and for each a seed whose walk catches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.bpmn import activities, compensation, events, joins, multi, run, tokens
from engine.bpmn.nodes import Node
from tests.fuzz import faults

CASE: Any = vars(run)["Case"]


@dataclass(frozen=True)
class Planted:
    name: str
    plant: faults.Plant
    seed: int


ALL: list[Planted] = [
    Planted("the codec drops the variables of instances", faults.restored(faults.no_own), 1),
    Planted("the codec forgets whom a listener guards", faults.forgets("host"), 2),
    Planted("the codec forgets by which flow a token came", faults.restored(faults.no_flow_by), 1),
    Planted("the codec loses the variables of called processes", faults.restored(faults.no_call_variables), 13),
    Planted("the codec loses timers", faults.forgets("timers"), 0),
    Planted("the codec loses the turns of a cycle", faults.forgets("turns"), 1),
    Planted("the codec forgets that a condition was true", faults.forgets("was"), 0),
    Planted("the codec forgets rivals", faults.forgets("rivals"), 0),
    Planted("the codec forgets what lies beside the flow", faults.forgets("aside"), 1),
    Planted("the codec loses the collection of a sequential activity", faults.forgets("items"), 17),
    Planted("the codec loses the activity of an instance", faults.forgets("of"), 1),
    Planted(
        "a parallel join counts tokens, not flows",
        faults.method(joins.ParallelJoin, "_update_hook", faults.counts_tokens),
        12,
    ),
    Planted(
        "a parallel join fires at once", faults.method(joins.ParallelJoin, "_update_hook", faults.fires_at_once), 10
    ),
    Planted(
        "an inclusive join fires at once", faults.method(joins.InclusiveJoin, "_update_hook", faults.fires_at_once), 1
    ),
    Planted(
        "an inclusive join ignores the 2nd clause",
        faults.method(joins.InclusiveJoin, "recheck", faults.decides(1, True)),
        6,
    ),
    Planted(
        "an inclusive join waits for all flows", faults.method(joins.InclusiveJoin, "recheck", faults.waits_for_all), 6
    ),
    Planted(
        "an inclusive join forgets boundary events",
        faults.method(joins.InclusiveJoin, "recheck", faults.decides(2, False)),
        78,
    ),
    Planted("a join leaves tokens behind", lambda p: p.setattr(joins, "consume", lambda *a: None), 9),
    Planted("what interrupts does not cancel", faults.method(events.Listener, "interrupt", faults.leaves_host), 0),
    Planted("what does not interrupt cancels", faults.method(events.Listener, "happen", faults.always_interrupts), 1),
    Planted("rivals are not disarmed", faults.method(events.Catch, "happen", faults.keeps_rivals), 0),
    Planted(
        "an error is caught in its own scope only",
        faults.replaced_everywhere("outwards", faults.stays_in_scope("error")),
        6,
    ),
    Planted(
        "an escalation stops at its scope",
        faults.replaced_everywhere("outwards", faults.stays_in_scope("escalation")),
        46,
    ),
    Planted("a signal is heard by one", faults.replaced_everywhere("deliver", faults.delivers(False, "signal")), 21),
    Planted("a message is taken by all", faults.replaced_everywhere("deliver", faults.delivers(True, "message")), 2),
    Planted("an error or escalation of any code is caught", faults.method(events, "_fire_first", faults.any_code), 30),
    Planted("a condition fires at every change", faults.method(CASE, "conditions", faults.every_change), 2),
    Planted(
        "a condition is not looked at as it is armed",
        faults.method(events.Catch, "arm", faults.arms_without_looking),
        1,
    ),
    Planted("boundary events of a scope are armed too late", faults.method(activities, "arm", faults.arms_nothing), 3),
    Planted("a cycle fires once", faults.method(events.Catch, "again", faults.fires_once), 1),
    Planted(
        "boundary events outlive their activity", faults.method(tokens.Scoped, "forget", faults.keeps_listeners), 2
    ),
    Planted("terminate ends nothing", faults.method(compensation, "throw", faults.terminates_nothing), 41),
    Planted("the completion condition is not asked", faults.method(multi.Multi, "ended", faults.no_until), 1),
    Planted("a sequential activity starts all", faults.method(multi.Multi, "begin", faults.starts_all), 1),
    Planted("instances count from one", faults.method(multi.Multi, "_instance", faults.counts_from_one), 1),
    Planted("instances outlive their activity", faults.instances_live_on, 15),
    Planted("a loop goes round once too often", faults.method(multi.Loop, "_goes_on", faults.once_more), 8),
    Planted("a loop never tests before", faults.method(multi.Loop, "begin", faults.tests_after), 68),
    Planted("the first end event ends its scope", faults.method(tokens.Scoped, "unfinished", faults.first_end_ends), 2),
    Planted("listeners keep a scope open", faults.method(tokens.Scoped, "unfinished", faults.listeners_keep_open), 3),
    Planted(
        "a call brings no variables back",
        faults.method(activities.CallActivity, "returned", faults.returns_nothing),
        13,
    ),
    Planted("an inclusive split takes one way", faults.method(Node, "chosen", faults.takes_first), 62),
    Planted("the default flow is always taken", faults.method(Node, "chosen", faults.takes_default_too), 1),
    Planted("an end beside the flow counts", faults.method(tokens.Scoped, "end", faults.last_end_counts), 3),
]
