"""The library's core as we use it, typed once: Task, Workflow, process and task specs, and the states of a token."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

FUTURE: int = TaskState.FUTURE
WAITING: int = TaskState.WAITING
READY: int = TaskState.READY
STARTED: int = TaskState.STARTED
COMPLETED: int = TaskState.COMPLETED
CANCELLED: int = TaskState.CANCELLED
FINISHED: int = TaskState.FINISHED_MASK
LIVE: int = FUTURE | WAITING | READY | STARTED

LibraryError: type[Exception] = SpiffWorkflowException


class CoreTask(Task):  # type: ignore[misc] # the library is untyped
    """The library's Task."""

    _state: int
    _children: list[int]
    id: int

    def __init__(self, workflow: Any, task_spec: Any, parent: Any, state: int, id: int) -> None:
        super().__init__(workflow, task_spec, parent, state, id)


class CoreWorkflow(Workflow):  # type: ignore[misc] # the library is untyped
    """The library's Workflow, begun without its predictions."""

    completed: bool

    def __init__(self, spec: Any) -> None:
        super().__init__(spec, deserializing=True)


class CoreDiagram(BpmnProcessSpec):  # type: ignore[misc] # the library is untyped
    """The library's process spec without its own Start, EndJoin and End, with which ids of elements clash."""

    name: str

    def __init__(self, name: str) -> None:
        WorkflowSpec.__init__(self, name)
        self.data_objects: dict[str, object] = {}


class CoreNode(BpmnSpecMixin):  # type: ignore[misc] # the library is untyped
    """The library's task spec of a BPMN element."""

    name: str
    bpmn_id: str
    manual: bool

    def __init__(self, diagram: CoreDiagram, element: str) -> None:
        super().__init__(diagram, element)
