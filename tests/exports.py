"""Small exports of the trace for the tests of the verifier, written with the engine's own bytes."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.model import Event
from engine.rules import trace

CASE, ORGAN = "2026-YL-000001", "organ:1"
DEFINITION = "ab" * 32
SALT, FORM = bytes(range(32)), '{"name":"李"}'
APART = [{"rule": "SOD-03", "steps": ["intake/accept", "review", "decide"]}]
DEFINITIONS = {
    DEFINITION: {
        "item": "food_operation_licence",
        "steps": {
            "intake/accept": {"post": "acceptance", "separations": APART},
            "review": {"post": "reviewer", "separations": APART},
            "decide": {"post": "decider", "separations": [*APART, {"rule": "SOD-31", "steps": ["case", "decide"]}]},
            "inspect": {"post": "inspector", "separations": []},
        },
    }
}
POSTS = {path: step["post"] for path, step in DEFINITIONS[DEFINITION]["steps"].items()}


@dataclass
class Export:
    """Events by chain; `write` links and hashes them anew, so that whatever they say, the chain is sound."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def add(self, type: Event, *, chain: str = CASE, **fields: Any) -> "Export":
        keys = fields.pop("facts", {})
        facts = {key: keys.get(key) for key in trace.FACTS[type]}
        plain = dict.fromkeys(
            "step person post assignment on_behalf definition rule due_on outcome data".split()  # noqa: SIM905
        )
        number = len(self.events) + 1
        at = f"2026-09-14T01:00:{number:02}.000000Z"
        event = {**plain, "org": "YL", "case": chain, "id": f"e{number}", "type": type, "at": at, "facts": facts}
        self.events.append({**event, **fields})
        return self

    def opened(self, path: str, round: int = 1) -> "Export":
        facts = {"path": path, "round": round, "opened_by": [], "post_organ": "1"}
        return self.add(Event.STEP_OPENED, step=path, person="system", definition=DEFINITION, facts=facts)

    def completed(self, path: str, person: str | None, round: int = 1, **fields: Any) -> "Export":
        given = {"post": POSTS.get(path), "definition": DEFINITION, "facts": {"round": round}, **fields}
        return self.add(Event.STEP_COMPLETED, step=path, person=person, outcome="pass", **given)

    def signed(self, path: str, person: str) -> "Export":
        facts = {"signed": 1, "needed": 2}
        return self.add(
            Event.STEP_SIGNED, step=path, person=person, post=POSTS[path], definition=DEFINITION, facts=facts
        )

    def did(self, path: str, person: str, round: int = 1, **fields: Any) -> "Export":
        return self.opened(path, round).completed(path, person, round, **fields)

    def write(self, folder: Path, *, definitions: Any = DEFINITIONS) -> Path:
        heads: dict[str, tuple[str, int]] = {}
        written = []
        for event in self.events:
            head, seq = heads.get(event["case"], (trace.GENESIS, 0))
            body = trace.body(prev=head, seq=seq + 1, **event)
            heads[event["case"]] = trace.link(body), seq + 1
            written.append(body + b"\n")
        folder.mkdir(exist_ok=True)
        (folder / "events.jsonl").write_bytes(b"".join(written))
        (folder / "chains.json").write_text(json.dumps({c: {"head": h, "seq": n} for c, (h, n) in heads.items()}))
        if definitions is not None:
            (folder / "definitions.json").write_text(json.dumps(definitions))
        return folder


def filed() -> Export:
    facts = {"item": "food_operation_licence", "item_version": 1, "channel": "window", "materials": []}
    data = trace.commitment(SALT, FORM.encode())
    return Export().add(Event.CASE_FILED, step="case", person="li", definition=DEFINITION, facts=facts, data=data)


def whole() -> Export:
    """A case that went right, and a sign-in between its events."""
    export = filed().did("intake/accept", "li").add(Event.SIGNED_IN, chain=ORGAN, person="wang")
    export.opened("inspect").signed("inspect", "sun").completed("inspect", "zhou").did("review", "wang")
    export.did("decide", "zhao").add(Event.CASE_CLOSED, person="system", definition=DEFINITION)
    return export.add(Event.SIGNED_OUT, chain=ORGAN, person="wang")
