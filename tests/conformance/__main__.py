"""`python -m tests.conformance DIR [--json]`: a line a case, then the totals. Exit 1: one is wrong; 2: no material.

DIR holds betsy_expected.json and camunda_vectors.json, or a folder `bpmn` that does.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.conformance import NoMaterial, Suite, Verdict
from tests.conformance.betsy import betsy
from tests.conformance.camunda import camunda

SUITES: dict[str, tuple[str, Suite]] = {
    "betsy": ("betsy_expected.json", betsy),
    "camunda": ("camunda_vectors.json", camunda),
}
VERDICTS = ("right", "refused", "wrong")


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="the totals as a JSON line too")
    asked = parser.parse_args(argv)
    where = next((d for d in (asked.folder, asked.folder / "bpmn") if any(_there(d))), None)
    if where is None:
        print(f"{asked.folder} holds neither {' nor '.join(f for f, _ in SUITES.values())}", file=sys.stderr)
        return 2
    verdicts = []
    for name, (file, suite) in SUITES.items():
        if not (where / file).is_file():
            print(f"{where / file} is not there; {name} is skipped", file=sys.stderr)
            continue
        try:
            for verdict in suite(where):
                verdicts.append(verdict)
                print(json.dumps(verdict._asdict(), ensure_ascii=False), flush=True)
        except NoMaterial as e:
            print(e, file=sys.stderr)
            return 2
    totals = {suite: Counter(v.verdict for v in verdicts if v.suite == suite) for suite in SUITES}
    if asked.json:
        told = {suite: {v: found[v] for v in VERDICTS} for suite, found in totals.items() if found}
        print(json.dumps({"totals": told}))
    else:
        _table(totals, verdicts)
    return int(any(v.verdict == "wrong" for v in verdicts))


def _there(where: Path) -> list[bool]:
    return [(where / file).is_file() for file, _ in SUITES.values()]


def _table(totals: dict[str, Counter[str]], verdicts: list[Verdict]) -> None:
    print(f"\n{'':10}{''.join(f'{v:>9}' for v in VERDICTS)}{'of':>9}")
    for suite, found in totals.items():
        if found:
            print(f"{suite:10}{''.join(f'{found[v]:>9}' for v in VERDICTS)}{found.total():>9}")
    for v in verdicts:
        if v.verdict != "right":
            print(f"\n{v.verdict}: {v.suite} {v.id} {v.case}\n  {v.why}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
