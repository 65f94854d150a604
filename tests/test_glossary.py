"""engine/README.md names every event, error and setting; README.md every setting a deployer may need."""

from __future__ import annotations

import inspect
import re

import pytest

from engine import errors
from engine.model import Event
from engine.settings import ROOT

ENGINE = (ROOT / "engine" / "README.md").read_text(encoding="utf-8")
SETTINGS = set(re.findall(r'"(SUNLIT_[A-Z_]+)"', (ROOT / "engine" / "settings.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("event", [event.value for event in Event])
def test_every_event_is_in_the_glossary(event):
    assert f"`{event}`" in ENGINE


@pytest.mark.parametrize(
    "error",
    [name for name, each in vars(errors).items() if inspect.isclass(each) and issubclass(each, errors.SunlitError)],
)
def test_every_error_is_in_the_glossary(error):
    assert f"| `{error}` |" in ENGINE


def test_every_setting_is_in_the_glossary():
    assert SETTINGS
    assert {name for name in SETTINGS if f"`{name}`" not in ENGINE} == set()
