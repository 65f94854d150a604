"""An item that passes every check and yet cannot go on for one application: a condition divides by a form's number."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from engine import commands
from engine.settings import settings
from tests import county
from tests.county import ITEM, Town

STAFF = 13  # with so many the condition has no value
PLACE = "inspection_needed"  # the gateway that asks it, named 要勘验？


def deploy(town: Town, folder: Path) -> None:
    """Put it in force as the next version of the item."""
    copy = folder / "processes" / ITEM
    shutil.copytree(settings().processes / ITEM, copy)
    condition = 'case_kind == "new" or case_layout_changed'
    _change(copy / "flow.bpmn", condition, f"9 / (case_staff - {STAFF}) == 7 or {condition}")
    _change(copy / "form.json", '"title": "从业人数",', '"title": "从业人数", "x-decides": true,')
    county.deploy(town, copy)


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def file(town: Town, **form: Any) -> commands.Filed:
    """File the application for which the flow cannot go on once it is accepted."""
    return county.file(town, staff=STAFF, **form)
