"""Drafts and uploaded materials: what an officer has typed is never lost; a file lies on disk before its row does."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands import forms
from engine.commands.permit import by_post
from engine.db import drafts
from engine.db.context import Context
from engine.db.drafts import NewFile
from engine.errors import Invalid, NotFound
from engine.settings import settings

MAX_BYTES = 20_000_000
MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def save_draft(
    ctx: Context, *, item: str | None, step: int | None, body: Mapping[str, Any], draft: int | None = None
) -> int:
    """Keep what was typed for a filing of `item`, or for `step`; return the draft's id."""
    ctx.subject.verb = "save_draft"
    text = forms.text(dict(body))
    if len(text.encode()) > forms.MAX_BYTES:
        raise Invalid(findings=(forms.finding("draft", "", f"a draft has at most {forms.MAX_BYTES} bytes"),))
    if step is not None:
        return drafts.put(ctx, step, text)
    if draft is None:
        return drafts.add(ctx, item or "", text)
    kept = drafts.rewrite(ctx, draft, text)
    if kept is None:
        raise NotFound(what="draft", key=str(draft))
    return kept


def discard_draft(ctx: Context, draft: int) -> None:
    """Forget one's own draft and its files."""
    if not drafts.is_own(ctx, draft, locked=True):
        raise NotFound(what="draft", key=str(draft))
    drafts.forget(ctx.conn, draft)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A body that lies on disk, synced, and belongs to nothing yet."""

    stored: str
    type: str
    size: int
    sha256: str


def keep_file(content: bytes) -> Kept:
    """Write an uploaded body to disk and sync it; to be called before the transaction in which it is attached.

    The type is found from the content: PDF, PNG or JPEG.

    Raises:
        Invalid: too large, empty, or of another type.
    """
    kind = next((kind for magic, kind in MAGIC if content.startswith(magic)), None)
    if kind is None or len(content) > MAX_BYTES:
        raise Invalid(findings=(forms.finding("file", "file", "only PDF, PNG and JPEG up to 20 MB are taken"),))
    return Kept(stored=written(content), type=kind, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def written(content: bytes) -> str:
    """Write a body to disk under a random name, synced; return the name."""
    stored = secrets.token_hex(16)
    target = path(stored)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return stored


def attach(ctx: Context, *, draft: int, material: str, name: str, kept: Kept) -> int:
    """Attach a kept body to a draft as a material; return the file's id. `name` is shown, never used as a path.

    Raises:
        NotYourRole: the actor holds no acceptance post.
        NotFound: the draft is not the actor's.
    """
    ctx.subject.verb = "attach"
    by_post(ctx, "acceptance")
    if not drafts.is_own(ctx, draft, locked=True):
        raise NotFound(what="draft", key=str(draft))
    return drafts.add_file(ctx, draft, _new_file(material, name, kept))


def _new_file(material: str, name: str, kept: Kept) -> NewFile:
    return NewFile(
        material=material,
        name=Path(name).name[:200],
        type=kept.type,
        size=kept.size,
        sha256=kept.sha256,
        stored=kept.stored,
    )


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A kept body that is handed over with a step. `name` is shown, never used as a path."""

    material: str
    name: str
    kept: Kept


def hand_over(ctx: Context, case: int, papers: Sequence[Paper]) -> None:
    """Give papers to a case, in the transaction of the step that they come with."""
    new = [_new_file(paper.material, paper.name, paper.kept) for paper in papers]
    drafts.add_to_case(ctx, case, new)


def throw_away(kept: Kept) -> None:
    """Delete a body that was kept for nothing: what it came with was refused."""
    path(kept.stored).unlink(missing_ok=True)


def detach(ctx: Context, file: int) -> None:
    """Take a material out of one's own draft again; the body is cleared away by nobody but the operator."""
    if not drafts.forget_file(ctx, file):
        raise NotFound(what="file", key=str(file))


def path(stored: str) -> Path:
    """Return where the body of a file lies."""
    return settings().data_dir / "files" / stored
