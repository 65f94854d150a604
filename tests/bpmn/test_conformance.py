"""Conformance: the shared material (skipped when not there), and the driver itself on material of our own."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.bpmn.flows import HEAD, TIMER, file, flows
from tests.conformance.__main__ import main

TASK = '<startEvent id="s"/><userTask id="t" name="Task"/><endEvent id="z"/>' + flows("s>t t>z")


def shared() -> Path:
    where = Path(os.environ.get("SUNLIT_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "cases"
    if not (where / "bpmn").is_dir():
        pytest.skip(f"no conformance material at {where}; name the folder above in SUNLIT_SHARED")
    return where


def betsy(folder: Path, body: str, *trace: str, **more: Any) -> Path:
    case = {"start_variables": {}, "expected_trace": trace, "parallel_process": False, "delay_ms": 0, **more}
    (folder / "bpmn").mkdir(exist_ok=True)
    (folder / "bpmn/T.bpmn").write_bytes(file(body, "T"))
    (folder / "bpmn/betsy_expected.json").write_text(
        json.dumps({"tests": [{"id": "T", "file": "bpmn/T.bpmn", "cases": [case]}]})
    )
    return folder


def camunda(folder: Path, bodies: str | dict[str, str], *steps: dict[str, Any], **variables: Any) -> Path:
    bodies = {"T": bodies} if isinstance(bodies, str) else bodies
    (folder / "bpmn").mkdir(exist_ok=True)
    for name, body in bodies.items():
        (folder / f"bpmn/{name}.bpmn").write_bytes(file(body, name))
    vector = {"id": "cam-1", "feature": "f", "files": [f"bpmn/{name}.bpmn" for name in bodies],
              "process": next(iter(bodies)), "start_variables": variables, "steps": steps}  # fmt: skip
    (folder / "bpmn/camunda_vectors.json").write_text(json.dumps({"vectors": [vector]}))
    return folder


def outcome(where: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
    capsys.readouterr()
    code = main([str(where), "--json"])
    *cases, totals = map(json.loads, capsys.readouterr().out.splitlines())
    return code, cases, totals["totals"]


def verdict(where: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    _, (case,), _ = outcome(where, capsys)
    return case["verdict"], case["why"]


def test_nothing_of_the_shared_material_is_wrong(capsys):
    code, cases, totals = outcome(shared(), capsys)

    assert code == 0
    assert totals == {
        "betsy": {"right": 89, "refused": 6, "wrong": 0},
        "camunda": {"right": 25, "refused": 0, "wrong": 0},
    }
    assert all(case["why"] for case in cases if case["verdict"] == "refused")


def test_a_folder_without_material_is_exit_2_and_a_missing_file_is_told(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    where = betsy(tmp_path, TASK)

    assert main([str(where)]) == main([str(where / "bpmn")]) == 0

    assert "camunda_vectors.json is not there; camunda is skipped" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["", '{"tests": [', '{"what": 1}', "[]", '{"tests": 3}', '{"tests": [{"file": "x"}]}', "\xff"]
)
def test_material_that_cannot_be_read_is_exit_2_and_named(text, tmp_path, capsys):
    (tmp_path / "betsy_expected.json").write_bytes(text.encode("latin-1"))

    assert main([str(tmp_path), "--json"]) == 2

    told = capsys.readouterr()
    assert "betsy_expected.json" in told.err
    assert told.out == ""


def test_a_case_that_lacks_something_is_wrong_and_the_others_are_played(tmp_path, capsys):
    where = betsy(tmp_path, TASK)
    material = json.loads((where / "bpmn/betsy_expected.json").read_text())
    material["tests"][:0] = [{"id": "none"}, {"id": "no file", "cases": [{"expected_trace": []}]}]
    (where / "bpmn/betsy_expected.json").write_text(json.dumps(material))

    _, cases, totals = outcome(where, capsys)

    assert [case["verdict"] for case in cases] == ["wrong", "wrong", "right"]
    assert totals["betsy"]["wrong"] == 2


def test_a_case_that_breaks_is_wrong_and_the_others_are_played(tmp_path, capsys):
    where = betsy(camunda(tmp_path, TASK, {"expect_open": ["t"]}), TASK)
    (where / "bpmn/T.bpmn").rename(where / "gone.bpmn")

    code, cases, _ = outcome(where, capsys)

    assert code == 1
    assert [(c["suite"], c["verdict"]) for c in cases] == [("betsy", "wrong"), ("camunda", "wrong")]
    assert all("FileNotFoundError" in c["why"] for c in cases)


def test_a_table_for_people_says_each_refusal(tmp_path, capsys):
    where = betsy(tmp_path, TASK.replace("userTask", "serviceTask"))

    assert main([str(where)]) == 0

    told = capsys.readouterr().out
    assert '"verdict": "refused"' in told
    assert "refused: betsy T 1\n  T.bpmn:1: t: service" in told


def test_another_trace_is_wrong_and_exit_1(tmp_path, capsys):
    code, (case,), totals = outcome(betsy(tmp_path, TASK, "SCRIPT_task1"), capsys)

    assert (code, totals) == (1, {"betsy": {"right": 0, "refused": 0, "wrong": 1}})
    assert case == {"suite": "betsy", "id": "T", "case": "1", "verdict": "wrong",
                    "why": "expected ['SCRIPT_task1'], got []"}  # fmt: skip


def test_a_key_that_the_driver_does_not_know_is_wrong_and_named(tmp_path, capsys):
    assert verdict(betsy(tmp_path, TASK, speed=3), capsys) == ("wrong", "the driver does not know speed")
    (tmp_path / "bpmn/betsy_expected.json").unlink()
    for step in ({"suspend": "t"}, {"expect_priority": 5}):
        key = next(iter(step))
        assert verdict(camunda(tmp_path, TASK, step), capsys) == ("wrong", f"the driver does not know {key}")


def test_scripts_that_take_time_lie_on_a_clock_and_run_side_by_side(tmp_path, capsys):
    def script(name: str, text: str) -> str:
        return f'<scriptTask id="{name}"><script>{text}</script></scriptTask>'

    slow = (
        '<startEvent id="s"/>' + script("w", "WAIT_TEN_SECONDS") + script("a", "SCRIPT_task1")
        + f'<boundaryEvent id="b" attachedToRef="w">{TIMER.replace("P3D", "PT5S")}</boundaryEvent>'
        + script("c", "SCRIPT_task2") + flows("s>w w>a b>c")
    )  # fmt: skip
    beside = (
        '<startEvent id="s"/>' + script("a", "CREATE_TIMESTAMP_LOG_1") + script("b", "CREATE_TIMESTAMP_LOG_2")
        + flows("s>a s>b")
    )  # fmt: skip
    one_by_one = beside.replace(flows("s>a s>b"), flows("s>a a>b"))

    assert verdict(betsy(tmp_path, slow, "SCRIPT_task2"), capsys)[0] == "right"
    assert verdict(betsy(tmp_path, beside, "EXECUTION_parallel"), capsys)[0] == "right"
    assert verdict(betsy(tmp_path, one_by_one), capsys)[0] == "right"


def test_a_process_that_another_one_begins_by_a_message_begins_once(tmp_path, capsys):
    where = betsy(tmp_path, "", "SCRIPT_task1", parallel_process=True)
    sends = '<startEvent id="os"/><sendTask id="o" messageRef="the_message"/>' + flows("os>o")
    begun = (
        '<startEvent id="s"><messageEventDefinition messageRef="the_message"/></startEvent>'
        '<scriptTask id="a"><script>SCRIPT_task1</script></scriptTask>' + flows("s>a")
    )
    processes = f'<process id="T">{begun}</process><process id="ParallelProcess">{sends}</process>'
    (where / "bpmn/T.bpmn").write_text(f"{HEAD}{processes}</definitions>")

    assert verdict(where, capsys) == ("right", "")


def test_what_a_vendor_says_of_a_step_is_compared_with_its_expressions_evaluated(tmp_path, capsys):
    expression = "<resourceAssignmentExpression><formalExpression>{1}</formalExpression></resourceAssignmentExpression>"
    owner = "<{0}>" + expression + "</{0}>"
    body = (
        '<startEvent id="s"/><userTask id="t" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
        'camunda:candidateUsers="li,${reviewer}" camunda:candidateGroups="desk" camunda:dueDate="${day}">'
        + owner.format("humanPerformer", "${who}")
        + owner.format("potentialOwner", "user(qian), group(hall), county")
        + "</userTask>"
        + flows("s>t")
    )
    expected = {
        "expect_assignee": ["zhao"],
        "expect_users": ["li", "wang", "qian"],
        "expect_groups": ["desk", "hall", "county"],
        "expect_due": "2026-09-14",
    }
    variables = {"who": "zhao", "reviewer": "wang", "day": "2026-09-14"}

    assert verdict(camunda(tmp_path, body, expected, **variables), capsys)[0] == "right"
    for key in expected:
        assert verdict(camunda(tmp_path, body, {key: ["nobody"]}, **variables), capsys)[0] == "wrong"


def test_several_files_are_one_world_and_their_ids_do_not_clash(tmp_path, capsys):
    caller = '<startEvent id="s"/><callActivity id="c" calledElement="U"/><userTask id="t"/>' + flows("s>c c>t")
    steps = [{"expect_open": ["Task"]}, {"complete": "Task"}, {"expect_open": ["t"]}, {"expect_ended": False}]

    assert verdict(camunda(tmp_path, {"T": caller, "U": TASK}, *steps), capsys) == ("right", "")


def test_variables_set_in_a_called_flow_are_seen_there(tmp_path, capsys):
    caller = '<startEvent id="s"/><callActivity id="c" calledElement="U"/>' + flows("s>c")
    asks = '<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="g"/><userTask id="u"/>' + flows(
        "s>t t>g", "g>u>${x == 1}"
    )
    steps = [{"complete": "t", "variables": {"x": 1}}, {"expect_open": ["u"]}]

    assert verdict(camunda(tmp_path, {"T": caller, "U": asks}, *steps), capsys) == ("right", "")


def test_variables_expressions_signals_and_errors_of_a_vector(tmp_path, capsys):
    asks = '<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="g"/><userTask id="u"/>' + flows(
        "s>t t>g", "g>u>${execution.getVariable('x') == 1}"
    )
    right = [{"complete": "t", "variables": {"x": 1}}, {"expect_open": ["u"]}]

    assert verdict(camunda(tmp_path, asks, *right), capsys) == ("right", "")
    assert verdict(camunda(tmp_path, asks, {"complete": "t"}, {"expect_error": True}), capsys)[0] == "right"
    assert verdict(camunda(tmp_path, asks, {"complete": "t"}), capsys)[0] == "wrong"
    assert verdict(camunda(tmp_path, asks, {"expect_error": True}), capsys)[0] == "wrong"
    assert verdict(camunda(tmp_path, asks, {"complete": "nobody"}), capsys)[0] == "wrong"
    assert verdict(camunda(tmp_path, asks, {"signal": "x"}, {"expect_open": ["t"]}), capsys)[0] == "right"
    assert verdict(camunda(tmp_path, asks, {"message": "x"}), capsys)[0] == "wrong"
