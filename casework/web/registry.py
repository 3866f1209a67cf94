"""Every blueprint, in one list."""

from flask import Flask

from casework.web import account, auth, cases, drafts, home, incidents, members, patterns, setup, statistics


def init_app(app: Flask) -> None:
    """Register every blueprint."""
    for module in (account, auth, cases, drafts, home, incidents, members, patterns, setup, statistics):
        app.register_blueprint(module.pages)
