"""The window desk: queue, pool, intake, receipt, step pages, search. One small module a page."""

from webui.window import acting, batching, diagrams, files, intake, lists, raising, receipt, search, steps
from webui.window.blueprint import bp

__all__ = ["acting", "batching", "bp", "diagrams", "files", "intake", "lists", "raising", "receipt", "search", "steps"]
