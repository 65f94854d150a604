"""HTML to PDF by WeasyPrint, with the font that we ship. Fetches nothing: there is no network and no file but ours."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from engine.notices.paper import FOLDER, html, style
from engine.rules.documents import Document

FONT = FOLDER / "font" / "NotoSerifSC-GB2312.otf"
FONT_URL = "sunlit:font"
INSTALL = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def available() -> bool:
    """Return whether PDF can be made here: WeasyPrint finds Pango."""
    return _weasyprint() is not None


def render(document: Document) -> bytes:
    """Return the document as PDF; as a web page where PDF cannot be made. The same facts give the same bytes.

    Raises:
        jinja2.UndefinedError: a mandatory fact is missing.
    """
    if (weasyprint := _weasyprint()) is None:
        return html(document).encode()
    fonts, sheet, fetcher = _prepared()
    page = weasyprint.HTML(string=html(document, alone=False), url_fetcher=fetcher)
    made = page.write_pdf(font_config=fonts, stylesheets=[sheet], pdf_identifier=document.digest[:32].encode())
    assert isinstance(made, bytes)
    return made


@lru_cache(1)
def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError):  # OSError: a library that Python cannot load
        return None
    return weasyprint


@lru_cache(1)
def _prepared() -> tuple[Any, Any, Any]:
    """Return fonts, style sheet and fetcher, made once a process: reading the font takes longest."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurs(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - as the base class has it
            if url != FONT_URL:
                raise ValueError(f"a document fetches nothing: {url}")
            return URLFetcherResponse(url, FONT.read_bytes(), {"Content-Type": "font/otf"})

    fonts, fetcher = FontConfiguration(), OnlyOurs()
    face = f'@font-face {{ font-family: "Sunlit Notice"; src: url({FONT_URL}) }}'
    return fonts, CSS(string=face + style(), font_config=fonts, url_fetcher=fetcher), fetcher
