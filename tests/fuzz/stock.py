"""Stock SpiffWorkflow 3.2.0 in play, on what it does right: gateways in one round, sub-processes, multi-instance of
steps, corrections without joins inside; no sub-process or multi-instance in front of an inclusive join, which looks for
READY and WAITING only and so fires while they are STARTED. Its conditions are evaluated by plain Python."""

from __future__ import annotations

import random
import warnings
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.util.task import TaskState

from tests.fuzz.drawing import File
from tests.fuzz.maker import OUTCOMES, Maker
from tests.fuzz.play import Kept
from tests.fuzz.render import xml
from tests.fuzz.walks import VARIABLES, Differs, Tally, program

BLOCKS = ("step", "fork", "loop", "many", "sub")


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

    def complete(self, step: str, outcome: str) -> None:
        task = next(
            t for t in self.steps() if (t.task_spec.bpmn_id or t.task_spec.name).removesuffix(" [child]") == step
        )
        task.data[step] = outcome
        task.run()
        self.advance()


def play(source: random.Random, tally: Tally, longest: int = 25) -> None:
    """Walk through a drawn flow in the engine and in the stock library; open steps and completion are compared."""
    file = Maker(source, only=BLOCKS, plain=True).file()
    with warnings.catch_warnings(action="ignore"):
        kept, stock = Kept(program(file), dict(VARIABLES)), Stock(file)
        told = ["start"]
        for _ in range(longest):
            tally.moves += 1
            ours = sorted(at[-1][0] for at, _, _ in kept.steps())
            if (ours, kept.case.completed) != (stock.open(), stock.flow.completed):
                theirs = f"stock has {stock.open()}, {stock.flow.completed}"
                drawing = xml(file).decode().replace("><", ">\n<")
                raise Differs(f"STOCK: engine has {ours}, {kept.case.completed}; {theirs}\nafter {told}\n{drawing}")
            if kept.case.completed:
                tally.ends["ended"] += 1
                return
            at, token, _ = source.choice(kept.steps())
            outcome = source.choice(OUTCOMES)
            told.append(f"{at[-1][0]} as {outcome}")
            kept.complete(token, outcome)
            stock.complete(at[-1][0], outcome)
        tally.ends["open"] += 1
