"""Known answers, one small flow for each rule of the standard on events."""

import pytest

from tests.bpmn.draw import (
    ANY_ERROR,
    ANY_ESCALATION,
    ERROR,
    ESCALATION,
    LINK,
    MESSAGE,
    OTHER_ERROR,
    SIGNAL,
    TERMINATE,
    THROWN,
    UNDO,
    WAIT,
    Known,
    bound,
    by_event,
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

EVENTS = [
    Known("timer, duration", start() + catch("a", timer("PT5S")) + t(1) + flows("s>a a>t1"), "1"),
    Known("timer, date", start() + catch("a", timer("2026-01-01T00:00:00Z", "Date")) + t(1) + flows("s>a a>t1"), "1"),
    Known("timer, from a variable", start() + catch("a", timer("${x}")) + t(1) + flows("s>a a>t1"), "1", {"x": "PT1S"}),
    Known("timer, cycle without end", start() + catch("a", timer("R/PT5S", "Cycle")) + t(1) + flows("s>a a>t1"), "R"),
    Known("timer interrupts a task", start() + WAIT + bound("b", "w", timer("PT5S")) + t(1, 2) + flows("s>w w>t1 b>t2"),
          "2"),
    Known("timer does not interrupt", start() + WAIT + bound("b", "w", timer("PT5S"), False) + t(1, 2)
          + flows("s>w w>t1 b>t2"), "12"),
    Known("timer too late", start() + WAIT + bound("b", "w", timer("PT15S")) + t(1, 2) + flows("s>w w>t1 b>t2"), "1"),
    Known("cycle on a boundary", start() + WAIT + bound("b", "w", timer("R3/PT2S", "Cycle"), False) + t(1, 2)
          + flows("s>w w>t1 b>t2"), "1222"),
    Known("cycle on a boundary ends with its task", start() + WAIT + bound("b", "w", timer("R9/PT4S", "Cycle"), False)
          + t(1, 2) + flows("s>w w>t1 b>t2"), "122"),
    Known("cycle that interrupts turns once", start() + WAIT + bound("b", "w", timer("R9/PT4S", "Cycle"))
          + t(1, 2) + flows("s>w w>t1 b>t2"), "2"),
    Known("timer of an event sub-process", start() + WAIT + t(1) + by_event("e", timer("PT5S"), t(2))
          + flows("s>w w>t1"), "2"),
    Known("timer of an event sub-process that does not interrupt", start() + WAIT + t(1)
          + by_event("e", timer("PT5S"), t(2), False) + flows("s>w w>t1"), "12"),
    Known("condition true at once interrupts", start() + WAIT + bound("b", "w", condition("x == 1")) + t(1, 2)
          + flows("s>w w>t1 b>t2"), "2", {"x": 1}),
    Known("condition that asks for what nobody has set yet", start() + catch("c", condition("later == 1"))
          + catch("d", condition("integerVariable == 1")) + t(1, 2) + word("i", "INCREMENT_INTEGER_VARIABLE")
          + flows("s>c c>t1 s>d d>t2 s>i"), "2"),
    Known("condition becomes true", start() + sub("p", start("b") + word("i", "INCREMENT_INTEGER_VARIABLE") + t(1)
          + flows("b>i i>t1")) + bound("c", "p", condition("integerVariable > 0")) + t(2) + flows("s>p c>t2"), "2"),
    Known("condition becomes true, not interrupting, once for each edge", start() + sub("p", start("b")
          + word("i", "INCREMENT_INTEGER_VARIABLE SCRIPT_task1", loop(loopMaximum="3")) + flows("b>i"))
          + bound("c", "p", condition("integerVariable > 0"), False) + t(2) + flows("s>p c>t2"), "1112"),
    Known("condition true, false and true again", start() + sub("p", start("b")
          + word("i", "INCREMENT_INTEGER_VARIABLE SCRIPT_task1", loop(loopMaximum="4")) + flows("b>i"))
          + bound("c", "p", condition("integerVariable in (1, 2, 4)"), False) + t(2) + flows("s>p c>t2"), "111122"),
    Known("intermediate condition", start() + catch("c", condition("integerVariable > 0")) + t(1) + WAIT
          + word("i", "INCREMENT_INTEGER_VARIABLE") + flows("s>c c>t1 s>w w>i"), "1"),
    Known("condition of an event sub-process", start() + word("i", "INCREMENT_INTEGER_VARIABLE") + t(1)
          + by_event("e", condition("integerVariable > 0"), t(2)) + flows("s>i i>t1"), "2"),
    Known("condition of an event sub-process that does not interrupt", start() + word("i", "INCREMENT_INTEGER_VARIABLE")
          + t(1) + by_event("e", condition("integerVariable > 0"), t(2), False) + flows("s>i i>t1"), "12"),
    Known("error of a sub-process", start() + sub("p", start("b") + end("y", ERROR) + flows("b>y"))
          + bound("c", "p", ERROR) + t(1, 2) + flows("s>p p>t1 c>t2"), "2"),
    Known("error caught without a code", start() + sub("p", start("b") + end("y", ERROR) + flows("b>y"))
          + bound("c", "p", ANY_ERROR) + t(1, 2) + flows("s>p p>t1 c>t2"), "2"),
    Known("the code before any error", start() + sub("p", start("b") + end("y", ERROR) + flows("b>y"))
          + bound("c", "p", ANY_ERROR) + bound("d", "p", ERROR) + t(1, 2, 3) + flows("s>p p>t1 c>t2 d>t3"), "3"),
    Known("another code is not caught", start() + sub("p", start("b") + end("y", ERROR) + flows("b>y"))
          + bound("c", "p", OTHER_ERROR) + t(1, 2) + flows("s>p p>t1 c>t2"), "E"),
    Known("an error without a code is caught by any", start() + sub("p", start("b") + end("y", ANY_ERROR)
          + flows("b>y")) + bound("d", "p", ERROR) + bound("c", "p", ANY_ERROR) + t(1, 2)
          + flows("s>p c>t1 d>t2"), "1"),
    Known("an error finds its way out of two scopes", start() + sub("p", start("b") + sub("q", start("c")
          + end("y", ERROR) + flows("c>y")) + t(1) + flows("b>q q>t1")) + bound("x", "p", ERROR) + t(2)
          + flows("s>p x>t2"), "2"),
    Known("the nearest catches", start() + sub("p", start("b") + sub("q", start("c") + end("y", ERROR) + flows("c>y"))
          + bound("n", "q", ERROR) + t(1) + flows("b>q n>t1")) + bound("x", "p", ERROR) + t(2)
          + flows("s>p x>t2"), "1"),
    Known("the event sub-process before the boundary", start() + sub("p", start("b") + end("y", ERROR)
          + by_event("e", ERROR, t(1)) + flows("b>y")) + bound("x", "p", ERROR) + t(2, 3)
          + flows("s>p x>t2 p>t3"), "13"),
    Known("an error ends what runs beside it", start() + sub("p", start("b") + WAIT + t(1) + end("y", ERROR)
          + flows("b>y b>w w>t1")) + bound("x", "p", ERROR) + t(2) + flows("s>p x>t2"), "2"),
    Known("an error of one instance ends all", start() + sub("p", multi(3, isSequential="true") + start("b") + t(1)
          + end("y", ERROR) + flows("b>t1 t1>y")) + bound("x", "p", ERROR) + t(2, 3) + flows("s>p x>t2 p>t3"), "12"),
    Known("a throwing script with instances", start() + word("a", "SCRIPT_task1 THROW_ERROR", multi(3))
          + bound("x", "a", THROWN) + t(2, 3) + flows("s>a x>t2 a>t3"), "12"),
    Known("an error in an event sub-process goes on outwards", start() + sub("p", start("b") + end("y", ERROR)
          + sub("e", start("f", ERROR) + end("g", ERROR) + flows("f>g"), triggeredByEvent="true") + flows("b>y"))
          + bound("x", "p", ERROR) + t(2) + flows("s>p x>t2"), "2"),
    Known("uncaught error end", start() + t(1) + end("z", ERROR) + flows("s>t1 t1>z"), "1E"),
    Known("error start that does not interrupt", start() + t(1) + by_event("e", ERROR, t(2), False)
          + flows("s>t1"), "R"),
    Known("error boundary that does not interrupt", start() + WAIT + bound("b", "w", ERROR, False) + t(1)
          + flows("s>w b>t1"), "R"),
    Known("intermediate error", start() + throw("x", ERROR) + t(1) + flows("s>x x>t1"), "R"),
    Known("escalation interrupts", start() + sub("p", start("b") + throw("y", ESCALATION) + t(1) + flows("b>y y>t1"))
          + bound("x", "p", ESCALATION) + t(2, 3) + flows("s>p x>t2 p>t3"), "2"),
    Known("escalation does not interrupt", start() + sub("p", start("b") + throw("y", ESCALATION) + t(1)
          + flows("b>y y>t1")) + bound("x", "p", ESCALATION, False) + t(2, 3) + flows("s>p x>t2 p>t3"), "123"),
    Known("escalation end, any code, not interrupting", start() + sub("p", start("b") + end("y", ESCALATION)
          + flows("b>y")) + bound("x", "p", ANY_ESCALATION, False) + t(2, 3) + flows("s>p x>t2 p>t3"), "23"),
    Known("escalation of each instance", start() + sub("p", multi(3) + start("b") + end("y", ESCALATION)
          + flows("b>y")) + bound("x", "p", ESCALATION, False) + t(2, 3) + flows("s>p x>t2 p>t3"), "2223"),
    Known("escalation caught by an event sub-process", start() + sub("p", start("b") + throw("y", ESCALATION) + t(1)
          + by_event("e", ESCALATION, t(2), False) + flows("b>y y>t1")) + bound("x", "p", ESCALATION) + t(3, 4)
          + flows("s>p x>t3 p>t4"), "124"),
    Known("escalation caught by an interrupting event sub-process", start() + throw("y", ESCALATION) + t(1)
          + by_event("e", ESCALATION, t(2)) + flows("s>y y>t1"), "2"),
    Known("escalation that nobody catches", start() + throw("y", ESCALATION) + t(1) + flows("s>y y>t1"), "1"),
    Known("signal reaches its own scope and others", start() + catch("c", SIGNAL) + t(1) + WAIT + sub("p", start("b")
          + catch("d", SIGNAL) + t(2) + flows("b>d d>t2")) + throw("x", SIGNAL) + t(3)
          + flows("s>c c>t1 s>w w>x x>t3 s>p"), "123"),
    Known("signal before somebody waits is gone", start() + throw("x", SIGNAL) + catch("c", SIGNAL) + t(1)
          + flows("s>x x>c c>t1"), ""),
    Known("signal boundary of all instances", start() + word("w", "WAIT_TEN_SECONDS", multi(3))
          + bound("b", "w", SIGNAL) + t(1, 2) + catch("c", timer("PT5S")) + throw("x", SIGNAL)
          + flows("s>w w>t1 b>t2 s>c c>x"), "2"),
    Known("signal boundary, not interrupting, twice", start() + WAIT + bound("b", "w", SIGNAL, False) + t(1, 2)
          + throw("x", SIGNAL) + throw("y", SIGNAL) + flows("s>w w>t1 b>t2 s>x x>y"), "122"),
    Known("event sub-process, not interrupting, twice at a time", start() + WAIT + sub("e",
          start("f", SIGNAL, isInterrupting="false") + word("v", "CREATE_TIMESTAMP_LOG_1") + t(2) + flows("f>v v>t2"),
          triggeredByEvent="true") + throw("x", SIGNAL) + throw("y", SIGNAL) + flows("s>w s>x x>y"), "22P"),
    Known("an interrupting event sub-process while another runs", start() + WAIT + t(1) + sub("e",
          start("f", timer("PT1S"), isInterrupting="false") + word("v", "WAIT_TEN_SECONDS") + t(2)
          + flows("f>v v>t2"), triggeredByEvent="true") + by_event("i", timer("PT5S"), t(3)) + flows("s>w w>t1"), "3"),
    Known("a signal end in an event sub-process", start() + WAIT + t(1) + sub("e", start("f", timer("PT1S"))
          + t(2) + end("g", SIGNAL) + flows("f>t2 t2>g"), triggeredByEvent="true") + flows("s>w w>t1"), "2"),
    Known("terminate", start() + WAIT + t(1) + end("z", TERMINATE) + flows("s>w w>t1 s>z"), ""),
    Known("terminate inside a sub-process", start() + sub("p", start("b") + WAIT + t(1) + end("y", TERMINATE)
          + flows("b>w w>t1 b>y")) + t(2) + flows("s>p p>t2"), "2"),
    Known("terminate inside an instance", start() + sub("p", multi(2) + start("b") + WAIT + t(1)
          + catch("d", timer("PT5S")) + t(3) + end("y", TERMINATE) + flows("b>w w>t1 b>d d>t3 t3>y")) + t(2)
          + flows("s>p p>t2"), "332"),
    Known("terminate inside an event sub-process", start() + WAIT + t(1) + sub("e",
          start("f", timer("PT5S"), isInterrupting="false") + t(2) + end("g", TERMINATE) + flows("f>t2 t2>g"),
          triggeredByEvent="true") + flows("s>w w>t1"), "12"),
    Known("link", start() + throw("x", LINK) + catch("y", LINK)
          + t(1) + flows("s>x y>t1"), "1"),
    Known("several links to one", start() + throw("x", LINK) + t(2)
          + throw("v", LINK) + catch("y", LINK)
          + t(1) + flows("s>x s>t2 t2>v y>t1"), "112"),
    Known("link that leads nowhere", start() + throw("x", LINK) + flows("s>x"), "R"),
    Known("inclusive join behind a link", start() + gate("g", "inclusive") + t(1) + WAIT
          + throw("x", LINK) + catch("y", LINK)
          + gate("j", "inclusive") + t(2) + flows("s>g", "g>t1>true", "g>w>true", "t1>j w>x y>j j>t2"), "12"),
    Known("inclusive join waits for a boundary event of a task that runs", start() + gate("g", "parallel") + t(1)
          + WAIT + bound("b", "w", timer("PT5S")) + end("z") + gate("j", "inclusive") + t(2)
          + flows("s>g g>t1 g>w t1>j b>j w>z j>t2"), "12"),
    Known("inclusive join in a loop waits for all again", start() + gate("m", "exclusive") + gate("g", "inclusive")
          + t(1) + WAIT + gate("j", "inclusive") + word("i", "INCREMENT_INTEGER_VARIABLE SCRIPT_task3")
          + gate("k", "exclusive", default="k-t4") + t(4)
          + flows("s>m m>g", "g>t1>true", "g>w>true", "t1>j w>j j>i i>k", "k>m>integerVariable < 2", "k>t4"), "11334"),
    Known("inclusive join does not wait for what can only come by a full flow", start() + t(1) + gate("j", "inclusive")
          + t(2) + WAIT + gate("m", "exclusive") + catch("c", timer("PT5S")) + t(3)
          + flows("s>m m>j s>t1 t1>j j>t2 t2>w w>t3 s>c c>m"), "12233"),
    Known("several events, thrown together", start() + throw("x", SIGNAL + MESSAGE) + by_event("e", SIGNAL, t(1), False)
          + by_event("f", MESSAGE, t(2), False) + WAIT + flows("s>x s>w"), "12"),
    Known("the first of several events", start() + catch("c", SIGNAL + timer("PT5S")) + t(1) + flows("s>c c>t1"), "1"),
    Known("all of several events", start() + catch("c", SIGNAL + timer("PT5S"), parallelMultiple="true") + t(1)
          + catch("d", timer("PT20S")) + throw("x", SIGNAL) + t(2) + flows("s>c c>t1 s>d d>x x>t2"), "12"),
    Known("not all of several events", start() + catch("c", SIGNAL + timer("PT5S"), parallelMultiple="true") + t(1)
          + flows("s>c c>t1"), ""),
    Known("boundary with several events, not interrupting, hears each", start() + WAIT
          + bound("b", "w", timer("PT2S") + SIGNAL, False) + t(1, 2) + catch("c", timer("PT5S")) + throw("x", SIGNAL)
          + flows("s>w w>t1 b>t2 s>c c>x"), "122"),
    Known("boundary with several events, the signal first", start() + WAIT
          + bound("b", "w", timer("PT6S") + SIGNAL, False) + t(1, 2) + catch("c", timer("PT3S")) + throw("x", SIGNAL)
          + flows("s>w w>t1 b>t2 s>c c>x"), "122"),
    Known("event sub-process of all of several events", start() + WAIT + t(1) + sub("e", start("f", SIGNAL
          + timer("PT2S"), parallelMultiple="true") + t(2) + flows("f>t2"), triggeredByEvent="true")
          + catch("c", timer("PT5S")) + throw("x", SIGNAL) + flows("s>w w>t1 s>c c>x"), "2"),
    Known("compensation, last first, once for each completion", start() + t(1) + bound("b", "t1", UNDO)
          + t(2, isForCompensation="true") + throw("x", UNDO) + t(3) + flows("s>t1 t1>x x>t3")
          + '<association id="o" sourceRef="b" targetRef="t2"/>', "123"),
    Known("compensation of what did not happen", start() + gate("g", "exclusive", default="g-x") + t(1)
          + bound("b", "t1", UNDO) + t(2, isForCompensation="true") + throw("x", UNDO) + t(3)
          + flows("s>g", "g>t1>integerVariable > 5", "g>x x>t3")
          + '<association id="o" sourceRef="b" targetRef="t2"/>', "3"),
    Known("compensation of a named activity alone", start() + t(1) + bound("b", "t1", UNDO)
          + t(2, isForCompensation="true") + t(4) + bound("c", "t4", UNDO) + t(5, isForCompensation="true")
          + throw("x", '<compensateEventDefinition activityRef="t4"/>') + t(3) + flows("s>t1 t1>t4 t4>x x>t3")
          + '<association id="o" sourceRef="b" targetRef="t2"/><association id="u" sourceRef="c" targetRef="t5"/>',
          "1453"),
    Known("compensation of a loop", start() + t(1, more=loop(loopMaximum="2"))
          + bound("b", "t1", UNDO) + t(2, isForCompensation="true") + throw("x", UNDO) + flows("s>t1 t1>x")
          + '<association id="o" sourceRef="b" targetRef="t2"/>', "R"),
    Known("compensation inside instances", start() + sub("p", multi(2) + start("b") + t(1) + bound("c", "t1", UNDO)
          + t(2, isForCompensation="true") + flows("b>t1") + '<association id="o" sourceRef="c" targetRef="t2"/>')
          + throw("x", UNDO) + flows("s>p p>x"), "R"),
]  # fmt: skip


@pytest.mark.parametrize("known", EVENTS, ids=lambda k: k.name)
def test_what_the_standard_says(known, tmp_path):
    verdict, why = run_known(known, tmp_path)

    assert verdict == "right", why
