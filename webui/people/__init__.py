"""People as those who administer see them: officers, posts, stand-ins, absences, accounts, rules."""

from webui.people import absences, accounts, lists, posts, rules, watch
from webui.people.blueprint import bp

__all__ = ["absences", "accounts", "bp", "lists", "posts", "rules", "watch"]
