"""The applicant's pages: progress in plain words, the answer to what is asked, withdrawing. One small module a page."""

from webui.portal import answer, progress, urging
from webui.portal.blueprint import bp

__all__ = ["answer", "bp", "progress", "urging"]
