"""One bad flow for each rule of level `model`."""

import pytest

from engine.bpmn.check import check
from engine.bpmn.read import read
from engine.errors import Invalid
from tests.bpmn.flows import MESSAGE, TIMER, flows, source

STEP = '<startEvent id="s"/><userTask id="t"/>'
LINE = STEP + '<endEvent id="z"/>' + flows("s>t t>z")


def rules(body: str, **kwargs) -> list[str]:
    return sorted({f.rule for f in check(source(body, **kwargs), level="model")})


def timer(text: str, shape: str = "timeDuration") -> str:
    event = f"<timerEventDefinition><{shape}>{text}</{shape}></timerEventDefinition>"
    late = f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="false">{event}</boundaryEvent>'
    return STEP + late + '<endEvent id="y"/>' + flows("s>t b>y")


def gateway(kind: str, out: str = "", attributes: str = "") -> str:
    return STEP + f'<{kind} id="g" {attributes}/><userTask id="u"/><userTask id="v"/>' + flows("s>t t>g") + flows(out)


def ours(xml: str) -> str:
    return f'<startEvent id="s"/><userTask id="t"><extensionElements>{xml}</extensionElements></userTask>' + flows(
        "s>t"
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (LINE, []),
        ("", ["scope.empty"]),
        ('<userTask id="t"/><userTask id="u"/>' + flows("t>u u>t"), ["start.none"]),
        (LINE + '<userTask id="u"/>', ["flow.unreached"]),
        (LINE + flows("t>nobody"), ["flow.dangling"]),
        (LINE + '<userTask id="z"/>', ["id.twice", "schema"]),
        (STEP + '<endEvent id="z"/>' + flows("s>t", "t>z>import os"), ["expression"]),
        (LINE + '<adHocSubProcess id="a"/>', ["unsupported"]),
        (STEP + '<scriptTask id="w"><script>rm</script></scriptTask>' + flows("s>t t>w"), ["script"]),
        (STEP + '<serviceTask id="w"/>' + flows("s>t t>w"), ["service"]),
        (STEP + '<serviceTask id="w" implementation="pay"/>' + flows("s>t t>w"), ["service"]),
        (STEP + '<businessRuleTask id="w"/>' + flows("s>t t>w"), ["service"]),
        (STEP + '<callActivity id="c" calledElement="nobody"/>' + flows("s>t t>c"), ["call.unknown"]),
        (STEP + '<callActivity id="c" calledElement="p"/>' + flows("s>t t>c"), ["call.cycle"]),
        (timer("P3D"), []),
        (timer("workdays(5)"), []),
        (timer('limit("t")'), []),
        (timer("P3"), ["timer"]),
        (timer("soon enough"), ["timer"]),
        (timer("R/P1D", "timeCycle"), ["timer"]),
        (timer("R3/P1D", "timeCycle"), []),
        (timer("2026-02-30", "timeDate"), ["timer"]),
        (timer("2026-09-14T09:00:00+08:00", "timeDate"), []),
        (LINE + f'<boundaryEvent id="b" attachedToRef="z">{TIMER}</boundaryEvent>', ["boundary"]),
        (LINE + '<boundaryEvent id="b" attachedToRef="t"/>', ["event.missing"]),
        (STEP + '<intermediateCatchEvent id="c"><messageEventDefinition/></intermediateCatchEvent>' + flows("s>t t>c"),
         ["event.reference"]),
        (STEP + '<endEvent id="z"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>'
         "</endEvent>" + flows("s>t t>z"), ["event.place"]),
        (LINE + flows("z>t"), ["event.place"]),
        (gateway("exclusiveGateway"), ["flow.unreached", "gateway"]),
        (gateway("exclusiveGateway", "g>u g>v"), ["gateway"]),
        (gateway("exclusiveGateway", 'g>u>t=="x" g>v', 'default="g-v"'), []),
        (gateway("exclusiveGateway", 'g>u>t=="x" g>v', 'default="s-t"'), ["gateway", "gateway.default"]),
        (gateway("parallelGateway", 'g>u>t=="x" g>v'), ["flow.condition"]),
        (gateway("complexGateway", "t>g g>u>true g>v>true"), ["schema", "id.twice", "unsupported"]),
        (gateway("eventBasedGateway", "g>u g>v"), ["gateway"]),
        (STEP + '<userTask id="u"><multiInstanceLoopCharacteristics/></userTask>' + flows("s>t t>u"), ["multi"]),
        (STEP + '<userTask id="u"><standardLoopCharacteristics/></userTask>' + flows("s>t t>u"), ["loop"]),
        (STEP + '<userTask id="u" startQuantity="0"/>' + flows("s>t t>u"), ["quantity"]),
        (STEP + '<subProcess id="x"><startEvent id="b">' + MESSAGE + '</startEvent><userTask id="u"/>' + flows("b>u")
         + "</subProcess>" + flows("s>t t>x"), ["start.event"]),
        (STEP + '<subProcess id="x" triggeredByEvent="true"><startEvent id="b"/></subProcess>' + flows("s>t"),
         ["start.event"]),
        (STEP + '<intermediateThrowEvent id="x"><linkEventDefinition name="l"/></intermediateThrowEvent>'
         + flows("s>t t>x"), ["link"]),
        (ours('<sun:post code="reviewer"/>'), []),
        (ours('<sun:post code="reviewer"/><sun:post code="decider"/>'), ["sun.twice"]),
        (ours("<sun:post/>"), ["sun.value"]),
        (ours('<sun:post code="reviewer" organ="planet"/>'), ["sun.value"]),
        (ours('<sun:post code="reviewer" level="county"/>'), ["sun.unknown"]),
        (ours('<sun:limit days="0"/>'), ["sun.value"]),
        (ours('<sun:limit rule="L03" until="decided"/>'), ["sun.unknown", "sun.value"]),
        (ours('<sun:separate steps="t u" rule="SOD-03"/>'), ["sun.place"]),
        (ours('<sun:persons min="2" rule="ratio:2/3"/>'), []),
        (ours('<sun:persons rule="most"/>'), ["sun.value"]),
        (ours('<sun:name lang="en"> </sun:name>'), ["sun.value"]),
        (ours("<sun:anything/>"), ["sun.unknown"]),
        (LINE.replace('<userTask id="t"/>', '<userTask id="t" sun:post="x"/>'), ["sun.unknown"]),
    ],
)  # fmt: skip
def test_a_flow_that_cannot_run_is_refused(body, expected):
    assert rules(body) == sorted(expected)


def test_findings_come_from_called_flows_too_with_their_own_file():
    bad = source(STEP + '<userTask id="lost"/>' + flows("s>t"), "desk")
    calls = source(STEP + '<callActivity id="c" calledElement="desk"/>' + flows("s>t t>c"), called={"desk": bad})

    (finding,) = check(calls, level="model")

    assert (finding.file, finding.rule, finding.where) == ("desk.bpmn", "flow.unreached", "lost")


def test_only_a_clean_flow_can_be_read():
    with pytest.raises(Invalid) as refusal:
        read(source(LINE + '<userTask id="u"/>' + flows("t>nobody")))

    assert [f.rule for f in refusal.value.findings] == ["flow.dangling", "flow.unreached"]


def test_a_word_that_the_host_binds_is_no_finding():
    body = STEP + '<scriptTask id="w"><script>stamp</script></scriptTask>' + flows("s>t t>w")

    assert check(source(body), level="model", host={"stamp"}) == ()


def test_a_called_flow_that_comes_back_is_refused():
    desk = source(STEP + '<callActivity id="c" calledElement="p"/>' + flows("s>t t>c"), "desk")
    item = source(STEP + '<callActivity id="c" calledElement="desk"/>' + flows("s>t t>c"), called={"desk": desk})

    assert [f.rule for f in check(item, level="model")] == ["call.cycle"]
