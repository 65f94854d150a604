"""The runs of a flow: known answers by hand, and cases of random flows gone to an end by the real engine.

`SUNLIT_TEST_RUNS=1000 pytest tests/bpmn/test_runs.py` draws so many flows of each kind instead of a few fixed ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.bpmn import items
from engine.bpmn import runs as module
from engine.bpmn.check import check
from engine.bpmn.check.soundness import prove
from engine.bpmn.program import Program
from engine.bpmn.read import read
from engine.bpmn.runs import runs, search
from engine.bpmn.source import load
from engine.errors import EngineFault
from engine.model.runs import Run
from tests.bpmn.flows import MESSAGE, TIMER, event_sub_process, flows, program
from tests.bpmn.gone import Walker, all_gone, told
from tests.bpmn.sheets import PLAIN, RICH, random_flows
from tests.commands import office_flows
from tests.fuzz import walks
from tests.fuzz.maker import Maker

PROCESSES, OURS = Path("processes"), Path("tests/items")
ITEMS = sorted(p.parent for root in (PROCESSES, OURS) for p in root.glob("*/flow.bpmn"))
LONG = int(os.environ.get("SUNLIT_TEST_RUNS") or 0)
MOST_STATES = 500  # of a random flow; the rest is passed over


def tasks(*steps: str, **outcomes: str) -> str:
    said = {s: f'<extensionElements><sun:outcomes values="{v}"/></extensionElements>' for s, v in outcomes.items()}
    return "".join(f'<userTask id="{s}">{said.get(s, "")}</userTask>' for s in (*steps, *outcomes))


def drawn(body: str, *ways: str) -> Program:
    return program(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*ways)}')


def sets(found: tuple[Run, ...]) -> set[str]:
    """Return the steps of each run in one word, sorted."""
    assert len({frozenset(r.steps) for r in found}) == len(found)
    return {" ".join(sorted(r.steps)) for r in found}


def only(found: tuple[Run, ...], steps: str) -> Run:
    return next(r for r in found if set(r.steps) == set(steps.split()))


def test_steps_one_after_another_are_one_run_and_each_opens_the_next() -> None:
    found = runs(drawn(tasks("a", "b"), "s>a a>b b>e"))

    assert found == (
        Run(steps=("a", "b"), before={"a": (), "b": ("a",)}, outcomes={"a": ("done",), "b": ("done",)}, end="e"),
    )


def test_a_choice_is_gone_with_the_outcomes_that_lead_there_and_followed_further_on() -> None:
    body = tasks("b", "c", a="x y z") + '<exclusiveGateway id="g" default="g-c"/><exclusiveGateway id="h"/>'
    body += tasks("d") + '<exclusiveGateway id="k" default="k-e"/>'

    found = runs(drawn(body, "s>a a>g g>c b>h c>h h>k d>e k>e", 'g>b>a == "x"', 'k>d>a == "x"'))

    assert sets(found) == {"a b d", "a c"}
    assert only(found, "a b d").outcomes["a"] == ("x",)
    assert only(found, "a c").outcomes["a"] == ("y", "z")


def test_branches_at_once_are_done_together_and_either_may_be_last_before_the_join() -> None:
    gates = '<parallelGateway id="g"/><parallelGateway id="j"/>'

    (found,) = runs(drawn(gates + tasks("a", "b", "c", "d"), "s>a a>g g>b g>c b>j c>j j>d d>e"))

    assert set(found.steps) == set("abcd")
    assert found.before == {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


def test_a_loop_is_gone_round_with_its_steps_or_not_at_all() -> None:
    body = tasks("c", a="again on") + '<exclusiveGateway id="j"/><exclusiveGateway id="g" default="g-e"/>'

    found = runs(drawn(body, "s>j j>a a>g g>e c>j", 'g>c>a == "again"'))

    assert sets(found) == {"a", "a c"}
    assert only(found, "a c").before == {"a": ("c",), "c": ("a",)}
    assert only(found, "a").outcomes == {"a": ("on",)}


def test_a_timer_takes_a_step_away_and_anything_beside_it_may_have_been_last() -> None:
    gates = '<parallelGateway id="g"/><parallelGateway id="j"/><exclusiveGateway id="m"/>'
    late = f'<boundaryEvent id="w" attachedToRef="a">{TIMER}</boundaryEvent>'

    found = runs(drawn(gates + late + tasks("a", "b", "c"), "s>g g>a g>b a>m w>c c>m m>j b>j j>e"))

    assert sets(found) == {"a b", "b c"}
    assert only(found, "b c").before["c"] == ("b",)


def test_what_somebody_may_ask_for_is_gone_with_and_without() -> None:
    found = runs(drawn(tasks("a", "b") + event_sub_process(MESSAGE, interrupts=False), "s>a a>b b>e"))

    assert sets(found) == {"a b", "a b h"}
    assert only(found, "a b h").before["h"] == ("a", "b")
    assert {r.end for r in found} == {"e"}


def test_what_interrupts_ends_the_case_wherever_it_is() -> None:
    found = runs(drawn(tasks("a", "b") + event_sub_process(MESSAGE), "s>a a>b b>e"))

    assert sets(found) == {"a b", "h", "a h"}
    assert {r.end for r in found} == {"e", "eh"}


def test_a_sub_process_is_cut_off_where_it_is() -> None:
    inside = f'<subProcess id="u"><startEvent id="t"/>{tasks("a", "b")}<endEvent id="f"/>{flows("t>a a>b b>f")}'
    late = f'</subProcess><boundaryEvent id="w" attachedToRef="u">{TIMER}</boundaryEvent>'

    found = runs(drawn(inside + late + tasks("c") + '<exclusiveGateway id="m"/>', "s>u u>m w>c c>m m>e"))

    assert sets(found) == {"a b", "c", "a c"}
    assert only(found, "a c").before == {"a": (), "c": ("a",)}


def test_an_end_that_takes_all_branches_away_may_come_early_or_late() -> None:
    ends = '<parallelGateway id="g"/><endEvent id="z"><terminateEventDefinition/></endEvent>'

    found = runs(drawn(ends + tasks("a", "b", "c"), "s>g g>a g>b a>z b>c c>e"))

    assert sets(found) == {"a", "a b", "a b c"}
    assert {r.end for r in found} == {"z"}


def test_a_step_that_sends_back_was_acted_on_even_if_it_is_not_come_to_again() -> None:
    returns = '<extensionElements><sun:returns to="a"/></extensionElements>'
    body = tasks(a="x y") + f'<userTask id="b">{returns}</userTask><exclusiveGateway id="g" default="g-e"/>'

    found = runs(drawn(body, "s>a a>g g>e b>e", 'g>b>a == "x"'))

    assert sets(found) == {"a", "a b"}
    assert only(found, "a b").outcomes == {"a": ("x", "y"), "b": ("done",)}


def test_instances_of_a_step_are_one_step_and_may_be_none_where_a_list_says_how_many() -> None:
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    steps = "".join(f'<userTask id="{s}">{several.format(n)}</userTask>' for s, n in (("a", 3), ("b", "case_n")))

    assert sets(runs(drawn(steps, "s>a a>b b>e"))) == {"a", "a b"}


def test_the_runs_of_intake_are_those_of_its_drawing() -> None:
    found = runs(read(load(PROCESSES / "_shared" / "intake", PROCESSES)))

    assert sets(found) == {"", "accept", "accept supplement", "accept accept_again supplement"}
    assert only(found, "accept").outcomes["accept"] == ("accept", "not_needed", "not_ours")
    assert only(found, "").end == "deemed_accepted"


def test_the_food_licence_is_followed_by_hand_without_what_may_be_asked_for() -> None:
    found = runs(read(load(PROCESSES / "food_operation_licence", PROCESSES)))

    plain = {s for s in sets(found) if "special/" not in s and "extension/" not in s}
    intake = ("", "intake/accept", "intake/accept intake/supplement intake/accept_again")
    visits = ("", "site_inspection/inspect", "site_inspection/inspect site_inspection/reinspect")
    closing = ("issue/make issue/deliver", "refusal/notice refusal/serve")
    through = {f"{i} {v} {c} review recheck decide" for i in intake for v in visits for c in closing}
    short = {"intake/accept", "intake/accept intake/supplement", intake[2]}
    assert plain == {" ".join(sorted(each.split())) for each in through | short}


@pytest.mark.parametrize("folder", ITEMS, ids=lambda p: p.name)
def test_cases_of_every_item_go_one_of_its_runs(folder: Path) -> None:
    source = load(folder, PROCESSES)
    ready = read(source)
    found = runs(ready)
    walker, random = Walker(ready, source.forms, _filed(source.forms)), Random(folder.name)

    ended = [g for g in (walker.walk(random, walker.start()) for _ in range(LONG or 8)) if g.moved.ended]

    assert [told(found, g) for g in ended if told(found, g)] == []
    assert len(found) < module.MAX_RUNS / 5
    assert ended


def _filed(forms: dict[str, object]) -> dict[str, object]:
    form = forms.get("case") or {}
    assert isinstance(form, dict)
    fields = {n: s for n, s in form.get("properties", {}).items() if s.get("x-decides")}
    first = {n: (s.get("enum") or [c["const"] for c in s.get("oneOf", ())] or [True])[0] for n, s in fields.items()}
    return {f"case_{n}": value for n, value in first.items()}


def _bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_STATES", MOST_STATES)


@pytest.mark.parametrize("kind", ["office", "fuzz"])
def test_cases_of_random_flows_go_one_of_their_runs(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _bounded(monkeypatch)
    ended = 0
    for seed in range(LONG or 8):
        random = Random(seed)
        if kind == "office":
            walker = Walker(read(office_flows.item(seed)))
        else:
            ready = walks.program(Maker(random, favour=walks.FAVOURED[seed % len(walks.FAVOURED)]).file())
            walker = Walker(ready, dict.fromkeys(ready.item.steps, walks.FORM), walks.VARIABLES)
        if {f.rule for f in prove(walker.program.flow).findings} - {"sound.never"}:
            continue
        try:
            found = runs(walker.program)
        except EngineFault:
            continue
        for _ in range(8):
            gone = walker.walk(random, walker.start())
            if gone.moved.ended is not None:
                ended += 1
                assert told(found, gone) == "", f"seed {seed}: {gone.done}"
    assert ended


def few(most: int) -> settings:
    return settings(
        max_examples=LONG or most, derandomize=not LONG, deadline=None, suppress_health_check=list(HealthCheck)
    )


@few(25)
@given(random_flows(PLAIN))
def test_of_plain_flows_each_run_is_gone_and_nothing_else(flow) -> None:
    assume(not prove(items.flow(flow)).findings)
    ready = read(flow)
    found = runs(ready)
    cases, whole = all_gone(Walker(ready, flow.forms))

    assert [told(found, g) for g in cases if told(found, g)] == []
    if whole:
        gone = {c.steps for c in cases}
        assert {frozenset(r.steps) for r in found} == gone
        for run in found:
            mine = [c for c in cases if c.steps == set(run.steps)]
            assert {(s, o) for s in run.steps for o in run.outcomes[s]} == {did for c in mine for did in c.done}


@few(15)
@given(random_flows(RICH))
def test_of_rich_flows_each_case_goes_one_of_the_runs(flow) -> None:
    assume(not [f for f in prove(items.flow(flow)).findings if f.rule != "sound.never"])
    assert check(flow, level="model") == ()
    found = runs(read(flow))
    cases, _ = all_gone(Walker(read(flow), flow.forms), most=150)

    assert [told(found, g) for g in cases if told(found, g)] == []


def test_too_many_ways_are_refused_and_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    _bounded(monkeypatch)
    gates = '<parallelGateway id="f"/><parallelGateway id="j"/>'
    body, ways = gates, ["s>f j>e"]
    for n in range(13):
        body += tasks(**{f"a{n}": "x y"}) + tasks(f"b{n}") + f'<exclusiveGateway id="g{n}" default="g{n}-m{n}"/>'
        body += f'<exclusiveGateway id="m{n}"/>'
        ways += [f"f>a{n} a{n}>g{n} g{n}>m{n} b{n}>m{n} m{n}>j", f'g{n}>b{n}>a{n} == "x"']

    with pytest.raises(EngineFault, match="parts of it into flows of their own"):
        runs(drawn(body, *ways))
