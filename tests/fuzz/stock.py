"""Stock SpiffWorkflow 3.2.0 in play, on what it does right: gateways in one round, sub-processes, corrections without
joins inside, multi-instance of steps, messages that one waits for, interrupting message boundary events of steps.

Wrong, so not drawn: its inclusive join fires while a sub-process or multi-instance in front of it is STARTED; its other
boundary events hear one message only; an interrupted sub-process loses its data. Conditions are evaluated by Python.
"""

from __future__ import annotations

import random
import warnings
from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from tests.fuzz.drawing import File
from tests.fuzz.maker import NUMBERS, OUTCOMES, Maker
from tests.fuzz.play import Kept
from tests.fuzz.render import xml
from tests.fuzz.walks import VARIABLES, Differs, Tally, program

BLOCKS = ("step", "fork", "loop", "many", "sub", "catch", "events")


class Known(dict[str, Any]):
    """A name without value is None."""

    def __missing__(self, key: str) -> None:
        return None


class Plain(TaskDataEnvironment):  # type: ignore[misc] # the library is untyped
    def evaluate(self, expression: str, context: dict[str, Any], external_context: Any = None) -> Any:
        return eval(expression, {}, Known(VARIABLES | context))


class Stock:
    """A case in stock SpiffWorkflow, kept in memory."""

    def __init__(self, file: File) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(xml(file))
        self.flow = BpmnWorkflow(
            parser.get_spec("p"),
            parser.get_subprocess_specs("p"),
            script_engine=PythonScriptEngine(environment=Plain()),
        )
        self.advance()

    def advance(self) -> None:
        """Run all but the steps; a bpmn:task waits for somebody in the library."""
        while ready := [t for t in self.flow.get_tasks(state=TaskState.READY) if not self.is_step(t)]:
            for t in ready:
                t.run()
            self.flow.do_engine_steps()

    def is_step(self, task: Any) -> bool:
        return type(task.task_spec).__name__ == "UserTask"

    def steps(self) -> list[Any]:
        return [t for t in self.flow.get_tasks(state=TaskState.READY) if self.is_step(t)]

    def open(self) -> list[str]:
        return sorted(str(t.task_spec.bpmn_id or t.task_spec.name).removesuffix(" [child]") for t in self.steps())

    def bring(self, message: str) -> None:
        self.flow.catch(BpmnEvent(MessageEventDefinition(message), {}))
        self.flow.do_engine_steps()
        self.advance()

    def complete(self, step: str, outcome: str, n: int) -> None:
        task = next(
            t for t in self.steps() if (t.task_spec.bpmn_id or t.task_spec.name).removesuffix(" [child]") == step
        )
        task.data |= {step: outcome, f"{step}_n": n}
        task.run()
        self.advance()


def play(source: random.Random, tally: Tally, longest: int = 25) -> None:
    """Walk through a drawn flow in the engine and in the stock library; open steps and completion are compared."""
    file = Maker(source, only=BLOCKS, plain=True).file()
    told = ["start"]
    with warnings.catch_warnings(action="ignore"):
        kept, stock = Kept(program(file), dict(VARIABLES)), Stock(file)
        try:
            while len(told) <= longest and (options := _compared(kept, stock, tally)):
                told.append(_step(kept, stock, source.choice(options), source.choice(OUTCOMES), source.choice(NUMBERS)))
        except WorkflowException:  # the library falls over multi-instance that it has predicted
            tally.ends["stock fails"] += 1
            return
        except Differs as e:
            drawing = xml(file).decode().replace("><", ">\n<")
            raise Differs(f"STOCK: {e}\nafter {told}\n{drawing}") from None
    tally.ends["ended" if kept.case.completed else "open"] += 1


def _compared(kept: Kept, stock: Stock, tally: Tally) -> list[Any]:
    """Compare; return what can be done next."""
    ours = (sorted(at[-1][0] for at, _, _ in kept.steps()), kept.case.completed)
    theirs = (stock.open(), stock.flow.completed)
    if ours != theirs:
        raise Differs(f"open steps and completion are {ours} here, {theirs} there")
    tally.moves += 1
    return _options(kept)


def _options(kept: Kept) -> list[Any]:
    """Return the open steps, and the messages that one waits for: the library gives them to all."""
    heard = Counter(t.task_spec.triggers[i].name for _, t, i in kept.heard())
    return [*kept.steps() * 2, *(name for name, n in heard.items() if n == 1)]


def _step(kept: Kept, stock: Stock, chosen: Any, outcome: str, n: int) -> str:
    if isinstance(chosen, str):
        kept.deliver("message", chosen)
        stock.bring(chosen)
        return f"bring {chosen}"
    at, token, _ = chosen
    kept.complete(token, outcome, n)
    stock.complete(at[-1][0], outcome, n)
    return f"{at[-1][0]} as {outcome}"
