"""Keys of rows in addresses: a number that no row can have is no address, so that no database is asked for it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

LAST = 2**63 - 1  # the last that either database knows


class Key(IntegerConverter):
    """`<int:...>` in an address, up to the last key that there can be."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"max": LAST} | named)


def install(app: Flask) -> None:
    """Take `<int:...>` in every address for a key."""
    app.url_map.converters["int"] = Key
