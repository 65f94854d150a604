"""Short flows for tests: `flows("a>b b>c>x == 1")` draws sequence flows, `Play` runs a case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.bpmn import run
from engine.bpmn.read import Program, read
from engine.model import Source

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:sun="urn:sunlit:bpmn:1" '
    'targetNamespace="t"><message id="the_message" name="m"/><error id="the_error" errorCode="e"/>'
    '<escalation id="the_escalation" escalationCode="c"/><signal id="the_signal" name="s"/>'
)


def flows(*drawn: str) -> str:
    """Draw `source>target` or `source>target>condition`, separated by blanks; conditions have blanks around `>`."""
    parts = [part for text in drawn if text for part in re.split(r"\s+(?=\w+>\w)", text)]
    out = []
    for part in parts:
        a, b, c = (*part.split(">", 2), "")[:3]
        condition = f"<conditionExpression><![CDATA[{c}]]></conditionExpression>" if c else ""
        out.append(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}">{condition}</sequenceFlow>')
    return "".join(out)


def file(body: str, name: str = "p") -> bytes:
    return f'{HEAD}<process id="{name}" isExecutable="true">{body}</process></definitions>'.encode()


def source(
    body: str, name: str = "p", called: Mapping[str, Source] | None = None, forms: Mapping[str, Any] | None = None
) -> Source:
    return Source(
        item=name, file=f"{name}.bpmn", xml=file(body, name), forms=forms or {}, facts={}, called=called or {}
    )


def program(body: str, called: Mapping[str, str] | None = None, forms: Mapping[str, Any] | None = None,
            host: Iterable[str] = ()) -> Program:  # fmt: skip
    return read(source(body, called={k: source(v, k) for k, v in (called or {}).items()}, forms=forms), host=list(host))


def event_sub_process(event: str, interrupts: bool = True, step: str = "h") -> str:
    return (
        f'<subProcess id="x{step}" triggeredByEvent="true"><startEvent id="s{step}" isInterrupting='
        f'"{str(interrupts).lower()}">{event}</startEvent><userTask id="{step}"/><endEvent id="e{step}"/>'
        f"{flows(f's{step}>{step} {step}>e{step}')}</subProcess>"
    )


MESSAGE = '<messageEventDefinition messageRef="the_message"/>'
TIMER = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>"


class Play:
    """A case in play: the last state, what is open and armed by path."""

    def __init__(self, program: Program, **variables: object) -> None:
        self.program, self.state = program, b""
        self.open: dict[str, str] = {}
        self.armed: dict[tuple[str, int], run.Armed] = {}
        self.passed: list[str] = []
        self.ended: str | None = None
        self._take(run.start(program, variables))

    def _take(self, moved: run.Moved) -> None:
        self.state, self.ended, self.moved = moved.state, moved.ended, moved
        for token in moved.closed:
            del self.open[token]
        for key in moved.disarmed:
            del self.armed[key]
        self.open |= {o.token: o.path for o in moved.opened}
        self.armed |= {(a.token, a.index): a for a in moved.armed}
        self.passed += moved.passed

    @property
    def steps(self) -> list[str]:
        return sorted(self.open.values())

    @property
    def timers(self) -> list[str]:
        return sorted(a.path for a in self.armed.values())

    def token(self, path: str) -> str:
        return next(t for t, p in self.open.items() if p == path)

    def do(self, path: str, outcome: str = "done", **decides: object) -> Play:
        self._take(run.complete(self.program, self.state, self.token(path), outcome, decides))
        return self

    def fire(self, path: str) -> Play:
        armed = next(a for a in self.armed.values() if a.path == path)
        self._take(run.fire(self.program, self.state, armed.token, armed.index))
        return self

    def bring(self, kind: str, name: str) -> Play:
        self._take(run.deliver(self.program, self.state, kind, name))
        return self

    def place(self, path: str) -> Play:
        self._take(run.place(self.program, self.state, path))
        return self
