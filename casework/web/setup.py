"""Pages of setup."""

from flask import Blueprint

pages = Blueprint("setup", __name__)
