"""The auditor's pages: find events, read the trace of a case, check chains, and take the trace away."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.clock import ZONE
from engine.db import store
from engine.db.read import audit as traces
from engine.db.read.audit import PAGE, TRACE_PAGE, Break, Check, Filter
from engine.errors import NotFound
from engine.model import Event
from engine.settings import settings
from webui import definitions, words
from webui import trail as told
from webui.language import gettext
from webui.roles import AUDIT, MONITOR, current_actor, current_officer, role

bp = Blueprint("audit", __name__)
ONLY = ("all", "refused", "times")


@bp.get("/audit")
@role(AUDIT, MONITOR)
def trail() -> ResponseReturnValue:
    """Find events by case, officer, type and time; the newest first."""
    wanted = _filter(request.args)
    with store.reading() as conn:
        total, records = traces.count(conn, wanted), traces.search(conn, wanted)
        chains = {record.chain for record in records}
        known = traces.definitions(conn, chains)
        items = {number: definitions.item(conn, *which) for number, which in known.items()}
        titles = traces.titles(conn, chains, current_officer().person)
    given: dict[str, Any] = {k: v for k, v in request.args.items() if v and k not in ("page", "lang")}
    return render_template(
        "audit/trail.html",
        wanted=wanted,
        records=records,
        items=items,
        titles=titles,
        total=total,
        pages=-(-total // PAGE),
        page_link=lambda page: url_for("audit.trail", **(given | {"page": page})),
        trail=told,
        words=words,
        book=store.book(),
    )


@bp.get("/audit/trace/<chain>")
@role(AUDIT)
def chain(chain: str) -> ResponseReturnValue:
    """Show the whole trace of a case or of an organ."""
    return _chain(chain)


@bp.post("/audit/trace/<chain>/check")
@role(AUDIT)
def check_chain(chain: str) -> ResponseReturnValue:
    """Read the chain from its first event to its last, and show what was found."""
    with store.reading() as conn:
        found = traces.check(conn, chain)
    return _chain(chain, found)


def _chain(name: str, found: Check | None = None) -> str:
    only, page = request.args.get("only", "all"), max(1, _number(request.args.get("page", "")) or 1)
    only = only if only in ONLY else "all"
    with store.reading() as conn:
        tally = traces.tally(conn, name)
        if not tally.total:
            raise NotFound(what="case", key=name)
        records = traces.of_chain(conn, name, only=only, page=page)
        known, titles = traces.definitions(conn, {name}), traces.titles(conn, {name}, current_officer().person)
        item = definitions.item(conn, *known[name]) if name in known else None
    shown = {"all": tally.total, "refused": tally.refused, "times": tally.times}[only]
    return render_template(
        "audit/chain.html",
        chain=name,
        title=titles.get(name, ""),
        is_case=name in titles,
        tally=tally,
        only=only,
        records=records,
        item=item,
        found=found,
        broken=in_words(found.broken) if found and found.broken else "",
        page=page,
        pages=-(-shown // TRACE_PAGE),
        page_link=lambda number: url_for("audit.chain", chain=name, only=only, page=number),
        trail=told,
        words=words,
        book=store.book(),
    )


def in_words(broken: Break) -> str:
    """Return where a chain is not whole, and why, in one or two sentences."""
    before, seq = broken.seq - 1, broken.seq
    recorded, computed = told.short(broken.recorded), told.short(broken.computed)
    match broken.kind:
        case "prev" if seq == 1:
            return gettext("第 1 条之前断开：它记的上一指纹是 %(recorded)s，应当是链的起点。", recorded=recorded)
        case "prev":
            return gettext(
                "第 %(before)d 条之后断开：第 %(seq)d 条记的上一指纹是 %(recorded)s，现在算出来是 %(computed)s。"
                "第 %(before)d 条内容被改过。",
                before=before,
                seq=seq,
                recorded=recorded,
                computed=computed,
            )
        case "gap":
            return gettext("第 %(want)s 条不见了：它的位置上是第 %(seq)d 条。", want=broken.computed, seq=seq)
        case "short":
            return gettext(
                "末尾少了：链上记着 %(recorded)s 条，现在只有 %(computed)s 条。",
                recorded=broken.recorded,
                computed=broken.computed,
            )
        case "head":
            return gettext(
                "最后一条（第 %(seq)d 条）对不上：链头记的是 %(recorded)s，现在算出来是 %(computed)s。它的内容被改过。",
                seq=seq,
                recorded=recorded,
                computed=computed,
            )
        case "copied":
            return gettext(
                "第 %(seq)d 条：查询用的副本（%(recorded)s）与原文（%(computed)s）不一致。",
                seq=seq,
                recorded=broken.recorded,
                computed=broken.computed,
            )
        case "other":
            return gettext("第 %(seq)d 条的原文属于别处（%(recorded)s）。", seq=seq, recorded=broken.recorded)
        case _:
            return gettext("第 %(seq)d 条读不懂：原文不是规定的字节。", seq=seq)


@bp.get("/audit/check")
@role(AUDIT)
def checks() -> ResponseReturnValue:
    """Offer the check of everything, and the export."""
    return render_template("audit/check.html", report=None)


@bp.post("/audit/check")
@role(AUDIT)
def check_all() -> ResponseReturnValue:
    """Check every chain of the database with the independent verifier; the check itself is traced."""
    with store.reading() as conn:
        report = commands.check(conn)
    with store.begin(current_actor()) as ctx:
        commands.record_check(ctx, report)
    return render_template("audit/check.html", report=report, at=clock.now())


def _room() -> Path:
    """Return the data folder: an export may be larger than the place for temporary files."""
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@bp.post("/audit/export")
@role(AUDIT)
def export() -> ResponseReturnValue:
    """Send the trace of one chain, or of all, as a zip with the verifier in it; the export itself is traced."""
    name = request.form.get("chain", "").strip()
    with tempfile.TemporaryDirectory(prefix="export-", dir=_room()) as folder:
        with store.reading() as conn:
            exported = commands.write_export(conn, Path(folder), [name] if name else None)
        archive = _zipped(Path(folder))
    with store.begin(current_actor()) as ctx:
        commands.record_export(ctx, exported)
    title = f"sunlit-{name.replace(':', '-') or 'all'}-{clock.now().astimezone(ZONE):%Y%m%d-%H%M}.zip"
    return send_file(archive, mimetype="application/zip", as_attachment=True, download_name=title)


def _zipped(folder: Path) -> IO[bytes]:
    """Return the files of a folder as an open zip that has no name on the disk."""
    archive = tempfile.TemporaryFile(dir=_room())  # noqa: SIM115 - the answer closes it
    with ZipFile(archive, "w", ZIP_DEFLATED) as bundle:
        for file in sorted(folder.iterdir()):
            bundle.write(file, file.name)
    archive.seek(0)
    return archive


def _filter(given: Mapping[str, str]) -> Filter:
    """Read the filter from an address; what makes no sense is left out."""
    kind = given.get("type", "")
    return Filter(
        case=given.get("case", "").strip()[:100],
        title=given.get("title", "").strip()[:100],
        officer=given.get("officer", "").strip()[:100],
        type=Event(kind) if kind in list(Event) else None,
        refused=given.get("refused") == "1",
        from_on=_day(given.get("from_on", "")),
        to_on=_day(given.get("to_on", "")),
        page=_number(given.get("page", "")) or 1,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None
