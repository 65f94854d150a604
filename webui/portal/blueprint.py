"""The blueprint of the applicant's pages."""

from flask import Blueprint

bp = Blueprint("portal", __name__)
