"""Runs the attack set: each in a process of its own, with limits of time and memory, and a watch over what Python does.

`python -m tests.bpmn.attacked` prints one JSON line for each attack.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from engine.bpmn import run
from engine.bpmn.adopt import adopt
from engine.bpmn.check import check
from engine.bpmn.read import read
from engine.errors import Invalid
from engine.model import Source
from tests.bpmn import bombs
from tests.bpmn.book import BOOK

SECONDS, MEGABYTES = 5, 300
FORBIDDEN = ("exec", "os.", "subprocess.", "socket.", "ctypes.", "marshal.", "pickle.", "import", "shutil.", "urllib.")
CANARY = "the canary must not be read"


def main() -> None:
    for line in results():
        print(json.dumps(line, ensure_ascii=False))


def results() -> Iterator[dict[str, Any]]:
    """Yield what became of each: its findings, seconds, megabytes at most, and what of Python it set off."""
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.NamedTemporaryFile("w", suffix=".txt") as canary:
        canary.write(CANARY)
        canary.flush()
        listener.setblocking(False)
        port = str(listener.getsockname()[1]).encode()
        warm()
        acts: list[tuple[str, bytes, Callable[[bytes], dict[str, Any]]]] = [
            *((name, xml, examined) for name, _, xml in bombs.attacks()),
            *((name, xml, examined) for name, xml in bombs.near_misses()),
            *((name, xml, partial(played, variables=variables)) for name, xml, variables in bombs.plays()),
            ("python", b"", python),
        ]
        for name, data, act in acts:
            xml = data.replace(b"PORT", port).replace(b"CANARY", canary.name.encode())
            yield {"name": name, **alone(partial(act, xml)), "called": _called(listener)}


def warm() -> None:
    """Load all that is loaded once."""
    source = Source(item="p", file="p.bpmn", xml=bombs.near_misses()[0][1], forms={}, facts={})
    check(source, level="item", book=BOOK)
    run.start(read(source), {})


def examined(xml: bytes) -> dict[str, Any]:
    source = Source(item="p", file="p.bpmn", xml=xml, forms={}, facts={})
    found = check(source, level="model")
    check(source, level="item", book=BOOK)
    return {
        "stable": stable(xml),
        "rules": sorted({f.rule for f in found}),
        "lines": all(f.line >= 1 and f.message for f in found),
        "longest": max((len(f.message) for f in found), default=0),
        "leaked": any(CANARY in f.message for f in found),
    }


def stable(xml: bytes) -> bool:
    """Return whether the file is refused by adopting, too, or adopting its result changes nothing more."""
    try:
        once = adopt(xml, "p.bpmn", {})
    except Invalid:
        return True
    return adopt(once.flow, "p.bpmn", {}, once.forms).flow == once.flow


def played(xml: bytes, variables: dict[str, Any]) -> dict[str, Any]:
    program = read(Source(item="p", file="p.bpmn", xml=xml, forms={}, facts={}))
    try:
        run.start(program, variables)
    except run.Fault as e:
        return {"rules": ["fault"], "longest": len(str(e))}
    return {"rules": []}


def python(_: bytes) -> dict[str, Any]:
    """What an engine does that hands texts to Python; the watch must see it."""
    eval("__import__('colorsys')")
    return {"rules": []}


def alone(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what `act` returns, done in a forked process with the limits; `ran`: the events of Python it set off."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        _limited(act, there)
    os.close(there)
    with os.fdopen(here) as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(child, 0)
    result = json.loads(said) if said else {"rules": [], "died": os.waitstatus_to_exitcode(status)}
    return {**result, "seconds": round(usage.ru_utime + usage.ru_stime, 2), "megabytes": usage.ru_maxrss // 1024}


def _limited(act: Callable[[], dict[str, Any]], there: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEGABYTES * 2**20, now + MEGABYTES * 2**20))
    ran: list[str] = []
    watching = True

    def watch(event: str, args: tuple[object, ...]) -> None:
        if watching and (event.startswith(FORBIDDEN) or (event == "open" and args[1] not in ("r", "rb", None))):
            ran.append(event)

    sys.addaudithook(watch)
    try:
        result = act()
    except BaseException as e:
        result = {"rules": [], "died": repr(e)[:200]}
    watching = False
    os.write(there, json.dumps({**result, "ran": ran}).encode())
    os._exit(0)


def _called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr)
