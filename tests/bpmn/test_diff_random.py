"""Every single edit of a definition, and random ones there and back: none is missed, each is told by a name."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from engine.bpmn import items, tree
from engine.bpmn.diff import Change, diff
from engine.bpmn.diff.words import sentences
from engine.model import Source
from tests.bpmn.edits import Edit, made
from tests.bpmn.flows import file
from tests.bpmn.test_diff import edits, licence


def test_no_single_edit_is_missed_and_each_is_told_by_a_name():
    """Whatever changes what the engine reads is told; what is told names the element."""
    missed, nameless = [], []
    for edit in edits():
        old, new = _narrow(licence(), edit), _narrow(made(licence(), [edit]), edit)
        changes = diff(old, new)
        if not changes and _read(old) != _read(new):
            missed.append(str(edit))
        for lang in ("zh", "en") if changes else ():
            if not any(name in s for s in sentences(changes, lang) for name in edit.named):
                nameless.append((str(edit), sentences(changes, lang)))

    assert len(edits()) > 1800
    assert missed == []
    assert nameless == []


@effort(max_examples=15, deadline=None)
@given(st.data())
def test_the_way_back_is_the_mirror_of_the_way_there(data):
    some = st.lists(st.sampled_from(edits()), max_size=6)
    old, new = made(licence(), data.draw(some)), made(licence(), data.draw(some))

    there, back = diff(old, new), diff(new, old)

    assert Counter(map(_plain, there)) == Counter(_plain(c, mirrored=True) for c in back)


def _narrow(source: Source, edit: Edit) -> Source:
    """The part of the item that an edit is in, for speed."""
    if edit.at[0] != "xml":
        forms = {k: f for k, f in source.forms.items() if edit.at[:2] == ("forms", k)}
        facts = source.facts if edit.at[0] == "facts" else {}
        return replace(source, xml=file('<startEvent id="b"/>'), forms=forms, facts=facts, called={})
    part = source.called[edit.flow] if edit.flow else source
    return replace(part, forms={}, facts={}, called={})


def _read(source: Source) -> object:
    """What the engine reads of a source, gathered apart from the comparison: an item, a graph, forms and facts."""
    main = items.flow(source)
    item = json.dumps(asdict(items.item(main)), default=str)
    graph = [
        (tree.tag(el), [(k, v) for k, v in el.attrib.items() if k != "id" and (k, v) != ("cancelActivity", "true")],
         (el.text or "").strip())
        for el in main.process.iter(tree.MODEL + "*")
        if tree.tag(el) not in ("extensionElements", "laneSet", "flowNodeRef", "incoming", "outgoing")
    ]  # fmt: skip
    forms = {k: {n: v for n, v in f.items() if v} for k, f in source.forms.items()}  # `required: []` says nothing
    return re.sub(r'"line": \d+', "", item), [str(g) for g in graph], json.dumps(forms), str(source.facts)


def _plain(change: Change, mirrored: bool = False) -> str:
    before, after = (change.after, change.before) if mirrored else (change.before, change.after)
    parts = sorted(_plain(p, mirrored) for p in change.parts)
    said = [re.sub(r"zh='.*?sole=\w+, type='\w*'", "", repr(v)) for v in (before, after, change.name, change.of)]
    return repr((change.kind, change.where, change.what, said, parts))
