"""Where a request comes from, as far as it can be believed."""

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from casework.config import Settings
from casework.domain.device import Device, recognise


def init_app(app: Flask, settings: Settings) -> None:
    """Behind the one proxy that PUBLIC_HTTPS promises, take the address that it appended; else the peer's.

    Whatever a client writes into the header itself stands before that, and is not looked at.
    """
    if settings.public_https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]


def client_device() -> Device:
    """Return what this request comes from, as far as its browser says."""
    return recognise(request.user_agent.string)


def client_address() -> str:
    """Return the address that this request comes from, empty when nobody says."""
    return request.remote_addr or ""
