import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine import verifier
from engine.model import Event
from engine.rules import trace
from tests.exports import CASE, DEFINITION, DEFINITIONS, FORM, SALT, Export, filed, whole


def codes(folder):
    return [fault.code for fault in verifier.check(folder).faults]


def run(folder, *arguments):
    """Run a lone copy of the verifier, cut off from everything of ours."""
    copy = shutil.copy(Path(verifier.__file__), folder / "verifier.py")
    return subprocess.run(
        [sys.executable, "-S", copy, folder, *arguments], capture_output=True, encoding="utf-8", check=False, cwd="/",
        env={"PYTHONIOENCODING": "ascii", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def test_an_export_that_is_sound_is_intact(tmp_path):
    report = verifier.check(whole().write(tmp_path / "x"))

    assert (report.faults, report.events, report.chains) == ([], 13, 2)


def test_it_runs_alone_and_says_so_in_two_languages(tmp_path):
    folder = whole().write(tmp_path / "x")
    chinese, english = run(folder), run(folder, "--lang", "en")

    assert (chinese.returncode, chinese.stderr) == (0, "")
    assert "记录13条，链2条，问题0处" in chinese.stdout
    assert "13 events, 2 chains, 0 faults" in english.stdout


def test_it_says_in_plain_words_what_is_wrong_and_what_it_must_be(tmp_path, capsys):
    folder = filed().did("intake/accept", "li").did("review", "li", post="decider").write(tmp_path / "x")

    assert verifier.main([str(folder)]) == 1
    chinese = capsys.readouterr().out
    assert verifier.main([str(folder), "--lang", "en"]) == 1
    english = capsys.readouterr().out

    assert f"events.jsonl:5 [{CASE} #5] 办理步骤的岗位不对：实为 review: decider，应为 reviewer" in chinese
    assert "应由不同的人办理的步骤由同一人办理：实为 SOD-03: intake/accept + review: li" in chinese
    assert "the step was done by the wrong post: found review: decider, must be reviewer" in english
    assert english.endswith("5 events, 1 chains, 2 faults\n")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("events.jsonl", None),
        ("chains.json", None),
        ("chains.json", b"{"),
        ("chains.json", b"[]"),
        ("chains.json", b'{"a":{"head":"x"}}'),
        ("chains.json", b"[" * 100_000),
        ("definitions.json", b'{"a":{"steps":{"b":{"post":"c"}}}}'),
        ("definitions.json", b'{"a":1}'),
        ("definitions.json", b"\xff"),
    ],
)
def test_what_cannot_be_read_is_told_with_exit_2(tmp_path, capsys, file, content):
    path = whole().write(tmp_path / "x") / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    assert verifier.main([str(tmp_path / "x")]) == 2
    assert file in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_unreadable(tmp_path, capsys):
    assert verifier.main([str(tmp_path / "nowhere"), "--lang", "en"]) == 2
    assert "a file cannot be read" in capsys.readouterr().out


def test_files_it_does_not_know_are_ignored(tmp_path):
    folder = whole().write(tmp_path / "x")
    (folder / "checkpoints").mkdir()
    (folder / "notes.txt").write_text("x")

    assert codes(folder) == []


def test_without_definitions_the_order_is_checked_all_the_same(tmp_path):
    assert codes(whole().write(tmp_path / "x", definitions=None)) == []
    assert codes(filed().completed("review", "wang").write(tmp_path / "y", definitions=None)) == ["unopened"]


def test_it_knows_the_same_types_and_facts_as_the_engine():
    assert {event.value: set(keys) for event, keys in trace.FACTS.items()} == verifier.FACTS
    event = Export().add(Event.STEP_CLAIMED).events[0]
    assert json.loads(trace.body(**event, prev=trace.GENESIS, seq=1)).keys() == verifier.FIELDS.keys()


# --- the chain is sound, what it tells is not allowed ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("export", "found"),
    [
        (filed().did("intake/accept", "li").did("review", "li"), ["same"]),
        (filed().did("intake/accept", "li").opened("review").signed("review", "li"), ["same"]),
        (filed().opened("review").signed("review", "wang").did("decide", "wang"), ["same"]),
        (filed().did("review", "wang", on_behalf="li").did("intake/accept", "li"), ["same"]),
        (filed().did("review", "wang").did("decide", "zhao", on_behalf="wang"), ["same"]),
        (filed().did("decide", "li"), ["same"]),  # who filed may not decide: the set names `case`
        (filed().did("review", "li"), []),  # the set of the review does not name it
        (filed().did("review", "wang").did("review", "wang", 2), []),  # the same step, a later round
        (filed().did("inspect", "wang").did("review", "wang"), []),  # not separated
        (filed().did("review", "wang", post="acceptance"), ["post"]),
        (filed().did("review", "wang", post=None), ["post"]),
        (filed().did("review", "wang", definition="cd" * 32), ["definition"]),
        (filed().did("elsewhere", "wang"), ["definition"]),
        (filed().completed("review", "wang"), ["unopened"]),
        (filed().opened("review").completed("review", "wang", 2), ["unopened"]),
        (filed().opened("review").signed("inspect", "wang"), ["unopened"]),
        (filed().did("review", "wang").completed("review", "wang"), ["again"]),
        (filed().did("review", "wang").opened("review"), ["again"]),
        (filed().opened("review").opened("review"), ["again"]),
        (filed().opened("review").add(Event.STEP_CANCELLED, step="review").completed("review", "wang"), ["unopened"]),
        (filed().did("review", None), ["nobody"]),
    ],
)
def test_what_the_definition_does_not_allow_is_found(tmp_path, export, found):
    assert codes(export.write(tmp_path / "x")) == found


def test_one_case_does_not_answer_for_another(tmp_path):
    export = filed().did("review", "wang")
    other = "2026-YL-000002"
    export.add(Event.STEP_OPENED, chain=other, step="decide", facts={"path": "decide", "round": 1})
    export.add(
        Event.STEP_COMPLETED, chain=other, step="decide", person="wang", post="decider", definition=DEFINITION,
        facts={"round": 1},
    )  # fmt: skip

    assert codes(export.write(tmp_path / "x")) == []


def forge(folder, change):
    """Change the bytes of the last event and write its new hash into the heads."""
    folder = filed().did("review", "wang").write(folder)
    *lines, last = (folder / "events.jsonl").read_bytes().splitlines()
    forged = change(last)
    (folder / "events.jsonl").write_bytes(b"\n".join([*lines, forged, b""]))
    seq = json.loads(forged).get("seq", 3)
    (folder / "chains.json").write_text(json.dumps({CASE: {"head": trace.link(forged), "seq": seq}}))
    return codes(folder)[0]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"seq":3', b'"seq":4', "seq"),
        (b'"seq":3', b'"seq": 3', "bytes"),
        (b'"seq":3', b'"seq":3,"seq":3', "json"),
        (b'"round":1', b'"round":1.0', "json"),
        (b'"round":1', b'"round":9007199254740992', "json"),
        (b'"signed":null', '"signed":{"é":1}'.encode(), "json"),
        (b'"signed":null', b'"signed":null,"wholly":1', "facts"),
        (b'"signed":null', b'"signe":null', "facts"),
        (b'"step.completed"', b'"step.conjured"', "facts"),
        (b'"v":1', b'"v":2', "fields"),
        (b'"v":1', b'"v":true', "fields"),
        (b'"v":1', b'"v":1,"w":1', "fields"),
        (b',"v":1', b"", "fields"),
        (b'.000000Z"', b'Z"', "fields"),
        (b'.000000Z"', b'.000000+00:00"', "fields"),
        (b'"person":"wang"', b'"person":7', "fields"),
        (b'"type":"step.completed"', b'"type":"step\\u002ecompleted"', "bytes"),
    ],
)
def test_a_forged_form_is_found_even_where_every_hash_is_right(tmp_path, old, new, code):
    assert forge(tmp_path / "x", lambda line: line.replace(old, new)) == code


def test_the_forger_who_changes_nothing_is_not_blamed(tmp_path):
    with pytest.raises(IndexError):
        forge(tmp_path / "x", lambda line: line)


def test_a_time_that_runs_backwards_is_found(tmp_path):
    export = filed().did("review", "wang")
    export.events[-1]["at"] = "2026-09-13T23:59:59.999999Z"

    assert codes(export.write(tmp_path / "x")) == ["at"]


# --- payloads ---------------------------------------------------------------------------------------------------------


def payloads(folder, *rows):
    (folder / "payloads.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return codes(folder)


def test_a_payload_is_held_against_its_commitment(tmp_path):
    folder = whole().write(tmp_path / "x")
    right = {"event": "e1", "salt": SALT.hex(), "body": FORM}

    assert payloads(folder, right) == []
    assert payloads(folder, {**right, "body": FORM.replace("李", "王")}) == ["mismatch"]
    assert payloads(folder, {**right, "salt": SALT[::-1].hex()}) == ["mismatch"]
    assert payloads(folder, {**right, "event": "e2"}) == ["mismatch"]  # that event holds no data
    assert payloads(folder, {**right, "event": "e99"}) == ["stray"]
    assert payloads(folder, right, right) == ["stray"]
    assert payloads(folder, {**right, "salt": "zz"}) == ["payload"]
    assert payloads(folder, {"event": "e1"}) == ["payload"]
    assert payloads(folder, []) == ["payload"]


def test_many_faults_are_counted_and_the_first_ones_kept(tmp_path):
    folder = whole().write(tmp_path / "x", definitions=DEFINITIONS)
    (folder / "events.jsonl").write_bytes(b"{}\n" * 3000)

    report = verifier.check(folder)

    assert report.count == 3002  # and both chains end elsewhere
    assert len(report.faults) == 1000
