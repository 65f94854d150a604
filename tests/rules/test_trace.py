from datetime import date
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Event, Item, Separation, Step
from engine.rules import trace

PLAIN = {
    "org": "YL", "case": "2026-YL-000001", "seq": 2, "prev": "0" * 64, "id": "e2", "type": Event.STEP_COMPLETED,
    "step": "intake/accept", "person": "p7", "post": "acceptance", "assignment": 12, "on_behalf": None,
    "definition": "ab" * 32, "rule": None, "at": "2026-09-14T01:02:03.000004Z", "due_on": "2026-09-21",
    "outcome": "accept", "data": "cd" * 32, "facts": {"round": 1, "signed": ["李\n\u001f\"\\/é\u2028😀"]},
}  # fmt: skip
BYTES = (
    '{"assignment":12,"at":"2026-09-14T01:02:03.000004Z","case":"2026-YL-000001","data":"' + "cd" * 32 + '",'
    '"definition":"' + "ab" * 32 + '","due_on":"2026-09-21","facts":{"round":1,'
    '"signed":["李\\n\\u001f\\"\\\\/é\u2028😀"]},"id":"e2","on_behalf":null,"org":"YL","outcome":"accept",'
    '"person":"p7","post":"acceptance","prev":"' + "0" * 64 + '","rule":null,"seq":2,"step":"intake/accept",'
    '"type":"step.completed","v":1}'
).encode()

keys = st.text(st.characters(max_codepoint=127), max_size=6)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | whole | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_bytes_are_those_of_rfc_8785(value):
    assert trace.canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), {"é": 1}, {1: 1}, {"a": [{"b": 0.5}]}, "\ud800", b"x", date(2026, 3, 2)],
)
def test_what_has_no_single_text_is_refused(value):
    with pytest.raises(ValueError):
        trace.canonical(value)


def test_the_bytes_of_an_event_are_these_for_ever():
    assert trace.body(**PLAIN) == BYTES
    assert sha256(BYTES).hexdigest() == "c1b1953cf3ac7b2bcf71b0c20e54821ed91ec575c861ce583efdc813d09025b6"


def test_a_link_and_a_commitment_are_these_for_ever():
    assert (
        trace.link(BYTES)
        == sha256(b"sunlit/case/1\x00" + BYTES).hexdigest()
        == "b46d9afc11afef973d8cecb650bc02bb569f47355a906a1ccd2fc7b4549592c7"
    )
    assert (
        trace.commitment(bytes(range(32)), "云岭县".encode())
        == "37a566100562cdc54bcf3990df1e5b02b2ec320f9714d0f53d8c4241166ee74c"
    )


def test_any_change_of_an_event_changes_its_link():
    links = {trace.link(trace.body(**{**PLAIN, field: other})) for field, other in (
        ("org", "YX"), ("case", "2026-YL-000002"), ("seq", 3), ("prev", "1" * 64), ("id", "e3"), ("step", None),
        ("person", "p8"), ("post", None), ("assignment", None), ("on_behalf", "p9"), ("definition", None),
        ("rule", "SOD-03"), ("at", "2026-09-14T01:02:03.000005Z"), ("due_on", None), ("outcome", None), ("data", None),
        ("facts", {"round": 2, "signed": []}),
    )}  # fmt: skip

    assert len(links | {trace.link(BYTES)}) == len(PLAIN)  # every field but the type; the plain event itself


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {"round": 1}},
        {"facts": {"round": 1, "signed": [], "why": "x"}},
        {"type": Event.STEP_CLAIMED},
        {"seq": 0},
        {"prev": "0" * 63},
        {"prev": "A" * 64},
        {"at": "2026-09-14T01:02:03Z"},
        {"at": "2026-09-14T01:02:03.000004Z\n"},
        {"at": "2026-09-14T09:02:03.000004+08:00"},
        {"due_on": "21.09.2026"},
        {"definition": "v1"},
        {"data": "ab"},
    ],
    ids=str,
)
def test_an_event_of_another_form_is_refused(change):
    with pytest.raises(ValueError):
        trace.body(**{**PLAIN, **change})


def test_every_type_of_event_has_its_facts():
    assert set(trace.FACTS) == set(Event)
    assert trace.FACTS[Event.STEP_OPENED] == {"opened_by", "path", "round", "post_organ", "limit"}
    assert trace.FACTS[Event.STEP_CLAIMED] == frozenset()


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        trace.commitment(b"salt", b"body")


def test_salt_and_body_cannot_be_exchanged_for_each_other():
    assert trace.commitment(b"a" * 32, b"b") != trace.commitment(b"a" * 31 + b"b", b"a")


def test_the_table_of_a_definition_says_who_may_do_what():
    steps = {
        path: Step(path=path, name=path, name_en=path, post=post, organ="case", days=None, outcomes=("done",))
        for path, post in (("accept", "acceptance"), ("decide", "decider"), ("issue", "issuer"))
    }
    sets = (Separation(steps=("accept", "decide"), rule="SOD-03"),)
    item = Item(
        id="x", name="x", name_en="x", steps=steps, limits=(), separations=sets, marks={}, calls={}, ends={}, ends_en={}
    )

    table = trace.table(item)

    assert table["item"] == "x"
    apart = [{"rule": "SOD-03", "steps": ["accept", "decide"]}]
    more = {"limit": None, "outcomes": ["done"], "persons": 1}
    assert table["steps"]["decide"] == {"post": "decider", **more, "separations": apart}
    assert table["steps"]["issue"] == {"post": "issuer", **more, "separations": []}
    assert trace.canonical(table)
