"""Pages of patterns."""

from flask import Blueprint

pages = Blueprint("patterns", __name__)
