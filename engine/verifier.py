"""校验导出的留痕 / Check an export of the trace:  python3 verifier.py FOLDER [--lang en]

One file, standard library only; it shares no code with the system it checks. It reads, line by line,

    events.jsonl      the exact bytes of every event, one a line
    chains.json       {"chain": {"head": hex, "seq": number of events}}
    definitions.json  optional: {hash: {"item": ..., "steps": {path: {"post": ..., "separations":
                      [{"rule": ..., "steps": [path, ...]}]}}}}
    payloads.jsonl    optional, in the order of the events: {"event": id, "salt": hex, "body": text}

and ignores other files. Exit 0: intact; 1: faults; 2: unreadable. It finds every change inside the export, a cut end
too; that the whole export was not exchanged shows only when its chain heads are compared with those kept elsewhere.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

GENESIS, LONGEST, KEPT = "0" * 64, 1 << 24, 1000  # bytes of a line; faults kept (the others are counted)
AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_FIELDS = """org case prev id type at: str
step person post on_behalf definition rule due_on outcome data: str NoneType
v seq: int
assignment: int NoneType
facts: dict"""
FIELDS = {name: kinds for names, kinds in (row.split(": ") for row in _FIELDS.splitlines()) for name in names.split()}
_FACTS = """county.founded name; proposal.made proposal kind digest; proposal.approved proposal kind digest result;
proposal.declined proposal kind digest; calendar.adopted proposal year amends days digest clocks; session.opened
channel; session.refused channel; session.closed channel; case.filed item item_version channel applicant materials;
case.closed state result; case.withdrawn channel; case.faulted verb why at; case.repaired proposal how at; case.moved
proposal from to; mark.reached mark on taken_from; step.claimed; step.released; step.opened opened_by path round
post_organ limit; step.signed signed needed; refused verb error subject why; step.unsigned signed; step.completed round
signed; step.cancelled why; clock.overrun key kind overrun_on amount unit; clock.started key kind unit amount from
provisional; clock.moved proposal key kind from to was_provisional provisional; clock.ended key kind started_on used
in_time; clock.stopped kind from to document; clock.resumed kind from to planned_to document; clock.extended key amount
unit document; clock.recounted key kind from to provisional why; effect.taken effect key on; message.delivered message;
document.made document kind number digest; document.rendered document number sha256; card.drafted card level cause key
on; card.scored points organ post reason; case.code_reissued; timer.moved proposal key path from to; timer.fired key
path legal_at; trace.exported cases events; trace.checked events faults; step.transferred to; step.advised kind round;
step.voted voted members; step.returned round to; step.withdrawn round; step.urged; step.lent from to; signer.added
kind officer; signer.removed kind officer; case.copied to; recusal.raised recusal officer source kind; recusal.voted
recusal officer voted members; recusal.decided recusal officer upheld; mark.corrected proposal mark from to;
entry.corrected proposal path; post.granted proposal granted officer post organ item tier from to; post.ended proposal
ended officer to; stand_in.named proposal stand_in granted officer from to; stand_in.ended proposal stand_in to;
absence.recorded proposal officer from to; absence.ended proposal officer from was to; tie.declared officer kind;
account.changed proposal officer what; rules.adopted proposal digest; clock.reopened key kind started_on"""
FACTS = {type: set(keys) for type, *keys in (row.split() for row in _FACTS.split(";"))}
_MESSAGES = """cut|行没有正常结束，文件被截断或行太长|a line does not end: the file was cut, or the line is too long
json|不是可读的JSON记录|no event in JSON
bytes|字节不是规范形式|the bytes are not canonical
fields|字段缺少、多余或形式不对|fields are missing, unknown or of the wrong form
facts|没有这种记录，或其事实的项目不对|there is no such event type, or these are not its facts
seq|序号不连续，有记录缺失、重复或换位|seq has a gap: an event is missing, double or moved
prev|与上一条的链接不符，上一条被改动或替换|the link is wrong: the event before was changed or exchanged
at|时间早于上一条|the time is earlier than that of the event before
head|链的末尾与 chains.json 不符，末条被改动、截去或添加|the chain's end differs from chains.json: changed, cut or added
definition|definitions.json 没有这个流程版本或步骤|definitions.json holds no such definition or step
post|办理步骤的岗位不对|the step was done by the wrong post
nobody|步骤没有办理人|the step was done by nobody
same|应由不同的人办理的步骤由同一人办理|one person did steps that different persons must do
again|步骤的同一轮重复开启或办结|a round of a step was opened or completed twice
unopened|步骤没有开启就办理，须先开启|a step was done that was not open; it must be opened first
payload|内容不可读，应有 event、salt、body|a payload cannot be read; it must have event, salt and body
mismatch|内容与记录中的摘要不符，内容被改动|a payload does not hash to what its event says: it was changed
stray|内容不属于任何记录，或次序不对|a payload belongs to no event, or is out of order
copy|数据库里供查询的副本与原文不符，或办件没有留痕|the columns differ from the bytes, or a case has no trace
shape|文件无法读取，或结构不对|a file cannot be read or has the wrong shape"""
MESSAGES = {code: (zh, en) for code, zh, en in (row.split("|") for row in _MESSAGES.splitlines())}
TOTALS = {"zh": "记录%d条，链%d条，问题%d处", "en": "%d events, %d chains, %d faults"}
DONE = ("step.signed", "step.completed", "step.voted", "step.advised", "step.returned")  # what counts as an act
WRONG = (ValueError, RecursionError, AttributeError, KeyError, TypeError)  # what a bad JSON text may raise
Doubt = tuple[str, object, object]  # code of the message; what was found; what it must be, empty: the message says so


class Fault(NamedTuple):
    """One fault. `line` is 0 where it is in no line; `chain` is empty and `seq` 0 where they are not known."""

    file: str
    line: int
    chain: str
    seq: int
    code: str
    found: object
    must: object

    def text(self, language: str = "zh") -> str:
        """Return the fault in plain words, cut and made printable."""
        english = language == "en"
        text = f"{self.file}:{self.line} [{self.chain} #{self.seq}] {MESSAGES[self.code][english]}"
        text += f"{': found' if english else '：实为'} {str(self.found)[:300]}" if self.found != "" else ""
        text += f"{', must be' if english else '，应为'} {str(self.must)[:300]}" if self.must != "" else ""
        return "".join(c if c.isprintable() else "?" for c in text)


class Unreadable(Exception):
    """The export cannot be read; its argument is the fault."""


class Report:
    """What was found. `count` counts all faults, `faults` holds the first of them."""

    def __init__(self) -> None:
        self.events = self.chains = self.count = 0
        self.faults: list[Fault] = []

    def add(self, file: str, line: int, chain: str, seq: int, doubt: Doubt) -> None:
        self.count += 1
        if len(self.faults) < KEPT:
            self.faults.append(Fault(file, line, chain, seq, *doubt))


class Chain:
    """Where a chain stands, and of its case: rounds of steps open (with their path) and done, and who did what."""

    def __init__(self) -> None:
        self.seq, self.head, self.at = 0, GENESIS, ""
        self.open: dict[tuple[str, str], str] = {}
        self.done: set[tuple[str, str]] = set()
        self.acts: dict[str, set[str]] = {}


def check(folder: str | Path) -> Report:
    """Check the export in `folder`.

    Raises:
        OSError: a file is missing or cannot be read.
        Unreadable: chains.json or definitions.json has the wrong shape.
    """
    folder, report, chains = Path(folder), Report(), dict[str, Chain]()
    heads = read_json(folder / "chains.json", lambda value: {c: f"#{e['seq']} {e['head']}" for c, e in value.items()})
    table = read_json(folder / "definitions.json", _table) if (folder / "definitions.json").exists() else None
    payloads = read_payloads(folder / "payloads.jsonl", report)
    payload = next(payloads, None)
    for number, line in read_lines(folder / "events.jsonl", report):
        report.events += 1
        event, doubts = read_event(line)
        name, seq = (event["case"], event["seq"]) if event else ("", 0)
        if event:
            chain = chains.setdefault(name, Chain())
            doubts += [*check_link(event, line, chain), *check_meaning(event, chain, table)]
            if payload and payload[1] == event["id"]:
                if payload[2] != event["data"]:
                    report.add("payloads.jsonl", payload[0], name, seq, ("mismatch", payload[2], event["data"]))
                payload = next(payloads, None)
        for doubt in doubts:
            report.add("events.jsonl", number, name, seq, doubt)
    for left in [payload, *payloads] if payload else ():
        report.add("payloads.jsonl", left[0], "", 0, ("stray", left[1], ""))
    for name in sorted(chains.keys() | heads.keys()):
        chain = chains.get(name, Chain())
        if (found := f"#{chain.seq} {chain.head}") != (must := heads.get(name, "-")):
            report.add("chains.json", 0, name, chain.seq, ("head", found, must))
    report.chains = len(chains)
    return report


def read_lines(path: Path, report: Report) -> Iterator[tuple[int, bytes]]:
    """Yield number and bytes of each line; one that does not end is a fault."""
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
            if not line.endswith(b"\n"):
                report.add(path.name, number, "", 0, ("cut", "", ""))
            yield number, line.removesuffix(b"\n")


def read_json(path: Path, make: Callable[[Any], dict[Any, Any]]) -> dict[Any, Any]:
    try:
        return make(parse(path.read_bytes()))
    except WRONG as error:
        raise Unreadable(Fault(path.name, 0, "", 0, "shape", f"{type(error).__name__} {error}", "")) from None


def _table(value: Any) -> dict[Any, Any]:
    return {
        (definition, path): (
            {step["post"], step.get("chair", step["post"])} | ({None} if step.get("applicant") else set()),
            [(str(o), s["rule"]) for s in step["separations"] for o in s["steps"] if o != path],
        )
        for definition, entry in value.items()
        for path, step in entry["steps"].items()
    }


def read_payloads(path: Path, report: Report) -> Iterator[tuple[int, str, str]]:
    """Yield line, event and commitment of each payload there is."""
    for number, line in read_lines(path, report) if path.exists() else ():
        try:
            payload = parse(line)
            commitment = sha256(b"sunlit/payload/1\0" + bytes.fromhex(payload["salt"]) + payload["body"].encode())
            yield number, str(payload["event"]), commitment.hexdigest()
        except WRONG as error:
            report.add(path.name, number, "", 0, ("payload", error, ""))


def parse(text: bytes) -> Any:
    """Return the value of a JSON text; doubled keys, fractions and numbers from 2^53 on are refused (one of WRONG)."""
    numbers: Any = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), _whole)
    return json.loads(text.decode(), object_pairs_hook=_object, **numbers)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs) or not all(key.isascii() for key in result):
        raise ValueError("a key is doubled or not ASCII")
    return result


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,16}", text) or abs(int(text)) >= 2**53:
        raise ValueError(f"{text[:20]} is no whole number below 2^53")
    return int(text)


def read_event(line: bytes) -> tuple[dict[str, Any] | None, list[Doubt]]:
    """Return the event of a line, None where its form is wrong, and the doubts about it."""
    try:
        event = parse(line)
        must = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        kinds = {field: type(value).__name__ for field, value in event.items()}
    except WRONG as error:
        return None, [("json", error, "")]
    if wrong := sorted(f for f in FIELDS.keys() | kinds.keys() if kinds.get(f, "-") not in FIELDS.get(f, "").split()):
        return None, [("fields", {f: kinds.get(f, "-") for f in wrong}, {f: FIELDS.get(f, "-") for f in wrong})]
    doubts: list[Doubt] = [("bytes", line.decode(), must.decode())] if line != must else []
    if event["v"] != 1 or not AT.fullmatch(event["at"]):
        doubts.append(("fields", (event["v"], event["at"]), "v = 1, at = YYYY-MM-DDTHH:MM:SS.ffffffZ"))
    if event["facts"].keys() != (keys := FACTS.get(event["type"])):
        doubts.append(("facts", f"{event['type']} {sorted(event['facts'])}", sorted(keys or ())))
    return event, doubts


def check_link(event: dict[str, Any], line: bytes, chain: Chain) -> Iterator[Doubt]:
    """Yield what is wrong with the event's place in its chain, then move the chain to the event."""
    if event["seq"] != chain.seq + 1:
        yield "seq", event["seq"], chain.seq + 1
    if event["prev"] != chain.head:
        yield "prev", event["prev"], chain.head
    if event["at"] < chain.at:
        yield "at", event["at"], f">= {chain.at}"
    chain.seq, chain.head, chain.at = event["seq"], sha256(b"sunlit/case/1\0" + line).hexdigest(), event["at"]


def check_meaning(event: dict[str, Any], chain: Chain, table: dict[Any, Any] | None) -> Iterator[Doubt]:
    """Yield what the event does that the case so far, or its definition, does not allow."""
    kind, step = event["type"], str(event["step"])
    who = {person for person in (event["person"], event["on_behalf"]) if person not in (None, "system")}
    key = (step, str(event["facts"].get("round")))
    if kind == "case.filed":
        chain.acts["case"] = who
    elif kind == "case.closed":
        chain.open, chain.done, chain.acts = {}, set(), {}
    elif kind == "step.opened":
        if key in chain.open or key in chain.done:
            yield "again", " #".join(key), ""
        chain.open[key] = str(event["facts"].get("path"))
    elif kind == "step.cancelled":
        if len(rounds := [o for o in chain.open if o[0] == step]) == 1:
            del chain.open[rounds[0]]
    elif kind == "step.withdrawn":  # what came of it is cancelled next; the completion still counts as an act
        chain.done.discard(key)
        chain.open[key] = step
    elif kind in DONE:
        key = key if "round" in event["facts"] else next((o for o in chain.open if o[0] == step), key)
        path = chain.open.get(key, step)
        if key not in chain.open:
            yield "again" if key in chain.done else "unopened", " #".join(key), ""
        elif kind in ("step.completed", "step.returned"):
            del chain.open[key]
            chain.done.add(key)
        if not who:
            yield "nobody", path, ""
        if table is not None:
            posts, others = table.get((event["definition"], path), (set(), []))
            if not posts:
                yield "definition", f"{event['definition']}: {path}", ""
            elif (
                kind != "step.advised" and event["post"] not in posts and "subject" not in posts
            ):  # the post that a card is about
                yield "post", f"{path}: {event['post']}", min(posts, key=str)
            for other, rule in others:
                for person in sorted(who & chain.acts.get(other, set())):
                    yield "same", f"{rule}: {other} + {path}: {person}", ""
        chain.acts.setdefault(path, set()).update(who)


def main(arguments: list[str] | None = None) -> int:
    """Check a folder and print what was found; return the exit code."""
    parser = argparse.ArgumentParser(description="校验导出的留痕 / Check an export of the trace")
    parser.add_argument("folder")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    asked = parser.parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        report = check(asked.folder)
    except (OSError, Unreadable) as error:
        file = str(getattr(error, "filename", "") or asked.folder)
        fault = error.args[0] if isinstance(error, Unreadable) else Fault(file, 0, "", 0, "shape", error.strerror, "")
        print(fault.text(asked.lang))
        return 2
    print(*(fault.text(asked.lang) for fault in report.faults), sep="\n", end="\n" if report.faults else "")
    print(TOTALS[asked.lang] % (report.events, report.chains, report.count))
    return 1 if report.count else 0


if __name__ == "__main__":
    sys.exit(main())
