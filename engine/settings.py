"""Settings, from the environment only. No other module reads an environment variable."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
OFF, ON = ("", "0", "no", "false", "off"), ("1", "yes", "true", "on")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`redis_url` is empty when there is no queue; `secret_key` has at least 16 bytes.

    `token`, `code`: password and code of the second factor of who acts on the command line. `second_factor`: required
    (posts that ask for one are held with it only) or offered.
    """

    port: int
    data_dir: Path
    database_url: str
    redis_url: str
    secret_key: bytes
    demo: bool
    processes: Path
    tick_seconds: float
    trusted_proxies: int
    token: str
    code: str
    second_factor: str


def read(env: Mapping[str, str]) -> Settings:
    """Return the settings in `env`, with defaults; make and keep a secret key in the data directory when none is given.

    Raises:
        BadSetting: a number, an address or a switch is none, the secret is too short, a file or folder is missing.
    """
    data_dir = Path(env.get("SUNLIT_DATA_DIR") or ROOT / "var").resolve()
    url = env.get("SUNLIT_DATABASE_URL") or f"sqlite:///{data_dir / 'sunlit.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise BadSetting(name="SUNLIT_DATABASE_URL", why="it begins with postgresql:// or sqlite:///")
    redis_url = env.get("SUNLIT_REDIS_URL", "")
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise BadSetting(name="SUNLIT_REDIS_URL", why="it begins with redis://, rediss:// or unix://")
    processes = Path(env.get("SUNLIT_PROCESSES") or ROOT / "processes")
    if not processes.is_dir():
        raise BadSetting(name="SUNLIT_PROCESSES", why=f"there is no folder {processes}")
    return Settings(
        port=_number(env, "SUNLIT_PORT", 8000),
        data_dir=data_dir,
        database_url=url,
        redis_url=redis_url,
        secret_key=_secret(env, data_dir),
        demo=_switch(env, "SUNLIT_DEMO"),
        processes=processes,
        tick_seconds=_number(env, "SUNLIT_TICK_SECONDS", 5, least=1),
        trusted_proxies=_number(env, "SUNLIT_TRUSTED_PROXIES", 0),
        token=env.get("SUNLIT_TOKEN", ""),
        code=env.get("SUNLIT_CODE", ""),
        second_factor=_second_factor(env),
    )


@lru_cache(1)
def settings() -> Settings:
    return read(os.environ)


def _switch(env: Mapping[str, str], name: str) -> bool:
    """Return whether a switch is on; a word nobody knows must not turn anything on."""
    text = env.get(name, "").strip().lower()
    if text not in (*OFF, *ON):
        raise BadSetting(name=name, why=f"'{text}' is neither on (1) nor off (0)")
    return text in ON


def _second_factor(env: Mapping[str, str]) -> str:
    """Return required or offered. A demo offers it; otherwise posts that ask for one are held with it only."""
    text = env.get("SUNLIT_SECOND_FACTOR") or ("offered" if _switch(env, "SUNLIT_DEMO") else "required")
    if text not in ("required", "offered"):
        raise BadSetting(name="SUNLIT_SECOND_FACTOR", why=f"'{text}' is neither required nor offered")
    return text


def _number(env: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal():
        raise BadSetting(name=name, why=f"'{text}' is not a whole number")
    if int(text) < least:
        raise BadSetting(name=name, why=f"it must be at least {least}")
    return int(text)


def _secret(env: Mapping[str, str], data_dir: Path) -> bytes:
    if given := env.get("SUNLIT_SECRET_KEY"):
        key = given.encode()
    elif named := env.get("SUNLIT_SECRET_KEY_FILE"):
        path = Path(named)
        if not path.is_file():
            raise BadSetting(name="SUNLIT_SECRET_KEY_FILE", why=f"there is no file {path}")
        key = path.read_bytes().strip()
    else:
        key = _own_secret(data_dir / "secret.key")
    if len(key) < 16:
        raise BadSetting(name="SUNLIT_SECRET_KEY", why="it must be at least 16 characters long")
    return key


def _own_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_bytes().strip()
