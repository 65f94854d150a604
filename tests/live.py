"""Sunlit really running: gunicorn and the worker as processes of their own, on loopback, and a plain HTTP client."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

from engine.settings import ROOT
from tests.county import PASSWORD

STARTS_WITHIN = 60  # seconds


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Live:
    """A web server and a worker on one database. Both can be killed and started again."""

    env: Mapping[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.start_web()
        self.start_worker()
        self.wait()

    def start_web(self) -> None:
        command = [
            "-m",
            "gunicorn",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "4",
            "--log-level",
            "warning",
            "--no-control-socket",
            "webui.app:create_app()",
        ]
        self.web = self._run(command)

    def start_worker(self) -> None:
        self.worker = self._run(["-m", "worker"])

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        # a group of its own, so that the web server's children die with it
        with self.log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.log.read_text())

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End web server and worker, by their process groups."""
        for process in (self.web, self.worker):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, number)
                process.wait()


class Visitor:
    """A browser without a screen: keeps cookies, follows redirects, sends the token of the form it saw."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._open.open(self.url + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: Mapping[str, object], seen: str) -> tuple[int, str, str]:
        """Send a form; return status, final address and page. `seen`: the page that holds the form's token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', seen)
        assert token, seen[:500]
        data = urllib.parse.urlencode({"csrf_token": token[1], **fields}, doseq=True).encode()
        try:
            with self._open.open(urllib.request.Request(self.url + path, data=data), timeout=20) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.url, error.read().decode()

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        status, url, page = self.post("/signin", {"login": login, "password": password}, self.get("/signin"))
        assert status == 200, page[:500]
        assert not url.endswith("/signin"), page[:500]
