"""Whatever is done to an export, the verifier finds it and does not fall over."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine import verifier
from tests.exports import filed, whole

FIXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return whole().write(tmp_path_factory.mktemp("export") / "x")


@pytest.fixture(scope="module")
def sound(folder):
    return (folder / "events.jsonl").read_bytes()


def exit_code(folder, file, content):
    """Check the export with one file exchanged, and word what is found; the file is put back."""
    before = (folder / file).read_bytes()
    (folder / file).write_bytes(content)
    try:
        told = [fault.text(language) for fault in verifier.check(folder).faults for language in ("zh", "en")]
        return 1 if told else 0
    except verifier.Unreadable as error:
        return 2 if error.args[0].text() else 0
    finally:
        (folder / file).write_bytes(before)


def test_every_flipped_byte_is_found(tmp_path):
    folder = filed().did("review", "wang").write(tmp_path / "x")
    sound = (folder / "events.jsonl").read_bytes()
    for place in range(len(sound)):
        changed = bytearray(sound)
        changed[place] ^= 1 << place % 8

        assert exit_code(folder, "events.jsonl", bytes(changed)) == 1, place


def test_every_cut_is_found(folder, sound):
    for size in (*range(0, len(sound), 7), len(sound) - 1):
        assert exit_code(folder, "events.jsonl", sound[:size]) == 1, size
    for lines in range(sound.count(b"\n")):
        assert exit_code(folder, "events.jsonl", b"".join(sound.splitlines(keepends=True)[:lines])) == 1, lines


@FIXED
@given(st.data())
def test_every_byte_taken_or_put_in_is_found(folder, sound, data):
    place = data.draw(st.integers(0, len(sound) - 1))
    put = data.draw(st.binary(max_size=2) | st.just(sound[place : place + 1] * 2))
    changed = sound[:place] + put + sound[place + 1 :]

    assert exit_code(folder, "events.jsonl", changed) == (0 if changed == sound else 1)


def test_every_line_taken_doubled_or_moved_in_its_chain_is_found(folder, sound):
    lines = sound.splitlines(keepends=True)
    chain = [json.loads(line)["case"] for line in lines]
    for n, line in enumerate(lines):
        assert exit_code(folder, "events.jsonl", b"".join(lines[:n] + lines[n + 1 :])) == 1
        for m in range(len(lines) + 1):
            assert exit_code(folder, "events.jsonl", b"".join([*lines[:m], line, *lines[m:]])) == 1
        for m in range(n):
            moved = [*lines[:m], line, *lines[m:n], *lines[n + 1 :]]
            passed = chain[n] in chain[m:n]
            assert exit_code(folder, "events.jsonl", b"".join(moved)) == passed  # between chains no order is claimed


def test_every_flipped_byte_of_the_heads_is_found(folder):
    heads = (folder / "chains.json").read_bytes()
    for place in range(len(heads)):
        changed = bytearray(heads)
        changed[place] ^= 1 << place % 8
        try:
            same = json.loads(changed) == json.loads(heads)
        except ValueError:
            same = False

        assert exit_code(folder, "chains.json", bytes(changed)) in ((0,) if same else (1, 2)), place


@FIXED
@given(st.binary(max_size=300))
@example(b"[" * 5000 + b"\n")
@example(b'{"a":' * 5000 + b"\n")
@example(b'{"seq":1e400}\n')
@example(b'{"seq":' + b"9" * 5000 + b"}\n")
@example(b'{"case":"\\ud800"}\n')
@example(b"\xef\xbb\xbf{}\n")
@example(b"NaN\n")
@example(b"\n")
@example(b"")
def test_garbage_is_told_and_never_falls_over(folder, garbage):
    assert exit_code(folder, "events.jsonl", garbage) == 1
    assert exit_code(folder, "chains.json", garbage) in (1, 2)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@FIXED
@given(json_values, st.sampled_from(["case", "seq", "facts", "type", "at", "step", "v", "person"]), st.integers(0, 12))
def test_values_of_other_kinds_are_told_and_never_fall_over(folder, sound, value, field, number):
    lines = sound.splitlines()
    event = json.loads(lines[number])
    changed = {**event, field: value}
    lines[number] = json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    same = changed == event and type(value) is type(event[field])

    assert exit_code(folder, "events.jsonl", b"\n".join([*lines, b""])) == (0 if same else 1)
    assert exit_code(folder, "chains.json", json.dumps(value).encode()) in (1, 2)
    assert exit_code(folder, "definitions.json", json.dumps({"ab" * 32: value}).encode()) in (1, 2)
