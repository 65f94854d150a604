"""People as those who administer see them: officers, posts, stand-ins, absences, accounts, rules."""

from webui.people import accounts, lists, posts, rules, watch
from webui.people.blueprint import bp

__all__ = ["accounts", "bp", "lists", "posts", "rules", "watch"]
