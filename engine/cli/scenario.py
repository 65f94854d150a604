"""Plays scenarios of an item through the real commands, on a set clock. processes/README.md explains the keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from engine import clock, commands
from engine.db import due
from engine.db.read import admin
from engine.db.read.admin import Holder
from engine.db.store import begin, reading
from engine.errors import NotRendered, Refused, SunlitError
from engine.model import Actor, OrganLevel
from engine.rules.cards import SUBJECT
from engine.rules.workdays import WorkCalendar

AFTER_MIDNIGHT = timedelta(seconds=2)  # when the worker of the demo county does what has come due


@dataclass(kw_only=True)
class ScenarioFailed(SunlitError):
    """Scenario '{scenario}', act {act}: {why}."""

    scenario: str
    act: str
    why: str


@dataclass(kw_only=True)
class Play:
    """One scenario being played: who applies, where, when; `turn` picks among those who may act.

    `find`: where somebody else begins the case, how to find it once it is acted on.
    """

    scenario: Mapping[str, Any]
    script: Mapping[str, Any]
    item: str
    filed_on: date
    later: timedelta
    turn: int
    organ: int
    applicant: commands.Applicant
    form: Mapping[str, Any]
    holders: Sequence[Holder]
    calendar: WorkCalendar
    find: Callable[[], commands.Filed | None] | None = None
    filed: commands.Filed | None = None
    acted: dict[str, str] = field(default_factory=dict)  # login -> post by which it acted in this case

    @property
    def case(self) -> int:
        if self.filed is None and self.find:
            self.filed = self.find()
        if self.filed is None:
            raise self._failed({}, "there is no such case")
        return self.filed.case

    def moves(self) -> list[tuple[datetime, Callable[[], None]]]:
        """Return what happens when: the filing, then the acts."""
        filing = self.script["filing"] | self.scenario.get("filing", {})
        moves: list[tuple[datetime, Callable[[], None]]] = []
        if self.find is None:
            moves.append((self._at(0, filing["at"]), partial(self._file, filing)))
        for act in self.scenario["acts"]:
            moves.append((self._at(act["day"], act["at"]), partial(self._act, act)))
        return moves

    def _at(self, day: int, at: str) -> datetime:
        on = self.calendar.add(self.filed_on, day) if day else self.filed_on
        return datetime.combine(on, time.fromisoformat(at), clock.ZONE) + self.later

    def _file(self, filing: Mapping[str, Any]) -> None:
        form = self.script["filing"]["form"] | self.form | self.scenario.get("filing", {}).get("form", {})
        self.form = form
        who = self._who(filing["by"], self.organ)
        with begin(self._actor(who)) as ctx:
            self.filed = commands.file_case(
                ctx, item=self.item, applicant=self.applicant, form=form, materials=filing["materials"]
            )

    def _act(self, act: Mapping[str, Any]) -> None:
        everyone = act["by"] if isinstance(act["by"], list) else [act["by"]]
        expected = act.get("refused")
        for by in everyone:
            try:
                self._one(act, by)
            except Refused as refusal:
                rule = expected.get("rule", refusal.basis) if expected else None
                if not expected or refusal.code != expected["error"] or refusal.basis != rule:
                    raise self._failed(act, f"refused: {refusal.code} {refusal} ({refusal.basis})") from refusal
            else:
                if expected:
                    raise self._failed(act, f"was not refused, but should be by {expected}")

    def _one(self, act: Mapping[str, Any], by: str) -> None:
        if by == "applicant":
            self._apply(act)
            return
        if act["verb"] == "deliver":
            with reading() as conn:
                organs = admin.organs_of(conn, self.case)
            with begin(self._actor(self._who(by, *organs))) as ctx:
                commands.deliver(ctx, self.case, act["message"])
            return
        with reading() as conn:
            place = admin.newest_step(conn, self.case, act["path"])
        if place is None:
            raise self._failed(act, "this step has not been opened")
        step = place.step
        actor = self._actor(self._who(place.post if by == SUBJECT else by, place.organ))
        if act["verb"] in ("claim", "do", "return"):
            commands.foresee(commands.Share(step, actor.person))
            with begin(actor) as ctx:
                commands.claim(ctx, step)
        if act["verb"] == "release":
            with begin(actor) as ctx:
                commands.release(ctx, step)
        if act["verb"] == "return":
            with begin(actor) as ctx:
                commands.return_step(ctx, step, to=act["to"], reason=act["reason"])
        if act["verb"] == "withdraw":
            with begin(actor) as ctx:
                commands.withdraw_step(ctx, step, reason=act["reason"])
        if act["verb"] in ("complete", "do"):
            complete = partial(
                commands.complete,
                step_id=step,
                outcome=act["outcome"],
                form=self._form(act),
                opinion=act.get("opinion", self._usual(act).get("opinion", "")),
            )
            try:
                with begin(actor) as ctx:
                    complete(ctx)
            except NotRendered as waiting:  # the worker's part; what need not be served now is left to it
                commands.render_waiting(self.case, waiting.number)
                with begin(actor) as ctx:
                    complete(ctx)

    def _apply(self, act: Mapping[str, Any]) -> None:
        """What the applicant does from the portal: withdraw, or answer a step that is open to applicants."""
        with reading() as conn:
            person = admin.applicant(conn, self.case)
            place = admin.newest_step(conn, self.case, act["path"]) if "path" in act else None
        with begin(Actor(person=person, channel="portal")) as ctx:
            if act["verb"] == "withdraw":
                commands.withdraw(ctx, self.case, reason=act["reason"])
            elif place is None:
                raise self._failed(act, "this step has not been opened")
            else:
                commands.answer(ctx, self.case, place.step, outcome=act["outcome"], form=self._form(act))

    def _form(self, act: Mapping[str, Any]) -> dict[str, Any]:
        form = self._usual(act).get("form", {}) | act.get("form", {})
        return {name: self._fill(value) for name, value in form.items()}

    def _usual(self, act: Mapping[str, Any]) -> Mapping[str, Any]:
        for usual in self.script.get("usual", ()):
            if (usual["path"], usual["outcome"]) == (act["path"], act["outcome"]):
                found: Mapping[str, Any] = usual
                return found
        return {}

    def _fill(self, value: Any) -> Any:
        """Return a form value with @case.<field>, @today, @today+5y, @time, @now and @number filled in."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        now = clock.now().astimezone(clock.ZONE)
        if value.startswith("@case."):
            return self.form[value.removeprefix("@case.")]
        if match := re.fullmatch(r"@today(?:\+(\d+)y)?", value):
            return _years(now.date(), int(match[1] or 0)).isoformat()
        assert self.filed is not None
        filled = {"@time": "%H:%M", "@now": "%Y-%m-%dT%H:%M"}
        return now.strftime(filled[value]) if value in filled else {"@number": self.filed.number}[value]

    def _who(self, by: str, *organs: int) -> Holder:
        """Return an officer: by login, or whose turn it is among those who hold the post in one of the organs."""
        post, _, offset = by.partition("+")
        if found := [holder for holder in self.holders if holder.login == by]:
            return found[0]
        there = [h for h in self.holders if h.post == post and {h.organ, h.parent if _window(h) else None} & {*organs}]
        free = [h for h in there if self.acted.get(h.login, post) == post]
        if not free:
            raise self._failed({"path": post}, f"nobody holds the post '{post}' in organ {organs}")
        return free[(self.turn + int(offset or 0)) % len(free)]

    def _actor(self, who: Holder) -> Actor:
        if who.post:
            self.acted.setdefault(who.login, who.post)
        return Actor(person=who.person)

    def _failed(self, act: Mapping[str, Any], why: str) -> ScenarioFailed:
        return ScenarioFailed(scenario=self.scenario["id"], act=f"{act.get('day')} {act.get('path', '')}", why=why)


def play(plays: Iterable[Play], until: datetime) -> int:
    """Play all scenarios, their acts in order of time, up to `until`; return how many acts were done.

    What comes due in between is done when it comes due.
    """
    moves = [
        (at, number, order, move) for number, one in enumerate(plays) for order, (at, move) in enumerate(one.moves())
    ]
    done = 0
    for at, _, _, move in sorted(moves, key=lambda each: each[:3]):
        if at > until:
            break
        pass_time(at)
        with clock.at(at):
            move()
        done += 1
    pass_time(until)
    return done


def pass_time(until: datetime) -> None:
    """Do what comes due up to an instant, each at its time."""
    while True:
        with reading() as conn:
            following = due.upcoming(conn)
        if following is None or following > until:
            return
        with clock.at(min(following + AFTER_MIDNIGHT, until)):
            if commands.catch_up() == (0, 0):
                return


def _window(holder: Holder) -> bool:
    return holder.level == OrganLevel.WINDOW


def _years(day: date, years: int) -> date:
    """Return the last day of a term of years from `day`; `day` itself for none."""
    if not years:
        return day
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
