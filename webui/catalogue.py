"""The English texts: msgids are the Chinese ones in templates and code. Run `python -m webui.catalogue`.

It rewrites translations/en/LC_MESSAGES/messages.po in the order of the msgids, drops what nobody uses, compiles the
.mo, and names what still wants a translation (exit 1).
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
PO = FOLDER / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS: dict[str, dict[str, Any]] = {
    "templates/**.html": {"extensions": "jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true"}
}
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)  # the compiled file changes only with the texts
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}


def used() -> Catalog:
    """Return the texts that templates and code ask for, without translations."""
    catalogue = Catalog(locale="en", fuzzy=False)
    for file, _, text, _, _ in extract_from_dir(FOLDER, METHODS, OPTIONS, KEYWORDS):
        if not file.startswith(("assets", "static")):
            catalogue.add(text)
    return catalogue


def kept() -> Catalog:
    """Return the catalogue as it is stored."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def merged() -> Catalog:
    """Return the used texts with the stored translations."""
    old, new = kept() if PO.exists() else Catalog(locale="en"), used()
    for message in new:
        if message.id and (known := old.get(message.id)):
            message.string = known.string
    return new


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts without a translation."""
    plain = [message for message in catalogue if message.id]
    return [str(message.id) for message in plain if not _is_translated(message.string)]


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def po(catalogue: Catalog) -> bytes:
    """Return the .po file: no dates, no places, so that it changes only with the texts."""
    out = io.BytesIO()
    write_po(out, catalogue, no_location=True, omit_header=True, sort_output=True, width=0, ignore_obsolete=True)
    header = b'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return header + b'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n' + out.getvalue()


def mo(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue."""
    out = io.BytesIO()
    plain = Catalog(locale="en", fuzzy=False, creation_date=UNDATED, revision_date=UNDATED)
    for message in catalogue:
        if message.id and _is_translated(message.string):
            plain.add(message.id, message.string)
    write_mo(out, plain)
    return out.getvalue()


def main() -> int:
    """Rewrite both files; return 1 when texts want a translation."""
    catalogue = merged()
    PO.write_bytes(po(catalogue))
    MO.write_bytes(mo(catalogue))
    for text in missing(catalogue):
        print(text)
    return 1 if missing(catalogue) else 0


if __name__ == "__main__":
    sys.exit(main())
