"""Step vectors taken from Camunda's engine tests: act, then compare what is open, waits or has ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn import run, tree
from engine.bpmn.state import loads
from engine.errors import Invalid
from engine.model import Vendor
from engine.rules import expressions
from tests.conformance import Verdict, judged, listed, located, refusal
from tests.conformance.world import Case, World

HOST = {"${true}": lambda _: None}
ACTS = {"complete", "complete_all", "complete_n", "advance_seconds", "message", "trigger", "signal", "set"}
BESIDE = {"variables", "data", "in_words", "note"}
EXPRESSIONS = (
    "conditionExpression", "condition", "completionCondition", "loopCondition", "loopCardinality", "timeDate",
    "timeDuration", "timeCycle",
)  # fmt: skip
VARIABLE = re.compile(r"""execution\.getVariable\(\s*(["'])(\w+)\1\s*\)""")


class Mismatch(Exception):
    """What was expected is not so."""


def camunda(where: Path) -> Iterator[Verdict]:
    """Yield the verdict of each vector of `where`/camunda_vectors.json."""
    for vector in listed(where / "camunda_vectors.json", "vectors"):
        yield Verdict("camunda", vector["id"], vector.get("feature", ""), *judged(partial(play, where, vector)))


def play(where: Path, vector: dict[str, Any]) -> tuple[str, str]:
    steps = vector["steps"]
    try:
        if unknown := sorted({key for s in steps for key in s} - ACTS - BESIDE - EXPECTED.keys() - {"expect_error"}):
            raise Mismatch(f"the driver does not know {', '.join(unknown)}")
        world = World(files(where, vector), HOST, vector.get("process", ""))
        case = world.start(world.main, dict(vector.get("start_variables") or {}))
        for step in steps:
            act(world, case, step)
            compare(world, case, step)
    except Invalid as e:
        return "refused", refusal(e)
    except Mismatch as e:
        return "wrong", str(e)
    except (run.Fault, run.NotThere) as e:
        expected = any("expect_error" in s for s in steps)
        return ("right" if expected else "wrong"), f"{type(e).__name__}: {e}"
    return "right", ""


def files(where: Path, vector: dict[str, Any]) -> dict[str, bytes]:
    """Return the files of a vector, the one with its process first; `execution.getVariable("x")` is spelt x."""
    found = {}
    for name in vector["files"]:
        root = etree.fromstring(located(where, name).read_bytes())
        for el in root.iter(*(tree.MODEL + kind for kind in EXPRESSIONS)):
            el.text = VARIABLE.sub(r"\2", el.text or "")
        found[Path(name).name] = etree.tostring(root)
    return found


def act(world: World, case: Case, step: dict[str, Any]) -> None:
    values = step.get("variables") or step.get("data") or step.get("set") or {}
    if "complete" in step:
        complete(world, case, [which(case, step["complete"])], values)
    elif "complete_all" in step:
        complete(world, case, list(case.open), values)
    elif "complete_n" in step:
        complete(world, case, list(case.open)[: step["complete_n"]], values)
    elif values:
        world.do(case, run.assign, values)
    if "advance_seconds" in step:
        world.pass_time(world.now + step["advance_seconds"])
    elif "trigger" in step:
        names = [w.name for w in waiting(case) if w.kind == "message" and node(w.path) == step["trigger"]]
        deliver(world, "message", (names or [step["trigger"]])[0])
    elif "message" in step:
        deliver(world, "message", step["message"])
    elif "signal" in step:
        world.send("signal", step["signal"])


def complete(world: World, case: Case, tokens: list[str], values: dict[str, Any]) -> None:
    """Set the variables where each step lies, then complete it, if they have not interrupted it."""
    for token in tokens:
        if values and token in case.open:
            world.do(case, run.assign, values, token)
        if token in case.open:
            world.do(case, run.complete, token, "done", {})


def deliver(world: World, kind: str, name: str) -> None:
    if not world.send(kind, name):
        raise run.NotThere(key=f"{kind} {name}")


def which(case: Case, name: str) -> str:
    for token, label in labels(case).items():
        if name in (node(case.open[token]), label, case.name(token)) or label.startswith(name):
            return token
    raise Mismatch(f"{name} is not open")


def labels(case: Case) -> dict[str, str]:
    """Return the names of the open steps, their expressions evaluated."""
    return {token: str(spelt(case, token, case.name(token))) for token in case.open}


def spelt(case: Case, token: str, text: str) -> object:
    """Return a text with its `${...}` evaluated where the step stands; a text that is one expression: its value."""
    found = loads(case.state, case.program, {}).find(int(token))
    if found is None or "{" not in text:
        return text
    scope = found.data
    if re.fullmatch(r"[$#]\{[^{}]*\}", text):
        return expressions.value(text, scope)
    return re.sub(r"[$#]\{[^{}]*\}", lambda m: str(expressions.value(m[0], scope)), text)


def node(path: str) -> str:
    return path.split("/")[-1]


def waiting(case: Case) -> tuple[run.Waiting, ...]:
    return run.waiting(case.program, case.state) if case.moves else ()


def same(wanted: list[str], names: list[str], ids: list[str]) -> bool:
    alike = sorted(wanted) in (sorted(names), sorted(ids))
    each = len(wanted) == len(ids) and all(any(w in pair for pair in zip(names, ids, strict=True)) for w in wanted)
    return alike or (each and len(set(wanted)) == len(wanted))


def said(case: Case, pick: Callable[[Vendor], tuple[str, ...]]) -> list[str]:
    """Return what the vendor's attributes say of the open steps, a list that is a variable's value laid flat."""
    found: list[str] = []
    for token, path in case.open.items():
        vendor = case.program.item.steps[path].vendor
        for text in pick(vendor) if vendor is not None else ():
            value = spelt(case, token, text)
            found += [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
    return found


def moment(text: object) -> object:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return str(text)


def several(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


Expectation = Callable[[World, Case, Any], tuple[bool, object]]


def opened(_: World, case: Case, wanted: Any) -> tuple[bool, object]:
    names = list(labels(case).values())
    ids, plain = [node(path) for path in case.open.values()], [case.name(token) for token in case.open]
    return same(wanted, names, ids) or sorted(wanted) == sorted(plain), names


def waits(_: World, case: Case, wanted: Any) -> tuple[bool, object]:
    at = {node(w.path): int(w.token) for w in waiting(case)}
    tokens = loads(case.state, case.program, {}).find if case.moves else lambda _: None
    beside = {name for name, token in at.items() if (t := tokens(token)) is not None and t.task_spec.listens}
    return sorted(wanted) in (sorted(at), sorted(at.keys() - beside)), sorted(at)


def saying(pick: Callable[[Vendor], tuple[str, ...]], *, once: bool = True) -> Expectation:
    def ask(_: World, case: Case, wanted: Any) -> tuple[bool, object]:
        got = said(case, pick)
        ok = sorted(set(got)) == sorted(set(several(wanted))) if once else sorted(got) == sorted(several(wanted))
        return ok, got

    return ask


def due(_: World, case: Case, wanted: Any) -> tuple[bool, object]:
    got = said(case, lambda v: (v.due,) if v.due else ())
    return [moment(g) for g in got] == [moment(w) for w in several(wanted)], got


GROUPS, USERS = saying(lambda v: v.groups), saying(lambda v: v.users)
EXPECTED: dict[str, Expectation] = {
    "expect_open": opened,
    "expect_open_count": lambda _, case, wanted: (len(case.open) == wanted, list(labels(case).values())),
    "expect_ended": lambda _, case, wanted: ((case.ended is not None) == wanted, case.ended),
    "expect_waiting": waits,
    "expect_assignee": saying(lambda v: (v.assignee,) if v.assignee else (), once=False),
    "expect_groups": GROUPS,
    "expect_candidate_groups": GROUPS,
    "expect_users": USERS,
    "expect_candidate_users": USERS,
    "expect_candidates": saying(lambda v: (*v.users, *v.groups)),
    "expect_due": due,
    "expect_due_date": due,
    "expect_form": saying(lambda v: (v.form,) if v.form else (), once=False),
}


def compare(world: World, case: Case, step: dict[str, Any]) -> None:
    for key, ask in EXPECTED.items():
        if key in step:
            ok, got = ask(world, case, step[key])
            if not ok:
                raise Mismatch(f"{key} {step[key]}, got {got}")
    if "expect_error" in step:
        raise Mismatch("expect_error, but nothing went wrong")
