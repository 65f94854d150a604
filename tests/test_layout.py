"""What keeps the source small and honest: file sizes, names, one clock, clean lock files."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from engine.settings import ROOT

LINES = 300
LONGER = {"engine/verifier.py": 330}  # one file, because it is copied into every export
CLOCK = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\(")
MAY_READ_THE_CLOCK = {"engine/clock.py"}
ENVIRONMENT = re.compile(r"os\.(environ|getenv)")
NOT_USED = ("service", "manager", "helper", "util")  # engine/README.md, glossary
# Places and names of where the project was written, which it must not hold. In halves, so as not to be found here.
ELSEWHERE = re.compile(
    "|".join(["/" + "work/", "/" + "tmp/wt", "/" + "tmp/sv", r"\.lib" + "rary/", r"co-" + "authored-by"]), re.I
)


def tracked(*patterns: str) -> list[str]:
    """Return paths that git knows, or all that lie there when this is no clone."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [name for name in done.stdout.split("\n") if name and (ROOT / name).is_file()]
    found = (path for pattern in patterns for path in ROOT.rglob(pattern.rsplit("/", 1)[-1]))
    hidden = (".venv", ".git", "node_modules", "var")
    return [str(path.relative_to(ROOT)) for path in found if path.is_file() and not set(path.parts) & set(hidden)]


SOURCES = tracked("engine/*.py", "webui/*.py", "worker/*.py", "tests/*.py")
CODE = [name for name in SOURCES if not name.startswith("tests/")]
LOCKS = ["run.lock", "test.lock", "services.lock"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, list[str]]:
    """Return the hashes of each requirement: `name==version` and its marker -> hashes."""
    found: dict[str, list[str]] = {}
    for line in text(f"requirements/{lock}").replace("\\\n", " ").splitlines():
        requirement, *hashes = line.split("--hash=")
        found[requirement.strip()] = [one.strip() for one in hashes]
    return found


def test_there_is_something_to_look_at() -> None:
    assert {"engine/clock.py", "worker/tick.py", "tests/test_layout.py"} <= set(SOURCES)


def test_no_file_is_long() -> None:
    assert [name for name in SOURCES if text(name).count("\n") > LONGER.get(name, LINES)] == []


def test_only_the_clock_reads_the_time() -> None:
    assert [name for name in CODE if CLOCK.search(text(name)) and name not in MAY_READ_THE_CLOCK] == []


def test_only_the_settings_read_the_environment() -> None:
    assert [name for name in CODE if ENVIRONMENT.search(text(name)) and name != "engine/settings.py"] == []


def test_file_names_keep_to_the_vocabulary() -> None:
    stems = {name: Path(name).stem.lower() for name in CODE}

    assert [name for name, stem in stems.items() if any(word in stem for word in NOT_USED)] == []


def test_nothing_points_to_where_it_was_written() -> None:
    found = []
    for name in tracked("*"):
        try:
            if match := ELSEWHERE.search(text(name)):
                found.append(f"{name}: {match.group()}")
        except UnicodeDecodeError:
            continue

    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_exact_versions_with_hashes_and_no_address(lock: str) -> None:
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", text(f"requirements/{lock}"))
    found = pins(lock)
    assert len(found) > 3
    for requirement, hashes in found.items():
        assert re.match(r"[a-z0-9.-]+==\S+( ; .+)?$", requirement), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), requirement


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    assert pins("run.lock").items() <= pins("test.lock").items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    locked = {requirement.split("==")[0] for requirement in pins("test.lock")}

    names = [re.match(r"[A-Za-z0-9-]+", line) for line in asked]
    assert [name.group() for name in names if name and name.group().lower() not in locked] == []


@pytest.mark.parametrize("name", ["script/bootstrap", "script/server", "script/test", "script/lock", ".ci/run"])
def test_a_script_is_executable_and_plain_sh(name: str) -> None:
    path = ROOT / name

    assert path.stat().st_mode & 0o111
    assert path.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["/bin/sh", "-n", path], check=True)
