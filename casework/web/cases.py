"""Pages of cases."""

from flask import Blueprint

pages = Blueprint("cases", __name__)
