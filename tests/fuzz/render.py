"""A drawn flow as BPMN 2.0 XML."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.fuzz.drawing import Cond, Event, File, Flow, Many, Node, Scope

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/'
    'XMLSchema-instance" targetNamespace="t">'
    + "".join(f'<message id="of_m{i}" name="m{i}"/><signal id="of_s{i}" name="s{i}"/>' for i in range(2))
    + "".join(
        f'<error id="of_e{i}" errorCode="e{i}"/><escalation id="of_c{i}" escalationCode="c{i}"/>' for i in range(2)
    )
)


def xml(file: File) -> bytes:
    called = "".join(f'<process id="{name}">{_scope(scope)}</process>' for name, scope in file.called.items())
    return f'{HEAD}<process id="p" isExecutable="true">{_scope(file.main)}</process>{called}</definitions>'.encode()


def _scope(scope: Scope) -> str:
    defaults = {f.source: f.id for f in scope.flows if f.default}
    return "".join([_node(n, scope, defaults) for n in scope.nodes] + [_flow(f) for f in scope.flows])


def _node(n: Node, scope: Scope, defaults: dict[str, str]) -> str:
    known = {
        "id": n.id,
        "default": defaults.get(n.id, ""),
        "attachedToRef": n.host,
        "calledElement": n.calls,
        "triggeredByEvent": "true" if n.by_event else "",
        "cancelActivity": "" if n.interrupts or not n.host else "false",
        "isInterrupting": "" if n.interrupts or n.host else "false",
        "messageRef": f"of_{n.event.name}" if n.tag == "receiveTask" and n.event else "",
    }
    attributes = "".join(f' {k}="{v}"' for k, v in known.items() if v)
    inner = "".join(f"<incoming>{f.id}</incoming>" for f in scope.flows if f.target == n.id)
    inner += "".join(f"<outgoing>{f.id}</outgoing>" for f in scope.flows if f.source == n.id)
    if n.event is not None and n.tag != "receiveTask":
        inner += _event(n.event)
    if n.many is not None:
        inner += _many(n.many)
    if n.inside is not None:
        inner += _scope(n.inside)
    return f"<{n.tag}{attributes}>{inner}</{n.tag}>"


def _flow(f: Flow) -> str:
    condition = f"<conditionExpression>{_text(f.cond)}</conditionExpression>" if f.cond else ""
    return f'<sequenceFlow id="{f.id}" sourceRef="{f.source}" targetRef="{f.target}">{condition}</sequenceFlow>'


def _text(cond: Cond) -> str:
    return escape(cond.text)


def _event(e: Event) -> str:
    match e.kind:
        case "timer":
            time = f"<timeCycle>R{e.turns}/P1D</timeCycle>" if e.turns else "<timeDuration>P1D</timeDuration>"
            return f"<timerEventDefinition>{time}</timerEventDefinition>"
        case "conditional":
            assert e.cond
            condition = f'<condition xsi:type="tFormalExpression">{_text(e.cond)}</condition>'
            return f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>"
        case "link":
            return f'<linkEventDefinition name="{e.name}"/>'
    return f"<{e.kind}EventDefinition" + (f' {e.kind}Ref="of_{e.name}"' if e.name else "") + "/>"


def _many(m: Many) -> str:
    if m.kind == "loop":
        again = f"<loopCondition>{_text(m.again)}</loopCondition>" if m.again else ""
        most = f' loopMaximum="{m.most}"' if m.most else ""
        before = ' testBefore="true"' if m.before else ""
        return f"<standardLoopCharacteristics{before}{most}>{again}</standardLoopCharacteristics>"
    count = str(m.count) if m.cond is None else f"{m.other} if {_text(m.cond)} else {m.count}"
    what = f"<loopCardinality>{count}</loopCardinality>"
    if m.item:
        what = f'<loopDataInputRef>case_list</loopDataInputRef><inputDataItem id="{m.item}" name="{m.item}"/>'
    until = f"<completionCondition>{_text(m.until)}</completionCondition>" if m.until else ""
    tag = f'multiInstanceLoopCharacteristics isSequential="{str(m.kind == "sequential").lower()}"'
    return f"<{tag}>{what}{until}</multiInstanceLoopCharacteristics>"
