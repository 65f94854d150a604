"""A flow, with those that it calls, as things: its elements, what leads where and when, steps, limits, separations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn import items, tree
from engine.bpmn.diff.content import content
from engine.bpmn.diff.things import Name, Thing, Value
from engine.bpmn.tree import Element, children, ident, local, sun, tag
from engine.model import Item, Step

KINDS = {
    "userTask": "step", "callActivity": "call", "subProcess": "sub_process", "transaction": "sub_process",
    **dict.fromkeys(tree.GATEWAYS, "gateway"), **dict.fromkeys(tree.EVENTS, "event"),
}  # fmt: skip
OTHERS = (
    "dataObject", "dataObjectReference", "dataStoreReference", "property", "textAnnotation", "group",
)  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """An element of a flow, in its scope, with its outgoing flows; `prefix` leads through the calls to its flow."""

    flow: items.Flow
    prefix: str
    scope: Element
    el: Element
    ways: tuple[Element, ...]
    lane: Element | None

    @property
    def path(self) -> str:
        return self.prefix + ident(self.el)

    @property
    def kind(self) -> str:
        return KINDS.get(tag(self.el), "task")


def walk(main: items.Flow) -> list[Placed]:
    """Return all elements that run: of the flow, of those that it calls, and of the others in its file."""
    found = list(_walk(main, ""))
    called = {local(c.get("calledElement")) for c in main.root.iter(tree.MODEL + "callActivity")}
    for process in tree.processes(main.root):
        if process is not main.process and ident(process) not in called:
            found += _walk(items.beside(main, process), f"{ident(process)}:")
    return found


def _walk(flow: items.Flow, prefix: str) -> Iterator[Placed]:
    lanes = {local(ref.text): lane for lane in flow.process.iter(tree.MODEL + "lane")
             for ref in children(lane, "flowNodeRef")}  # fmt: skip
    for scope in tree.scopes(flow.process):
        ways: dict[str, list[Element]] = {}
        for way in children(scope, "sequenceFlow"):
            ways.setdefault(way.get("sourceRef") or "", []).append(way)
        for el in tree.nodes(scope):
            yield Placed(flow, prefix, scope, el, tuple(ways.get(ident(el), ())), lanes.get(ident(el)))
            called = flow.called.get(local(el.get("calledElement"))) if tag(el) == "callActivity" else None
            if called is not None:
                yield from _walk(called, f"{prefix}{ident(el)}/")


def names(placed: list[Placed]) -> dict[str, Name]:
    """Return what each element is called, by path; a name that others have too is not `sole`."""
    spoken = {p.path: (p.el.get("name") or "", items.english(p.el)) for p in placed}
    zh, en = (Counter(s[n] for s in spoken.values()) for n in (0, 1))
    types = {p.path: tag(p.el) for p in placed}
    return {
        p: Name(p, *s, sole=zh[s[0]] == 1 and (not s[1] or en[s[1]] == 1), type=types[p]) for p, s in spoken.items()
    }


def things(main: items.Flow, placed: list[Placed], called: dict[str, Name]) -> Iterator[Thing]:
    """Yield the things of a flow. `called`: the names of its elements."""
    seen: set[tuple[str, int]] = set()
    yield from _process(main, "")
    yield from _declared(items.item(main), called)
    for p in placed:
        if (p.prefix, id(p.flow.process)) not in seen:
            seen.add((p.prefix, id(p.flow.process)))
            if p.prefix:
                yield from _process(p.flow, p.prefix)
        yield from _node(p, called)


def _process(flow: items.Flow, prefix: str) -> Iterator[Thing]:
    where = prefix.rstrip("/:")
    name = Name(where or flow.source.item, flow.process.get("name") or "", items.english(flow.process))
    yield Thing(
        kind="flow",
        where=where,
        name=name,
        facts={"name": name.zh, "name_en": name.en, **content(flow.process, flow.root)},
    )
    for lane in flow.process.iter(tree.MODEL + "lane"):
        spoken = Name(prefix + ident(lane), lane.get("name") or "", items.english(lane))
        yield Thing(
            kind="lane", where=prefix + ident(lane), name=spoken, facts={"name": spoken.zh, "name_en": spoken.en}
        )
    for scope in tree.scopes(flow.process):
        for other in children(scope, *OTHERS):
            key = prefix + (ident(other) or f"{ident(scope)}/{tag(other)}")
            facts = {"name": other.get("name") or "", "type": tag(other), **content(other, flow.root)}
            yield Thing(kind="other", where=key, name=Name(key, other.get("name") or ""), facts=facts)


def _declared(item: Item, called: dict[str, Name]) -> Iterator[Thing]:
    for limit in item.limits:
        facts: dict[str, Value] = {"promise": limit.promise, "from": limit.start, "until": limit.until}
        yield Thing(kind="limit", where=limit.rule, name=Name(limit.rule), facts=facts)
    for apart in item.separations:
        steps = tuple(called.get(s) or Name(s) for s in apart.steps)
        yield Thing(kind="separation", where=apart.rule, name=Name(apart.rule), facts={"steps": steps})


def _node(p: Placed, called: dict[str, Name]) -> Iterator[Thing]:
    el, here, owner = p.el, called[p.path], (p.kind, p.path)

    def beside(name: str | None) -> Value:
        path = p.prefix + (name or "")
        return (called.get(path) or Name(path)) if name else None

    facts: dict[str, Value] = {"name": here.zh, "name_en": here.en, "type": tag(el)}
    facts["inside"] = beside(ident(p.scope)) if p.scope is not p.flow.process else None
    facts["at"] = beside(el.get("attachedToRef"))
    if p.lane is not None:
        facts["lane"] = Name(p.prefix + ident(p.lane), p.lane.get("name") or "", items.english(p.lane))
    facts |= _step(p, called) if tag(el) == "userTask" else _silent(el)
    if "compensate" in tree.kinds(el) and tag(el) == "boundaryEvent":
        tied = [a for a in children(p.scope, "association") if a.get("sourceRef") == ident(el)]
        facts["undo"] = tuple(beside(a.get("targetRef")) for a in tied)
    facts |= content(el, p.flow.root)
    yield Thing(kind=p.kind, where=p.path, name=here, facts=facts)
    yield from _parts(p, here)
    for way in p.ways:
        to = beside(way.get("targetRef"))
        assert isinstance(to, Name)
        told: dict[str, Value] = {
            "when": tree.text(way, "conditionExpression") or None,
            "default": True if el.get("default") == ident(way) else None,
            "name": way.get("name") or "",
            "name_en": items.english(way),
            **content(way, p.flow.root),
        }
        yield Thing(kind="way", where=f"{p.path}>{to.id}", name=to, facts=told, owner=owner, of=here)


def _step(p: Placed, called: dict[str, Name]) -> dict[str, Value]:
    step, titles = items.step(p.el, p.path), _outcomes(p)
    return {
        "post": Name(step.post) if step.post else None,
        "organ": step.organ,
        "days": step.days,
        "outcomes": tuple(Name(o, *titles.get(o, ("", ""))) for o in step.outcomes),
        "returns": tuple(called.get(s) or Name(s) for s in step.returns) or None,
        "persons": step.persons.min,
        "together": step.persons.rule,
        "applicant": step.applicant or None,
        "serves": step.serves or None,
        **_time(step, called),
    }


def _time(step: Step, called: dict[str, Name]) -> dict[str, Value]:
    """What a step does to clocks."""
    facts: dict[str, Value] = {}
    if step.stop:
        facts |= {"stop": called.get(step.stop.request) or Name(step.stop.request), "stop_on": step.stop.on or None}
    if step.resume is not None:
        facts["resume"] = step.resume or "*"
    if step.extend:
        asked = called.get(step.extend.request) or Name(step.extend.request)
        facts |= {"extend": Name(step.extend.rule), "extend_asked": asked, "extend_on": step.extend.on or None}
    return facts


def _silent(el: Element) -> dict[str, Value]:
    """What an event makes of silence, and who may cause it."""
    effect, post = sun(el, "effect"), sun(el, "post")
    facts: dict[str, Value] = {}
    if effect:
        facts["effect"] = Name(effect[0].get("rule") or "")
    if post:
        facts |= {"post": Name(post[0].get("code") or ""), "organ": post[0].get("organ") or "case"}
    return facts


def _outcomes(p: Placed) -> dict[str, tuple[str, str]]:
    form = p.flow.source.forms.get(ident(p.el))
    found = form.get("x-outcomes") if isinstance(form, dict) else None
    rows = found.items() if isinstance(found, dict) else ()
    return {o: (str(t.get("title", "")), str(t.get("title_en", ""))) for o, t in rows if isinstance(t, dict)}


def _parts(p: Placed, here: Name) -> Iterator[Thing]:
    """Marks, risks and documents, wherever the engine reads them."""
    step, owner = items.step(p.el, p.path), (p.kind, p.path)
    rows: list[tuple[str, str, dict[str, Value]]] = [
        ("mark", m.name, {"on": m.on or None, "back": m.at or None, "day": m.date or None}) for m in step.marks
    ]
    if p.kind == "step":
        rows += [("risk", r.id, {"level": r.level, "text": r.text}) for r in step.risks]
    rows += [("document", d.kind, {"on": d.on or None}) for d in step.documents]
    for kind, key, facts in rows:
        yield Thing(kind=kind, where=f"{p.path}#{key}", name=Name(key), facts=facts, owner=owner, of=here)
