"""Attacks by bytes, size, depth and number; and by values that come at run time."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from tests.bpmn.attacks import (
    END,
    Attack,
    condition,
    disguised,
    extended,
    many,
    placed,
    scripts,
    step,
    texts,
    timer,
    vendor_file,
)
from tests.bpmn.flows import HEAD, MESSAGE, flows


def raw() -> Iterator[Attack]:
    """The file as bytes."""
    good = condition("t == 1").decode()
    inside = good.replace("<definitions ", "<!DOCTYPE definitions [{}]><definitions ", 1)
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    yield "no entity", "doctype", inside.format("").encode()
    yield "entity", "doctype", inside.format('<!ENTITY x "1">').replace("t == 1", "t == &x;").encode()
    yield "billion laughs", "doctype", inside.format(laughs).replace("t == 1", "t == &j;").encode()
    yield (
        "quadratic entity",
        "doctype",
        inside.format(f'<!ENTITY x "{"a" * 100_000}">').replace("t == 1", "&x;" * 50_000).encode(),
    )
    yield "external entity", "doctype", inside.format('<!ENTITY x SYSTEM "file://CANARY">').encode()
    yield "network entity", "doctype", inside.format('<!ENTITY x SYSTEM "http://127.0.0.1:PORT/">').encode()
    yield "parameter entity", "doctype", inside.format('<!ENTITY % x SYSTEM "http://127.0.0.1:PORT/"> %x;').encode()
    yield (
        "external subset",
        "doctype",
        good.replace(
            "<definitions ", '<!DOCTYPE definitions SYSTEM "http://127.0.0.1:PORT/x.dtd"><definitions ', 1
        ).encode(),
    )
    yield "default attributes", "doctype", inside.format('<!ATTLIST userTask id CDATA "x">').encode()
    yield "entity in an attribute", "doctype", inside.format('<!ENTITY x "y">').replace('id="t"', 'id="&x;"').encode()
    yield "doctype behind comments", "doctype", ("<!-- - -->\n<!---->" + inside.format("")).encode()
    yield "small doctype", "doctype", inside.replace("DOCTYPE", "doctype").format("").encode()
    yield "undeclared entity", "xml", condition("t == &nbsp;")
    yield "style sheet", "instruction", b'<?xml-stylesheet href="http://127.0.0.1:PORT/"?>' + good.encode()
    yield "instruction inside", "instruction", condition("t == <?php 1 ?>1")
    yield "UTF-16", "encoding", good.encode("utf-16")
    yield "UTF-16 without mark", "encoding", good.encode("utf-16-le")
    yield "UTF-16 that says UTF-8", "encoding", f'<?xml version="1.0" encoding="UTF-8"?>{good}'.encode("utf-16-be")
    yield "UTF-32", "encoding", good.encode("utf-32")
    yield "UTF-7", "encoding", b'<?xml version="1.0" encoding="UTF-7"?>' + good.encode("utf-7")
    yield (
        "Latin-1",
        "encoding",
        f'<?xml version="1.0" encoding="latin-1"?>{good}'.replace("t == 1", "é").encode("latin-1"),
    )
    yield "says Latin-1", "encoding", b'<?xml version="1.0" encoding="ISO-8859-1"?>' + good.encode()
    yield "says EBCDIC", "encoding", b"<?xml version='1.0' encoding = 'cp037'?>" + good.encode()
    yield "EBCDIC", "encoding", f'<?xml version="1.0"?>{good}'.encode("cp037")
    yield "overlong UTF-8", "encoding", good.encode().replace(b"t == 1", b"\xc1\x9f\xc1\x9f")
    yield "surrogates", "encoding", good.encode().replace(b"t == 1", b"\xed\xa0\x80\xed\xb0\x80")
    yield "two marks", "xml", b"\xef\xbb\xbf\xef\xbb\xbf" + good.encode()
    yield "null bytes", "encoding", good.encode().replace(b"t == 1", b"t\x00== 1")
    yield "control character", "xml", good.encode().replace(b"t == 1", b"t\x08== 1")
    yield "nothing", "xml", b""
    yield "not closed", "xml", good.encode()[:-1]
    yield "two roots", "xml", good.encode() + b"<a/>"
    yield "other root", "root", b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>'


def bombs() -> Iterator[Attack]:
    """Size, depth, number."""
    yield "size", "size", b"<!--" + b"x" * 1_000_000 + b"-->"
    yield "depth", "bounds", extended("<a>" * 100 + "</a>" * 100)
    yield "great depth", "xml", extended("<a>" * 100_000 + "</a>" * 100_000)
    yield "elements", "bounds", extended("<a/>" * 50_000)
    yield "attributes", "bounds", step("", " ".join(f'camunda:a{i}="x"' for i in range(50)))
    yield "very many attributes", "bounds", step("", " ".join(f'camunda:a{i}=""' for i in range(40_000)))
    yield "namespaces", "bounds", extended("<a " + " ".join(f'xmlns:n{i}="u{i}"' for i in range(20_000)) + "/>")
    yield "the same attribute twice", "xml", step("", 'name="a" name="b"')
    yield "long text", "bounds", extended(f"<sun:risk>{'x' * 200_000}</sun:risk>")
    yield "long attribute", "bounds", step("", f'name="{"x" * 200_000}"')
    yield "long id", "bounds", step(f'<documentation id="{"x" * 300}"/>')
    yield "long condition", "expression", condition("t == 1 or " * 9000 + "t == 1")
    yield "long timer", "timer", timer("P" + "1" * 90_000 + "D")
    yield "many turns", "timer", timer("R99999999999/PT1S", "timeCycle")
    yield "unbounded cycle", "timer", timer("R/PT1S", "timeCycle")
    yield "cron", "timer", timer("0 0/5 * * * ?", "timeCycle")
    yield "many instances", "multi", many("<loopCardinality>-1</loopCardinality>")
    yield "loop maximum", "loop", step(f'<standardLoopCharacteristics loopMaximum="{"9" * 5000}"/>')
    yield "start quantity", "quantity", step("", f'startQuantity="{"9" * 5000}"')
    steps = "".join(f'<userTask id="u{i}"/>' for i in range(14_000))
    yield "steps", "bounds", vendor_file('<startEvent id="s"/>' + steps)
    yield (
        "flows",
        "bounds",
        vendor_file('<startEvent id="s"/><userTask id="t"/>' + '<sequenceFlow sourceRef="s" targetRef="t"/>' * 12_000),
    )
    yield (
        "boundary events",
        "bounds",
        vendor_file(
            '<startEvent id="s"/><userTask id="t"/>'
            + "".join(f'<boundaryEvent id="b{i}" attachedToRef="t">{MESSAGE}</boundaryEvent>' for i in range(4_000))
        ),
    )
    yield "ids", "id.twice", vendor_file('<startEvent id="s"/>' + '<userTask id="s"/>' * 2_900)
    yield (
        "gateways without flows",
        "gateway",
        vendor_file('<startEvent id="s"/>' + "".join(f'<inclusiveGateway id="g{i}"/>' for i in range(2_900))),
    )
    net = "".join(
        f'<sequenceFlow id="f{i}-{j}" sourceRef="g{i}" targetRef="g{j}"/>'
        for i in range(50)
        for j in range(50)
        if i != j
    )
    yield (
        "a net of gateways",
        "gateway",
        vendor_file(
            '<startEvent id="s"/>' + "".join(f'<exclusiveGateway id="g{i}"/>' for i in range(50)) + net + flows("s>g0")
        ),
    )
    deep = '<startEvent id="s0"/><endEvent id="z0"/><sequenceFlow id="f0" sourceRef="s0" targetRef="z0"/>'
    for i in range(1, 60):
        deep = (
            f'<startEvent id="s{i}"/><subProcess id="x{i}">{deep}</subProcess>'
            f'<sequenceFlow id="f{i}" sourceRef="s{i}" targetRef="x{i}"/>'
        )
    yield "sub-processes in each other", "bounds", vendor_file(deep)
    yield "a flow that calls itself", "call.cycle", step("", 'calledElement="p"', "callActivity")
    yield "flows that call each other", "call.cycle", calling({"p": ["q"], "q": ["r"], "r": ["q"]})
    seven = [f"p{i}" for i in range(7)]
    yield "flows that all call all others", "call.cycle", calling({p: [q for q in seven if q != p] for p in seven})
    doubling = {f"p{i}": [f"p{j}" for j in range(i + 1, 40)] for i in range(40)}
    yield "calls that double", "bounds", calling({"p": ["p0"], **doubling})
    yield "processes", "bounds", calling({f"p{i}": [f"p{i + 1}"] for i in range(900)})
    event_ = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    shared = f'<timerEventDefinition id="d"><documentation>{"x" * 90_000}</documentation></timerEventDefinition>'
    refs = "<eventDefinitionRef>d</eventDefinitionRef>" * 8_000
    yield "shared definitions", "bounds", step(refs, "", "intermediateCatchEvent", before=shared)
    yield (
        "timers",
        "timer",
        vendor_file(
            '<startEvent id="s"/><userTask id="t"/><boundaryEvent id="b" attachedToRef="t">'
            + event_.replace("P1D", "soon enough") * 5_000
            + "</boundaryEvent>"
        ),
    )
    yield (
        "messages",
        "event.reference",
        vendor_file(
            '<startEvent id="s"/><userTask id="t"/><boundaryEvent id="b" attachedToRef="t">'
            + "<messageEventDefinition/>" * 20_000
            + "</boundaryEvent>"
        ),
    )


def calling(calls: dict[str, list[str]]) -> bytes:
    body = ""
    for name, called in calls.items():
        made = "".join(f'<callActivity id="{name}-{i}" calledElement="{c}"/>' for i, c in enumerate(called))
        body += f'<process id="{name}" isExecutable="true">{made or f"<task id={chr(34)}{name}-t{chr(34)}/>"}</process>'
    return f"{HEAD}{body}</definitions>".encode()


def attacks() -> list[Attack]:
    return [a for part in (placed, texts, scripts, disguised, raw, bombs) for a in part()]


def decided(text: str) -> bytes:
    """A gateway at once behind the start."""
    asked = f"<conditionExpression>{escape(text)}</conditionExpression>"
    return vendor_file(
        f'<startEvent id="s"/><exclusiveGateway id="g" default="g-y"/>{END}{flows("s>g g>y")}'
        f'<sequenceFlow id="g-z" sourceRef="g" targetRef="z">{asked}</sequenceFlow>'
    )


def plays() -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """(name, file, variables): files that are right as they are written, and values that are not."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    number, members = many("<loopCardinality>n</loopCardinality>"), many("", 'camunda:collection="n"')
    values = {"a billion": 10**9, "-1": -1, "full-width": "９", "5000 digits": "9" * 5000, "1e3": "1e3", "half": 2.5}
    values |= {"true": True, "a list": [1], "code": "__import__('os')", "infinite": float("inf"), "nothing": None}
    yield from ((f"number of instances: {name}", number, {"n": n}) for name, n in values.items())
    lists = {"a million": list(range(10**6)), "text": "abc", "number": 7}
    yield from ((f"collection: {name}", members, {"n": n}) for name, n in lists.items())
    inner = (
        "<multiInstanceLoopCharacteristics><loopCardinality>500</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    for kind in ("userTask", "task"):
        body = f'{inner}<startEvent id="s2"/><{kind} id="u">{inner}</{kind}><endEvent id="z2"/>{flows("s2>u u>z2")}'
        yield f"instances of instances of a {kind}", step(body, "", "subProcess"), {}
    endless = '<startEvent id="s"/><exclusiveGateway id="g"/><task id="t"/>'
    yield "a flow that goes round", vendor_file(endless + flows("s>g g>t t>g")), {}
    forks = endless + '<task id="u"/><parallelGateway id="h"/>'
    yield "a flow that doubles", vendor_file(forks + flows("s>g g>h h>t h>u t>g u>g")), {}
    spelt = {
        "code": "__import__('os')",
        "long": "P9999999999D",
        "number": 10**5000,
        "date": "2026-01-01",
        "list": ["P1D"],
    }
    yield from ((f"duration: {name}", timer("n"), {"n": n}) for name, n in spelt.items())
    conditions: dict[str, dict[str, Any]] = {
        "n == m": {"n": deep, "m": [deep]},
        "n.contains('b')": {"n": "a" * 2_000_000},
        "n.contains(m)": {"n": ["a" * 400_000] * 3, "m": "b"},
        "sum(n) > 1": {"n": list(range(10**6))},
        "sum(n) > 2": {"n": [[1]] * 100},
        "max(n) > 1": {"n": list(range(10**6))},
        "n in m": {"n": "a" * 5000, "m": ["a" * 5000] * 1000},
        "n == 5": {"n": "5"},
        "n == true": {"n": 1},
        "n": {"n": "true"},
        "n and n": {"n": 1},
        "not n": {"n": "false"},
        "n * n * n > 1": {"n": 10**14},
        "n + 1 == n": {"n": 10**5000},
        "n + n == n": {"n": "a" * 9000},
        "n mod 3 == 1": {"n": -7},
        "-n < 1": {"n": True},
        "1 / n > 1": {"n": 0},
        "n[9] == 1": {"n": [1]},
        "n.startsWith('x')": {"n": [1]},
        "nobody == 1": {},
        " or ".join(["n == m"] * 20): {"n": "a" * 100_000, "m": "a" * 99_999 + "b"},
    }
    yield from ((f"condition: {text[:30]}", decided(text), variables) for text, variables in conditions.items())


def near_misses() -> list[tuple[str, bytes]]:
    """What looks like an attack and is none: it must pass."""
    conditions = {
        "a step": "t == 'done'",
        "JUEL": "${t == 'done' && !(t == 'x')}",
        "deferred": "#{t eq 'done' or t ne 'x'}",
        "code as text": "t == '__import__(1)'",
        "a hash in a text": "t == '# no comment'",
        "braces in a text": "t == '${x}'",
        "calls of our list": "len(t) > 3 and t.startsWith('d') and t.contains('o')",
        "letters of Chinese": "结论 == '通过'",
        "thirty brackets": "(" * 30 + "t == 1" + ")" * 30,
        "lines": "t == 1\n  and\tt != 2",
        "a large number": "t < 999999999999999",
    }
    good = condition("t == 1").decode()
    return [
        *((f"near: {name}", condition(escape(text))) for name, text in conditions.items()),
        ("near: character references", condition("&#116; &#x3d;&#61; 1")),
        ("near: CDATA", condition("<![CDATA[1 < 2 and t == 1]]>")),
        ("near: a comment inside", condition("t <!-- so --> == 1")),
        ("near: formal type", condition("t == 1", 'xsi:type="tFormalExpression"')),
        ("near: mark of UTF-8", b"\xef\xbb\xbf" + good.encode()),
        ("near: says UTF-8", b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + good.encode()),
        ("near: says ASCII", b"<?xml version='1.0' encoding='us-ascii'?>" + good.encode()),
        ("near: doctype in a comment", b"<!-- <!DOCTYPE a> -->" + good.encode()),
        ("near: doctype in a text", step("<documentation>&lt;!DOCTYPE a&gt;</documentation>")),
        ("near: schema location", step("", 'xsi:schemaLocation="http://x http://127.0.0.1:PORT/x.xsd"')),
        ("near: other prefix", good.replace("<userTask", "<b:userTask").encode()),
        ("near: harmless vendor words", step("", 'camunda:asyncBefore="true" camunda:historyTimeToLive="P30D"')),
        ("near: assignee", step("", 'camunda:assignee="${open(1)}" flowable:candidateGroups="a"')),
        ("near: collection", many("", 'camunda:collection="${(1, 2)}" camunda:elementVariable="x"')),
        ("near: data of a modeller", extended('<q:note xmlns:q="urn:q">x</q:note>')),
        ("near: duration", timer("PT1H")),
        ("near: fifty sub-processes beside each other", vendor_file(
            '<startEvent id="s"/>' + "".join(
                f'<subProcess id="x{i}"><task id="t{i}"/></subProcess>'
                f'<sequenceFlow id="f{i}" sourceRef="s" targetRef="x{i}"/>' for i in range(50)
            ))),
    ]  # fmt: skip
