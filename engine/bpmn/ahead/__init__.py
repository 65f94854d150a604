"""What may come of a live case, by moving the engine itself: each open step done with each of its outcomes, sent back
where that is declared, each timer fired, each event that is waited for brought in, until the case ends.

Not looked at is what is decided about a case from outside of its flow: withdrawals, repairs, corrections of facts, and
taking a completion back. Where the case is in fault it waits for one of these: what faults is no move.
"""

from engine.bpmn.ahead.drawn import steps_ahead
from engine.bpmn.ahead.found import Ahead, Move
from engine.bpmn.ahead.search import ahead, place
from engine.bpmn.ahead.ways import runs_ahead

__all__ = ["Ahead", "Move", "ahead", "place", "runs_ahead", "steps_ahead"]
