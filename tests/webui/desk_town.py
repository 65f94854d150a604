"""A county whose steps several people sign, vote on and send back, behind the web application."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from engine import clock
from engine.db import store
from engine.settings import settings
from tests import county
from tests.commands import small, together, undoable
from tests.county import Town
from tests.webui.conftest import MONDAY
from tests.webui.visitor import Visitor


def opened(template: Path, run_dir: Path) -> Iterator[Town]:
    """Found the county once a run, with the items `countersign` and `small` beside the licence; copy it each time."""
    kept, path = run_dir / "desk_town.db", settings().data_dir / "sunlit.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    with clock.at(MONDAY):
        if not kept.exists():
            shutil.copyfile(template, path)
            town = together.found()
            small.deploy(town, undoable.split())
            store.dispose()
            shutil.copyfile(path, kept)
        shutil.copyfile(kept, path)
        yield Town(county.people())


def act(visitor: Visitor, step: int, code: str, **sent: Any) -> TestResponse:
    """Send the form of an office action."""
    return visitor.post(f"/desk/steps/{step}/ways/{code}", sent)


def block(page: str, start: str, end: str) -> str:
    """Return a part of a page."""
    begun = page.index(start)
    return page[begun : page.index(end, begun)]
