"""`sunlit check PATH... [--level model|item] [--json]`: all findings of items, shared flows and .bpmn files.

`sunlit check --adopt FILE [--out FOLDER]` writes the file of another engine (camunda:, flowable:, activiti:) as an item
folder, flow.bpmn and form.json, for the designer to finish, and tells what was mapped and what is left to do.

Exit 0: clean, 1: findings, 2: wrong usage. Nothing is deployed and no database is needed; where there is one, its
county's adopted rules are asked, not the files in _rules.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from engine.bpmn.adopt import adopt
from engine.bpmn.check import check
from engine.bpmn.source import gather
from engine.errors import DatabaseDown, Finding, Invalid, NotMigrated
from engine.settings import settings

if TYPE_CHECKING:
    from engine.rules.book import Book

SHARED, RULES, TEMPLATE = "_shared", "_rules", "_template"


def run(argv: list[str]) -> int:
    """Print `file:line: level: rule: message` for each finding; return the exit code."""
    parser = ArgumentParser(prog="sunlit check", description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="PATH", type=_existing)
    parser.add_argument("--level", choices=("model", "item"), default="item")
    parser.add_argument("--json", action="store_true", help="print the findings as one JSON list")
    parser.add_argument("--adopt", action="store_true", help="write another engine's file as an item folder")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="the folder to write; default: beside the file")
    try:
        asked = parser.parse_args(argv)
        if asked.out and not asked.adopt:
            parser.error("--out goes with --adopt")
        if asked.adopt and (len(asked.paths) != 1 or not asked.paths[0].is_file() or asked.json):
            parser.error("--adopt takes one file, and prints no JSON")
    except SystemExit as e:
        return int(e.code or 0)
    if asked.adopt:
        return _adopt(asked.paths[0], asked.out)
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


def _adopt(path: Path, out: Path | None) -> int:
    """Write the item folder, which must not exist; print what was done, what is left, and what the check finds."""
    home = processes(path)
    book = _book(home)
    source, unread = gather(path, home)
    if not source.xml or unread:
        sys.stdout.writelines(f"{f}\n" for f in unread)
        return 1
    posts = {code: post.name for code, post in book.posts.items()} if book else {}
    forms = {key: form for key, form in source.forms.items() if "/" not in key}
    try:
        made = adopt(source.xml, source.file, posts, forms)
    except Invalid as e:
        sys.stdout.writelines(f"{f}\n" for f in e.findings)
        return 1
    name = source.item if re.fullmatch(r"[A-Za-z_][\w-]*", source.item, re.A) else path.stem
    folder = out or path.with_name(f"{name}_adopted" if path.parent.name == name else name)
    if folder.exists():
        print(f"sunlit check: {folder} exists already; name another folder with --out", file=sys.stderr)
        return 2
    folder.mkdir(parents=True)
    (folder / "flow.bpmn").write_bytes(made.flow)
    if made.forms:
        (folder / "form.json").write_text(json.dumps(made.forms, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.writelines(f"{path}:{line}: done: {text}\n" for line, text in made.done)
    sys.stdout.writelines(f"{path}:{line}: left: {text}\n" for line, text in made.left)
    print(f"{folder}: written; what the check finds there:")
    findings = inspect(folder, home, "item", book)
    sys.stdout.writelines(f"{f}\n" for f in findings)
    return 1 if findings or made.left else 0


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
    if home == settings().processes.resolve() and (adopted := _adopted()):
        return adopted
    from engine.rules import book

    return book.load(home / RULES)


def _adopted() -> Book | None:
    """Return the rules that two persons adopted for the county's own folder; None where there is no county yet."""
    from engine.db import store
    from engine.db.outage import explained

    if (
        settings().database_url.startswith("sqlite:")
        and not Path(settings().database_url[len("sqlite:///") :]).exists()
    ):
        return None
    try:
        with explained():
            return store.book()
    except (DatabaseDown, NotMigrated):
        return None


def _is_item(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("flow.bpmn", "item.toml", "form.json"))


def _existing(text: str) -> Path:
    path = Path(text)
    if not (path.is_file() or path.is_dir()):
        raise ArgumentTypeError(f"there is no file or folder {text}")
    return path
