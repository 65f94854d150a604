"""sunlit document NUMBER FILE: write a document to a file, made anew from what the step recorded."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine import commands


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit document", description="Write a document to a file.")
    parser.add_argument("number", help="its number, as printed under its title")
    parser.add_argument("file", type=Path, help="where to; PDF, or a web page where Pango is missing")
    given = parser.parse_args(argv)
    body = commands.paper(given.number)
    given.file.write_bytes(body)
    print(f"{given.file}: {len(body)} bytes")
    return 0
