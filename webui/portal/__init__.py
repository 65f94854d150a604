"""The applicant's pages: progress in plain words, the answer to what is asked, withdrawing. One small module a page."""

from webui.portal import answer, progress
from webui.portal.blueprint import bp
from webui.portal.progress import opened_case

__all__ = ["answer", "bp", "opened_case", "progress"]
