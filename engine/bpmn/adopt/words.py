"""A vendor's persons, dates and collections as ours; what has no meaning here is taken out and told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from engine.bpmn import tree
from engine.bpmn.adopt.conditions import SPELT, put
from engine.bpmn.adopt.notes import Notes
from engine.bpmn.tree import MODEL, Element, children, ident, sun, tag
from engine.bpmn.vendors import ELEMENTS, ENGINES, Kind, foreign, kind, of_step, runs_code, written
from engine.model import Vendor
from engine.rules import expressions

IDLE = (Kind.HARMLESS, Kind.PERSONS)
UNNAMED = "to_be_named"  # no post has this code, so the check asks for one
PEOPLE = ("potentialOwner", "humanPerformer", "performer", "resourceRole")
DAYS = re.compile(r"P(\d{1,3})([DW])", re.A)
PLAIN = re.compile(r"[A-Za-z_][\w.-]*", re.A)
MEMBER = re.compile(r"(?:user|group)\(([^()]*)\)|([^,()]+)")
BEFORE_INPUT = ("documentation", "extensionElements", "loopCardinality")


def map_steps(root: Element, posts: Mapping[str, str], notes: Notes) -> None:
    """In place: who works on a step becomes its post, a due date of whole days its limit."""
    for el in root.iter(MODEL + "userTask"):
        said, people = of_step(el) or Vendor(), _people(el)
        named = [*said.groups, *said.users, *([said.assignee] if said.assignee else []), *people]
        if named and not sun(el, "post"):
            _post(el, named, posts, notes)
        if said.due and not sun(el, "limit"):
            _limit(el, said.due, notes)


def _post(el: Element, named: list[str], posts: Mapping[str, str], notes: Notes) -> None:
    codes = {**{name: code for code, name in posts.items()}, **{code: code for code in posts}}
    code = next((codes[n] for n in named if n in codes), UNNAMED)
    put(el, "post", code=code)
    told = ", ".join(dict.fromkeys(named))
    if code != UNNAMED:
        notes.done(el, f"'{ident(el)}' is done by the post '{code}' (there: {told})")
        return
    comment = etree.Comment(f" there: {re.sub('-(?=-)', '- ', told)} ")
    children(el, "extensionElements")[0].append(comment)
    notes.done(el, f"'{ident(el)}' has the post '{UNNAMED}' in place of: {told}")
    notes.left(el, f"'{ident(el)}': name the post that stands for {told}; '{UNNAMED}' is none")


def _limit(el: Element, due: str, notes: Notes) -> None:
    m = DAYS.fullmatch(due)
    if m is None:
        notes.left(el, f"'{ident(el)}' was due '{due}', which is no number of whole days; write sun:limit days")
        return
    days = int(m[1]) * (7 if m[2] == "W" else 1)
    put(el, "limit", days=str(days))
    notes.done(el, f"'{ident(el)}' has the limit of {days} days (there: dueDate {due})")
    notes.left(el, f"'{ident(el)}': {due} counts natural days, sun:limit days=\"{days}\" working days; make it right")


def _people(el: Element) -> list[str]:
    """Names that the standard's own resource roles give: `user(kermit), group(management)`."""
    found: list[str] = []
    for role in children(el, *PEOPLE):
        for e in role.iter(MODEL + "formalExpression", MODEL + "expression"):
            found += [(a or b).strip() for a, b in MEMBER.findall(e.text or "")]
        found += [role.get("name") or ""]
    return [name for name in found if name]


def map_collections(root: Element, notes: Notes) -> None:
    """In place: collection and elementVariable become loopDataInputRef and inputDataItem of the standard."""
    ids = {ident(el) for el in root.iter(MODEL + "*")}
    for loop in root.iter(MODEL + "multiInstanceLoopCharacteristics"):
        spelt, element = tree.vendor(loop, "collection"), tree.vendor(loop, "elementVariable")
        collection = spelt[2:-1].strip() if spelt[:2] in ("${", "#{") and spelt.endswith("}") else spelt
        if not collection or children(loop, "loopDataInputRef", "loopCardinality"):
            continue
        if not PLAIN.fullmatch(collection):
            notes.left(loop, f"the collection '{spelt}' is no name; write a loopCardinality, or a name")
            continue
        at = sum(1 for c in loop if tag(c) in BEFORE_INPUT)
        reference = loop.makeelement(MODEL + "loopDataInputRef")
        reference.text = collection
        loop.insert(at, reference)
        holder = loop.getparent()
        name = f"{ident(holder) if holder is not None else 'loop'}_item"
        if element and name not in ids:
            item = loop.makeelement(MODEL + "inputDataItem", {"id": name, "name": element})
            loop.insert(at + 1, item)
        for word in ("collection", "elementVariable"):
            _drop(loop, word)
        notes.done(loop, f"the collection '{spelt}' is loopDataInputRef, its member '{element}' inputDataItem")
        notes.left(
            loop, f"nothing of a flow gives '{collection}'; write a loopCardinality if it is not given at the start"
        )


def _drop(el: Element, word: str) -> None:
    for space in tree.VENDORS:
        if space + word in el.attrib:
            del el.attrib[space + word]


def take_out(root: Element, notes: Notes) -> None:
    """In place: whatever changes nothing here. What would run otherwise there stays, and the check refuses it."""
    asked, modellers = _asked(root), dict[str, list[Element]]()
    for el in list(_executed(root)):
        for key, value in [(str(k), str(v)) for k, v in el.attrib.items()]:
            space, _, name = key.rpartition("}")
            if prefix := tree.VENDORS.get(f"{space}}}"):
                found = kind(el, name)
                if found in IDLE or (found is Kind.WRITES and value not in asked):
                    notes.done(el, f"taken out of '{_near(el)}': {prefix}:{name}=\"{value}\"")
                    del el.attrib[key]
                elif found not in (Kind.MAPPED, Kind.SERVICE):
                    _stays(el, f"{prefix}:{name}", notes)
            elif foreign(key):
                modellers.setdefault(space[1:], []).append(el)
                del el.attrib[key]
    for extensions in list(root.iter(MODEL + "extensionElements")):
        for e in [c for c in extensions if isinstance(c.tag, str)]:
            _element(e, asked, modellers, notes)
        if len(extensions) == 0 and not (extensions.text or "").strip():
            _remove(extensions)
    for role in list(root.iter(*(MODEL + name for name in PEOPLE))):
        notes.done(role, f"taken out of '{_near(role)}': the {tag(role)}")
        _remove(role)
    for space, found_at in modellers.items():
        notes.done(found_at[0], f"taken out: {len(found_at)} pieces of a modeller's data in {space}")


def _element(e: Element, asked: set[str], modellers: dict[str, list[Element]], notes: Notes) -> None:
    space, _, name = str(e.tag).rpartition("}")
    prefix = tree.VENDORS.get(f"{space}}}")
    found = ELEMENTS.get(name) if prefix else None
    sets = written(e)
    unasked = found is Kind.WRITES and sets is not None and not sets & asked
    if found is Kind.HARMLESS or ((found in IDLE or unasked) and not runs_code(e)):
        notes.done(e, f"taken out of '{_near(e)}': {prefix}:{name}")
        _remove(e)
    elif prefix or space[1:] in ENGINES:
        _stays(e, f"{prefix or ENGINES[space[1:]]}:{name}", notes)
    elif foreign(str(e.tag)):
        modellers.setdefault(space[1:], []).append(e)
        _remove(e)


def _asked(root: Element) -> set[str]:
    """Return the names that expressions of the file ask for; one that cannot be read asks for none."""
    found: set[str] = set()
    for el in root.iter(*(MODEL + name for name in SPELT)):
        try:
            found |= expressions.names(el.text or "")
        except expressions.BadExpression:
            continue
    return found


def _stays(el: Element, word: str, notes: Notes) -> None:
    notes.left(el, f"'{word}' of '{_near(el)}' would run otherwise here and stays; draw what it did, and delete it")


def _remove(el: Element) -> None:
    parent, before = el.getparent(), el.getprevious()
    if parent is None:
        return
    if el.tail and el.tail.strip():  # never in a file that the schema allows
        return
    if el.getnext() is None and before is not None:
        before.tail = el.tail
    parent.remove(el)


def _executed(root: Element) -> Iterator[Element]:
    todo = [root]
    while todo:
        el = todo.pop()
        if tag(el) and tag(el) != "extensionElements":
            yield el
            todo += reversed(el)


def _near(el: Element) -> str:
    return next((ident(e) for e in (el, *el.iterancestors()) if tag(e) and e.get("id")), tag(el))
