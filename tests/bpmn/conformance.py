"""Drives shared conformance material through engine.bpmn.run: state is saved and loaded at every move.

Script words are the driver's; a script that takes time is an open step that the driver completes when its virtual clock
gets there, so timers can overtake it. Each vector is right, refused (with the reason), outside (asks what is not the
token game: assignees of a vendor) or WRONG.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn import run
from engine.bpmn.faults import Thrown
from engine.bpmn.read import Program, read
from engine.bpmn.tree import MODEL, parse, processes, tag
from engine.errors import Invalid
from engine.model import Source

UNIT = {"Y": 31_536_000, "M": 2_592_000, "W": 604_800, "D": 86_400, "TH": 3600, "TM": 60, "TS": 1}
NOW = datetime(2026, 11, 23, tzinfo=UTC)
LONG = {"WAIT_TEN_SECONDS": 10.0, **{f"CREATE_TIMESTAMP_LOG_{i}": 1.0 for i in range(9)}, "CREATE_TIMESTAMP_LOG": 1.0}
ERRORS = ("ERROR_deployment", "ERROR_runtime", "ERROR_thrownErrorEvent")


class Case:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.state = b""
        self.open: dict[str, str] = {}
        self.armed: dict[tuple[str, int], tuple[float, str]] = {}
        self.since: dict[str, float] = {}
        self.ended: str | None = None


class World:
    """The cases of one file, a clock, and what runs between them."""

    def __init__(self, data: bytes, name: str, host: dict[str, Any], process: str | None = None) -> None:
        root = parse(data, name)
        ids = [p.get("id") for p in processes(root)]
        source = Source(item=process or str(ids[0]), file=name, xml=data, forms={}, facts={})
        program = read(source, host=host)
        self.programs = {str(ids[0]): program, **program.beside}
        self.host, self.now, self.cases = host, 0.0, list[Case]()
        self.names = {el.get("id"): el.get("name") or el.get("id") for el in root.iter() if tag(el)}

    def start(self, process: str, variables: dict[str, Any], event: tuple[str, str] | None = None) -> None:
        case = Case(self.programs[process])
        self.cases.append(case)
        self._take(case, lambda: run.start(case.program, variables, event=event, host=self.host))

    def do(self, case: Case, what: Callable[..., run.Moved], *args: Any) -> None:
        self._take(case, lambda: what(case.program, case.state, *args, host=self.host))

    def _take(self, case: Case, act: Callable[[], run.Moved]) -> None:
        try:
            m = act()
        except run.Stuck as e:  # betsy lets tokens remain at joins
            self.cases.remove(case)
            sent = e.sent
        else:
            case.state, case.ended, sent = m.state, m.ended, m.sent
            for token in m.closed:
                del case.open[token]
            for key in m.disarmed:
                del case.armed[key]
            for o in m.opened:
                case.open[o.token], case.since[o.token] = o.path.split("/")[-1], self.now
            for a in m.armed:
                case.armed[a.token, a.index] = (self._due(a.text), a.text)
        for kind, name in sent:
            if kind in ("message", "signal"):
                self._send(case, kind, name)

    def _due(self, text: str) -> float:
        if text.startswith("P"):
            total, time = self.now, False
            for part in re.findall(r"T|[\d.]+[YMWDHS]", text):
                time = time or part == "T"
                total += 0 if part == "T" else float(part[:-1]) * UNIT[("T" if time else "") + part[-1]]
            return total
        at = datetime.fromisoformat(text)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - NOW).total_seconds())

    def _send(self, sender: Case, kind: str, name: str) -> None:
        for process, program in self.programs.items():
            if any((t.kind, t.name) == (kind, name) for _, triggers in program.starting for t in triggers):
                self.start(process, {}, (kind, name))
        for case in list(self.cases):
            hears = (case is not sender or kind == "message") and case.ended is None
            if hears and any((w.kind, w.name) == (kind, name) for w in run.waiting(case.program, case.state)):
                self.do(case, run.deliver, kind, name)

    def ahead(self) -> Iterator[tuple[float, int, Case, Callable[..., run.Moved], tuple[Any, ...]]]:
        for n, case in enumerate(self.cases):
            for (token, index), (at, _) in case.armed.items():
                yield at, n, case, run.fire, (token, index)
            for token, node in case.open.items():
                if self.names[node] in LONG:
                    yield case.since[token] + LONG[str(self.names[node])], n, case, run.complete, (token, "done", {})

    def pass_time(self, until: float) -> None:
        while due := sorted((d for d in self.ahead() if d[0] <= until), key=lambda d: d[:2]):
            self.now, _, case, what, args = due[0]
            self.do(case, what, *args)
        self.now = until


def betsy(where: Path) -> Iterator[tuple[str, str, str]]:
    for test in json.loads((where / "betsy_expected.json").read_text())["tests"]:
        for i, case in enumerate(test["cases"], 1):
            yield f"{test['id']}/{i}", *betsy_case(where.parent / test["file"], test, case)


def betsy_words(trace: list[str]) -> dict[str, Any]:
    def throw(_: Any) -> None:
        raise Thrown("ERR_CODE")

    def increment(scope: Any) -> None:
        scope.assign("integerVariable", scope["integerVariable"] + 1)

    def increment_and_log(scope: Any) -> None:
        increment(scope)
        trace.append("INCREMENT_correct")

    def log_data(scope: Any) -> None:
        trace.append("DATA_correct" if "data" in scope and scope["data"] == "String" else "DATA_wrong")

    return {
        "CREATE_LOG_FILE": lambda _: None,
        "CREATE_MARKER_FILE": lambda _: trace.append("MARKER_exists"),
        "INCREMENT_INTEGER_VARIABLE": increment,
        "INCREMENT_INTEGER_VARIABLE_AND_LOG": increment_and_log,
        "SET_STRING_DATA": lambda scope: scope.assign("data", "String"),
        "LOG_DATA": log_data,
        "THROW_ERROR": throw,
        **{f"SCRIPT_task{i}": lambda _, i=i: trace.append(f"SCRIPT_task{i}") for i in range(1, 20)},
    }


def betsy_file(data: bytes) -> bytes:
    """Scripts that take time become steps that take time."""
    root = etree.fromstring(data)
    for task in root.iter(MODEL + "scriptTask"):
        script = (task.findtext(MODEL + "script") or "").strip()
        if any(script.startswith(word) for word in LONG):
            task.tag = MODEL + "userTask"
            task.set("name", script)
            task.attrib.pop("scriptFormat", None)
            task.remove(task.find(MODEL + "script"))
    return etree.tostring(root)


def betsy_case(path: Path, test: dict[str, Any], case: dict[str, Any]) -> tuple[str, str]:
    trace: list[str] = []
    expected, why = Counter(case["expected_trace"]), ""
    try:
        world = World(betsy_file(path.read_bytes()), path.name, betsy_words(trace))
    except Invalid as e:
        trace, why = ["ERROR_deployment"], str(e)
    else:
        try:
            if case["parallel_process"]:
                world.start("ParallelProcess", dict(case["start_variables"]))
            world.start(test["id"], dict(case["start_variables"]))
            if len({n for c in world.cases for n in c.open.values() if "TIMESTAMP" in str(world.names[n])}) > 1:
                trace.append("EXECUTION_parallel")
            world.pass_time(max(case["delay_ms"] / 1000, 60.0))
        except run.Uncaught as e:
            trace.append("ERROR_thrownErrorEvent")
            why = str(e)
        except (run.Fault, run.NotThere) as e:
            trace.append("ERROR_runtime")
            why = str(e)
    if Counter(trace) == expected or ("ERROR" in expected and any(t in ERRORS for t in trace)):
        return "right", why
    if trace == ["ERROR_deployment"]:
        return "refused", why
    return "WRONG", f"expected {dict(expected)}, got {trace} {why}"
