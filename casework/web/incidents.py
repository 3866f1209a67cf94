"""Pages of incidents."""

from flask import Blueprint

pages = Blueprint("incidents", __name__)
