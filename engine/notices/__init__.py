"""Legal documents on paper: facts in, PDF out. Pure: the same facts give the same bytes; nothing is looked up.

WeasyPrint needs Pango, which is no Python package. Without it a document is a web page that prints the same.
"""

from engine.notices.paper import html
from engine.notices.pdf import INSTALL, available, render

__all__ = ["INSTALL", "available", "html", "render"]
