"""`sunlit diff A B [--json] [--lang zh|en]`: what changed from A to B, in plain words.

A and B: an item folder, a .bpmn file, or a deployed version: food_operation_licence@2, food_operation_licence@latest.

Exit 0: nothing that runs or is shown has changed, 1: different, 2: wrong usage, or one of the two cannot be read.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from engine.bpmn.check import check
from engine.bpmn.diff import diff
from engine.bpmn.diff.words import sentences
from engine.bpmn.source import gather
from engine.cli.check import RULES, processes
from engine.commands import versions
from engine.db.outage import explained
from engine.db.store import reading
from engine.errors import Invalid, NotFound, SunlitError
from engine.model import Source
from engine.rules import book


def run(argv: list[str]) -> int:
    """Print a sentence for each change, or the changes as JSON; return the exit code."""
    parser = ArgumentParser(prog="sunlit diff", description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("old", metavar="A", help="what it was: a folder, a .bpmn file, or ITEM@VERSION")
    parser.add_argument("new", metavar="B", help="what it is to be")
    parser.add_argument("--json", action="store_true", help="print the changes as one JSON list")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    try:
        asked = parser.parse_args(argv)
    except SystemExit as e:
        return int(e.code or 0)
    try:
        with explained():
            old, new = _source(asked.old), _source(asked.new)
        changes = diff(old, new)
        titles = _titles(Path(asked.new))
    except Invalid as e:
        print(e)
        return 2
    except OSError as e:
        print(f"sunlit diff: {e.filename or e}: {e.strerror or ''}".rstrip(": "), file=sys.stderr)
        return 2
    except SunlitError as e:
        print(f"sunlit diff: {e}", file=sys.stderr)
        return 2
    if asked.json:
        sys.stdout.write(json.dumps([asdict(c) for c in changes], ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{s}\n" for s in sentences(changes, asked.lang, titles))
    return 1 if changes else 0


def _source(text: str) -> Source:
    """Return the files that an operand names; deployed ones passed the check when they were.

    Raises:
        Invalid: the findings for what cannot be read or would not run.
        NotFound: there is no such file, folder or deployed version.
    """
    path = Path(text)
    item, at, version = text.rpartition("@")
    if at and not path.exists():
        with reading() as conn:
            return versions.deployed(conn, item, version)
    if not path.exists():
        raise NotFound(what="file, folder or deployed version", key=text)
    source, findings = gather(path, processes(path))
    found = [*findings, *(check(source, level="model") if source.xml else ())]
    if found:
        raise Invalid(findings=tuple(dict.fromkeys(found)))
    return source


def _titles(path: Path) -> Mapping[str, tuple[str, str]]:
    home = processes(path)
    return versions.titles(book.load(home / RULES)) if (home / RULES).is_dir() else {}
