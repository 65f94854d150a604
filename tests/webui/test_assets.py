"""The built front end: what the manifest says is what lies there, and building it again gives the same."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from webui.assets import DIST, asset, manifest
from webui.security import CONTENT_SECURITY_POLICY

SOURCE = DIST.parent.parent / "assets"


def test_the_manifest_names_every_file_with_its_hash():
    found = {path.name for path in DIST.iterdir()} - {"manifest.json"}

    assert found == {entry["file"] for entry in manifest().values()}
    for entry in manifest().values():
        assert hashlib.sha256((DIST / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_names_carry_their_hash_and_are_kept_for_ever(visit):
    answer = visit().get(asset("app.js"))

    assert manifest()["app.js"]["sha256"][:12] in asset("app.js")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    answer.close()


def test_the_manifest_itself_is_not_kept(visit):
    answer = visit().get("/static/manifest.json")

    assert "immutable" not in answer.headers["Cache-Control"]
    answer.close()


def test_styles_load_nothing_from_elsewhere():
    for entry in manifest().values():
        if entry["file"].endswith(".css"):
            css = (DIST / entry["file"]).read_text("utf-8")
            assert re.findall(r"url\((?!\s*[\"']?(?:data:|#))[^)]{0,40}|@import[^;]{0,40}", css) == []


def test_scripts_need_no_eval():
    script = (DIST / manifest()["diagram.js"]["file"]).read_text("utf-8")

    assert "new Function(" not in script
    assert not re.search(r"[^.\w]eval\(", script)


def test_the_notices_name_each_package_with_its_licence():
    notices = (DIST / "THIRD_PARTY_NOTICES").read_text("utf-8")

    for name in ("htmx.org 2.0", "idiomorph 0.8", "@tabler/core 1.6", "bpmn-js 18.", "diagram-js"):
        assert name in notices
    assert "bpmn.io" in notices
    assert notices.count("Permission") > 5


def test_the_lock_file_names_no_registry():
    lock = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_building_again_gives_the_same_files(tmp_path: Path):
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are needed to build the front end")
    folder = SOURCE
    if not (SOURCE / "node_modules").is_dir():
        folder = tmp_path / "assets"
        shutil.copytree(SOURCE, folder)
        fetched = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--fetch-timeout=20000", "--fetch-retries=0"],
            cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if fetched.returncode:
            pytest.skip("npm cannot fetch the packages here")
    out = tmp_path / "dist"

    subprocess.run(
        ["node", "build.mjs"],
        cwd=folder, env={**os.environ, "SUNLIT_ASSETS_OUT": str(out)}, check=True, timeout=120,
    )  # fmt: skip

    assert json.loads((out / "manifest.json").read_text()) == manifest()
