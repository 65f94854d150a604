"""A line of the timeline of a case."""

from __future__ import annotations

from dataclasses import dataclass

from webui.window.able import Who


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A line of the timeline. `kind`: past | stop | law | now | next; `marks`: (tone, word)."""

    kind: str
    title: str
    when: str
    text: str = ""
    quote: str = ""
    url_step: int | None = None
    who: tuple[Who, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
