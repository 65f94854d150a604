"""The token game's rules: how a token enters and leaves a node, how a scope ends, how an event finds who catches it."""

from __future__ import annotations

from tests.fuzz.drawing import Event, Flow, Node, Scope
from tests.fuzz.world import Faulty, Tok, World


def enter_scope(w: World, scope: int, drawn: Scope) -> None:
    """Event sub-processes listen before the scope does anything."""
    for handler in drawn.handlers:
        assert handler.inside is not None
        for start in handler.inside.starts:
            listen(w, start, scope=scope)
    for start in drawn.starts:
        w.add(node=start.id, place="flow", scope=scope)
    conditions(w)


def listen(w: World, n: Node, scope: int, host: int = 0) -> None:
    assert n.event is not None
    turns = (n.event.turns or 1) if n.event.kind == "timer" else 0
    w.add(node=n.id, place="hear", scope=scope, host=host, turns=turns)


def conditions(w: World) -> None:
    """A conditional event happens when its condition becomes true."""
    for t in [t for t in w.toks.values() if t.place in ("wait", "hear")]:
        event = w.event(t)
        if event.kind == "conditional":
            now = w.holds(event.cond, t)
            if now and not t.was:
                w.pending = (*w.pending, t.id)
            w.set(t.id, was=now)


def enter(token: int, w: World) -> None:
    t = w.toks[token]
    n = w.node(t)
    if n.tag in ("userTask", "task", "receiveTask", "subProcess", "callActivity"):
        w.set(token, place="open")
        for b in w.file.boundaries[n.id]:
            listen(w, b, t.scope, token)
        if n.many is None:
            work(w, w.toks[token])
        else:
            spread(w, w.toks[token])
        conditions(w)
    elif n.tag == "intermediateCatchEvent":
        w.set(token, place="wait")
        conditions(w)
    elif n.tag == "eventBasedGateway":
        w.kill(token)
        for f in w.file.out[n.id]:
            w.add(node=f.target, place="wait", scope=t.scope, via=f.id, group=token, aside=t.aside)
        conditions(w)
    elif n.tag == "endEvent":
        w.end(t.scope, n.id, t.aside and (n.event is None or n.event.kind != "terminate"))
        w.set(token, place="end")
        if n.event is not None:
            throw(w, t, n.event)
        w.kill(token)
    else:
        w.set(token, place="leave")
        if n.tag == "intermediateThrowEvent" and n.event is not None:
            throw(w, t, n.event)


def work(w: World, t: Tok) -> None:
    """Begin what an activity, or one instance of it, does."""
    n = w.node(t)
    if n.tag == "task":
        w.set(t.id, place="leave")
    elif n.tag == "receiveTask":
        w.set(t.id, place="wait")
    elif n.tag == "callActivity":
        w.vars[t.id] = {}
        enter_scope(w, t.id, w.file.called[n.calls])
    elif n.inside is not None:
        enter_scope(w, t.id, n.inside)


# loops and multi-instance


def spread(w: World, t: Tok) -> None:
    many = w.node(t).many
    assert many is not None
    if many.kind == "loop":
        if many.before and not again(w, t):
            w.set(t.id, place="leave")
        else:
            instance(w, t, 0)
        return
    total = many.other if many.cond is not None and w.holds(many.cond, t) else many.count
    t = w.set(t.id, total=total, place="open" if total else "leave")
    for i in range(min(total, 1) if many.kind == "sequential" else total):
        instance(w, t, i)


def instance(w: World, outer: Tok, number: int) -> None:
    work(w, w.add(node=outer.node, place="open", scope=outer.scope, outer=outer.id, number=number))


def again(w: World, t: Tok) -> bool:
    """Does a standard loop go on? The condition sees how many rounds are done."""
    many = w.node(t).many
    assert many is not None
    if many.most and t.done >= many.most:
        return False
    probe = w.add(node=t.node, place="open", scope=t.scope, outer=t.id, number=t.done)
    goes_on = w.holds(many.again, probe)
    w.kill(probe.id)
    return goes_on


def instance_done(w: World, t: Tok) -> None:
    outer, many = w.toks[t.outer], w.node(t).many
    assert many is not None
    outer = w.set(outer.id, done=outer.done + 1)
    over = many.until is not None and w.holds(many.until, t)
    w.kill(t.id)
    if many.kind == "loop":
        over = not again(w, outer)
    if over or (many.kind != "loop" and outer.done == outer.total):
        for o in [o.id for o in w.toks.values() if o.outer == outer.id]:
            w.kill(o)
        w.set(outer.id, place="leave")
    elif many.kind != "parallel":
        instance(w, outer, outer.done)


# leaving


def disarm(w: World, activity: int) -> None:
    for o in [o.id for o in w.toks.values() if o.host == activity]:
        w.kill(o)


def leave(token: int, w: World) -> None:
    t = w.toks[token]
    if t.outer:
        instance_done(w, t)
        return
    n = w.node(t)
    disarm(w, token)
    w.kill(token)
    if n.id in w.file.links:
        w.add(node=w.file.links[n.id], place="leave", scope=t.scope, aside=t.aside)
    for f in chosen(w, t, n):
        w.add(node=f.target, place="flow", via=f.id, scope=t.scope, aside=t.aside)


def chosen(w: World, t: Tok, n: Node) -> list[Flow]:
    flows = w.file.out[n.id]
    true = [f for f in flows if f.cond is not None and w.holds(f.cond, t)]
    default = [f for f in flows if f.default]
    if n.tag == "exclusiveGateway":
        return true[:1] or default or [f for f in flows if f.cond is None]
    always = [f for f in flows if f.cond is None and not f.default]
    return always + (true or default)


def close(scope: int, w: World) -> None:
    """A scope without tokens is over; its listeners go."""
    ended = w.ends.get(scope, "")
    w.clear(scope)
    if scope == 0:
        w.done = True
        return
    t = w.toks[scope]
    n = w.node(t)
    given = w.vars.pop(scope, None)
    w.ends.pop(scope, None)
    if n.by_event:
        w.end(t.scope, ended, t.aside)
        w.kill(scope)
        return
    w.set(scope, place="leave")
    if given is not None:
        variables = w.vars[w.process(t.scope)]
        variables[n.id] = ended
        variables.update({f"{n.id}_{k}": v for k, v in given.items()})
        conditions(w)


# events


def throw(w: World, t: Tok, event: Event) -> None:
    if event.kind in ("message", "signal"):
        w.sent = (*w.sent, (event.kind, event.name))
    if event.kind == "signal":
        w.pending = (*w.pending, *(o.id for o in w.listeners("signal", event.name)))
    elif event.kind == "terminate":
        w.clear(t.scope)
    elif event.kind in ("error", "escalation") and not outwards(w, t.scope, event):
        if event.kind == "error":
            raise Faulty
        w.sent = (*w.sent, (event.kind, event.name))


def outwards(w: World, scope: int, event: Event) -> bool:
    """The nearest catches: event sub-processes of the scope, the boundary of its activity, then those of the next."""
    while True:
        if caught(w, event, scope=scope, host=0):
            return True
        if scope == 0:
            return False
        t = w.toks[scope]
        scope = t.scope
        if caught(w, event, scope=scope, host=t.outer or t.id):
            return True


def caught(w: World, event: Event, scope: int, host: int) -> bool:
    found = [t for t in w.toks.values() if t.place == "hear" and t.scope == scope and t.host == host]
    found = [t for t in found if w.event(t).kind == event.kind and w.event(t).name in ("", event.name)]
    for t in sorted(found, key=lambda t: not w.event(t).name)[:1]:
        happen(w, t.id)
    return bool(found)


def happen(w: World, token: int) -> None:
    """What a token waits for has happened, unless it was ended meanwhile."""
    t = w.toks.get(token)
    if t is None:
        return
    n = w.node(t)
    if t.place == "wait":
        for o in [o.id for o in w.toks.values() if t.group and o.group == t.group and o.id != token]:
            w.kill(o)
        w.set(token, place="leave", group=0)
        return
    if n.interrupts and n.host:
        aside = w.toks[t.host].aside
        w.kill(t.host)
    elif n.interrupts:
        aside = False
        w.clear(t.scope)
    else:
        aside = True
        if t.turns == 1:
            w.kill(token)
        elif t.turns:
            w.set(token, turns=t.turns - 1)
    if n.host:
        w.add(node=n.id, place="leave", scope=t.scope, aside=aside)
        return
    handler = next(h for s in w.file.scopes for h in s.handlers if h.inside and n in h.inside.starts)
    body = w.add(node=handler.id, place="open", scope=t.scope, aside=aside)
    w.add(node=n.id, place="leave", scope=body.id)
