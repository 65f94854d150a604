import json
import shutil
from pathlib import Path

import pytest

from engine.cli.check import run

SAMPLES = Path(__file__).parent / "samples"


def test_a_clean_file_prints_nothing(capsys):
    assert run([str(SAMPLES / "good.bpmn")]) == 0
    assert capsys.readouterr().out == ""


def test_findings_are_printed_by_file_and_line(capsys):
    path = SAMPLES / "script.bpmn"

    assert run([str(path), "--level", "model"]) == 1
    assert capsys.readouterr().out == (
        f"{path}:38: model: script: The script of 'compute' is not run; decide by steps, outcomes and conditions.\n"
    )


def test_findings_as_json(capsys):
    assert run([str(SAMPLES / "doctype.bpmn"), "--json"]) == 1

    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["line"], finding["rule"], finding["level"]) == (2, "doctype", "model")


@pytest.mark.parametrize(
    "argv", [[], ["no/such/place"], ["--level", "best", "."], [str(SAMPLES / "good.bpmn"), "nowhere"]]
)
def test_wrong_usage_is_answered_with_2(argv, capsys):
    assert run(argv) == 2
    assert capsys.readouterr().err


def test_a_folder_of_items_is_walked(tmp_path, capsys):
    for name in ("sample", "_template"):
        (tmp_path / name).mkdir()
    (tmp_path / "_shared/desk").mkdir(parents=True)
    shutil.copy(SAMPLES / "good.bpmn", tmp_path / "sample/flow.bpmn")
    shutil.copy(SAMPLES / "doctype.bpmn", tmp_path / "_shared/desk/flow.bpmn")
    (tmp_path / "sample/form.json").write_text('{\n"nobody": {"type": "object"}}')
    (tmp_path / "empty").mkdir()

    assert run([str(tmp_path)]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[:3] for line in lines] == [
        [f"{tmp_path}/sample/form.json:2", "item", "form.step"],
        [f"{tmp_path}/_shared/desk/flow.bpmn:2", "model", "doctype"],
    ]


def test_a_folder_of_loose_files_is_checked_file_by_file(tmp_path, capsys):
    for name in ("good.bpmn", "doctype.bpmn"):
        shutil.copy(SAMPLES / name, tmp_path / name)

    assert run([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path}/doctype.bpmn:2: model: doctype: ")


def test_where_there_is_nothing_to_check_nothing_is_called_clean(tmp_path, capsys):
    assert run([str(tmp_path)]) == 2
    assert "no item and no .bpmn file" in capsys.readouterr().err


def test_a_device_is_no_file(capsys):
    assert run(["/dev/null"]) == 2
    assert "there is no file or folder" in capsys.readouterr().err
