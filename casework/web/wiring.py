"""Brings everything that speaks HTTP to the application."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from casework.config import Settings
from casework.web import access, errors, headers, identity, language, registry, ui


def init_app(app: Flask, settings: Settings) -> None:
    """Bring everything that speaks HTTP to the application."""
    CSRFProtect(app)
    identity.init_app(app, settings)
    language.init_app(app, settings)
    headers.init_app(app, settings)
    errors.init_app(app)
    ui.init_app(app)
    registry.init_app(app)
    access.init_app(app)
