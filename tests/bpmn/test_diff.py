"""What changed between two definitions: every kind in words, the mirror of the way back, and nothing that is missed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from engine import clock
from engine.bpmn.diff import diff
from engine.bpmn.diff.words import sentences
from engine.bpmn.source import load
from engine.cli.diff import run
from engine.commands import versions
from engine.model import Source
from engine.rules import book
from engine.settings import ROOT
from tests import county
from tests.bpmn.changed import sample
from tests.bpmn.edits import Edit, everything
from tests.bpmn.flows import file

PROCESSES = ROOT / "processes"
FOLDER = PROCESSES / county.ITEM
TOLD = json.loads((Path(__file__).parent / "samples/told.json").read_text(encoding="utf-8"))
NO_CHANGE = ["流程没有实质变化。"], ["Nothing that runs or is shown has changed."]


@cache
def licence() -> Source:
    return load(FOLDER, PROCESSES)


@cache
def edits() -> list[Edit]:
    return everything(licence())


@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_of_change_is_told(kind):
    changes = diff(sample(), sample(*map(tuple, TOLD[kind]["edits"])))

    assert sentences(changes, "zh") == TOLD[kind]["zh"]
    assert sentences(changes, "en") == TOLD[kind]["en"]


def test_posts_and_rules_are_called_as_in_the_county():
    changed = sample(('code="reviewer"', 'code="decider"'), ('promise="7"', 'promise="5"'))

    assert versions.changes_in_words(sample(), changed, "en", book.load(PROCESSES / "_rules")) == [
        "Case limit 'Licensing decision' (L03): promised working days changed from 7 to 5.",
        "Step 'Review': post changed from 'Reviewer' (reviewer) to 'Decider' (decider).",
    ]


@pytest.mark.parametrize("edit", [("visits = 1", "visits = true"), ("visits = 1", 'visits = "1"')])
def test_a_value_of_another_type_is_another_value(edit):
    assert [c.what for c in diff(sample(), sample(edit))] == ["visits"]


def test_a_name_that_others_have_too_is_told_with_the_id():
    twins = ('name="制证"', 'name="审查"')

    changes = diff(sample(twins), sample(twins, ('limit days="3"', 'limit days="2"')))

    assert sentences(changes, "zh") == ["步骤“审查”（issue/make）的步骤时限（工作日）由3改为2。"]


def test_nothing_changes_between_a_definition_and_itself():
    assert diff(licence(), load(FOLDER, PROCESSES)) == ()
    assert (sentences((), "zh"), sentences((), "en")) == NO_CHANGE


def test_layout_is_no_change():
    text = licence().xml.decode()
    drawn = re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "<!-- drawn anew -->", text, flags=re.S)
    for name in re.findall(r'<bpmn:sequenceFlow id="(\w+)"', text):
        drawn = re.sub(rf'(id="|default="|<bpmn:(?:incoming|outgoing)>){name}(?=["<])', rf"\1Flow_{name}", drawn)
    lanes = re.findall(r"<bpmn:lane .*?</bpmn:lane>", drawn, flags=re.S)
    drawn = drawn.replace("".join(re.findall(r"<bpmn:lane .*</bpmn:lane>", drawn, flags=re.S)), "\n".join(lanes[::-1]))

    assert drawn.count("Flow_") > 60
    assert len(lanes) == 6
    assert diff(licence(), replace(licence(), xml=drawn.replace("      <", "\n\t<").encode())) == ()


def test_the_command_compares_two_folders(tmp_path, capsys):
    shutil.copytree(PROCESSES, tmp_path / "processes")
    flow = tmp_path / "processes" / county.ITEM / "flow.bpmn"
    flow.write_text(flow.read_text(encoding="utf-8").replace('promise="7"', 'promise="9"'), encoding="utf-8")

    done = _command(str(FOLDER), str(flow.parent), "--lang", "en")

    assert done.stdout == "Case limit 'Licensing decision' (L03): promised working days changed from 7 to 9.\n"
    assert done.returncode == 1
    assert run([str(FOLDER), str(FOLDER)]) == 0
    assert capsys.readouterr().out == NO_CHANGE[0][0] + "\n"


def test_the_command_gives_json(tmp_path, capsys):
    for name, days in (("a", 2), ("b", 3)):
        (tmp_path / f"{name}.bpmn").write_bytes(file(_step(days)))

    assert run([str(tmp_path / "a.bpmn"), str(tmp_path / "b.bpmn"), "--json"]) == 1

    (change,) = json.loads(capsys.readouterr().out)
    assert [change[k] for k in ("kind", "where", "what", "before", "after")] == ["step", "s", "days", 2, 3]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_compares_with_a_deployed_version(database_url, tmp_path, capsys):
    shutil.copytree(PROCESSES, tmp_path / "processes")
    flow = tmp_path / "processes" / county.ITEM / "flow.bpmn"
    with clock.at(county.at("2026-03-02 10:00")):
        town = county.found()
        flow.write_text(flow.read_text(encoding="utf-8").replace('name="复核"', 'name="再核"'), encoding="utf-8")
        county.deploy(town, flow.parent)

    renamed = "步骤“复核”（recheck）改名为“再核”。\n"
    assert _command(f"{county.ITEM}@1", f"{county.ITEM}@2", inherit=True).stdout == renamed
    assert run([str(FOLDER), f"{county.ITEM}@latest"]) == 1
    assert capsys.readouterr().out == renamed
    assert run([f"{county.ITEM}@latest", str(flow.parent)]) == 0
    assert capsys.readouterr().out == NO_CHANGE[0][0] + "\n"
    for absent in (f"{county.ITEM}@3", f"{county.ITEM}@x", "nothing@latest"):
        assert run([f"{county.ITEM}@1", absent]) == 2
        assert f"'{absent}'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["a"], ["a", "b", "c"], ["nowhere", str(FOLDER)], ["--lang", "fr", "a", "b"]])
def test_wrong_usage_is_answered_with_2(words, capsys):
    assert run(words) == 2
    assert capsys.readouterr().err


def test_what_cannot_be_read_or_run_is_answered_with_2_and_its_findings(tmp_path, capsys):
    (tmp_path / "nonsense.bpmn").write_text("nonsense")
    (tmp_path / "twice.bpmn").write_bytes(file(_step(2) + _step(3)))

    for name in ("nonsense", "twice"):
        assert run([str(FOLDER), str(tmp_path / f"{name}.bpmn")]) == 2
        assert f"{name}.bpmn:1: model: " in capsys.readouterr().out


def _command(*words: str, inherit: bool = False) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if inherit or not k.startswith("SUNLIT_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "engine", "diff", *words]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def _step(days: int) -> str:
    return (
        f'<startEvent id="b"/><userTask id="s"><extensionElements><sun:limit days="{days}"/></extensionElements>'
        '</userTask><endEvent id="e"/><sequenceFlow id="x" sourceRef="b" targetRef="s"/>'
        '<sequenceFlow id="y" sourceRef="s" targetRef="e"/>'
    )
