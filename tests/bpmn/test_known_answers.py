"""Known answers, one small flow for each rule of the standard on activities and gateways."""

import pytest

from tests.bpmn.draw import (
    CANCEL,
    MESSAGE,
    SIGNAL,
    THROWN,
    WAIT,
    Known,
    bound,
    catch,
    condition,
    end,
    gate,
    loop,
    multi,
    run_known,
    start,
    sub,
    t,
    throw,
    timer,
    word,
)
from tests.bpmn.flows import flows

ACTIVITIES = [
    Known("sub-process", start() + sub("p", start("b") + t(1) + flows("b>t1")) + t(2) + flows("s>p p>t2"), "12"),
    Known("loop maximum", start() + t(1, more=loop(loopMaximum="3")) + t(2) + flows("s>t1 t1>t2"), "1112"),
    Known("loop maximum 0, body first", start() + t(1, more=loop(loopMaximum="0")) + flows("s>t1"), "R"),
    Known("loop maximum 0, test first",
          start() + t(1, more=loop(loopMaximum="0", testBefore="true")) + t(2) + flows("s>t1 t1>t2"), "2"),
    Known("negative loop maximum", start() + t(1, more=loop(loopMaximum="-1")) + flows("s>t1"), "R"),
    Known("loop without iteration, body first", start() + t(1, more=loop("false")) + t(2) + flows("s>t1 t1>t2"), "12"),
    Known("loop without iteration, test first",
          start() + t(1, more=loop("false", testBefore="true")) + t(2) + flows("s>t1 t1>t2"), "2"),
    Known("loop condition and maximum", start() + t(1, more=loop("true", loopMaximum="2")) + flows("s>t1"), "11"),
    Known("loop counter", start() + t(1, more=loop("loopCounter < 2")) + flows("s>t1"), "11"),
    Known("loop of a sub-process",
          start() + sub("p", loop(loopMaximum="2") + start("b") + t(1) + flows("b>t1")) + t(2) + flows("s>p p>t2"),
          "112"),
    Known("loop of a plain task", start() + "<task id=\"a\">" + loop(loopMaximum="2") + "</task>" + t(1)
          + flows("s>a a>t1"), "1"),
    Known("instances side by side", start() + t(1, more=multi(3)) + t(2) + flows("s>t1 t1>t2"), "1112"),
    Known("instances one by one", start() + t(1, more=multi(3, isSequential="true")) + t(2) + flows("s>t1 t1>t2"),
          "1112"),
    Known("completion condition", start() + t(1, more=multi(3, "nrOfCompletedInstances == 2", isSequential="true"))
          + t(2) + flows("s>t1 t1>t2"), "112"),
    Known("completion condition as a share", start()
          + t(1, more=multi(4, "${nrOfCompletedInstances/nrOfInstances >= 0.5}")) + t(2) + flows("s>t1 t1>t2"), "112"),
    Known("completion condition that asks a variable", start()
          + word("a", "INCREMENT_INTEGER_VARIABLE SCRIPT_task1", multi(5, "integerVariable == 2", isSequential="true"))
          + flows("s>a"), "11"),
    Known("no instances", start() + t(1, more=multi("0")) + t(2) + flows("s>t1 t1>t2"), "2"),
    Known("cardinality from a variable", start() + t(1, more=multi("${n}")) + flows("s>t1"), "11", {"n": 2}),
    Known("negative cardinality from a variable", start() + t(1, more=multi("${n}")) + flows("s>t1"), "F", {"n": -2}),
    Known("negative cardinality", start() + t(1, more=multi("-2")) + flows("s>t1"), "R"),
    Known("behaviour All", start() + t(1, more=multi(2, behavior="All")) + t(2) + flows("s>t1 t1>t2"), "112"),
    Known("behaviour One", start() + t(1, more=multi(2, behavior="One")) + t(2) + flows("s>t1 t1>t2"), "R"),
    Known("instances of a sub-process", start()
          + sub("p", multi(2) + start("b") + t(1) + t(2) + flows("b>t1 t1>t2")) + t(3) + flows("s>p p>t3"), "11223"),
    Known("instances within instances", start()
          + sub("p", multi(2) + start("b") + t(1, more=multi(2)) + flows("b>t1")) + t(3) + flows("s>p p>t3"), "11113"),
    Known("instances that take time run side by side", start() + word("a", "CREATE_TIMESTAMP_LOG_1", multi(2))
          + t(1) + flows("s>a a>t1"), "1P"),
    Known("instances one by one do not", start() + word("a", "CREATE_TIMESTAMP_LOG_1", multi(2, isSequential="true"))
          + t(1) + flows("s>a a>t1"), "1"),
    Known("a data object without a value is null", '<dataObject id="d" name="paper"/>' + start()
          + gate("g", "exclusive", default="g-t2") + t(1, 2) + flows("s>g", "g>t1>paper == null and d == null", "g>t2"),
          "1"),
    Known("a property without a value is null", '<property id="d"/>' + start() + gate("g", "exclusive", default="g-t2")
          + t(1, 2) + flows("s>g", "g>t1>d == null", "g>t2"), "1"),
    Known("an assignment of data", start() + t(1, more='<dataInputAssociation><targetRef>x</targetRef><assignment>'
          "<from>1</from><to>x</to></assignment></dataInputAssociation>") + flows("s>t1"), "R"),
    Known("a send task with a boundary event and instances", start()
          + f'<sendTask id="a" messageRef="the_message">{multi(2)}</sendTask>' + bound("b", "a", timer("PT1S"))
          + sub("e", start("es", MESSAGE, isInterrupting="false") + t(2) + flows("es>t2"), triggeredByEvent="true")
          + t(1, 3) + WAIT + flows("s>a a>t1 b>t3 s>w"), "122"),
    Known("a compensation activity that nothing refers to", start() + t(1) + t(2, isForCompensation="true")
          + flows("s>t1"), "R"),
    Known("a compensation activity in the flow", start() + t(1) + t(2, isForCompensation="true")
          + flows("s>t1 t1>t2"), "R"),
    Known("completion quantity", start() + t(1, completionQuantity="2") + t(2) + flows("s>t1 t1>t2"), "122"),
    Known("start quantity", start() + t(1) + t(2) + t(3, startQuantity="2") + flows("s>t1 s>t2 t1>t3 t2>t3"), "123"),
    Known("start quantity not reached", start() + t(1) + t(3, startQuantity="2") + flows("s>t1 t1>t3"), "1"),
    Known("completion quantity 0", start() + t(1, completionQuantity="0") + flows("s>t1"), "R"),
    Known("ad-hoc sub-process", start() + sub("p", t(1), "adHocSubProcess") + flows("s>p"), "R"),
    Known("a transaction that ends well", start() + sub("p", start("b") + t(1) + end("y") + flows("b>t1 t1>y"),
          "transaction") + bound("x", "p", CANCEL) + t(2) + t(3) + flows("s>p p>t2 x>t3"), "12"),
    Known("a transaction that is cancelled, and nothing follows", start() + sub("p", start("b") + end("y", CANCEL)
          + flows("b>y"), "transaction") + t(2) + flows("s>p p>t2"), "R"),
    Known("a transaction that is cancelled", start() + sub("p", start("b") + t(1) + end("y", CANCEL)
          + flows("b>t1 t1>y"), "transaction") + bound("x", "p", CANCEL) + t(2) + t(3) + flows("s>p p>t2 x>t3"), "13"),
    Known("two flows out of a task", start() + t(1, 2, 3) + flows("s>t1 t1>t2 t1>t3"), "123"),
    Known("two flows into a task", start() + t(1, 2, 3) + flows("s>t1 s>t2 t1>t3 t2>t3"), "1233"),
    Known("conditional and default flow out of a task", start() + t(1, default="t1-t3") + t(2, 3, 4)
          + flows("s>t1", "t1>t2>x == 1", "t1>t3 t1>t4"), "124", {"x": 1}),
    Known("only the default flow and the plain one", start() + t(1, default="t1-t3") + t(2, 3, 4)
          + flows("s>t1", "t1>t2>x == 1", "t1>t3 t1>t4"), "134", {"x": 2}),
    Known("no start event", t(1, 2) + flows("t1>t2"), "12"),
    Known("no start event, two begin", t(1, 2), "12"),
    Known("no end event", start() + t(1) + flows("s>t1"), "1"),
    Known("two plain start events", start() + start("s2") + t(1, 2) + flows("s>t1 s2>t2"), "R"),
    Known("a start event by message beside a plain one", start() + start("s2", MESSAGE) + t(1, 2)
          + flows("s>t1 s2>t2"), "1"),
    Known("a start event with several events", start("s", SIGNAL + MESSAGE) + t(1) + flows("s>t1"), "1"),
    Known("a start event that waits for all of several", start("s", SIGNAL + MESSAGE, parallelMultiple="true") + t(1)
          + flows("s>t1"), "R"),
    Known("a start event by timer, again and again", start("s", timer("R3/PT2S", "Cycle")) + t(1) + flows("s>t1"), "R"),
    Known("a start event by timer", start("s", timer("PT5S")) + t(1) + flows("s>t1"), "1"),
    Known("a script that throws is caught", start() + word("a", "THROW_ERROR") + bound("b", "a", THROWN) + t(1, 2)
          + flows("s>a a>t1 b>t2"), "2"),
    Known("an uncaught error of a script", start() + t(1) + word("a", "THROW_ERROR") + flows("s>t1 t1>a"), "1E"),
]  # fmt: skip

GATEWAYS = [
    Known("exclusive, first that holds", start() + gate("g", "exclusive", default="g-t3") + t(1, 2, 3)
          + flows("s>g", 'g>t1>x.contains("a")', 'g>t2>x.contains("b")', "g>t3"), "1", {"x": "ab"}),
    Known("exclusive, default", start() + gate("g", "exclusive", default="g-t3") + t(1, 2, 3)
          + flows("s>g", 'g>t1>x.contains("a")', 'g>t2>x.contains("b")', "g>t3"), "3", {"x": "c"}),
    Known("exclusive, none holds", start() + gate("g", "exclusive") + t(1, 2)
          + flows("s>g", 'g>t1>x.contains("a")', 'g>t2>x.contains("b")'), "F", {"x": "c"}),
    Known("exclusive without conditions", start() + gate("g", "exclusive") + t(1, 2) + flows("s>g g>t1 g>t2"), "R"),
    Known("parallel with a condition", start() + gate("g", "parallel") + t(1, 2) + flows("s>g", "g>t1>x == 1", "g>t2"),
          "R", {"x": 1}),
    Known("parallel, split and join", start() + gate("g", "parallel") + t(1, 2) + gate("j", "parallel") + t(3)
          + flows("s>g g>t1 g>t2 t1>j t2>j j>t3"), "123"),
    Known("parallel, join and split in one", start() + t(1, 2) + gate("g", "parallel") + t(3, 4)
          + flows("s>t1 s>t2 t1>g t2>g g>t3 g>t4"), "1234"),
    Known("parallel, unbalanced", start() + gate("g", "parallel") + t(1, 2, 3) + gate("j", "parallel")
          + gate("k", "parallel") + t(4) + flows("s>g g>t1 g>t2 g>t3 t1>j t2>j j>k t3>k k>t4"), "1234"),
    Known("simple merge", start() + gate("g", "exclusive", default="g-t2") + t(1, 2) + gate("m", "exclusive") + t(3)
          + flows("s>g", "g>t1>x == 1", "g>t2 t1>m t2>m m>t3"), "13", {"x": 1}),
    Known("multi-merge", start() + gate("g", "parallel") + t(1, 2) + gate("m", "exclusive") + t(3)
          + flows("s>g g>t1 g>t2 t1>m t2>m m>t3"), "1233"),
    Known("inclusive with default", start() + gate("g", "inclusive", default="g-t3") + t(1, 2, 3)
          + flows("s>g", "g>t1>x > 0", "g>t2>x > 1", "g>t3"), "3", {"x": 0}),
    Known("inclusive, default only when none holds", start() + gate("g", "inclusive", default="g-t3") + t(1, 2, 3)
          + flows("s>g", "g>t1>x > 0", "g>t2>x > 1", "g>t3"), "12", {"x": 2}),
    Known("inclusive, none holds", start() + gate("g", "inclusive") + t(1, 2)
          + flows("s>g", "g>t1>x > 0", "g>t2>x > 1"), "F", {"x": 0}),
    Known("inclusive, mixed join and split", start() + t(1, 2) + gate("g", "inclusive") + t(3, 4)
          + flows("s>t1 s>t2 t1>g t2>g", "g>t3>x > 0", "g>t4>x > 1"), "123", {"x": 1}),
    Known("inclusive join of an exclusive split", start() + gate("g", "exclusive", default="g-t2") + t(1, 2)
          + gate("j", "inclusive") + t(3) + flows("s>g", "g>t1>x == 1", "g>t2 t1>j t2>j j>t3"), "13", {"x": 1}),
    Known("arbitrary cycle", start() + gate("m", "exclusive") + word("a", "INCREMENT_INTEGER_VARIABLE SCRIPT_task1")
          + gate("g", "exclusive", default="g-t2") + t(2) + flows("s>m m>a a>g", "g>m>integerVariable < 3", "g>t2"),
          "1112", {"integerVariable": 0}),
    Known("complex, split", start() + gate("g", "complex", default="g-t3") + t(1, 2, 3)
          + flows("s>g", "g>t1>x > 0", "g>t2>x > 1", "g>t3"), "12", {"x": 2}),
    Known("complex, join", start() + t(1, 2) + gate("g", "complex") + t(3) + flows("s>t1 s>t2 t1>g t2>g g>t3"), "R"),
    Known("complex with an activation condition", start()
          + '<complexGateway id="g"><activationCondition>activationCount &gt;= 1</activationCondition></complexGateway>'
          + t(1) + flows("s>g g>t1"), "R"),
    Known("event-based, the earlier timer", start() + gate("g", "eventBased") + catch("a", timer("PT2S"))
          + catch("b", timer("PT3S")) + t(1, 2) + flows("s>g g>a g>b a>t1 b>t2"), "1"),
    Known("event-based, a signal of the other branch", start() + gate("g", "eventBased") + catch("a", SIGNAL)
          + catch("b", timer("PT30S")) + t(1, 2) + WAIT + throw("x", SIGNAL) + flows("s>g g>a g>b a>t1 b>t2 s>w w>x"),
          "1"),
    Known("event-based, a condition that is true", start() + gate("g", "eventBased") + catch("a", timer("PT2S"))
          + catch("b", condition("x == 1")) + t(1, 2) + flows("s>g g>a g>b a>t1 b>t2"), "2", {"x": 1}),
    Known("event-based in a loop", start() + gate("m", "exclusive") + gate("g", "eventBased")
          + catch("a", timer("PT2S")) + catch("b", timer("PT3S")) + word("c", "INCREMENT_INTEGER_VARIABLE SCRIPT_task1")
          + gate("k", "exclusive", default="k-t3") + t(2, 3)
          + flows("s>m m>g g>a g>b a>c b>t2 c>k", "k>m>integerVariable < 2", "k>t3"), "113", {"integerVariable": 0}),
    Known("event-based, of the parallel kind", start() + gate("g", "eventBased", eventGatewayType="Parallel")
          + catch("a", SIGNAL) + catch("b", MESSAGE) + flows("s>g g>a g>b"), "R"),
    Known("event-based that starts the process", gate("g", "eventBased", instantiate="true") + catch("a", SIGNAL)
          + catch("b", MESSAGE) + flows("g>a g>b"), "R"),
    Known("event-based, a receive task with a boundary event", start() + gate("g", "eventBased")
          + '<receiveTask id="a" messageRef="the_message"/>' + bound("x", "a", timer("PT1S"))
          + catch("b", timer("PT3S")) + t(1, 2, 3) + flows("s>g g>a g>b a>t1 b>t2 x>t3"), "R"),
    Known("event-based, a receive task with instances", start() + gate("g", "eventBased")
          + f'<receiveTask id="a" messageRef="the_message">{multi(2)}</receiveTask>' + catch("b", timer("PT3S"))
          + t(1, 2) + flows("s>g g>a g>b a>t1 b>t2"), "R"),
    Known("discriminator by instances", start() + t(1, more=multi(3, "nrOfCompletedInstances >= 1")) + t(2)
          + flows("s>t1 t1>t2"), "12"),
]  # fmt: skip


@pytest.mark.parametrize("known", [*ACTIVITIES, *GATEWAYS], ids=lambda k: k.name)
def test_what_the_standard_says(known, tmp_path):
    verdict, why = run_known(known, tmp_path)

    assert verdict == "right", why
