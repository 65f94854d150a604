"""How `sunlit due` shows an answer: as JSON, or as a table for people, Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from unicodedata import east_asian_width

from engine import calendars
from engine.cli.question import Question
from engine.clock import ZONE
from engine.model import Unit
from engine.rules.limits import DayKind
from engine.rules.reckoning import Line, Reckoning
from engine.rules.rule import Direction

KINDS = {
    DayKind.START: ("start", "起始日", "start"),
    DayKind.DAY: ("counted", "计入", "counted"),
    DayKind.MAKEUP: ("makeup_workday", "调休上班，计入", "make-up workday, counted"),
    DayKind.WEEKEND: ("weekend", "周末", "weekend"),
    DayKind.HOLIDAY: ("holiday", "节假日", "holiday"),
    DayKind.STOP: ("stopped", "停表", "stopped"),
}
UNITS = {
    Unit.WORKING_DAY: ("个工作日", "working days"),
    Unit.CALENDAR_DAY: ("日", "calendar days"),
    Unit.MONTH: ("个月", "months"),
    Unit.HOUR: ("小时", "hours"),
}
DIRECTIONS = {
    Direction.WITHIN: ("内", "within"),
    Direction.AT_LEAST: ("以上（不少于）", "at least"),
    Direction.BEFORE: ("之前（倒推）", "before"),
}
LAST = {
    Direction.WITHIN: ("到期日", "Due on"),
    Direction.AT_LEAST: ("届满日（次日起方可办理）", "Lasts until the end of"),
    Direction.BEFORE: ("最迟", "At the latest on"),
}
WEEKDAYS = ("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def as_json(answer: Reckoning) -> dict[str, Any]:
    """Return the answer as `sunlit due --help` describes it."""
    at = {} if answer.due_at is None else {"due_at": _moment(answer.due_at)}
    return {
        "due_on": answer.due_on.isoformat(),
        **at,
        "used": answer.used,
        "remaining": answer.remaining,
        "overdue": answer.overdue,
        "provisional": answer.provisional,
        "ledger": [
            {
                "on": line.on.isoformat(),
                "kind": KINDS[_kind(line)][0],
                "name": _name(line.on),
                "counted": line.counted,
                "over": line.over,
                "provisional": line.provisional,
            }
            for line in answer.ledger
        ],
    }


def as_text(asked: Question, answer: Reckoning, language: str) -> Iterator[str]:
    """Yield the lines of the table."""
    english = language == "en"
    yield from _summary_en(asked, answer) if english else _summary_zh(asked, answer)
    yield ""
    head = ("Date", "Day", "Kind", "Counted") if english else ("日期", "星期", "情形", "累计")
    yield _row(*head)
    for line in answer.ledger:
        on, weekday = line.on.isoformat(), WEEKDAYS[english][line.on.weekday()]
        yield _row(on, weekday, _kind_name(line, english), f"{line.counted:g}") + _note(line, asked, answer, english)


def _summary_zh(asked: Question, answer: Reckoning) -> Iterator[str]:
    extended = f"，延长 {asked.extension}" if asked.extension else ""
    unit, direction = UNITS[asked.unit][0], DIRECTIONS[asked.direction][0]
    yield f"期限：{_start(asked)} 起，{asked.limit} {unit}{direction}{extended}"
    yield f"{LAST[asked.direction][0]}：{_due(answer)}（星期{WEEKDAYS[0][answer.due_on.weekday()]}）"
    overdue = "已超期" if answer.overdue else "未超期"
    yield f"截至 {_as_of(asked)}：已用 {answer.used:g}，剩余 {answer.remaining:g}，{overdue}"
    if answer.provisional:
        yield "暂定：部分日期超出已公布的放假安排，公布后重新计算"


def _summary_en(asked: Question, answer: Reckoning) -> Iterator[str]:
    extended = f", extended by {asked.extension}" if asked.extension else ""
    unit, direction = UNITS[asked.unit][1], DIRECTIONS[asked.direction][1]
    yield f"Limit: {direction} {asked.limit} {unit} from {_start(asked)}{extended}"
    yield f"{LAST[asked.direction][1]} {_due(answer)} ({WEEKDAYS[1][answer.due_on.weekday()]})"
    overdue = "overdue" if answer.overdue else "not overdue"
    yield f"As of {_as_of(asked)}: {answer.used:g} used, {answer.remaining:g} remaining, {overdue}"
    if answer.provisional:
        yield "Provisional: some days lie beyond the published calendar; to be reckoned anew when it is published"


def _kind(line: Line) -> DayKind:
    """Return what a day was: the Sunday of a holiday is a day of the holiday."""
    return DayKind.HOLIDAY if line.kind is DayKind.WEEKEND and _name(line.on) else line.kind


def _kind_name(line: Line, english: bool) -> str:
    kind, name = _kind(line), _name(line.on)
    named = not english and name and kind in (DayKind.HOLIDAY, DayKind.MAKEUP)
    return f"{KINDS[kind][1 + english]}（{name}）" if named else KINDS[kind][1 + english]


def _note(line: Line, asked: Question, answer: Reckoning, english: bool) -> str:
    notes = []
    if line.on == answer.due_on:
        notes.append(LAST[asked.direction][english].split("（")[0])
    if line.over:
        notes.append("passed" if english else "已过期限")
    if line.provisional:
        notes.append("provisional" if english else "暂定")
    return "  " + ("; " if english else "；").join(notes) if notes else ""


def _row(on: str, weekday: str, kind: str, counted: str) -> str:
    return f"{_wide(on, 12)}{_wide(weekday, 6)}{_wide(kind, 26)}{counted:>6}".rstrip()


def _wide(text: str, columns: int) -> str:
    """Return the text filled up to columns of a terminal, where Chinese characters take two."""
    return text + " " * (columns - sum(1 + (east_asian_width(c) in "WF") for c in text))


def _name(on: date) -> str:
    return calendars.days().get(on, (False, "", ""))[1]


def _start(asked: Question) -> str:
    return _moment(asked.start) if asked.unit is Unit.HOUR else asked.start.date().isoformat()


def _as_of(asked: Question) -> str:
    return asked.as_of.date().isoformat() if asked.as_of_day else _moment(asked.as_of)


def _due(answer: Reckoning) -> str:
    return answer.due_on.isoformat() if answer.due_at is None else _moment(answer.due_at)


def _moment(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
