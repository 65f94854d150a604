"""Read memos: what an officer has seen in the inbox is not new any more. Not traced."""

from __future__ import annotations

from engine.db import memos
from engine.db.context import Context


def read_memo(ctx: Context, memo_id: int) -> int:
    """Note that the actor has seen a memo; return its id.

    Raises:
        NotFound: the actor was never told this.
    """
    return memos.read(ctx, memo_id)


def read_all_memos(ctx: Context, upto: int) -> int:
    """Note that the actor has seen all memos up to this one; return how many were new."""
    return memos.read_all(ctx, upto)
