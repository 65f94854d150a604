"""Staffing proven: can an item be done with the officers there are, and what would mend it? Nothing is written."""

from engine.commands.staffing.days_ahead import DaysAhead, Shortage, items, shortages
from engine.commands.staffing.report import Outlook, Report, Route, lacking, staffing
from engine.commands.staffing.words import Words
from engine.staffing.asking import CHAIR

__all__ = [
    "CHAIR",
    "DaysAhead",
    "Outlook",
    "Report",
    "Route",
    "Shortage",
    "Words",
    "items",
    "lacking",
    "shortages",
    "staffing",
]
