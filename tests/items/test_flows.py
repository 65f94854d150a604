"""The BPMN files: valid, drawn completely, and every name in them leads somewhere."""

import re
from pathlib import Path

import pytest
import SpiffWorkflow.bpmn.parser
from lxml import etree

from .data import (
    BOOK,
    BOUNDS,
    BPMN,
    DI,
    DRAWINGS,
    ITEMS,
    PROCESSES,
    RUNNING,
    SHARED,
    SUN,
    WAYPOINT,
    ends,
    inside,
    label,
    nodes,
    own_steps,
    process,
    steps,
    subs,
    toml,
)

SCHEMA = Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "BPMN20.xsd"
FOOD = PROCESSES / "food_operation_licence"

every_drawing = pytest.mark.parametrize("path", DRAWINGS, ids=label)
every_flow = pytest.mark.parametrize("path", RUNNING, ids=label)


def drawn(path: Path) -> dict[str, etree._Element]:
    plane = etree.parse(str(path)).getroot().find(f".//{DI}BPMNPlane")
    return {e.get("bpmnElement", ""): e for e in plane}


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


@every_drawing
def test_the_file_is_bpmn_2(schema, path):
    schema.assertValid(etree.parse(str(path)))


@every_flow
def test_the_process_is_named_after_its_folder_and_runs(path):
    assert process(path).get("id") == path.parent.name.lstrip("_")
    assert process(path).get("isExecutable") == "true"


@every_drawing
def test_every_node_lane_and_flow_is_drawn_and_nothing_else(path):
    declared = {e.get("id") for scope in (process(path), *subs(path)) for e in inside(scope)}
    declared |= {e.get("id") for kind in ("sequenceFlow", "lane") for e in process(path).iter(BPMN + kind)}

    assert set(drawn(path)) == declared


@every_drawing
def test_flows_touch_the_shapes_they_join(path):
    shapes = {id: e.find(BOUNDS).attrib for id, e in drawn(path).items() if e.tag == f"{DI}BPMNShape"}

    for flow in process(path).iter(f"{BPMN}sequenceFlow"):
        points = [(int(p.get("x")), int(p.get("y"))) for p in drawn(path)[flow.get("id")].findall(WAYPOINT)]
        for (x, y), at in ((points[0], shapes[flow.get("sourceRef")]), (points[-1], shapes[flow.get("targetRef")])):
            left, top, width, height = (int(at[k]) for k in ("x", "y", "width", "height"))
            assert (x in (left, left + width) and top <= y <= top + height) or (
                y in (top, top + height) and left <= x <= left + width
            ), flow.get("id")


@every_drawing
def test_shapes_do_not_overlap_and_lie_in_their_lane(path):
    def box(id):
        return tuple(int(drawn(path)[id].find(BOUNDS).get(k)) for k in ("x", "y", "width", "height"))

    lanes = {
        ref.text: lane.get("id")
        for lane in process(path).iter(f"{BPMN}lane")
        for ref in lane.findall(f"{BPMN}flowNodeRef")
    }
    for scope in (process(path), *subs(path)):
        boxes = {e.get("id"): box(e.get("id")) for e in inside(scope) if e.tag != f"{BPMN}boundaryEvent"}
        for id, (x, y, w, h) in boxes.items():
            lx, ly, lw, lh = box(lanes[id] if scope is process(path) else scope.get("id"))
            assert lx <= x < x + w <= lx + lw, id
            assert ly <= y < y + h <= ly + lh, id
            near = [o for o, (a, b, c, d) in boxes.items() if x < a + c and a < x + w and y < b + d and b < y + h]
            assert near == [id]


@every_flow
def test_flows_are_listed_at_both_ends(path):
    for flow in process(path).iter(f"{BPMN}sequenceFlow"):
        source = process(path).find(f".//*[@id='{flow.get('sourceRef')}']")
        target = process(path).find(f".//*[@id='{flow.get('targetRef')}']")
        assert flow.get("id") in [e.text for e in source.findall(f"{BPMN}outgoing")]
        assert flow.get("id") in [e.text for e in target.findall(f"{BPMN}incoming")]


@every_flow
def test_every_node_is_in_one_lane_and_a_step_in_the_lane_of_its_post(path):
    placed = [
        (ref.text, lane.get("name"))
        for lane in process(path).iter(f"{BPMN}lane")
        for ref in lane.findall(f"{BPMN}flowNodeRef")
    ]

    assert sorted(id for id, _ in placed) == sorted(e.get("id") for e in nodes(path))
    assert {name for _, name in placed} <= {post.name for post in BOOK.posts.values()}
    for id, step in own_steps(path).items():
        assert dict(placed)[id] == BOOK.posts[step.post].name


@every_drawing
def test_whatever_a_person_reads_has_an_english_name(path):
    for e in process(path).iter():
        if e.get("name") and e.tag.startswith(BPMN):
            (english,) = e.findall(f"{BPMN}extensionElements/{SUN}name")
            assert english.get("lang") == "en"
            assert english.text


@every_flow
def test_called_flows_exist(path):
    for call in process(path).iter(f"{BPMN}callActivity"):
        assert PROCESSES / "_shared" / call.get("calledElement") in SHARED


@pytest.mark.parametrize("path", [f / "flow.bpmn" for f in ITEMS], ids=label)
def test_every_end_of_a_called_flow_is_asked_for_where_the_flow_divides(path):
    texts = " ".join(e.text for e in process(path).iter(f"{BPMN}conditionExpression"))

    for call in process(path).findall(f"{BPMN}callActivity"):
        asked = set(re.findall(rf'\b{call.get("id")} == "(\w+)"', texts))
        assert asked in (set(), ends(PROCESSES / "_shared" / call.get("calledElement") / "flow.bpmn"))


@every_flow
def test_every_outcome_leads_somewhere(path):
    """A step with several outcomes stands before a gateway that asks for each, or none of them changes the way."""
    texts = " ".join(e.text for e in process(path).iter(f"{BPMN}conditionExpression"))

    for id, step in own_steps(path).items():
        asked = set(re.findall(rf'\b{id} == "(\w+)"', texts))
        assert asked in (set(), set(step.outcomes)), id


@pytest.mark.parametrize("item", ITEMS, ids=label)
def test_marks_outcomes_rules_and_separated_steps_exist(item):
    flows = [item / "flow.bpmn"] + [
        PROCESSES / "_shared" / call.get("calledElement") / "flow.bpmn"
        for call in process(item / "flow.bpmn").iter(f"{BPMN}callActivity")
    ]
    marks = {m.get("name") for f in flows for m in process(f).iter(f"{SUN}mark")} | {"received"}

    for flow in flows:
        for limit in process(flow).findall(f"{BPMN}extensionElements/{SUN}limit"):
            assert {limit.get("from"), limit.get("until")} <= marks
            assert BOOK.limits[limit.get("rule")].verified
        for separate in process(flow).iter(f"{SUN}separate"):
            assert set(separate.get("steps").split()) <= {*steps(item), *own_steps(flow)}
            assert separate.get("rule") in BOOK.constraints
        for tag in ("mark", "document"):
            for e in process(flow).iter(SUN + tag):
                task = e.getparent().getparent().get("id")
                outcomes = own_steps(flow)[task].outcomes if task in own_steps(flow) else ()
                assert set(e.get("on", "").split()) <= set(outcomes)


def test_the_step_limits_of_the_food_licence_add_up_to_its_promise():
    days = {path: step.days for path, step in steps(FOOD).items()}
    inspection = days["site_inspection/inspect"] + days["site_inspection/reinspect"]

    (promise,) = process(FOOD / "flow.bpmn").findall(f".//{SUN}limit[@promise]")

    assert max(days["review"], inspection) + days["recheck"] + days["decide"] == int(promise.get("promise"))
    assert toml(FOOD / "item.toml")["promise"] == int(promise.get("promise"))


def test_the_old_flow_has_the_steps_and_days_the_catalogue_names():
    before = toml(FOOD / "item.toml")["before"]
    limits = [int(e.get("days")) for e in process(FOOD / "before.bpmn").iter(f"{SUN}limit")]

    assert (len(limits), sum(limits)) == (before["steps"], before["days"])
