from engine.bpmn.read import read
from engine.model import CaseLimit, DocumentRule, Mark, Persons, Risk, Separation, Step
from tests.bpmn.flows import Play, flows, program, source

REVIEW = """<userTask id="review" name="审查"><extensionElements>
<sun:name lang="en">Review</sun:name>
<sun:post code="reviewer" organ="county"/>
<sun:limit days="2"/>
<sun:outcomes values="pass refuse"/>
<sun:returns to="inspect"/>
<sun:persons min="2" rule="ratio:2/3"/>
<sun:mark name="decided" on="pass refuse"/>
<sun:risk id="R1" level="high">勘验走过场</sun:risk>
<sun:document kind="grant" on="pass"/>
</extensionElements></userTask>"""
DESK = (
    '<extensionElements><sun:separate steps="accept again" rule="SOD-03"/></extensionElements><startEvent id="s"/>'
    '<userTask id="accept"/><userTask id="again"/><endEvent id="z"/>'
    '<boundaryEvent id="late" attachedToRef="accept"><extensionElements><sun:mark name="accepted" at="received"/>'
    "</extensionElements><timerEventDefinition><timeDuration>workdays(5)</timeDuration></timerEventDefinition>"
    "</boundaryEvent>" + flows("s>accept accept>again again>z late>again")
)
ITEM = (
    '<extensionElements><sun:name lang="en">A licence</sun:name>'
    '<sun:limit rule="L03" promise="7" from="accepted" until="decided"/></extensionElements>'
    '<startEvent id="s"/><userTask id="inspect"/><callActivity id="desk" calledElement="intake"/>'
    + REVIEW
    + '<endEvent id="granted" name="准予"><extensionElements><sun:name lang="en">Granted</sun:name></extensionElements>'
    "</endEvent>" + flows("s>desk desk>inspect inspect>review review>granted")
)


def test_a_step_is_all_that_its_elements_say():
    step = read(source(ITEM, called={"intake": source(DESK, "intake")})).item.steps["review"]

    assert step == Step(
        path="review",
        name="审查",
        name_en="Review",
        post="reviewer",
        organ="county",
        days=2,
        outcomes=("pass", "refuse"),
        returns=("inspect",),
        persons=Persons(min=2, rule="ratio:2/3"),
        marks=(Mark(name="decided", on=("pass", "refuse")),),
        risks=(Risk(id="R1", level="high", text="勘验走过场"),),
        documents=(DocumentRule(kind="grant", on=("pass",)),),
        line=1,
    )


def test_called_flows_are_flattened_by_path():
    item = read(source(ITEM, called={"intake": source(DESK, "intake")})).item

    assert (item.id, item.name_en, item.ends, item.ends_en) == (
        "p",
        "A licence",
        {"granted": "准予"},
        {"granted": "Granted"},
    )
    assert sorted(item.steps) == ["desk/accept", "desk/again", "inspect", "review"]
    assert item.limits == (CaseLimit(rule="L03", promise=7, start="accepted", until="decided", line=1),)
    assert item.separations == (Separation(steps=("desk/accept", "desk/again"), rule="SOD-03", line=1),)
    assert item.marks == {"desk/late": (Mark(name="accepted", at="received"),)}
    assert item.calls == {"desk": "intake"}


def test_a_step_that_declares_no_outcome_is_done():
    assert read(source(DESK)).item.steps["again"].outcomes == ("done",)


def test_an_interrupted_call_closes_all_that_is_open_inside():
    inner = '<startEvent id="s"/><userTask id="t"/><userTask id="u"/><endEvent id="z"/>' + flows("s>t s>u t>z u>z")
    outer = (
        '<startEvent id="s"/><callActivity id="c" calledElement="f"/><userTask id="after"/><endEvent id="z"/>'
        '<boundaryEvent id="b" attachedToRef="c"><timerEventDefinition><timeDuration>P1M</timeDuration>'
        "</timerEventDefinition></boundaryEvent>" + flows("s>c c>z b>after after>z")
    )
    case = Play(program(outer, {"f": inner}))
    assert case.steps == ["c/t", "c/u"]

    case.do("c/t").fire("b")

    assert case.steps == ["after"]
    assert case.do("after").ended == "z"


def test_a_call_for_each_of_several_runs_side_by_side():
    inner = '<startEvent id="s"/><userTask id="t"/><endEvent id="z"/>' + flows("s>t t>z")
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    outer = f'<startEvent id="s"/><callActivity id="c" calledElement="f">{loop}</callActivity><endEvent id="z"/>'
    case = Play(program(outer + flows("s>c c>z"), {"f": inner}))
    assert case.steps == ["c/t", "c/t"]

    case.do("c/t", "first")
    case.do("c/t", "second")

    assert case.ended == "z"
    assert case.passed.count("c") == 1
    assert b'"c":"z","c_t":"second"' in case.state


def test_one_program_serves_many_cases_at_once():
    flow = program('<startEvent id="s"/><userTask id="t"/><userTask id="u"/><endEvent id="z"/>' + flows("s>t t>u u>z"))
    one, two = Play(flow), Play(flow)

    one.do("t", "x")

    assert (one.steps, two.steps) == (["u"], ["t"])
    assert b'{"t":"y"}' in two.do("t", "y").state
    assert b'{"t":"x"}' in one.state
