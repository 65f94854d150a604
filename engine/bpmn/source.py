"""The files of an item or shared flow, read for ever: the XML byte for byte, forms and facts decoded strictly."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from engine.bpmn import tree
from engine.errors import Finding, Invalid
from engine.model import Source

MAX_NESTING, MAX_CALLED = 10, 100


def load(path: Path, processes: Path) -> Source:
    """Return the source of an item folder or a .bpmn file, with the flows it calls from `processes/_shared`.

    Raises:
        Invalid: a file is missing or cannot be read; all such findings.
    """
    source, findings = gather(path, processes)
    if findings:
        raise Invalid(findings=tuple(findings))
    return source


def gather(
    path: Path, processes: Path, above: Sequence[str] = (), count: list[Path] | None = None
) -> tuple[Source, list[Finding]]:
    """As `load`, but return what can be read together with the findings.

    `above`: the flows that call this one; `count`: all that were read so far, a flow once for each that calls it.
    """
    count = [] if count is None else count
    count.append(path)
    flow = path if path.is_file() else path / "flow.bpmn"
    found: list[Finding] = []
    xml, called_ids, name = b"", [], path.resolve().name if path.is_dir() else ""
    try:
        xml = _bytes(flow)
        root = tree.parse(xml, str(flow))
        called_ids = _called(root)
        name = name or next((tree.ident(p) for p in tree.processes(root)), flow.stem)
    except OSError:
        found.append(finding(flow, "file", "There is no such file; an item needs its flow.bpmn."))
    except Invalid as e:
        found += e.findings
    forms = _json(flow.with_name("form.json"), found)
    facts = _toml(flow.with_name("item.toml"), found)
    called = {}
    for flow_id, _ in called_ids:
        folder = processes / "_shared" / flow_id
        if flow_id in called or flow_id in above or flow_id == name or len(above) > MAX_NESTING or not folder.is_dir():
            continue  # the check says so, with the line of the call
        if len(count) > MAX_CALLED:
            found.append(finding(flow, "call.many", f"More than {MAX_CALLED} flows are called; draw fewer."))
            break
        called[flow_id], more = gather(folder, processes, (*above, name), count)
        found += more
    merged = {f"{call}/{step}": form for flow_id, calls in called_ids if flow_id in called
              for call in calls for step, form in called[flow_id].forms.items() if step != "case"}  # fmt: skip
    source = Source(item=name, file=str(flow), xml=xml, forms={**merged, **forms}, facts=facts, called=called)
    return source, found


def finding(file: Path | str, rule: str, message: str, line: int = 1, level: str = "model") -> Finding:
    return Finding(file=str(file), line=line, level=level, rule=rule, message=message)


def _called(root: tree.Element) -> list[tuple[str, list[str]]]:
    """Return the flows that are called and are not in the file itself, with the calls of each."""
    own = {tree.ident(p) for p in tree.children(root, "process")}
    found: dict[str, list[str]] = {}
    for el in root.iter(tree.MODEL + "callActivity"):
        flow = tree.local(el.get("calledElement"))
        if flow and flow not in own and flow.replace("_", "").replace("-", "").isalnum():
            found.setdefault(flow, []).append(tree.ident(el))
    return list(found.items())


def _json(path: Path, found: list[Finding]) -> dict[str, Any]:
    """Strict: UTF-8, an object, no key twice, no NaN or Infinity."""
    if not path.is_file():
        return {}
    try:
        forms = json.loads(_bytes(path).decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as e:
        found.append(finding(path, "form.json", f"This is not JSON: {e.msg}.", e.lineno))
    except UnicodeDecodeError:
        found.append(finding(path, "form.json", "The file is not UTF-8; save it as UTF-8."))
    except RecursionError:
        found.append(finding(path, "form.json", "The file is nested too deep."))
    except _Twice as e:
        found.append(
            finding(path, "form.json", f"The key '{e}' stands twice in one object.", key_line(path, str(e), 2))
        )
    except ValueError as e:
        found.append(finding(path, "form.json", f"{e}."))
    else:
        if isinstance(forms, dict):
            return forms
        found.append(finding(path, "form.json", "The file must be one object: a form by step id, and 'case'."))
    return {}


def _toml(path: Path, found: list[Finding]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(_bytes(path).decode())
    except (ValueError, RecursionError) as e:
        found.append(finding(path, "item.toml", f"This is not TOML: {e}."))
    return {}


def _bytes(path: Path) -> bytes:
    """Return at most one byte more than may be read, which the reader refuses; of a text that is cut so, too."""
    with path.open("rb") as file:
        return file.read(tree.MAX_BYTES + 1)


class _Twice(ValueError):
    pass


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise _Twice(key)
        result[key] = value
    return result


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON knows")


def key_line(path: Path, key: str, nth: int = 1) -> int:
    """Return the line where `key` stands the nth time, 1 when that cannot be told."""
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    at = [n for n, line in enumerate(lines, 1) if f"{json.dumps(key, ensure_ascii=False)}:" in line.replace(" :", ":")]
    return at[nth - 1] if len(at) >= nth else at[-1] if at else 1
