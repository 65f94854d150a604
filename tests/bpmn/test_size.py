"""Each announced limit of size: a flow at the limit passes, one beyond it is a finding."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.bpmn.check import check
from engine.bpmn.check.limits import LIMITS
from engine.model import Source
from tests.bpmn.flows import flows, source

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
CALL = '<callActivity id="{}" calledElement="{}"/>'


def chain(*elements: str, names: list[str]) -> str:
    way = ["s", *names, "e"]
    return START + END + "".join(elements) + flows(" ".join(f"{a}>{b}" for a, b in pairwise(way)))


def tasks(count: int) -> str:
    names = [f"t{i}" for i in range(count)]
    return chain(*(f'<userTask id="{n}"/>' for n in names), names=names)


def calls(flow: str, count: int) -> str:
    names = [f"c{i}" for i in range(count)]
    return chain(*(CALL.format(n, flow) for n in names), names=names)


def nested(depth: int) -> str:
    body = tasks(1)
    for i in range(depth):
        body = chain(f'<subProcess id="p{i}">{_renamed(body, i)}</subProcess>', names=[f"p{i}"])
    return body


def _renamed(body: str, i: int) -> str:
    for name in ("s", "e"):
        body = body.replace(f'"{name}"', f'"{name}{i}"')
    return body.replace('id="s-', f'id="x{i}s-').replace('-e"', f'-x{i}e"')


def tower(levels: int, each: int) -> Source:
    """Return a flow that calls the next one several times, and so on."""
    found = source(tasks(1), "f0")
    for i in range(1, levels):
        found = source(calls(f"f{i - 1}", each), f"f{i}", called={f"f{i - 1}": found})
    return found


def bounds(body: str | Source) -> list[str]:
    drawn = body if isinstance(body, Source) else source(body)
    return [f.rule for f in check(drawn, level="model")]


def fan(count: int) -> str:
    names = [f"t{i}" for i in range(count)]
    drawn = START + END + '<parallelGateway id="g"/>' + "".join(f'<userTask id="{n}"/>' for n in names)
    return drawn + flows("s>g", " ".join(f"g>{n} {n}>e{i // 50}" for i, n in enumerate(names))) + "".join(
        f'<endEvent id="e{i}"/>' for i in range((count + 49) // 50)
    ).replace(END, "") + flows("t0>e")  # fmt: skip


def repeated(loop: str) -> str:
    return chain(f'<userTask id="t">{loop}</userTask>', names=["t"])


MULTI = "<multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>"
LOOP = '<standardLoopCharacteristics loopMaximum="{}"/>'


@pytest.mark.parametrize(
    ("draw", "most"),
    [
        (lambda n: tasks((n - 3) // 2), LIMITS["elements"]),  # each task with its flow
        (lambda n: fan(n), LIMITS["flows"]),
        (lambda n: nested(n), LIMITS["nesting"]),
        (lambda n: repeated(MULTI.format(n)), LIMITS["instances"]),
        (lambda n: repeated(LOOP.format(n)), LIMITS["rounds"]),
        (lambda n: chain(f'<userTask id="{"t" * n}"/>', names=["t" * n]).replace(f"s-{'t' * n}", "f1")
         .replace(f"{'t' * n}-e", "f2"), LIMITS["id"]),
        (lambda n: chain(f'<userTask id="t" name="{"审" * n}"/>', names=["t"]), LIMITS["name"]),
        (lambda n: chain(f'<userTask id="t"><documentation>{"审" * n}</documentation></userTask>', names=["t"]),
         LIMITS["text"]),
    ],
    ids=["elements", "flows", "nesting", "instances", "rounds", "id", "name", "text"],
)  # fmt: skip
def test_a_flow_at_a_limit_passes_and_one_beyond_it_is_refused(draw, most):
    assert bounds(draw(most)) == []
    assert bounds(draw(most + 1)) == ["bounds"]


def test_elements_of_called_flows_count_at_each_call():
    called = source(tasks(746), "q")  # 748 elements, 747 flows

    assert bounds(source(calls("q", 2), called={"q": called})) == []
    assert bounds(source(calls("q", 3), called={"q": called})) == ["bounds"]


def test_calls_within_one_file_count_like_others():
    body = calls("f0", 3)
    for i in range(9):
        body += f'</process><process id="f{i}" isExecutable="true">{calls(f"f{i + 1}", 3)}'
    body += f'</process><process id="f9" isExecutable="true">{tasks(1)}'
    body = body.replace('id="s', 'id="z').replace('id="z"', 'id="s"')
    for i, part in enumerate(parts := body.split("</process>")):
        parts[i] = part.replace('id="', f'id="p{i}').replace(f'process id="p{i}f', 'process id="f')
        parts[i] = parts[i].replace('Ref="', f'Ref="p{i}')

    assert "bounds" in bounds("</process>".join(parts))


def test_calls_and_sub_processes_nest_together():
    """Ten calls in each other with ten sub-processes inside are twenty."""
    inside = source(nested(10), "f0")
    for i in range(1, 11):
        inside = source(calls(f"f{i - 1}", 1), f"f{i}", called={f"f{i - 1}": inside})
    beyond = source(calls("f10", 1), "f11", called={"f10": inside})

    assert bounds(inside) == []
    assert bounds(beyond) == ["bounds"]


def test_ten_levels_of_three_calls_are_refused_and_of_one_are_proven():
    assert [f.rule for f in check(tower(10, 3), level="item") if f.level == "model"] == ["bounds"]
    assert not [f for f in check(tower(10, 1), level="item") if f.rule in ("bounds", "flow.no_end")]


@pytest.mark.parametrize("ring", [["a"], ["a", "b"], ["a", "b", "c", "d"]])
def test_flows_that_call_each_other_in_a_ring_are_a_finding_with_its_line(ring, tmp_path):
    from engine.bpmn.source import gather

    for name, following in zip(ring, ring[1:] + ring[:1], strict=True):
        folder = tmp_path / "_shared" / name
        folder.mkdir(parents=True)
        (folder / "flow.bpmn").write_bytes(source(calls(following, 2), name).xml)
    found, _ = gather(tmp_path / "_shared" / ring[0], tmp_path)

    cycles = [f for f in check(found, level="item") if f.rule == "call.cycle"]

    assert len(cycles) == 2  # one a call
    assert {f.line for f in cycles} == {1}
    assert all(f.file.endswith(f"{ring[-1]}/flow.bpmn") for f in cycles)
