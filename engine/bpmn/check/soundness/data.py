"""What conditions can tell apart: the few values of finite names, which of them matter where, and which may race.

A name is finite when all its values are declared: outcomes of steps, ends of calls, fields that decide and are truth
values or choices. A condition that asks for any other name may be true or false.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import combinations, product
from math import prod

from engine.bpmn.check.soundness.net import Net, Node, Way
from engine.bpmn.tree import ident
from engine.rules import expressions

Values = tuple[tuple[str, object], ...]
MAX_COMBINATIONS = 64
ANY, MAYBE = "*", "?"  # which value, or whether there is one, depends on how far an activity has come inside
MAX_FREE = 10  # free conditions of one inclusive split


class Tangled(Exception):
    """One split has more free conditions than can be followed."""


class Unset(Exception):
    """A condition asks for a value that nothing has given yet: the engine faults."""


class Data:
    """`finite`: name -> values. `given`: names with a value from outside, chosen where they are first asked for.

    `writes`: node -> names it sets; `early`: those of them that it may set before it finishes; `keep`: names that are
    asked for outside of the net when it has ended.
    """

    def __init__(
        self,
        net: Net,
        finite: Mapping[str, tuple[object, ...]],
        given: Collection[str],
        writes: Mapping[str, Collection[str]],
        keep: Collection[str],
        early: Mapping[str, frozenset[str]],
    ) -> None:
        self.net, self.finite, self.given, self.writes, self.keep = net, finite, set(given), writes, set(keep)
        self.early = early
        self.reads = {n: set().union(*(self.known(w.condition) for w in x.ways)) for n, x in net.nodes.items()}
        self.asked = set().union(*self.reads.values()) if self.reads else set()

    def known(self, condition: str) -> frozenset[str]:
        """Return the names of a condition when all are finite; else none: it is free."""
        names = _names(condition)
        return names if names and names <= self.finite.keys() else frozenset()

    @cached_property
    def live(self) -> dict[str, frozenset[str]]:
        """Names that may still be asked for from a node on, itself included."""
        before: dict[str, list[str]] = {}
        for n in self.net.nodes:
            for m in self.net.after(n):
                before.setdefault(m, []).append(n)
        live: dict[str, frozenset[str]] = dict.fromkeys(self.net.nodes, frozenset(self.keep))
        todo = sorted(self.net.nodes, key=lambda n: self.net.nodes[n].order)
        while todo:
            n = todo.pop()
            node, written = self.net.nodes[n], frozenset(self.writes.get(n, ()))
            sure = written if len(node.exits) and all(written <= {k for k, _ in e.writes} for e in node.exits) else ()
            later = frozenset().union(*(live[w.target] for w in node.ways)) | self.reads[n]
            new = (later - frozenset(sure)).union(self.keep, *(live[g] for g in node.guards))
            if new != live[n]:
                live[n] = new
                todo += before.get(n, ())
        return live

    def trim(self, values: Mapping[str, object], nodes: Collection[str]) -> Values:
        wanted = frozenset(self.keep).union(*(self.live[n] | self.reads[n] for n in nodes))
        return tuple(sorted(((k, v) for k, v in values.items() if k in wanted), key=lambda kv: kv[0]))

    def choices(self, node: Node, values: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object], list[Way]]]:
        """Yield (label, values, ways) for each way the token may leave; no ways: none can be taken.

        A way without a target: its condition cannot be evaluated.

        Raises:
            Tangled: there are too many.
        """
        if node.split == "all" and not any(w.condition for w in node.ways):
            yield "", dict(values), node.ways
            return
        names = set().union(*(self.known(w.condition) for w in node.ways))
        options = {n: few for n in sorted(names) if (few := self._options(n, values))}
        if prod(len(few) for few in options.values()) > MAX_COMBINATIONS:
            options = {}
        for chosen in product(*options.values()):
            extra = dict(zip(options, chosen, strict=True))
            said = [f"{k} = {spelt(v)}" for k, v in extra.items()]
            after = {**values, **{k: v for k, v in extra.items() if k not in self.racing or k not in values}}
            for free, ways in self._sets(node, {**values, **extra}):
                yield ", ".join([*said, *([free] if free else [])]), after, ways

    def _options(self, name: str, values: Mapping[str, object]) -> tuple[object, ...]:
        """Return the values to choose from where a name is asked for whose value is not known, else none."""
        match values.get(name, ANY if name in self.given else None):
            case "*":
                return self.finite[name]
            case "?":
                return (*self.finite[name], None)
        return ()

    def _sets(self, node: Node, values: Mapping[str, object]) -> list[tuple[str, list[Way]]]:
        sure: list[Way] = []
        may: list[Way] = []
        for w in node.ways:
            if w.id == node.default:
                continue
            try:
                truth = self._truth(w.condition, values) if w.condition else True
            except Unset:
                faults = [[m] for m in may if node.split == "one"] + [[w._replace(target="")]]
                return [(_said(node, ways), ways) for ways in faults]
            if truth is None:
                may.append(w)
            elif truth:
                sure.append(w)
                if node.split == "one":
                    break
        default = [w for w in node.ways if w.id == node.default]
        if node.split == "one":
            ways = [[w] for w in [*may, *(sure[:1] or default[:1])]] or [[]]
        else:
            ways = [self._with_default(node, [*sure, *some], default) for some in _subsets(may)]
            ways = [w for w in ways if w] or [[]]
        if len(ways) == 1:
            return [("", ways[0])]
        return [(_said(node, x), x) for x in ways]

    def _with_default(self, node: Node, taken: list[Way], default: list[Way]) -> list[Way]:
        conditional = any(w.condition for w in taken)
        otherwise = not conditional if node.split == "all" else not taken
        return [*taken, *default] if otherwise else taken

    def _truth(self, condition: str, values: Mapping[str, object]) -> bool | None:
        names = _names(condition)
        if not names <= self.finite.keys() or any(
            values.get(n, ANY if n in self.given else None) in (ANY, MAYBE) for n in names
        ):
            return None
        try:
            return expressions.truth(condition, {n: values.get(n) for n in names})
        except expressions.BadExpression as e:
            raise Unset from e

    @cached_property
    def racing(self) -> frozenset[str]:
        """Names that one branch may set while another, not yet joined with it, asks for them."""
        if not self.net.parallel:
            return frozenset()
        into, out = _dominators(self.net)
        place = _places(self.net)
        joins = sum(place[n] for n, x in self.net.nodes.items() if x.kind in ("parallel", "inclusive"))

        def ordered(w: str, r: str) -> bool:
            return bool(into[r] & place[w] or into[w] & place[r] or out[w] & into[r] & joins)

        found = set()
        for w, names in self.writes.items():
            for name in set(names) & self.asked:
                if not all(ordered(w, r) for r, read in self.reads.items() if name in read):
                    found.add(name)
        return frozenset(found)


def _said(node: Node, ways: list[Way]) -> str:
    targets = " and ".join(f"'{w.target}'" for w in ways if w.target)
    return f"the way from '{ident(node.el)}' to {targets}" if targets else ""


def spelt(value: object) -> str:
    return "no value" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(4096)
def _names(condition: str) -> frozenset[str]:
    try:
        return frozenset(expressions.names(condition)) if condition else frozenset()
    except expressions.BadExpression:
        return frozenset()


def _subsets(may: list[Way]) -> list[list[Way]]:
    if len(may) > MAX_FREE:
        raise Tangled
    return [list(s) for k in range(len(may) + 1) for s in combinations(may, k)]


def _dominators(net: Net) -> tuple[dict[str, int], dict[str, int]]:
    """Return, as sets of bits, who stands on every path from a start to a node, and from a node to an end."""
    after = {n: set(net.after(n)) for n in net.nodes}
    before: dict[str, set[str]] = {n: set() for n in net.nodes}
    for n, following in after.items():
        for m in following:
            before[m].add(n)
    place = _places(net)
    order = sorted(net.nodes, key=lambda n: net.nodes[n].order)
    return _meet(order, before, place), _meet(order[::-1], after, place)


def _places(net: Net) -> dict[str, int]:
    return {n: 1 << i for i, n in enumerate(net.nodes)}


def _meet(order: list[str], before: Mapping[str, set[str]], place: Mapping[str, int]) -> dict[str, int]:
    found = dict.fromkeys(order, (1 << len(order)) - 1)
    changed = True
    while changed:
        changed = False
        for n in order:
            new = -1 if before[n] else 0
            for m in before[n]:
                new &= found[m]
            new |= place[n]
            if new != found[n]:
                found[n], changed = new, True
    return found
