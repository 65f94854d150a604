"""Cases gone to an end by the real engine: which steps are done, with which outcomes, each opened by what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

from engine.bpmn import run
from engine.bpmn.program import Program
from engine.bpmn.state import loads
from engine.model.runs import Run

Decides = Mapping[str, tuple[object, ...]]  # of a step's form
Move = tuple[str, ...]
INTEGERS = (0, 1)


@dataclass(frozen=True)
class Gone:
    """A case on its way. `done`: steps with outcome, in order, the outcome empty where it was sent back; `opened`: step
    -> what was completed last before it opened, the empty text for nothing."""

    moved: run.Moved
    open: Mapping[str, str]
    armed: frozenset[tuple[str, int]]
    done: tuple[tuple[str, str], ...] = ()
    opened: tuple[tuple[str, str], ...] = ()

    @property
    def steps(self) -> frozenset[str]:
        return frozenset(path for path, _ in self.done)

    def then(self, moved: run.Moved, did: tuple[str, str] | None = None) -> Gone:
        done = self.done if did is None else (*self.done, did)
        last = next((path for path, outcome in reversed(done) if outcome), "")
        steps = {t: p for t, p in self.open.items() if t not in moved.closed} | {o.token: o.path for o in moved.opened}
        armed = (self.armed - set(moved.disarmed)) | {(a.token, a.index) for a in moved.armed}
        return Gone(moved, steps, armed, done, (*self.opened, *((o.path, last) for o in moved.opened)))


@dataclass
class Walker:
    """Moves cases of a program as anybody could. `forms`: of the source; `variables`: at the start."""

    program: Program
    forms: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict)

    def start(self) -> Gone:
        moved = run.start(self.program, self.variables)
        return Gone(moved, {}, frozenset()).then(moved)

    def from_here(self, gone: Gone) -> Gone:
        """Return the case as it is, with nothing done yet."""
        return Gone(gone.moved, gone.open, gone.armed)

    def moves(self, gone: Gone) -> Iterator[tuple[str, Callable[[], Gone]]]:
        state = gone.moved.state
        for token, path in gone.open.items():
            step = self.program.item.steps[path]
            for outcome in step.outcomes:
                for values in self._decided(path):
                    yield f"{path} {outcome}", self._completion(gone, token, path, outcome, values)
            for to in step.returns:
                yield f"{path} back to {to}", self._return(gone, token, path, to)
        for token, index in gone.armed:
            yield "timer", lambda t=token, i=index: gone.then(run.fire(self.program, state, t, i))
        heard = {(x.kind, x.name or "") for kind in ("message", "signal")
                 for _, _, x in loads(state, self.program, {}).catchers(kind)}  # fmt: skip
        for kind, name in sorted(heard):
            yield f"{kind} {name}", lambda k=kind, n=name: gone.then(run.deliver(self.program, state, k, n))

    def _completion(self, gone: Gone, token: str, path: str, outcome: str, values: Mapping[str, object]
                    ) -> Callable[[], Gone]:  # fmt: skip
        return lambda: gone.then(run.complete(self.program, gone.moved.state, token, outcome, values), (path, outcome))

    def _return(self, gone: Gone, token: str, path: str, to: str) -> Callable[[], Gone]:
        return lambda: gone.then(run.back(self.program, gone.moved.state, token, to), (path, ""))

    def _decided(self, path: str) -> list[dict[str, object]]:
        form = self.forms.get(path) or {}
        fields = {n: _values(s) for n, s in form.get("properties", {}).items() if s.get("x-decides")}
        required = form.get("required", ())
        options = [(*v, *(() if n in required else (None,))) for n, v in fields.items()]
        return [dict(zip(fields, chosen, strict=True)) for chosen in product(*options)]

    def walk(self, random: Random, gone: Gone, most: int = 60) -> Gone:
        """Go on at random: to an end, or `most` moves; returns and timers seldom."""
        for n in range(most):
            if gone.moved.ended is not None:
                return gone
            found = list(self.moves(gone))
            if not found:
                return gone
            plain = [m for m in found if m[0].split()[0] in self.program.item.steps and " back " not in m[0]]
            _, act = random.choice(plain if plain and random.random() < (0.7 if n < 30 else 0.95) else found)
            try:
                gone = act()
            except run.NoReturn:
                continue
        return gone


def _values(schema: Mapping[str, Any]) -> tuple[object, ...]:
    if schema.get("type") == "boolean":
        return (True, False)
    return tuple(schema.get("enum") or (c["const"] for c in schema.get("oneOf", ()))) or INTEGERS


def told(runs: tuple[Run, ...], gone: Gone) -> str:
    """Return what the runs do not say of a case that has ended; empty if they say all."""
    found = next((r for r in runs if set(r.steps) == gone.steps), None)
    if found is None:
        return f"no run does {sorted(gone.steps)}"
    for path, outcome in gone.done:
        if outcome and outcome not in found.outcomes[path]:
            return f"{path} = {outcome} is not in {found}"
    for path, last in gone.opened:
        if path in gone.steps and last not in ("", path) and last not in found.before[path]:
            return f"{path} opened after {last}, which is not in {found}"
    if found.end not in ("", gone.moved.ended):
        return f"it ends in {gone.moved.ended}, not as {found}"
    return ""


def all_gone(walker: Walker, most: int = 600) -> tuple[list[Gone], bool]:
    """Return cases gone to an end in every way, each place with the same steps done once; False: there were more."""
    seen, ended, todo = set[object](), list[Gone](), [walker.start()]
    while todo:
        gone = todo.pop()
        if gone.moved.ended is not None:
            ended.append(gone)
            continue
        case = loads(gone.moved.state, walker.program, {})
        places = sorted((t.path, t._state, str(t.internal_data.get("by", ""))) for t in case.everything())
        key = (str(places), str(sorted(case.variables.items())), frozenset(gone.done))
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > most:
            return ended, False
        todo += [act() for _, act in walker.moves(gone)]
    return ended, True
