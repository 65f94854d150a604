"""What cannot be staffed is refused. `why`, in English, and `zh` name persons; the trace keeps neither."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Refused


@dataclass(kw_only=True, eq=False)
class NotStaffed(Refused):
    """'{item}' cannot be done in {organ}: {why} Grant the posts first; `sunlit staff` says which."""

    item: str
    organ: str
    why: str
    zh: str

    def without_names(self) -> str:
        return f"'{self.item}' cannot be done in {self.organ}: there is nobody for some way that it may take."


@dataclass(kw_only=True, eq=False)
class NobodyLeft(Refused):
    """After that nobody could do what comes later: {why} {instead}"""

    why: str
    zh: str
    instead: str = "Let somebody else take it."
    instead_zh: str = "请让别的人来办这一步。"

    def without_names(self) -> str:
        return "After that nobody could do what comes later."
