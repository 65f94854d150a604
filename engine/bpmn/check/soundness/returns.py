"""Returns as moves of the token game: from each open step that declares them, as the engine makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.bpmn import items
from engine.bpmn.check.soundness.inclusive import Token
from engine.bpmn.check.soundness.net import Net
from engine.bpmn.diagrams import Drawing
from engine.bpmn.returning import Back, NoReturn, back
from engine.bpmn.tree import MODEL, ident, sun

if TYPE_CHECKING:
    from engine.bpmn.check.soundness.game import State


def declared(flow: items.Flow) -> tuple[Back, ...]:
    """Return the returns of a flow; what is impossible has its finding."""
    wanted = [
        (ident(el), to)
        for el in flow.process.iter(MODEL + "userTask")
        for returns in sun(el, "returns")
        for to in (returns.get("to") or "").split()
    ]
    found = []
    diagram = Drawing().process(flow) if wanted else None
    for step, target in wanted:
        assert diagram is not None
        try:
            found.append(back(diagram, step, target))
        except NoReturn:
            continue
    return tuple(found)


def draw(net: Net, plans: tuple[Back, ...]) -> None:
    """Add to a net the returns that happen in its scope, and where others begin within it."""
    name = ident(net.el)
    for plan in plans:
        if plan.diagram.name == name:
            net.nodes[plan.source].backs.append(plan)
        for above, target in zip(plan.to, plan.to[1:], strict=False):
            if above == name and [target] not in net.starts:
                net.starts.append([target])


def sent_back(net: Net, state: State, token: Token) -> Iterator[tuple[str, list[Token], list[Token]]]:
    """Yield for each return of an open step what is said of it, the tokens that stay, and those that are new."""
    for plan in net.nodes[token.node].backs:
        stay = [t for t in state.tokens if not plan.ends(t.node, t.at or None)]
        waiting = [Token(join, flow, token.aside) for join, flow in plan.stands]
        yield f"'{token.node}' sent back to '{plan.to[-1]}'", stay, [*waiting, Token(plan.to[0], ">", token.aside)]
