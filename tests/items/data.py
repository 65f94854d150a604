"""Reads the items with nothing but an XML and a TOML reader: an oracle beside the engine's reader of BPMN."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine.rules import book

PROCESSES = Path(__file__).parents[2] / "processes"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
SUN = "{urn:sunlit:bpmn:1}"
NODES = (
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "userTask",
    "callActivity",
    "subProcess",
    "exclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
)

BOOK = book.load(PROCESSES / "_rules")
HANDLING = {"acceptance", "reviewer", "rechecker", "inspector", "decider", "issuer"}

ITEMS = sorted(p.parent for p in PROCESSES.glob("*/item.toml"))
SHARED = sorted(p.parent for p in PROCESSES.glob("_shared/*/flow.bpmn"))
KEPT = sorted(p.parent for p in Path(__file__).parent.glob("*/item.toml"))  # items for tests alone
RUNNING = [folder / "flow.bpmn" for folder in (*ITEMS, *SHARED, *KEPT)]
DRAWINGS = [*sorted(PROCESSES.rglob("*.bpmn")), *(folder / "flow.bpmn" for folder in KEPT)]


@dataclass(frozen=True, kw_only=True)
class Step:
    post: str
    organ: str
    days: int
    outcomes: tuple[str, ...]
    persons: int
    applicant: bool
    returns: tuple[str, ...]


def label(path: Path) -> str:
    """Name a file in a test's id."""
    return str(path.relative_to(PROCESSES.parent))


@cache
def process(path: Path) -> etree._Element:
    """Return the only process of a file."""
    (found,) = etree.parse(str(path)).getroot().findall(f"{BPMN}process")
    return found


def nodes(path: Path) -> list[etree._Element]:
    """Return the flow nodes of the process itself."""
    return inside(process(path))


def inside(scope: etree._Element) -> list[etree._Element]:
    """Return the flow nodes of a process or sub-process, in order of the file."""
    return [e for kind in NODES for e in scope.findall(f"{BPMN}{kind}")]


def subs(path: Path) -> list[etree._Element]:
    """Return the sub-processes of a file."""
    return process(path).findall(f"{BPMN}subProcess")


def ends(path: Path) -> set[str]:
    return {e.get("id", "") for e in process(path).findall(f"{BPMN}endEvent")}


def own_steps(path: Path) -> dict[str, Step]:
    """Return the user tasks of one file by id."""
    found = {}
    for task in process(path).findall(f"{BPMN}userTask"):
        post, limit = task.find(f".//{SUN}post"), task.find(f".//{SUN}limit")
        outcomes, persons = task.find(f".//{SUN}outcomes"), task.find(f".//{SUN}persons")
        returns = task.find(f".//{SUN}returns")
        found[task.get("id", "")] = Step(
            post=post.get("code", ""),
            organ=post.get("organ", ""),
            days=int(limit.get("days", "0")),
            outcomes=tuple(outcomes.get("values", "").split()) if outcomes is not None else ("done",),
            persons=int(persons.get("min", "1")) if persons is not None else 1,
            applicant=task.find(f".//{SUN}applicant") is not None,
            returns=tuple(returns.get("to", "").split()) if returns is not None else (),
        )
    return found


@cache
def steps(item: Path) -> dict[str, Step]:
    """Return all steps of an item by path, those of called flows included."""
    flow = item / "flow.bpmn"
    found = own_steps(flow)
    for call in process(flow).iter(f"{BPMN}callActivity"):
        called = PROCESSES / "_shared" / call.get("calledElement", "") / "flow.bpmn"
        found |= {f"{call.get('id')}/{id}": step for id, step in own_steps(called).items()}
    return found


@cache
def forms(item: Path) -> dict[str, Any]:
    """Return the forms of an item by step path; `case` is the filing form."""
    found = own_forms(item)
    for call in process(item / "flow.bpmn").iter(f"{BPMN}callActivity"):
        called = own_forms(PROCESSES / "_shared" / call.get("calledElement", ""))
        found |= {f"{call.get('id')}/{id}": form for id, form in called.items()}
    return found


def own_forms(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "form.json").read_text())
    return found


@cache
def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def county() -> dict[str, Any]:
    return toml(PROCESSES / "_demo" / "county.toml")


def demo_item() -> Path:
    """Return the folder of the item that the demo county's plan plays."""
    return PROCESSES / str(county()["plan"]["item"])
