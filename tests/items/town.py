"""A county that also runs the items kept for tests: each drives an effect of silence, a direction or a shared flow."""

from __future__ import annotations

from pathlib import Path

from tests import county
from tests.county import Town
from tests.kept import kept

HERE = Path(__file__).parent
ITEMS = sorted(found.parent for found in HERE.glob("*/flow.bpmn"))
CAST = {
    "deng": ("hearing_chair", "yl"),
    "gong": ("hearing_chair decider", "yl"),
    "gui": ("reviewer hearing_chair", "yl"),
    "pu": ("publisher", "yl"),
    "xia": ("chief", "yl"),
}


@kept
def found() -> Town:
    """Found the county with chairs, publishers and a chief; deploy every item that stands in this folder."""
    town = county.found(CAST)
    for folder in ITEMS:
        county.deploy(town, folder)
    return town
