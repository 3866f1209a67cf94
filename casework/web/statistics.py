"""Pages of statistics."""

from flask import Blueprint

pages = Blueprint("statistics", __name__)
