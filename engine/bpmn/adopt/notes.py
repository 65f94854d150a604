"""What adopting has done, and what it leaves to a person: each with the line of the original file."""

from __future__ import annotations

from engine.bpmn.tree import Element, line_of

Note = tuple[int, str]


class Notes:
    def __init__(self) -> None:
        self._done: list[Note] = []
        self._left: list[Note] = []

    def done(self, el: Element, text: str) -> None:
        self._done.append((line_of(el), text))

    def left(self, el: Element, text: str) -> None:
        self._left.append((line_of(el), text))

    @property
    def changed(self) -> bool:
        return bool(self._done)

    @property
    def sorted_done(self) -> tuple[Note, ...]:
        return tuple(dict.fromkeys(sorted(self._done)))

    @property
    def sorted_left(self) -> tuple[Note, ...]:
        return tuple(dict.fromkeys(sorted(self._left)))
