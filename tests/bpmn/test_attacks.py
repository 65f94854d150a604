"""No file runs Python of its own, hangs, fills memory or reads what it may not: it is refused, and the reason named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.bpmn import bombs


@cache
def results() -> dict[str, dict[str, Any]]:
    """All attacks, each made in a process of its own with 5 s of time and 300 MB of memory, which no measuring eats."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    made = [sys.executable, "-m", "tests.bpmn.attacked"]
    done = subprocess.run(made, capture_output=True, text=True, check=True, env=plain)
    return {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}


def harmless(row: dict[str, Any]) -> bool:
    """It ended by itself within the limits, ran no Python, called nobody, told no file's contents.

    Adopting it is refused as well, or adopting its result changes nothing more.
    """
    quiet = row["ran"] == [] and not row["called"] and not row.get("leaked") and row.get("stable", True)
    return quiet and "died" not in row and row["megabytes"] < 300 and row.get("longest", 0) < 1000


@pytest.mark.parametrize(("name", "rule"), [(name, rule) for name, rule, _ in bombs.attacks()])
def test_an_attack_is_refused_by_its_rule(name, rule):
    row = results()[name]

    assert rule in row["rules"], row
    assert row["lines"]
    assert harmless(row)


@pytest.mark.parametrize("name", [name for name, _ in bombs.near_misses()])
def test_what_only_looks_like_an_attack_passes(name):
    row = results()[name]

    assert row["rules"] == []
    assert harmless(row)


@pytest.mark.parametrize("name", [name for name, _, _ in bombs.plays()])
def test_a_value_that_fits_nowhere_is_a_fault(name):
    row = results()[name]

    assert row["rules"] == ["fault"]
    assert harmless(row)


def test_the_watch_sees_python_that_runs():
    assert {"exec", "import"} <= set(results()["python"]["ran"])


def test_the_names_are_different():
    names = [name for name, *_ in (*bombs.attacks(), *bombs.near_misses(), *bombs.plays())]

    assert len(names) == len(set(names)) > 250
