"""Commands: `flask --app run …`; each calls one service."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the commands."""
