"""Files that want to break out by what they spell: (name, rule that must refuse it, bytes). `bombs` has the rest.

`PORT` stands for a port of this machine where somebody listens, `CANARY` for a file that nobody may read.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tests.bpmn.flows import HEAD, MESSAGE, flows

Attack = tuple[str, str, bytes]
END = '<endEvent id="z"/><endEvent id="y"/>'
VENDOR = HEAD.replace(
    "<definitions ",
    '<definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn" '
    'xmlns:activiti="http://activiti.org/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:drools="http://www.jboss.org/drools" xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:old="http://schema.omg.org/spec/BPMN/2.0" ',
)


def vendor_file(body: str, before: str = "") -> bytes:
    return f'{VENDOR}{before}<process id="p" isExecutable="true">{body}</process></definitions>'.encode()


def condition(raw: str, attributes: str = "") -> bytes:
    """A gateway behind a step; `raw` is XML."""
    asked = f"<conditionExpression {attributes}>{raw}</conditionExpression>"
    return vendor_file(
        f'<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="g" default="g-y"/>{END}{flows("s>t t>g g>y")}'
        f'<sequenceFlow id="g-z" sourceRef="g" targetRef="z">{asked}</sequenceFlow>'
    )


def step(inside: str = "", attributes: str = "", kind: str = "userTask", before: str = "") -> bytes:
    return vendor_file(
        f'<startEvent id="s"/><{kind} id="t" {attributes}>{inside}</{kind}><endEvent id="z"/>{flows("s>t t>z")}', before
    )


def extended(inside: str, attributes: str = "", kind: str = "userTask") -> bytes:
    return step(f"<extensionElements>{inside}</extensionElements>", attributes, kind)


def timer(text: str, shape: str = "timeDuration") -> bytes:
    definition = f"<timerEventDefinition><{shape}>{escape(text)}</{shape}></timerEventDefinition>"
    late = f'<boundaryEvent id="b" attachedToRef="t">{definition}</boundaryEvent>'
    return vendor_file(f'<startEvent id="s"/><userTask id="t"/>{late}{END}{flows("s>t t>z b>y")}')


def many(inside: str, attributes: str = "") -> bytes:
    return step(f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>")


def loop(text: str) -> bytes:
    return step(
        f"<standardLoopCharacteristics><loopCondition>{escape(text)}</loopCondition></standardLoopCharacteristics>"
    )


def event(text: str) -> bytes:
    definition = f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"
    return vendor_file(
        f'<startEvent id="s"/><intermediateCatchEvent id="t">{definition}</intermediateCatchEvent><endEvent id="z"/>'
        + flows("s>t t>z")
    )


PLACES = {
    "condition": lambda text: condition(escape(text)),
    "event condition": event,
    "duration": timer,
    "date": lambda text: timer(text, "timeDate"),
    "cycle": lambda text: timer(text, "timeCycle"),
    "cardinality": lambda text: many(f"<loopCardinality>{escape(text)}</loopCardinality>"),
    "completion": lambda text: many(
        f"<loopCardinality>2</loopCardinality><completionCondition>{escape(text)}</completionCondition>"
    ),
    "loop condition": loop,
    "collection": lambda text: many("", f'camunda:collection="{escape(text)}" camunda:elementVariable="x"'),
    "input": lambda text: many(f"<loopDataInputRef>{escape(text)}</loopDataInputRef>"),
}
RULES = {"duration": "timer", "date": "timer", "cycle": "timer"}
CODE = {
    "import": "__import__('os').system('touch CANARY')",
    "dunder walk": "().__class__.__base__.__subclasses__()",
    "lambda": "(lambda: 1)()",
    "JUEL method": "${execution.getVariable('x')}",
}
SPELLINGS = {
    "comprehension": "[x for x in (1,)]",
    "walrus": "(t := 1) == 1",
    "f-string": "f'{t}' == 'a'",
    "bytes": "b'a' == t",
    "raw text": "r'a' == t",
    "format": "'%s' % t == 'a'",
    "format method": "'{0.__class__}'.format(t) == 'a'",
    "attribute": "t.upper == 1",
    "nested property": "${order.amount > 3}",
    "bean": "${bean.method(t)}",
    "power": "9**9**9 > 1",
    "text times number": "'a' * 999999999 == t",
    "list times number": "[0] * 999999999 == t",
    "huge number": "1" * 400 + " > 1",
    "huge float": "1e308 * 10 > 1",
    "hexadecimal": "0xff == 1",
    "underscores in a number": "1_000 == 1",
    "imaginary": "1j == 1",
    "long text": "t == '" + "a" * 3000 + "'",
    "many parts": " and ".join(["t == 1"] * 90),
    "parentheses": "(" * 150 + "t" + ")" * 150,
    "brackets": "[" * 90 + "]" * 90,
    "not not not": "not " * 300 + "t",
    "minus minus minus": "-" * 1900 + "1",
    "full-width letters": "ｅｖａｌ('1') == 1",
    "full-width underscores": "＿＿ｉｍｐｏｒｔ＿＿('os') == 1",
    "full-width name": "ｔ == 1",
    "mathematical letters": "𝐭 == 1",
    "ligature": "ﬁeld == 1",
    "full-width digits": "t == １",
    "Arabic digits": "t == ١",
    "non-breaking blank": "t\u00a0== 1",
    "right-to-left mark": "t\u202e == 1",
    "zero-width joiner": "t\u200d == 1",
    "comment": "t == 1 # and never",
    "two lines": "t == 1\nimport os",
    "semicolon": "t == 1; import os",
    "assignment": "t = 1",
    "augmented": "t += 1",
    "backslash": "t == '\\x41'",
    "dictionary": "{'a': 1} == t",
    "set": "{1} == t",
    "slice": "t[0:1] == 'a'",
    "star": "max(*t) == 1",
    "keyword": "max(t, key=len) == 1",
    "call of a call": "max(t)(t)",
    "await": "await t",
    "yield": "(yield t)",
    "is": "t is None",
    "matrix": "t @ t",
    "bits": "t | 1 == 1",
    "adjoining texts": "t == 'a' 'b'",
    "expression in two pieces": "${t} == ${t}",
    "nested expression": "${${t}}",
    "hash in dollar": "${#{t} == 1}",
    "deferred nested": "#{'${1+1}' + T(java.lang.Runtime)}",
    "static class": "${T(java.lang.Runtime).getRuntime().exec('id')}",
    "ternary": "${t ? true : false}",
    "empty": "${empty t}",
    "instanceof": "${t instanceof x}",
    "feel": "=t = 1",
    "feel call": 'feel: count(t) > 1',
    "xpath": "bpmn:getDataObject('t') = 'a'",
    "groovy": "t.any { it == 1 }",
    "javascript": "t === 1",
    "arrow": "(() => 1)()",
    "print": "print(t) == 1",
    "open": "open('CANARY') == t",
    "type": "type(t) == 1",
    "getattr": "getattr(t, 'x') == 1",
    "type of method": "t.contains.x('a')",
    "hidden method": "t.__contains__('a')",
    "comparison chain": "${t == 1 == true}",
    "negation that engines read differently": "!t == 'a'",
}  # fmt: skip


def placed() -> Iterator[Attack]:
    for what, text in CODE.items():
        for place, put in PLACES.items():
            yield f"{what} in {place}", RULES.get(place, "expression"), put(text)
    for what, text in SPELLINGS.items():
        yield f"{what} in a condition", "expression", condition(escape(text))


def texts() -> Iterator[Attack]:
    """XML's ways to spell a text."""
    yield "character references", "expression", condition("&#x5f;&#95;import&#x5F;_('os')")
    yield "CDATA", "expression", condition("<![CDATA[__import__('os')]]>")
    yield "CDATA in pieces", "expression", condition("<![CDATA[__imp]]><![CDATA[ort__('os')]]>")
    yield "comment inside", "expression", condition("__imp<!-- x -->ort__('os')")
    yield "element inside", "expression", condition("t == 1<documentation/> or open('CANARY')")
    yield "harmless beginning", "expression", condition("true<documentation>x</documentation> and false")
    yield "language", "expression", condition("t == 1", 'language="groovy"')
    yield "FEEL", "expression", condition("t in (1, 2)", 'language="http://www.omg.org/spec/FEEL/20140401"')
    yield "script resource", "vendor.code", condition("t == 1", 'camunda:resource="deployment://a.groovy"')
    yield "formal type", "type", condition("t == 1", 'xsi:type="tScriptTask"')
    yield "no such character", "xml", condition("&#0;")


def scripts() -> Iterator[Attack]:
    for language in ("python", "javascript", "groovy", "juel", "feel"):
        yield (
            f"{language} script",
            "script",
            step("<script>import os</script>", f'scriptFormat="{language}"', "scriptTask"),
        )
    yield "empty script", "script", step("", "", "scriptTask")
    yield "service class", "service", step("", 'camunda:class="java.lang.Runtime"', "serviceTask")
    yield "service expression", "service", step("", "camunda:expression=\"${open('CANARY')}\"", "serviceTask")
    yield "external task", "service", step("", 'camunda:type="external" camunda:topic="t"', "serviceTask")
    yield "shell task", "service", step("", 'flowable:type="shell"', "serviceTask")
    yield "decision table", "service", step("", 'camunda:decisionRef="d"', "businessRuleTask")
    yield "send task with a class", "vendor.code", step("", 'camunda:class="x.Y" messageRef="the_message"', "sendTask")
    yield "user task with a class", "vendor.code", step("", 'camunda:class="x.Y"')
    yield "skip expression", "vendor.meaning", step("", 'flowable:skipExpression="${true}"')
    yield "execution listener", "vendor.code", extended('<camunda:executionListener class="x.Y" event="start"/>')
    yield "task listener", "vendor.code", extended('<activiti:taskListener expression="${x.y()}" event="create"/>')
    script = '<camunda:script scriptFormat="groovy">1</camunda:script>'
    put = (
        f'<camunda:inputOutput><camunda:inputParameter name="x">{script}</camunda:inputParameter></camunda:inputOutput>'
    )
    yield "input by script", "vendor.code", extended(put)
    yield "connector", "vendor.code", extended("<camunda:connector/>")
    yield "unknown vendor element", "vendor.unknown", extended("<flowable:newInNextVersion/>")
    yield "unknown vendor attribute", "vendor.unknown", step("", 'flowable:newInNextVersion="x"')
    yield "pre-script", "vendor.meaning", extended("<spiff:preScript>import os</spiff:preScript>")
    yield "post-script", "vendor.meaning", extended("<spiff:postScript>import os</spiff:postScript>")
    yield "operator", "vendor.meaning", extended('<spiff:serviceTaskOperator id="http/Get"/>')
    yield "unit test script", "vendor.meaning", extended("<spiff:unitTests/>")
    yield "jBPM script", "vendor.meaning", extended("<drools:onEntry-script><drools:script/></drools:onEntry-script>")
    yield "zeebe task", "vendor.meaning", extended('<zeebe:taskDefinition type="x"/>')
    yield "include", "vendor.meaning", extended('<xi:include href="file://CANARY" parse="text"/>')
    yield "must be understood", "vendor.unknown", step("", before='<extension mustUnderstand="1" definition="x"/>')
    yield (
        "assignment",
        "unsupported",
        step(
            '<dataInputAssociation><targetRef>t</targetRef><assignment><from>open("CANARY")</from><to>t</to></assignment>'
            "</dataInputAssociation>"
        ),
    )


def disguised() -> Iterator[Attack]:
    """Elements and attributes that a reader could take for something else."""
    yield "abstract element", "schema", step("", "", "flowNode")
    yield (
        "typed abstract element",
        "type",
        vendor_file(
            '<startEvent id="s"/><flowElement xsi:type="tScriptTask" id="x"/><endEvent id="z"/>' + flows("s>z")
        ),
    )
    yield "script behind a type", "type", step("", 'xsi:type="tScriptTask"', "task")
    yield "other version", "schema", step("", "", "old:userTask")
    yield "prefixed attribute", "schema", step("", 'b:id="other"')
    yield "foreign element in the flow", "schema", step("<xi:include href='file://CANARY'/>")
    yield "base", "type", step("", 'xml:base="file:///etc/"')
    yield (
        "implicit throw",
        "unsupported",
        vendor_file(
            f'<startEvent id="s"/><implicitThrowEvent id="x">{MESSAGE}</implicitThrowEvent><endEvent id="z"/>'
            + flows("s>z")
        ),
    )
    yield "call by expression", "call.unknown", step("", 'calledElement="${open}"', "callActivity")
    yield "call by path", "call.unknown", step("", 'calledElement="../../etc"', "callActivity")
    yield "own element unknown", "sun.unknown", extended('<sun:exec code="1"/>')
