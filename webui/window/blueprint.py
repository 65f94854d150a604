"""The blueprint that the pages of the window desk share."""

from flask import Blueprint

bp = Blueprint("window", __name__, url_prefix="/desk")
