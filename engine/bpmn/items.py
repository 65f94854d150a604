"""Checked XML to model.Item: what a definition declares, its called flows included, by path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn import tree, vendors
from engine.bpmn.tree import Element, children, ident, line_of, sun, tag
from engine.model import (
    CaseLimit,
    Collective,
    DocumentRule,
    ExtendRule,
    Item,
    Mark,
    Persons,
    Raised,
    Risk,
    Separation,
    Source,
    Step,
    StopRule,
)

DONE = ("done",)
ON_THE_SPOT = "on_the_spot"  # 即办件, the kind of an item that is decided at the window
RECEIVED = "received"  # the mark at filing


@dataclass
class _Gathered:
    steps: dict[str, Step] = field(default_factory=dict)
    limits: list[CaseLimit] = field(default_factory=list)
    separations: list[Separation] = field(default_factory=list)
    bindings: list[Separation] = field(default_factory=list)
    marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    documents: dict[str, tuple[DocumentRule, ...]] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)
    raised: list[Raised] = field(default_factory=list)


@dataclass(frozen=True)
class Flow:
    """One flow of a definition: its process, where it comes from, and the flows it calls by id."""

    source: Source
    root: Element
    process: Element
    called: Mapping[str, Flow]


def flow(source: Source, above: tuple[str, ...] = (), root: Element | None = None) -> Flow:
    """Return the main flow of a source, normalised, with the flows it calls: of the file itself or of `_shared`.

    Raises:
        Invalid: a file cannot be read at all, or holds no process.
    """
    if root is None:
        root = tree.normalise(tree.parse(source.xml, source.file))
    others = {c: flow(s, (*above, source.item)) for c, s in source.called.items() if c not in above}
    found = tree.processes(root) or children(root, "process")
    if not found:
        raise tree.refusal(source.file, line_of(root), "process.none", "The file holds no process.")
    return _within(source, root, found[0], others, {})


def beside(main: Flow, process: Element) -> Flow:
    """Return another process of the same file as a flow."""
    others = {k: f for k, f in main.called.items() if f.source is not main.source}
    return _within(main.source, main.root, process, others, {})


def _within(
    source: Source,
    root: Element,
    process: Element,
    others: Mapping[str, Flow],
    made: dict[str, Flow],
    above: tuple[str, ...] = (),
) -> Flow:
    """Each process of a file becomes one flow, however often it is called; a call that comes back is cut."""
    own, above, same = {ident(p): p for p in children(root, "process")}, (*above, ident(process)), dict[str, Flow]()
    for call in process.iter(tree.MODEL + "callActivity"):
        name = tree.local(call.get("calledElement"))
        if name in own and name not in above:
            same[name] = made.get(name) or _within(source, root, own[name], others, made, above)
    made[ident(process)] = Flow(source, root, process, {**others, **same})
    return made[ident(process)]


def item(main: Flow) -> Item:
    """Return the item that a flow declares. What is not well formed is left out; the check says so."""
    into = _Gathered()
    _gather(main, "", into)
    ends = list(_ends(main.process))
    return Item(
        id=main.source.item,
        name=main.process.get("name") or main.source.item,
        name_en=english(main.process) or main.source.item,
        steps=into.steps,
        limits=tuple(into.limits),
        separations=tuple(into.separations),
        bindings=tuple(into.bindings),
        marks=into.marks,
        documents=into.documents,
        effects=into.effects,
        raised=tuple(into.raised),
        calls=into.calls,
        ends={ident(e): e.get("name") or ident(e) for e in ends},
        ends_en={ident(e): english(e) or ident(e) for e in ends},
        **_facts(main.source),
    )


def _facts(source: Source) -> dict[str, Any]:
    """Return what separation asks of the item as a whole, from item.toml; a figure of the wrong kind is left out."""
    persons = source.facts.get("distinct_persons")
    return {
        "risk": str(source.facts.get("risk", "")),
        "on_the_spot": source.facts.get("kind") == ON_THE_SPOT,
        "distinct_persons": persons if type(persons) is int else 0,
    }


def _ends(process: Element) -> list[Element]:
    """Top end events, and those of the event sub-processes that can end the case."""
    by_event = [s for s in children(process, "subProcess") if s.get("triggeredByEvent") == "true"]
    return [e for scope in (process, *by_event) for e in children(scope, "endEvent")]


def _gather(at: Flow, prefix: str, into: _Gathered) -> None:
    into.limits += [_limit(e) for e in sun(at.process, "limit")]
    into.separations += _separations(at, prefix, "separate")
    into.bindings += _separations(at, prefix, "bind")
    for scope in tree.scopes(at.process):
        for el in tree.nodes(scope):
            path = prefix + ident(el)
            if tag(el) == "userTask":
                into.steps[path] = step(el, path)
            else:
                _gather_event(at, el, path, into)
            if tag(el) == "callActivity":
                flow_id = tree.local(el.get("calledElement"))
                into.calls[path] = flow_id
                if flow_id in at.called:
                    _gather(at.called[flow_id], f"{path}/", into)


def _separations(at: Flow, prefix: str, name: str) -> list[Separation]:
    return [
        Separation(
            steps=tuple(prefix + s for s in (e.get("steps") or "").split()), rule=e.get("rule") or "", line=line_of(e)
        )
        for e in sun(at.process, name)
    ]


def _gather_event(at: Flow, el: Element, path: str, into: _Gathered) -> None:
    if marks := _marks(el):
        into.marks[path] = marks
    if documents := _documents(el):
        into.documents[path] = documents
    if rule := _first(sun(el, "effect"), "rule"):
        into.effects[path] = rule
    names = {ident(m): m.get("name") or ident(m) for m in children(at.root, "message")}
    for definition in children(el, "messageEventDefinition"):
        message = tree.local(definition.get("messageRef"))
        if message in names and (post := _first(sun(el, "post"), "code")):
            into.raised.append(
                Raised(
                    message=names[message],
                    path=path,
                    name=el.get("name") or ident(el),
                    name_en=english(el) or ident(el),
                    post=post,
                    organ=_first(sun(el, "post"), "organ") or "case",
                    within=tuple(path.removesuffix(ident(el)) + name for name in _started(el)),
                )
            )


def _started(el: Element) -> list[str]:
    """Return the ids of the steps and calls of the event sub-process that an event starts."""
    scope = el.getparent()
    if scope is None or tag(el) != "startEvent" or scope.get("triggeredByEvent") != "true":
        return []
    return [ident(e) for each in tree.scopes(scope) for e in children(each, "userTask", "callActivity")]


def step(el: Element, path: str) -> Step:
    """Return the step that a user task declares."""
    post, limit, persons = sun(el, "post"), sun(el, "limit"), sun(el, "persons")
    stop, resume, extend = sun(el, "stop"), sun(el, "resume"), sun(el, "extend")
    flow = path.removesuffix(ident(el))
    return Step(
        path=path,
        name=el.get("name") or ident(el),
        name_en=english(el) or ident(el),
        post=_first(post, "code"),
        organ=_first(post, "organ") or "case",
        days=number(_first(limit, "days")),
        outcomes=tuple(_first(sun(el, "outcomes"), "values").split()) or DONE,
        returns=tuple(flow + to for to in _first(sun(el, "returns"), "to").split()),
        persons=Persons(
            min=number(_first(persons, "min")) or 1,
            rule=_first(persons, "rule") or "all",
            certified=_first(persons, "certified") == "yes",
        ),
        collective=_collective(sun(el, "collective")),
        tier=bool(sun(el, "tier")),
        marks=_marks(el),
        risks=tuple(
            Risk(id=r.get("id") or "", level=r.get("level") or "", text=(r.text or "").strip()) for r in sun(el, "risk")
        ),
        documents=_documents(el),
        serves=tuple(_first(sun(el, "serves"), "kinds").split()),
        applicant=bool(sun(el, "applicant")),
        stop=StopRule(request=flow + _first(stop, "request"), on=_words(stop[0], "on")) if stop else None,
        resume=_words(resume[0], "on") if resume else None,
        extend=_extend(extend[0], flow) if extend else None,
        vendor=vendors.of_step(el),
        line=line_of(el),
    )


def english(el: Element) -> str:
    return next(((n.text or "").strip() for n in sun(el, "name") if n.get("lang") == "en"), "")


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _limit(e: Element) -> CaseLimit:
    return CaseLimit(
        rule=e.get("rule") or "",
        promise=number(e.get("promise") or ""),
        start=e.get("from") or RECEIVED,
        until=e.get("until") or "",
        line=line_of(e),
    )


def _extend(el: Element, flow: str) -> ExtendRule:
    return ExtendRule(rule=el.get("rule") or "", request=flow + (el.get("request") or ""), on=_words(el, "on"))


def _collective(found: list[Element]) -> Collective | None:
    if not found:
        return None
    quorum, majority = (_share(_first(found, name)) for name in ("quorum", "majority"))
    return Collective(chair=_first(found, "chair"), quorum=quorum or (2, 3), majority=majority or (1, 2))


def _share(text: str) -> tuple[int, int] | None:
    above, _, below = text.partition("/")
    a, b = number(above), number(below)
    return (a, b) if a and b else None


def _marks(el: Element) -> tuple[Mark, ...]:
    return tuple(
        Mark(name=m.get("name") or "", on=_words(m, "on"), at=m.get("at") or "", date=m.get("date") or "")
        for m in sun(el, "mark")
    )


def _documents(el: Element) -> tuple[DocumentRule, ...]:
    return tuple(DocumentRule(kind=d.get("kind") or "", on=_words(d, "on")) for d in sun(el, "document"))


def _words(el: Element, name: str) -> tuple[str, ...]:
    return tuple((el.get(name) or "").split())


def _first(found: list[Element], attribute: str) -> str:
    return next(((e.get(attribute) or "").strip() for e in found), "")
