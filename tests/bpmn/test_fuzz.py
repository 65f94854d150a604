"""Whatever a file looks like, it is read or refused with findings; nothing else happens."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn import run
from engine.bpmn.check import check
from engine.bpmn.read import read
from engine.errors import Invalid
from engine.model import Source
from tests.bpmn.book import BOOK
from tests.bpmn.flows import Play

GOOD = (Path(__file__).parent / "samples/good.bpmn").read_bytes()
WORDS = st.sampled_from(
    ["", "review", "decide", "decision", "granted", "start", "9", "-1", "a b", "../x", "${n}", "L03"]
)
TAGS = (
    "userTask", "parallelGateway", "inclusiveGateway", "callActivity", "subProcess", "boundaryEvent", "lane",
    "intermediateCatchEvent", "serviceTask", "startEvent", "process", "timerEventDefinition", "extensionElements",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The good sample after a few changes: elements removed, doubled, moved or renamed, attributes changed."""
    root = etree.fromstring(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        elements = [el for el in root.iter() if el is not root]
        el = draw(st.sampled_from(elements))
        match draw(st.sampled_from(["remove", "double", "move", "rename", "attribute", "text"])):
            case "remove":
                el.getparent().remove(el)
            case "double":
                el.addnext(etree.fromstring(etree.tostring(el)))
            case "move":
                other = draw(st.sampled_from(elements))
                if el not in other.iterancestors() and el is not other:
                    other.append(el)
            case "rename":
                el.tag = el.tag.split("}")[0] + "}" + draw(st.sampled_from(TAGS))
            case "attribute":
                name = draw(st.sampled_from([*el.attrib, "id", "default", "attachedToRef", "calledElement"]))
                el.set(name, draw(WORDS))
            case "text":
                el.text = draw(WORDS)
        if len(root) == 0:
            break
    return etree.tostring(root)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_a_damaged_file_has_findings_or_runs(data):
    source = Source(item="sample", file="s.bpmn", xml=data, forms={}, facts={})

    for finding in check(source, level="item", book=BOOK):
        assert finding.line >= 1
        assert finding.message
    try:
        program = read(source)
    except Invalid:
        return
    try:
        case = Play(program)
        for _ in range(6):
            for path in case.steps[:1]:
                case.do(path, (program.item.steps[path].outcomes or ("done",))[0])
    except (run.Fault, run.NotThere):
        return
    assert case.ended or case.steps or run.waiting(program, case.state)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=40).map(lambda b: GOOD[:900] + b + GOOD[900:]))
def test_any_bytes_are_refused_or_read(data):
    source = Source(item="sample", file="s.bpmn", xml=data, forms={}, facts={})

    assert isinstance(check(source, level="item", book=BOOK), tuple)
