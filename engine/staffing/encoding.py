"""All ways in one solver: what they share is written down once, a way and its reasons are chosen when it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from engine.staffing import demands
from engine.staffing.clauses import Clauses
from engine.staffing.crowds import between, count, crowds
from engine.staffing.instance import Apart, Bound, Demand, Least, Next, Part, Roster, Seat, Way, Why
from engine.staffing.parts import Seated, seat
from engine.staffing.plenty import fill, plenty
from engine.staffing.reasons import asked, bars, concerned, staffed

MORE = 2  # so many may be away beside those who are
TOGETHER = 4  # so many additions may be looked for together
Additions = Mapping[str, Sequence[tuple[str, Seat]]]  # label -> what it adds: to which steps whom
NOBODY: frozenset[int] = frozenset()


class Encoding:
    """The ways as clauses. Beside `away`, who is away always, up to `MORE` others may be asked about.

    `reasons`: of each way what it asks, by name, in its order, each with the literals that ask for it. `labels`: of the
    additions, in order.
    """

    def __init__(self, ways: Sequence[Way], away: frozenset[int] = NOBODY, additions: Additions | None = None) -> None:
        self.ways, self.away = tuple(ways), away
        self._clauses = Clauses()
        self._here: dict[int, int] = {}
        self._labels = {label: self._clauses.new() for label in sorted(additions or {})}
        self.labels = tuple(self._labels)
        self._together = [self._together_at_most(number) for number in range(TOGETHER + 1)]
        self._added = self._additions(additions or {})
        self._plenty = plenty(self.ways, away, MORE)
        self._parts: dict[str, list[Seated]] = defaultdict(list)
        self._demands: dict[tuple[object, ...], int] = {}
        self._seated = [{step: self._seat(part) for step, part in way.parts.items()} for way in self.ways]
        self.reasons = tuple(self._reasons(n) for n in range(len(self.ways)))
        self._stated = self._whose_presence_counts()

    def ask(
        self,
        way: int,
        kept: Iterable[Why] | None = None,
        away: frozenset[int] = NOBODY,
        labels: Collection[str] = (),
        perhaps: Collection[str] = (),
        most: int = 0,
    ) -> Roster | None:
        """Return who takes the steps that do not have plenty, or None: it cannot be done.

        `kept`: the reasons that are kept, all if None. `away`: who is away too. `labels`: the additions that are made,
        and `perhaps` others, `most` in all.
        """
        reasons = self.reasons[way]
        literals = dict.fromkeys(literal for why in (reasons if kept is None else kept) for literal in reasons[why])
        gone = away - self.away
        here = [variable if person not in gone else -variable for person, variable in self._stated.items()]
        here += [-self._here[person] for person in sorted(gone - self._stated.keys()) if person in self._here]
        added = [v if label in labels else -v for label, v in self._labels.items() if label not in perhaps]
        added += [self._together[most]] if perhaps else []
        found = self._clauses.holds([*literals, *here, *added])
        if found is None:
            return None
        return {
            step: tuple(one for one, variable in part.seats.items() if found[variable - 1] > 0)
            for step, part in self._seated[way].items()
            if part.open and not part.plenty
        }

    def core(self) -> frozenset[int]:
        """Return which literals of what was asked last cannot hold together, when the answer was None."""
        return self._clauses.core()

    def whole(self, way: int, roster: Roster, away: frozenset[int] = NOBODY) -> Roster:
        """Return the roster with the steps that have plenty, in the order of the way."""
        parts = [part.part for part in self._seated[way].values() if part.plenty]
        found = {**roster, **fill(parts, roster, self.ways[way], self.away | away)}
        return {step: found[step] for step in self.ways[way].parts if step in found}

    def _seat(self, part: Part) -> Seated:
        known = self._parts[part.step]
        found = next((one for one in known if one.part is part or one.part == part), None)
        if found is None:
            clauses = self._clauses
            if part.step in self._plenty:
                found = Seated(part=part, clauses=clauses, staffed=clauses.true, plenty=True)
            else:
                found = seat(clauses, part, self._presence, self.away, self._added.get(part.step, {}))
            known.append(found)
        return found

    def _presence(self, person: int) -> int:
        if person not in self._here:
            self._here[person] = self._clauses.new()
        return self._here[person]

    def _together_at_most(self, number: int) -> int:
        asked = self._clauses.new()
        self._clauses.at_most(list(self._labels.values()), number, asked)
        return asked

    def _additions(self, additions: Additions) -> Mapping[str, Mapping[Seat, list[int]]]:
        found: dict[str, dict[Seat, list[int]]] = defaultdict(lambda: defaultdict(list))
        for label, variable in self._labels.items():
            for step, one in additions[label]:
                found[step][one].append(variable)
        return found

    def _whose_presence_counts(self) -> Mapping[int, int]:
        """Return those who have to be said to be here: others would act in their place while they are not."""
        parts = [part for known in self._parts.values() for part in known]
        persons = {one.behalf for part in parts for one in part.seats}
        persons |= {part.part.held.person for part in parts if part.part.held is not None}
        return {person: self._here[person] for person in sorted(persons) if person in self._here}

    def _reasons(self, way: int) -> Mapping[Why, tuple[int, ...]]:
        found: dict[Why, list[int]] = defaultdict(list)
        for part in self._seated[way].values():
            if part.open and not part.plenty:
                found[staffed(part.part)].append(part.staffed)
                for why, (_, rule) in bars(part.part).items():
                    found[why] += [part.bars[rule]] if rule in part.bars else []
        apart: dict[tuple[str, str], int] = {}
        for why, demand in asked(self.ways[way]):
            literal = self._demand(demand, self._seated[way])
            found[why].append(literal)
            if isinstance(demand, Apart):
                apart[(demand.steps[0], demand.steps[1])] = literal
        self._count(self._seated[way], apart)
        return {why: tuple(literal for literal in found[why] if literal != self._clauses.true) for why in found}

    def _count(self, parts: Mapping[str, Seated], apart: Mapping[tuple[str, str], int]) -> None:
        for steps in crowds(parts, apart):
            of = [parts[step] for step in steps]
            key = (Apart, *map(id, of))
            if key not in self._demands:
                count(self._clauses, of, between(steps, apart))
                self._demands[key] = self._clauses.true

    def _demand(self, demand: Demand, parts: Mapping[str, Seated]) -> int:
        of = tuple(id(parts[step]) for step in concerned(demand))
        key = (type(demand), of, demand.persons if isinstance(demand, Least) else 0)
        if key not in self._demands:
            self._demands[key] = self._written(demand, parts)
        return self._demands[key]

    def _written(self, demand: Demand, parts: Mapping[str, Seated]) -> int:
        match demand:
            case Apart(steps=(one, other)):
                return demands.apart(self._clauses, parts[one], parts[other])
            case Bound():
                return demands.bound(self._clauses, parts[demand.before], parts[demand.step])
            case Next():
                return demands.after(self._clauses, [parts[step] for step in demand.before], parts[demand.step])
            case Least():
                return demands.least(self._clauses, [parts[step] for step in demand.steps], demand.persons)
        raise AssertionError(demand)
