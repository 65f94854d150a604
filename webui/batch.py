"""Several steps at once: each in its own transaction, refused for its own reason; the others go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import commands
from engine.db import store
from engine.errors import Invalid, SunlitError
from engine.model import Actor
from webui.messages import finding, message
from webui.taking import taking


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one step. `why`: why it was not done, else empty; `waits`: signatures that it still waits for."""

    step: int
    why: str = ""
    waits: int = 0


def claim(actor: Actor, steps: Sequence[int]) -> list[Result]:
    """Claim each step; return what became of each, in order."""

    def claimed(step: int) -> int:
        with taking(actor, step, actor.person) as ctx:
            commands.claim(ctx, step)
        return 0

    return [_once(claimed, step) for step in steps]


def complete(
    actor: Actor, steps: Sequence[int], *, outcome: str, form: Mapping[str, Any], opinion: str
) -> list[Result]:
    """Complete each step with the same outcome, form and opinion; return what became of each, in order."""

    def completed(step: int) -> int:
        with store.begin(actor) as ctx:
            done = commands.complete(ctx, step, outcome=outcome, form=form, opinion=opinion)
        return done.needed - done.signed

    return [_once(completed, step) for step in steps]


def _once(act: Callable[[int], int], step: int) -> Result:
    try:
        return Result(step=step, waits=act(step))
    except Invalid as error:
        return Result(step=step, why=" ".join(finding(each) for each in error.findings))
    except SunlitError as error:
        return Result(step=step, why=message(error))
