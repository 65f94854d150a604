"""The verdict of the proof against the real engine: small random flows, every choice played by `engine.bpmn.run`.

A deadlock, a step open twice, a gateway without a way, an error that nobody catches, a state without an end: played <=>
found. In one direction only: what is found may be what a terminate end, an error or an escalation forestalls in that
move, or what an event on a sub-process saves a case from; two tokens of one flow at a join may be played and not found,
when nothing behind the join opens twice and all comes to an end.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, assume, event, given, settings

from engine.bpmn import items
from engine.bpmn.check import check
from engine.bpmn.check.soundness import prove
from engine.bpmn.read import read
from engine.model import Source
from tests.bpmn.exhaust import Played, play
from tests.bpmn.sheets import PLAIN, RICH, random_flows

FORESTALLING = (b"<terminateEvent", b"<errorEvent", b"<escalationEvent")
LONG = int(os.environ.get("SUNLIT_RANDOM_FLOWS") or 0)  # so many flows instead of the same few each time


def drawn(most: int) -> settings:
    return settings(
        max_examples=LONG or most, derandomize=not LONG, deadline=None, suppress_health_check=list(HealthCheck)
    )


@drawn(120)
@given(random_flows(PLAIN))
def test_the_proof_finds_what_the_engine_runs_into_and_nothing_else(flow):
    compare(flow)


@drawn(150)
@given(random_flows(RICH))
def test_so_it_does_with_sub_processes_and_events_of_all_kinds(flow):
    compare(flow)


def compare(flow: Source) -> tuple[Played, set[str]]:
    assert check(flow, level="model") == ()
    played = play(read(flow), flow.forms)
    assume(played.whole)
    proof = prove(items.flow(flow))
    rules = {f.rule for f in proof.findings}
    event(" ".join(sorted(rules - {"sound.never"})) or "sound")
    assert "sound.tangled" not in rules
    wrong = played.stuck or played.open or played.fault or played.endless or played.uncaught
    found = bool(rules - {"sound.never"})
    assert found or not wrong
    if not played.twice and "sound.twice" not in rules:
        assert "sound.deadlock" in rules or not played.stuck
        assert "sound.error" in rules or not played.uncaught
        assert rules & {"sound.no_way", "sound.no_value"} or not played.fault
    if any(kind in flow.xml for kind in FORESTALLING):
        return played, rules
    assert (wrong or played.twice) or not found  # tokens may crowd at a join and do no harm in the end
    if not played.twice and "sound.twice" not in rules:
        assert played.stuck or "sound.deadlock" not in rules
        assert played.fault or not rules & {"sound.no_way", "sound.no_value"}
    if not found:
        never = {f.where for f in proof.findings}
        item = items.item(items.flow(flow))
        assert not never & played.reached
        assert (item.steps.keys() | item.ends.keys()) <= played.reached or never
    return played, rules
