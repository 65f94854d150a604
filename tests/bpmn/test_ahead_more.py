"""What may come of a live case: values of fields, what faults, limits, and the food licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.ahead import ahead, runs_ahead
from engine.bpmn.program import Program
from engine.bpmn.read import read
from engine.bpmn.runs import runs
from engine.bpmn.source import load
from tests.bpmn.flows import Play, flows, program
from tests.bpmn.test_ahead import CHOICE, GATES, gone, of, opens, steps
from tests.bpmn.test_runs import drawn, sets, tasks

PROCESSES = Path("processes")


def asking(field: dict[str, object], condition: str, required: bool = True) -> Program:
    form = {"type": "object", "properties": {"f": field | {"x-decides": True}}, "required": ["f"] * required}
    gate = '<exclusiveGateway id="g" default="g-c"/>'
    body = tasks("a", "b", "c") + gate
    ways = flows("s>a a>g g>c b>e c>e", f"g>b>{condition}")
    return program(f'<startEvent id="s"/>{body}<endEvent id="e"/>{ways}', forms={"a": form})


@pytest.mark.parametrize(
    ("field", "condition"),
    [
        ({"type": "boolean"}, "a_f"),
        ({"enum": ["p", "q"]}, 'a_f == "p"'),
        ({"type": "string"}, 'a_f in ("p", "q")'),
        ({"type": "integer"}, "a_f > 5000"),
        ({"type": "number", "minimum": 1, "maximum": 2}, "a_f > 1 and a_f < 2"),
    ],
)
def test_fields_that_conditions_ask_for_take_a_value_of_each_kind(field: dict[str, object], condition: str) -> None:
    assert sets(gone(Play(asking(field, condition)))) == {"a b", "a c"}


def test_a_field_that_is_not_filled_in_says_what_it_said_before() -> None:
    program_ = asking({"enum": ["p"]}, 'a_f == "p"', required=False)

    assert sets(gone(Play(program_))) == {"a b", "a c"}
    assert sets(gone(Play(asking({"enum": ["p"]}, 'a_f == "p"')))) == {"a b"}


@pytest.mark.parametrize("condition", ["a_f % 2 == 1", "a_f == case_n", "len(a_f) > 2"])
def test_nothing_is_said_where_values_cannot_be_told_apart(condition: str) -> None:
    case = Play(asking({"type": "integer"}, condition), case_n=1)

    assert ahead(case.program, case.state) is None
    assert steps(case) == "a b c"


def test_of_what_faults_nothing_comes() -> None:
    body = tasks("b", a="x y") + '<exclusiveGateway id="g"/>'
    case = Play(drawn(body, "s>a a>g b>e", 'g>b>a == "x"'))

    assert opens(of(case)) == ["", "a", "b"]
    assert gone(case)[0].outcomes["a"] == ("x",)


def test_too_many_places_or_runs_are_not_told() -> None:
    names = [f"a{n}" for n in range(6)]
    ways = " ".join(f"g>{name} {name}>j" for name in names)
    case = Play(drawn(GATES + tasks(*names), f"s>g {ways} j>e"))

    assert ahead(case.program, case.state, most=63) is None
    assert ahead(case.program, case.state, most=64) == of(case)
    assert runs_ahead(of(Play(CHOICE)), most=1) is None


def test_the_food_licence_goes_the_runs_that_its_drawing_has() -> None:
    source = load(PROCESSES / "food_operation_licence", PROCESSES)
    ready = read(source)
    found = set[str]()
    for kind in ("new", "change"):
        found |= sets(gone(Play(ready, case_kind=kind, case_layout_changed=False)))

    assert found == sets(runs(ready))
