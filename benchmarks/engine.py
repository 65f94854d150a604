"""The engine's step (load, complete, run, save) beside stock SpiffWorkflow with its own serializer, in one run.

Run: .venv/bin/python -m benchmarks.engine [ROUNDS]
`flows/approval.bpmn`: 13 steps with a correction, a joint review of three, a called flow and three boundary timers;
`flows/loop.bpmn`: a thousand corrections. Prints medians with their spread (10th to 90th percentile) and ratios.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import run
from engine.bpmn.read import Program, read
from engine.model import Source

FLOWS = Path(__file__).parent / "flows"
ROUNDS, CORRECTIONS, STOCK_CORRECTIONS = 25, 1000, 200  # stock ends with an error at about 247 corrections
WORDS: dict[str, Any] = {"note": lambda _: None}
Answer = tuple[str, dict[str, object]]  # step, decision variables

APPROVAL: tuple[Answer, ...] = (
    ("accept", {"case_no": 77}),
    ("check", {"materials_ok": False}),
    ("correct", {}),
    ("check", {"materials_ok": True}),
    *((step, {}) for step in ("review", "joint_a", "joint_b", "joint_c", "i_visit", "i_rep")),
    ("decide", {"approved": True}),
    ("seal", {}),
    ("issue", {}),
)


def corrections(rounds: int) -> list[Answer]:
    again: list[Answer] = [("check", {"materials_ok": False}), ("correct", {})]
    return [*again * rounds, ("check", {"materials_ok": True})]


class Ours:
    """Sunlit's engine: every step starts from bytes and ends in bytes."""

    def __init__(self, name: str) -> None:
        path = FLOWS / f"{name}.bpmn"
        source = Source(item=name, file=str(path), xml=path.read_bytes(), forms={}, facts={})
        self.program: Program = read(source, host=WORDS)

    def play(self, answers: Sequence[Answer]) -> tuple[list[float], list[int]]:
        """Return milliseconds and bytes of state, by step."""
        moved = run.start(self.program, {}, host=WORDS)
        opened = {o.path.split("/")[-1]: o.token for o in moved.opened}
        times, sizes = [], []
        for step, decides in answers:
            start = time.perf_counter()
            moved = run.complete(self.program, moved.state, opened.pop(step), "done", decides, host=WORDS)
            times.append((time.perf_counter() - start) * 1000)
            sizes.append(len(moved.state))
            opened |= {o.path.split("/")[-1]: o.token for o in moved.opened}
        assert moved.ended is not None
        return times, sizes


class Stock:
    """SpiffWorkflow as it is documented: parser, workflow, JSON serializer."""

    def __init__(self, name: str) -> None:
        parser = SpiffBpmnParser()
        parser.add_bpmn_file(str(FLOWS / f"{name}.bpmn"))
        self.spec, self.subs = parser.get_spec(name), parser.get_subprocess_specs(name)
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))
        self.scripts = PythonScriptEngine(TaskDataEnvironment({"note": None}))

    def play(self, answers: Sequence[Answer], *, complete: bool = True) -> tuple[list[float], list[int]]:
        """Return milliseconds and bytes of state, by step."""
        workflow = BpmnWorkflow(self.spec, self.subs, script_engine=self.scripts)
        workflow.do_engine_steps()
        state = self.serializer.serialize_json(workflow)
        times, sizes = [], []
        for step, decides in answers:
            start = time.perf_counter()
            workflow = self.serializer.deserialize_json(state)
            workflow.script_engine = self.scripts
            task = next(t for t in workflow.get_tasks(state=TaskState.READY, manual=True) if t.task_spec.name == step)
            task.data.update({step: "done", **{f"{step}_{name}": value for name, value in decides.items()}})
            task.run()
            workflow.do_engine_steps()
            state = self.serializer.serialize_json(workflow)
            times.append((time.perf_counter() - start) * 1000)
            sizes.append(len(state))
        assert workflow.completed is complete
        return times, sizes


def main(rounds: int) -> None:
    approval(rounds)
    long_loop()


def approval(rounds: int) -> None:
    """13 steps, the two engines in turns."""
    ours, stock = Ours("approval"), Stock("approval")
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(ours.play(APPROVAL))
        theirs.append(stock.play(APPROVAL))
    a, b = ([t for times, _ in found for t in times] for found in (mine, theirs))
    show("approval, a step, stock", b)
    show("approval, a step, ours", a)
    of_case = [sum(t) / sum(m) for (m, _), (t, _) in zip(mine, theirs, strict=True)]
    print(f"  stock / ours, whole case: ×{statistics.median(of_case):.1f} ({spread(of_case)})")
    print(f"  state, decision variables only: ours {sizes(mine[0][1])}; stock {sizes(theirs[0][1])}")
    print(f"  reading the file: ours {best(lambda: Ours('approval')):.2f} ms, stock {best(lambda: Stock('approval')):.2f} ms")


def long_loop() -> None:
    """A thousand corrections: what the last hundred steps cost beside the first hundred."""
    answers = corrections(CORRECTIONS)
    times, bytes_ = Ours("loop").play(answers)
    show_growth(f"{CORRECTIONS} corrections, a step, ours", times, bytes_)
    times, bytes_ = Stock("loop").play(corrections(STOCK_CORRECTIONS)[:-1], complete=False)
    show_growth(f"{STOCK_CORRECTIONS} corrections, a step, stock", times, bytes_)


def show(what: str, times: list[float]) -> None:
    print(f"{what:40} {statistics.median(times):8.3f} ms ({spread(times)})")


def show_growth(what: str, times: list[float], bytes_: list[int]) -> None:
    first, last = statistics.median(times[:100]), statistics.median(times[-100:])
    print(f"{what:40} first {first:.3f} ms, last {last:.3f} ms: ×{last / first:.2f}; state {bytes_[0]} to {bytes_[-2]} bytes")


def spread(values: list[float]) -> str:
    tenths = statistics.quantiles(values, n=10)
    return f"{tenths[0]:.3g}–{tenths[-1]:.3g}"


def sizes(found: list[int]) -> str:
    return f"{statistics.mean(found):.0f} bytes (at most {max(found)})"


def best(make: Callable[[], object]) -> float:
    """Return the least milliseconds of 10 tries."""
    times = []
    for _ in range(10):
        start = time.perf_counter()
        make()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
