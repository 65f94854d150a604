"""The betsy suite (uniba-dsg): script tasks leave words, and the words left are compared with those expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn import run
from engine.bpmn.faults import Thrown
from engine.bpmn.tree import MODEL
from engine.errors import Invalid
from tests.conformance import Verdict, judged, listed, located, refusal
from tests.conformance.world import World

STAMP = "CREATE_TIMESTAMP_LOG"
LONG = {"WAIT_TEN_SECONDS": 10.0, STAMP: 1.0, **{f"{STAMP}_{i}": 1.0 for i in range(1, 10)}}
ERRORS = ("ERROR_deployment", "ERROR_runtime", "ERROR_thrownErrorEvent")
SECONDS = 60.0  # how long a case is watched at least
KNOWN = {"start_variables", "expected_trace", "parallel_process", "delay_ms", "baseline"}


def betsy(where: Path) -> Iterator[Verdict]:
    """Yield the verdict of each case of `where`/betsy_expected.json."""
    for test in listed(where / "betsy_expected.json", "tests"):
        for i, case in enumerate(test.get("cases") or [{}], 1):
            yield Verdict("betsy", test["id"], str(i), *judged(partial(compared, where, test, case)))


def compared(where: Path, test: dict[str, Any], case: dict[str, Any]) -> tuple[str, str]:
    if unknown := sorted(case.keys() - KNOWN):
        return "wrong", f"the driver does not know {', '.join(unknown)}"
    return play(located(where, test["file"]), test["id"], case)


def words(trace: list[str]) -> dict[str, Any]:
    """Return what the script words of the suite do."""

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


def timed(data: bytes) -> bytes:
    """Scripts that take time become steps that take time."""
    root = etree.fromstring(data)
    for task in root.iter(MODEL + "scriptTask"):
        script = (task.findtext(MODEL + "script") or "").strip()
        if script in LONG:
            task.tag = MODEL + "userTask"
            task.set("name", script)
            task.attrib.pop("scriptFormat", None)
            task.remove(task.find(MODEL + "script"))
    return etree.tostring(root)


def play(path: Path, process: str, case: dict[str, Any]) -> tuple[str, str]:
    trace: list[str] = []
    expected, why = Counter(case["expected_trace"]), ""
    variables = dict(case.get("start_variables") or {})
    try:
        world = World({path.name: timed(path.read_bytes())}, words(trace), process, LONG)
    except Invalid as e:
        trace, why = ["ERROR_deployment"], refusal(e)
    else:
        try:
            if case.get("parallel_process"):
                world.start("ParallelProcess", dict(variables))
            if not case.get("parallel_process") or not world.begun_by_others(process):
                world.start(process, variables)
            world.pass_time(max(case.get("delay_ms", 0) / 1000, SECONDS))
            stamps = [(begin, end) for name, begin, end in world.spans if name.startswith(STAMP)]
            if any(a[0] < b[1] and b[0] < a[1] for a, b in combinations(stamps, 2)):
                trace.append("EXECUTION_parallel")
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
    return "wrong", f"expected {sorted(expected.elements())}, got {sorted(trace)} {why}".strip()
