"""Private PostgreSQL, Redis and Chromium for the tests: started in a temporary folder, stopped at the end.

Each module has `start(folder)`, which raises Missing with the reason when the program is not installed.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path


class Missing(Exception):
    """A program that a test needs is not installed; the text says how to get it."""


def wheel(name: str) -> Path | None:
    """Return the folder of an installed package, without importing it."""
    spec = find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float = 20) -> None:
    """Return once `ready()`; raise RuntimeError with the log when the process ends first or time runs out."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            stop(process)
            raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
    """End a process that we started; kill it when it does not obey in time."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
