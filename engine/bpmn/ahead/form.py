"""What makes the place that a case is at: all that tells how it may go on, in a text that is the same where that is.

Left out are numbers of tokens, texts of timers, variables that nothing asks for any more, and the order of tokens but
where it decides: who takes a message first, whose condition or signal comes first, which token a join takes first.
A compensation that runs is kept as it is, in order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.bpmn.activities import Activity
from engine.bpmn.ahead.wants import Names, Wants
from engine.bpmn.case import Case
from engine.bpmn.core import WAITING
from engine.bpmn.joins import InclusiveJoin, Join
from engine.bpmn.multi import COMPLETED, COUNTER, TOTAL, Loop, Multi
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import ROOT_TOKEN, Scoped, Token

ENDED = "ended"
REFERS = ("host", "of", "rivals", "undoes")
ORDERED = ("message", "signal", "conditional")


class Form:
    """The form of a case at rest. `text`: of all of it; `stands`: of a token, alike where two cannot be told apart."""

    def __init__(self, case: Case, wants: Wants) -> None:
        self.case, self.forms = case, dict[int, str]()
        self.text = ENDED
        if not case.completed:
            self.needed = wants.needed(case)
            live = case.everything()
            undoing = any("undoes" in t.internal_data or "undo" in t.internal_data for t in live)
            self.text = self._in_order(live) if undoing else self._scope(case) + self._orders(live)

    def stands(self, token: Token) -> str:
        """Return where a token stands and among what."""
        if token.id not in self.forms:  # only where all is kept in order
            return str(token.id)
        around = token.internal_data.get("host", token.internal_data.get("of"))
        owner = token.workflow.tasks[around] if around is not None else token.workflow.owner
        return (self.stands(owner) + "/" if owner is not None else "") + self.forms[token.id]

    def _scope(self, scope: Scoped) -> str:
        held: dict[int, list[Token]] = {}
        rivals: dict[int, list[Token]] = {}
        queues: dict[tuple[str, str], list[Token]] = {}
        alone = []
        for token in scope.live():
            info = token.internal_data
            around = info.get("host", info.get("of"))
            if around is not None:
                held.setdefault(around, []).append(token)
            elif "rivals" in info:
                rivals.setdefault(info["rivals"], []).append(token)
            elif token._state == WAITING and (isinstance(token.task_spec, Join) or token.task_spec.tokens_in > 1):
                queues.setdefault((token.task_spec.name, info.get("by", "")), []).append(token)
            else:
                alone.append(token)
        parts = [self._token(t, held) for t in alone]
        parts += [self._rivals(group, held) for group in rivals.values()]
        parts += ["".join(self._token(t, held) for t in queue) for queue in queues.values()]
        joins = dict.fromkeys(node for node, _ in queues if isinstance(scope.spec.task_specs[node], InclusiveJoin))
        first = ">".join(joins) if len(joins) > 1 else ""
        return f"{self._variables(scope)}[{';'.join(sorted(parts))}]{first}"

    def _rivals(self, group: Collection[Token], held: Mapping[int, list[Token]]) -> str:
        """Return the form of the branches of an event-based gateway, one of which will go on."""
        found = "?" + "".join(sorted(self._token(t, held) for t in group))
        for t in group:
            self.forms[t.id] += found
        return found

    def _variables(self, scope: Scoped) -> str:
        """Return the variables that a scope has of its own, and the end it has passed, where that is asked for."""
        owner = scope.owner
        own = owner is None or scope.variables is not owner.data
        said = _kept(scope.variables, self.needed[_key(scope)]) if own else ""
        called = scope.prefix != ""
        return f"{said}{scope.ended or '' if called else ''}{scope.done or ''}"

    def _token(self, token: Token, held: Mapping[int, list[Token]]) -> str:
        node, info = token.task_spec, token.internal_data
        if not info and token.own is None and token.id not in held and token.id not in self.case.inner:
            form = self.forms[token.id] = f"{node.name}!{token._state}()"
            return form
        facts = sorted(_fact(name, value) for name, value in info.items() if value and name not in REFERS)
        inner = self.case.inner.get(token.id)
        beside = sorted(self._token(t, held) for t in held.get(token.id, ()))
        own = "" if token.own is None else _kept(token.own, self._counts(token))
        within = self._scope(inner) if inner is not None else ""
        form = f"{node.name}!{token._state}{','.join(facts)}{own}{within}({''.join(beside)})"
        self.forms[token.id] = form
        return form

    def _counts(self, token: Token) -> Names:
        """Return the names that an activity with instances, or one of these, has to keep."""
        loop = token.task_spec.loop if isinstance(token.task_spec, Activity) else None
        needed = self.needed[_key(token.workflow)]
        if isinstance(loop, Multi):
            return needed | {TOTAL, COMPLETED}
        return needed | {COUNTER} if isinstance(loop, Loop) and loop.maximum is not None else needed

    def _orders(self, live: Collection[Token]) -> str:
        """Return in which order those wait that one event may reach."""
        queues: dict[tuple[str, str], list[str]] = {}
        for token in live:
            for trigger in token.task_spec.triggers if token._state == WAITING else ():
                if trigger.kind in ORDERED:
                    queues.setdefault((trigger.kind, trigger.name or ""), []).append(self.stands(token))
        return "".join(sorted(f"{key}{queue}" for key, queue in queues.items() if len(set(queue)) > 1))

    def _in_order(self, live: Collection[Token]) -> str:
        numbers = {t.id: n for n, t in enumerate(live)}
        numbers[ROOT_TOKEN] = ROOT_TOKEN

        def told(key: str, value: Any) -> Any:
            if key in REFERS:
                return numbers.setdefault(value, len(numbers))
            if key == "undo":
                return [{**r, "scope": numbers.get(r["scope"] or 0)} for r in value]
            return sorted(value) if key in ("timers", "seen") else value

        found = []
        for scope in self.case.scopes():
            rows = []
            for t in scope.live():
                info = sorted((k, told(k, v)) for k, v in t.internal_data.items() if v)
                own = "" if t.own is None else _kept(t.own, self._counts(t))
                rows.append((numbers[t.id], t.task_spec.name, t._state, info, own))
            found.append((numbers.get(_key(scope)), self._variables(scope), rows))
        return repr(found)


def _fact(name: str, value: Any) -> str:
    """Return what a token remembers under a name; of a set what is in it, whatever its order."""
    return f"{name}={sorted(value) if name in ('timers', 'seen') else value!r}"


def _key(scope: Scoped) -> int:
    return scope.owner.id if scope.owner else 0


def _kept(variables: Scope, names: Names) -> str:
    return repr([(name, variables[name]) for name in sorted(names & variables.keys())])
