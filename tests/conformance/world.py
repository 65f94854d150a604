"""The cases of one file, a clock, and what runs between them. State is saved and loaded at every move.

What it adds to engine.bpmn.run: words of the host; scripts that take time as open steps on a virtual clock, so that
timers can overtake them; messages and signals carried between cases, those that start a case included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.bpmn import run
from engine.bpmn.read import Program, read
from engine.bpmn.tree import MODEL, local, parse, processes
from engine.model import Source

UNIT = {"Y": 31_536_000, "M": 2_592_000, "W": 604_800, "D": 86_400, "TH": 3600, "TM": 60, "TS": 1}
MOVES = 10_000
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Case:
    """One case in play. `stuck`: its tokens wait at joins for ever; it cannot move any more."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.state = b""
        self.open: dict[str, str] = {}
        self.armed: dict[tuple[str, int], tuple[float, str]] = {}
        self.since: dict[str, float] = {}
        self.ended: str | None = None
        self.stuck = False

    def name(self, token: str) -> str:
        return self.program.item.steps[self.open[token]].name

    @property
    def moves(self) -> bool:
        return bool(self.state) and not self.stuck and self.ended is None


class World:
    """`long`: how many seconds a step of that name takes. `spans`: name, begin and end of each such step."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        host: Mapping[str, Any],
        process: str = "",
        long: Mapping[str, float] | None = None,
    ) -> None:
        roots = {name: parse(data, name) for name, data in files.items()}
        self.programs: dict[str, Program] = {}
        for name, data in files.items():
            first = str(processes(roots[name])[0].get("id"))
            program = read(_source(first, name, data, files, roots), host=list(host))
            self.programs |= {first: program, **program.beside}
        self.main = process or next(iter(self.programs))
        self.host, self.now, self.cases = host, 0.0, list[Case]()
        self.long, self.spans = long or {}, list[tuple[str, float, float]]()

    def start(self, process: str, variables: dict[str, Any], event: tuple[str, str] | None = None) -> Case:
        case = Case(self.programs[process])
        self.cases.append(case)
        self._take(case, lambda: run.start(case.program, variables, event=event, host=self.host))
        return case

    def begun_by_others(self, process: str) -> bool:
        """Return whether a process has no start event but those that messages and signals of other processes begin."""
        program = self.programs[process]
        kinds = {t.kind for _, triggers in program.starting for t in triggers}
        return not program.main.starts and kinds <= {"message", "signal"}

    def do(self, case: Case, what: Callable[..., run.Moved], *args: Any) -> None:
        self._take(case, lambda: what(case.program, case.state, *args, host=self.host))

    def _take(self, case: Case, act: Callable[[], run.Moved]) -> None:
        try:
            m = act()
        except run.Stuck as e:
            case.stuck, sent = True, e.sent
            for token in list(case.open):
                self._close(case, token)
            case.armed.clear()
        else:
            case.state, case.ended, sent = m.state, m.ended, m.sent
            for token in m.closed:
                self._close(case, token)
            for key in m.disarmed:
                del case.armed[key]
            for o in m.opened:
                case.open[o.token], case.since[o.token] = o.path, self.now
            for a in m.armed:
                case.armed[a.token, a.index] = (self._due(a.text), a.text)
        for kind, name in sent:
            if kind in ("message", "signal"):
                self.send(kind, name, case)

    def _close(self, case: Case, token: str) -> None:
        self.spans.append((case.name(token), case.since[token], self.now))
        del case.open[token]

    def _due(self, text: str) -> float:
        if text.startswith("P"):
            total, time = self.now, False
            for part in re.findall(r"T|[\d.]+[YMWDHS]", text):
                time = time or part == "T"
                total += 0 if part == "T" else float(part[:-1]) * UNIT[("T" if time else "") + part[-1]]
            return total
        at = datetime.fromisoformat(text)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - NOW).total_seconds())

    def send(self, kind: str, name: str, sender: Case | None = None) -> bool:
        """Carry a message to one who waits, else to the process that it starts; a signal to all. False: to nobody.

        A signal has reached its own case already.
        """
        heard = False
        for case in list(self.cases):
            hears = case.moves and (case is not sender or kind == "message")
            if hears and any((w.kind, w.name) == (kind, name) for w in run.waiting(case.program, case.state)):
                self.do(case, run.deliver, kind, name)
                heard = True
                if kind == "message":
                    return True
        for process, program in self.programs.items():
            if any((t.kind, t.name) == (kind, name) for _, triggers in program.starting for t in triggers):
                self.start(process, {}, (kind, name))
                heard = True
        return heard

    def _ahead(self) -> Iterator[tuple[float, int, Case, Callable[..., run.Moved], tuple[Any, ...]]]:
        for n, case in enumerate(self.cases):
            for (token, index), (at, _) in case.armed.items():
                yield at, n, case, run.fire, (token, index)
            for token in case.open:
                if (seconds := self.long.get(case.name(token))) is not None:
                    yield case.since[token] + seconds, n, case, run.complete, (token, "done", {})

    def pass_time(self, until: float) -> None:
        moves = 0
        while due := sorted((d for d in self._ahead() if d[0] <= until), key=lambda d: d[:2]):
            moves += 1
            if moves > MOVES:
                raise run.Fault(why=f"more than {MOVES} timers and steps in {until - self.now:g} seconds")
            self.now, _, case, what, args = due[0]
            self.do(case, what, *args)
        self.now = until


def _source(
    item: str, name: str, data: bytes, files: Mapping[str, bytes], roots: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Source:
    """Return the source of a file, with those of the other files whose first process it calls."""
    above = (*above, name)
    calls = {local(c.get("calledElement")) for c in roots[name].iter(MODEL + "callActivity")}
    first = {str(processes(roots[n])[0].get("id")): n for n in files if n not in above}
    called = {c: _source(c, first[c], files[first[c]], files, roots, above) for c in calls if c in first}
    return Source(item=item, file=name, xml=data, forms={}, facts={}, called=called)
