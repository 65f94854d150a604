"""The window desk: queue, pool, intake, receipt, step pages, search. One small module a page."""

from webui.window import batching, diagrams, files, intake, lists, raising, receipt, search, steps
from webui.window.blueprint import bp

__all__ = ["batching", "bp", "diagrams", "files", "intake", "lists", "raising", "receipt", "search", "steps"]
