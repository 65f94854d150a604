"""sunlit verify [FOLDER]: exit 0 intact, 1 faults, 2 unreadable."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from engine import verifier
from engine.commands import write_export
from engine.db.store import reading


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit verify", description="Check the trace of the database or of an export."
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--lang", choices=["zh", "en"], default="en")
    given = parser.parse_args(argv)
    if given.folder:
        return verifier.main([str(given.folder), "--lang", given.lang])
    with tempfile.TemporaryDirectory(prefix="sunlit-") as folder:
        with reading() as conn:
            write_export(conn, Path(folder))
        return verifier.main([folder, "--lang", given.lang])
