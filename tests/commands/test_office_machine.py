"""Officers do what they may in any order, on random flows: no token is lost, none is there twice, nothing runs wild.

`SUNLIT_TEST_MACHINE=20000 pytest tests/commands/test_office_machine.py` plays so many cases, on as many flows.
"""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from engine import clock
from engine.bpmn import returning, undo
from engine.bpmn.core import READY
from engine.bpmn.read import read
from engine.commands import undoing
from engine.errors import EngineFault
from engine.settings import settings as configured
from tests import county
from tests.commands import small
from tests.commands.office_machine import MORE, MORNING, Office
from tests.commands.office_together import Together
from tests.commands.undoable import split

TIMED = 28  # the seed of an item with a timer on an early step
SPLIT = 10**6  # in place of a seed: an item with returns out of a split
LONG = int(os.environ.get("SUNLIT_TEST_MACHINE", "0"))
FIRST = int(os.environ.get("SUNLIT_TEST_MACHINE_FIRST", "0"))  # seed of the first flow, when many are played in parts


@pytest.fixture(scope="module")
def office(tmp_path_factory, sqlite_template):
    """A county on SQLite in which all cases of the module happen."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("office")
        shutil.copyfile(sqlite_template, folder / "sunlit.db")
        for name, value in (("DATABASE_URL", f"sqlite:///{folder / 'sunlit.db'}"), ("DATA_DIR", str(folder))):
            patch.setenv(f"SUNLIT_{name}", value)
        patch.setenv("SUNLIT_SECRET_KEY", "a secret that only tests know")
        patch.setenv("SUNLIT_SECOND_FACTOR", "offered")
        configured.cache_clear()
        with clock.at(MORNING):
            town = county.found(MORE)

        flows = range(FIRST, FIRST + LONG // 5) if LONG else (*range(FIRST, FIRST + 11), TIMED)
        own = {"people": town.people, "flows": flows, "deployed": {}}
        yield {kind: type("Here", (kind,), own) for kind in (Office, Together)}
    configured.cache_clear()


def play(office: type[Office], most: int, steps: int) -> None:
    run_state_machine_as_test(
        office,
        settings=settings(
            max_examples=most,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not LONG,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            print_blob=False,
            report_multiple_bugs=False,
        ),
    )


def test_whatever_officers_do_the_truths_hold(office):
    play(office[Together], LONG or 300, 8 if not LONG else 16)


def a_sibling_stays(patch):
    """A return that leaves the other branch alive."""
    real = returning._end

    def end(scope, plan, new):
        steps = [t for t in scope.live() if t._state == READY and t.task_spec.manual and "of" not in t.internal_data]
        others = [t for t in steps if plan.ends(t.task_spec.name, None)]
        kept = others[-1:] if len(others) > 1 else []
        for token in kept:
            scope.tasks.pop(token.id)
        real(scope, plan, new)
        scope.tasks |= {token.id: token for token in kept}

    patch.setattr(returning, "_end", end)


def a_timer_is_forgotten(patch):
    """A withdrawal that does not arm again what guarded the step."""
    patch.setattr(undoing, "arm_again", lambda *_: None)


def a_guard_is_forgotten(patch):
    """A withdrawal that restores the step without the event on its boundary."""
    real = undo._body

    def body(before, now, flat):
        kept = {k: v for k, v in flat.items() if k[0] != "row" or len(v) < 4 or not v[3] or "host" not in v[3]}
        return real(before, now, kept)

    patch.setattr(undo, "_body", body)


def two_open(patch):
    """A return that opens the target twice."""
    real = returning.opened

    def opened(token, rest):
        real(token, rest)
        real(token.born(token.task_spec), rest)

    patch.setattr(returning, "opened", opened)


@pytest.mark.parametrize("fault", [a_sibling_stays, a_timer_is_forgotten, a_guard_is_forgotten, two_open])
def test_a_planted_fault_is_found(office, monkeypatch, fault):
    fault(monkeypatch)
    timed = fault in (a_timer_is_forgotten, a_guard_is_forgotten)
    alone = office[Office]
    monkeypatch.setattr(alone, "flows", (TIMED,) if timed else (SPLIT,))
    if SPLIT not in alone.deployed:
        source = split(f"m{SPLIT}")
        with clock.at(MORNING):
            small.deploy(county.Town(alone.people), source)
        alone.deployed[SPLIT] = read(source)

    with pytest.raises((AssertionError, EngineFault)):
        play(alone, 300, 12)
