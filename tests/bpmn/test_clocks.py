"""The longest way between two marks, on small drawings."""

import pytest

from engine.bpmn import items
from engine.bpmn.check import check
from engine.bpmn.check.clocks import _longest
from engine.bpmn.check.graph import graph
from tests.bpmn.book import BOOK
from tests.bpmn.flows import flows, source


def step(name: str, days: int, mark: str = "", outcomes: str = "done") -> str:
    return (
        f'<userTask id="{name}"><extensionElements><sun:post code="reviewer"/><sun:limit days="{days}"/>'
        f'<sun:outcomes values="{outcomes}"/>{mark}</extensionElements></userTask>'
    )


def taken(name: str = "accepted") -> str:
    return f'<startEvent id="s"><extensionElements><sun:mark name="{name}"/></extensionElements></startEvent>'


def longest(body: str, called: dict[str, str] | None = None, start: str = "received") -> tuple[int, list[str]]:
    limit = f'<extensionElements><sun:limit rule="L03" promise="5" from="{start}" until="end"/></extensionElements>'
    main = items.flow(source(limit + body, called={k: source(v, k) for k, v in (called or {}).items()}))
    item = items.item(main)
    return _longest(graph(main), item, item.limits[0])


START, END = '<startEvent id="s"/>', '<sun:mark name="end"/>'


def test_steps_in_a_row_add_up():
    assert longest(START + step("a", 2) + step("b", 3, END) + flows("s>a a>b")) == (5, ["a", "b"])


def test_of_parallel_branches_the_longest_counts():
    split = '<parallelGateway id="g"/><parallelGateway id="j"/>'
    drawn = flows("s>g g>a g>b a>j b>j j>c")

    assert longest(START + split + step("a", 2) + step("b", 3) + step("c", 1, END) + drawn) == (4, ["b", "c"])


def test_a_loop_counts_once_its_way_back_included():
    gate = '<exclusiveGateway id="g" default="g-b"/>'
    drawn = flows('s>a a>g g>fix>a=="no" fix>a g>b')

    found = longest(START + gate + step("a", 2, outcomes="yes no") + step("fix", 4) + step("b", 1, END) + drawn)

    assert found == (7, ["a", "b", "fix"])


def test_a_called_flow_counts_in_place():
    inside = START + step("x", 2) + step("y", 1) + '<endEvent id="z"/>' + flows("s>x x>y y>z")
    body = START + '<callActivity id="c" calledElement="f"/>' + step("b", 1, END) + flows("s>c c>b")

    assert longest(body, {"f": inside}) == (4, ["c/x", "c/y", "b"])


def test_the_days_of_the_step_that_starts_the_clock_are_before_it():
    began = '<sun:mark name="began"/>'

    assert longest(START + step("a", 9, began) + step("b", 3, END) + flows("s>a a>b"), start="began") == (3, ["b"])


def test_a_way_that_the_starting_outcome_rules_out_is_not_gone():
    began = '<sun:mark name="began" on="yes"/>'
    gate = '<exclusiveGateway id="g" default="g-b"/>'
    body = START + gate + step("a", 1, began, "yes no") + step("fix", 20) + step("b", 3, END)

    assert longest(body + flows('s>a a>g g>fix>a=="no" fix>b g>b'), start="began") == (3, ["b"])


def test_a_wait_in_natural_days_counts_as_the_most_working_days_it_can_hold():
    wait = '<intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>'
    body = START + wait + "</intermediateCatchEvent>" + step("b", 1, END) + flows("s>w w>b")

    assert longest(body.format("P1W"))[0] == 8
    assert longest(body.format("workdays(3)"))[0] == 4


@pytest.mark.parametrize(
    ("rule", "promise", "days", "expected"),
    [
        ("L03", "20", 20, []),
        ("L03", "20", 21, ["clock.sum"]),
        ("L03", "21", 2, ["clock.promise"]),
        ("L20", "46", 2, []),  # two months hold 46 working days at most
        ("L20", "47", 2, ["clock.promise"]),
        ("L01", "", 5, []),
        ("L01", "", 6, ["clock.sum"]),
    ],
)
def test_steps_fit_into_the_promise_and_the_promise_into_the_statute(rule, promise, days, expected):
    promised = f'promise="{promise}"' if promise else ""
    start = BOOK.limits[rule].start
    limit = f'<sun:limit rule="{rule}" {promised} from="{start}" until="decided"/>'
    done = '<sun:mark name="decided"/><sun:mark name="end"/>'
    begun = START if start == "received" else taken(start)
    body = f"<extensionElements>{limit}</extensionElements>" + begun + step("a", days, done)
    body += '<endEvent id="z"/>' + flows("s>a a>z")

    assert [f.rule for f in check(source(body), level="item", book=BOOK)] == expected
