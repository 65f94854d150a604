"""Settings come from the environment; a wrong one is named, a missing secret is made once and kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from engine import settings
from engine.errors import BadSetting

SECRET = {"SUNLIT_SECRET_KEY": "sixteen letters!"}


def test_everything_has_a_default(tmp_path: Path) -> None:
    given = settings.read({"SUNLIT_DATA_DIR": str(tmp_path)})

    assert given.database_url == f"sqlite:///{tmp_path}/sunlit.db"
    assert (given.port, given.tick_seconds, given.trusted_proxies) == (8000, 5, 0)
    assert (given.redis_url, given.token, given.demo) == ("", "", False)
    assert given.processes == settings.ROOT / "processes"


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("postgres://db/sunlit", "postgresql+psycopg://db/sunlit"),
        ("postgresql://db/sunlit", "postgresql+psycopg://db/sunlit"),
        ("postgresql+psycopg://db/sunlit", "postgresql+psycopg://db/sunlit"),
        ("sqlite:///here.db", "sqlite:///here.db"),
    ],
)
def test_postgresql_means_psycopg_3(url: str, read: str) -> None:
    assert settings.read({**SECRET, "SUNLIT_DATABASE_URL": url}).database_url == read


@pytest.mark.parametrize(
    ("text", "demo"),
    [("1", True), ("yes", True), ("", False), ("0", False), ("no", False), ("False", False), ("off", False)],
)
def test_the_demo_is_on_or_off(text: str, demo: bool) -> None:
    assert settings.read({**SECRET, "SUNLIT_DEMO": text}).demo is demo


@pytest.mark.parametrize("name", ["SUNLIT_PORT", "SUNLIT_TICK_SECONDS", "SUNLIT_TRUSTED_PROXIES"])
@pytest.mark.parametrize("text", ["eighty", "-1", "1.5", " 1"])
def test_a_number_must_be_one(name: str, text: str) -> None:
    with pytest.raises(BadSetting) as error:
        settings.read({**SECRET, name: text})

    assert error.value.name == name
    assert name in str(error.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SUNLIT_DEMO", "maybe"),
        ("SUNLIT_DATABASE_URL", "nonsense"),
        ("SUNLIT_DATABASE_URL", "mysql://db/sunlit"),
        ("SUNLIT_REDIS_URL", "localhost:6379"),
        ("SUNLIT_PROCESSES", "/no/such/folder"),
        ("SUNLIT_TICK_SECONDS", "0"),
    ],
)
def test_what_cannot_work_is_refused_by_its_name(name: str, text: str) -> None:
    with pytest.raises(BadSetting) as error:
        settings.read({**SECRET, name: text})

    assert error.value.name == name


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(BadSetting, match="at least 16"):
        settings.read({"SUNLIT_SECRET_KEY": "fifteen letters"})


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("  sixteen letters!\n")

    assert settings.read({"SUNLIT_SECRET_KEY_FILE": str(path)}).secret_key == b"sixteen letters!"
    with pytest.raises(BadSetting, match="there is no file"):
        settings.read({"SUNLIT_SECRET_KEY_FILE": str(tmp_path / "other")})


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    env = {"SUNLIT_DATA_DIR": str(tmp_path / "var")}

    first, second = settings.read(env), settings.read(env)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600


def test_settings_are_read_once(configure) -> None:
    configure(SUNLIT_PORT="8001")

    assert settings.settings() is settings.settings()
    assert settings.settings().port == 8001
