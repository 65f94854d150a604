"""`sunlit check PATH... [--level model|item] [--json]`: all findings of items, shared flows and .bpmn files.

Exit 0: clean, 1: findings, 2: wrong usage. Nothing is deployed and no database is needed.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from engine.bpmn.check import check
from engine.bpmn.source import gather
from engine.errors import Finding, Invalid
from engine.settings import settings

if TYPE_CHECKING:
    from engine.rules.book import Book

SHARED, RULES, TEMPLATE = "_shared", "_rules", "_template"


def run(argv: list[str]) -> int:
    """Print `file:line: level: rule: message` for each finding; return the exit code."""
    parser = ArgumentParser(prog="sunlit check", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH", type=_existing)
    parser.add_argument("--level", choices=("model", "item"), default="item")
    parser.add_argument("--json", action="store_true", help="print the findings as one JSON list")
    try:
        asked = parser.parse_args(argv)
    except SystemExit as e:
        return int(e.code or 0)
    findings: dict[Finding, None] = {}
    for path in asked.paths:
        home = processes(path)
        try:
            book = _book(home) if asked.level == "item" else None
        except Invalid as e:
            findings.update(dict.fromkeys(e.findings))
            book = None
        found = list(flows(path))
        if not found:
            print(f"sunlit check: there is no item and no .bpmn file in {path}", file=sys.stderr)
            return 2
        for flow in found:
            findings.update(dict.fromkeys(inspect(flow, home, asked.level, book)))
    if asked.json:
        sys.stdout.write(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{f}\n" for f in findings)
    return 1 if findings else 0


def inspect(path: Path, home: Path, level: str, book: Book | None) -> list[Finding]:
    """Return the findings of one item, shared flow or file: of its files first, then of what they say."""
    source, unread = gather(path, home)
    return list(dict.fromkeys([*unread, *(check(source, level=level, book=book) if source.xml else ())]))


def flows(path: Path) -> Iterator[Path]:
    """Yield the items below `path`; shared flows too, by themselves, where the whole of `processes` is meant.

    In a folder that is no item, .bpmn files by themselves, too.
    """
    if path.is_file() or (path / "flow.bpmn").exists():
        yield path
        return
    found = sorted(p for p in path.iterdir() if p.is_dir())
    yield from (p for p in found if p.name not in (SHARED, RULES, TEMPLATE) and _is_item(p))
    shared = path if path.name == SHARED else path / SHARED
    if shared.is_dir() and path.name != SHARED:
        yield from (p for p in sorted(shared.iterdir()) if p.is_dir() and _is_item(p))
    yield from (p for p in sorted(path.glob("*.bpmn")) if p.is_file())


def processes(path: Path) -> Path:
    """Return the folder that holds `_shared` and `_rules` for `path`: the nearest around it, else the settings'."""
    for folder in (path.resolve(), *path.resolve().parents):
        if (folder / SHARED).is_dir() or (folder / RULES).is_dir():
            return folder
    return settings().processes


def _book(home: Path) -> Book | None:
    if not (home / RULES).is_dir():
        return None
    from engine.rules import book

    return book.load(home / RULES)


def _is_item(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("flow.bpmn", "item.toml", "form.json"))


def _existing(text: str) -> Path:
    path = Path(text)
    if not (path.is_file() or path.is_dir()):
        raise ArgumentTypeError(f"there is no file or folder {text}")
    return path
