"""Plays step vectors taken from Camunda's engine tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn import run
from engine.errors import Invalid
from tests.bpmn.conformance import World

HOST = {"${true}": lambda _: None}


class Mismatch(Exception):
    pass


class Outside(Exception):
    pass


def camunda(where: Path) -> Iterator[tuple[str, str, str]]:
    for vector in json.loads((where / "camunda_vectors.json").read_text())["vectors"]:
        yield vector["id"], *play(where.parent, vector)


def play(where: Path, vector: dict[str, Any]) -> tuple[str, str]:
    data = merged([where / f for f in vector["files"]], vector["steps"])
    try:
        world = World(data, vector["id"], HOST, vector["process"])
        world.start(vector["process"], dict(vector["start_variables"]))
        for step in vector["steps"]:
            act(world, step)
            compare(world, step)
    except Invalid as e:
        return "refused", str(e)
    except Outside as e:
        return "outside", str(e)
    except (Mismatch, run.Fault, run.NotThere) as e:
        expected = any("expect_error" in s for s in vector["steps"])
        return ("right", "") if expected and not isinstance(e, Mismatch) else ("WRONG", f"{type(e).__name__}: {e}")
    return "right", ""


def merged(files: list[Path], steps: list[dict[str, Any]]) -> bytes:
    """One file. A variable set at completing a step is spelt `<step>_<name>` here, so conditions are respelt."""
    first = etree.fromstring(files[0].read_bytes())
    for other in files[1:]:
        first.extend(list(etree.fromstring(other.read_bytes())))
    text = etree.tostring(first).decode()
    for step in steps:
        for name in step.get("variables") or {}:
            by_name = {el.get("name"): el.get("id") for el in first.iter() if el.get("name")}
            owner = by_name.get(step["complete"], step["complete"])
            text = re.sub(rf"(\{{[^}}]*)\b{name}\b", rf"\g<1>{owner}_{name}", text)
    return text.encode()


def act(world: World, step: dict[str, Any]) -> None:
    case = world.cases[0] if world.cases else None
    if case is None:
        return
    decides = step.get("variables") or {}
    if "complete" in step:
        world.do(case, run.complete, which(world, step["complete"]), "done", decides)
    elif "complete_all" in step:
        for token in list(case.open):
            if token in case.open:
                world.do(case, run.complete, token, "done", decides)
    elif "complete_n" in step:
        for token in list(case.open)[: step["complete_n"]]:
            world.do(case, run.complete, token, "done", decides)
    elif "advance_seconds" in step:
        world.pass_time(world.now + step["advance_seconds"])
    elif "message" in step or "trigger" in step:
        world.do(case, run.deliver, "message", step.get("message") or step["trigger"])
    elif "signal" in step:
        world.do(case, run.deliver, "signal", step["signal"])


def which(world: World, name: str) -> str:
    for token, node in world.cases[0].open.items():
        if name in (node, world.names[node]) or str(world.names[node]).startswith(name):
            return token
    raise Mismatch(f"{name} is not open")


def compare(world: World, step: dict[str, Any]) -> None:
    case = world.cases[0] if world.cases else None
    ids = list(case.open.values()) if case else []
    names = [world.names[i] for i in ids]

    def want(ok: bool, what: object, got: object) -> None:
        if not ok:
            raise Mismatch(f"expected {what}, got {got}")

    if "expect_open" in step:
        want(sorted(step["expect_open"]) in (sorted(ids), sorted(names)), f"open {step['expect_open']}", names)
    if "expect_open_count" in step:
        want(len(ids) == step["expect_open_count"], f"{step['expect_open_count']} open", names)
    if "expect_ended" in step:
        want(case is not None and (case.ended is not None) == step["expect_ended"], "ended", names)
    if "expect_waiting" in step:
        assert case is not None
        got = sorted({w.path.split("/")[-1] for w in run.waiting(case.program, case.state)})
        want(got == sorted(step["expect_waiting"]), f"waiting {step['expect_waiting']}", got)
    if "expect_assignee" in step:
        raise Outside("who is assigned by a vendor's attribute")
    if "expect_error" in step:
        raise Mismatch("no error")
