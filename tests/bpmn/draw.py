"""Short spellings of BPMN elements, and flows with known answers, played by the driver of the conformance suites."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from engine.bpmn.read import read
from engine.model import Source
from tests.bpmn.flows import HEAD, Play, flows, source
from tests.conformance.betsy import play


class Known(NamedTuple):
    name: str
    body: str
    trace: str  # numbers of script tasks; E: uncaught error, F: fault, R: refused, P: side by side
    variables: dict[str, Any] = {}  # noqa: RUF012 (never changed)


def t(*numbers: int, more: str = "", **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return "".join(f'<scriptTask id="t{n}"{given}>{more}<script>SCRIPT_task{n}</script></scriptTask>' for n in numbers)


def word(name: str, text: str, more: str = "") -> str:
    return f'<scriptTask id="{name}">{more}<script>{text}</script></scriptTask>'


def start(name: str = "s", event: str = "", **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return f'<startEvent id="{name}"{given}>{event}</startEvent>'


def end(name: str = "z", event: str = "") -> str:
    return f'<endEvent id="{name}">{event}</endEvent>'


def throw(name: str, event: str) -> str:
    return f'<intermediateThrowEvent id="{name}">{event}</intermediateThrowEvent>'


def catch(name: str, event: str, **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return f'<intermediateCatchEvent id="{name}"{given}>{event}</intermediateCatchEvent>'


def bound(name: str, host: str, event: str, interrupts: bool = True, **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    cancel = str(interrupts).lower()
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{cancel}"{given}>{event}</boundaryEvent>'


def sub(name: str, body: str, kind: str = "subProcess", **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return f'<{kind} id="{name}"{given}>{body}</{kind}>'


def by_event(name: str, event: str, task: str, interrupts: bool = True) -> str:
    inside = start(f"s{name}", event, isInterrupting=str(interrupts).lower()) + task + flows(f"s{name}>{_id(task)}")
    return sub(name, inside, triggeredByEvent="true")


def _id(task: str) -> str:
    return task.split('id="')[1].split('"')[0]


def gate(name: str, kind: str, **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return f'<{kind}Gateway id="{name}"{given}/>'


def timer(text: str, shape: str = "Duration") -> str:
    return f"<timerEventDefinition><time{shape}>{text}</time{shape}></timerEventDefinition>"


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition><![CDATA[{text}]]></condition></conditionalEventDefinition>"


SIGNAL = '<signalEventDefinition signalRef="the_signal"/>'
MESSAGE = '<messageEventDefinition messageRef="the_message"/>'
ERROR = '<errorEventDefinition errorRef="the_error"/>'
ANY_ERROR = "<errorEventDefinition/>"
OTHER_ERROR = '<errorEventDefinition errorRef="other"/>'
THROWN = '<errorEventDefinition errorRef="ERR_CODE"/>'
ESCALATION = '<escalationEventDefinition escalationRef="the_escalation"/>'
ANY_ESCALATION = "<escalationEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
UNDO = "<compensateEventDefinition/>"
LINK = '<linkEventDefinition name="L"/>'
WAIT = word("w", "WAIT_TEN_SECONDS")


def loop(text: str = "", **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    inside = f"<loopCondition><![CDATA[{text}]]></loopCondition>" if text else ""
    return f"<standardLoopCharacteristics{given}>{inside}</standardLoopCharacteristics>"


def multi(cardinality: object = 3, until: str = "", **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    until = f"<completionCondition><![CDATA[{until}]]></completionCondition>" if until else ""
    inside = f"<loopCardinality>{cardinality}</loopCardinality>" if cardinality else ""
    return f"<multiInstanceLoopCharacteristics{given}>{inside}{until}</multiInstanceLoopCharacteristics>"


def run_known(known: Known, folder: Path) -> tuple[str, str]:
    path = folder / "known.bpmn"
    path.write_text(f'{HEAD}<error id="other" errorCode="o"/><process id="known">{known.body}</process></definitions>')
    words = {"E": "ERROR_thrownErrorEvent", "F": "ERROR_runtime", "P": "EXECUTION_parallel", "R": "ERROR_deployment"}
    expected = [words.get(n, f"SCRIPT_task{n}") for n in known.trace]
    variables = {"integerVariable": 0, **known.variables}
    return play(path, "known", {"start_variables": variables, "expected_trace": expected, "delay_ms": 0})


def u(*names: str, more: str = "") -> str:
    return "".join(f'<userTask id="{name}">{more}</userTask>' for name in names)


def several(**processes: str) -> Play:
    """Play the first; each may call those behind it."""
    behind: dict[str, Source] = {}
    for name, body in reversed(processes.items()):
        behind[name] = source(body, name, dict(behind))
    return Play(read(behind[next(iter(processes))]))


def call(name: str, flow: str, more: str = "") -> str:
    return f'<callActivity id="{name}" calledElement="{flow}">{more}</callActivity>'


def receive(name: str, more: str = "") -> str:
    return f'<receiveTask id="{name}" messageRef="the_message">{more}</receiveTask>'
