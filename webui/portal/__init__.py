"""The applicant's pages: progress, the answer to what is asked, recusal, withdrawing. One small module a page."""

from webui.portal import answer, progress, recusal, urging
from webui.portal.blueprint import bp

__all__ = ["answer", "bp", "progress", "recusal", "urging"]
