"""The blueprint of the pages about people; their modules add to it."""

from flask import Blueprint

bp = Blueprint("people", __name__, url_prefix="/office/people")
