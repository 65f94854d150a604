"""`sunlit diff A B [--lang zh|en] [--json]`: what changed between two definitions, in words.

A and B: an item's folder, a .bpmn file, or a deployed version: `item@2`, `item@latest`. Exit 0: the same, 1: different,
2: wrong usage, or one of them cannot be read.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from engine.bpmn.diff import diff
from engine.bpmn.diff_words import nothing, sentence
from engine.bpmn.source import load
from engine.cli.check import processes
from engine.errors import SunlitError
from engine.model import Source

_version = re.compile(r"([\w.-]+)@([1-9]\d{0,5}|latest)")


def run(argv: list[str]) -> int:
    """Print a sentence for each change; return the exit code."""
    parser = ArgumentParser(prog="sunlit diff", description=__doc__)
    parser.add_argument("one", metavar="A")
    parser.add_argument("other", metavar="B")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--en", dest="lang", action="store_const", const="en", help="the same as --lang en")
    parser.add_argument("--json", action="store_true", help="print the changes as one JSON list")
    try:
        asked = parser.parse_args(argv)
    except SystemExit as e:
        return int(e.code or 0)
    try:
        changes = diff(_source(asked.one), _source(asked.other))
    except SunlitError as error:
        print(f"sunlit diff: {error}", file=sys.stderr)
        return 2
    if asked.json:
        rows = [{**asdict(c), "text": sentence(c, asked.lang)} for c in changes]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{sentence(c, asked.lang)}\n" for c in changes)
        if not changes:
            print(nothing(asked.lang))
    return 1 if changes else 0


def _source(text: str) -> Source:
    """Read a folder or file; where there is none of that name, a version of the database.

    Raises:
        Invalid, OSError, NotFound, DatabaseDown: it cannot be read.
    """
    asked, path = _version.fullmatch(text), Path(text)
    if asked is None or path.exists():
        if not path.exists():
            raise FileNotFoundError(2, "there is no such file or folder", text)
        return load(path, processes(path))
    from engine.db import definitions  # here, so that files are compared without a database
    from engine.db.store import reading

    with reading() as conn:
        number = None if asked[2] == "latest" else int(asked[2])
        return definitions.source(conn, definitions.numbered(conn, asked[1], number).id)
