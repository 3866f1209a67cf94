"""Addresses among the settings: what a database, a volatile store and a host may be called."""

import re
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from casework.store.objectplace import ObjectPlace

_REDIS_OPTIONS = {"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_text(value: object) -> str:
    """Return a line of text; raises ValueError."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be a line of text, and not empty")
    return value.strip()


def read_sqlite(value: object) -> str:
    """Return the address of a SQLite file; raises ValueError."""
    url = read_text(value)
    if not re.fullmatch(r"sqlite:////[^?#]+", url):
        raise ValueError("must be sqlite:/// and the absolute path of a file")
    return url


def read_database(value: object) -> str:
    """Return the address of a SQLite file or of a PostgreSQL; raises ValueError."""
    url = read_text(value)
    if url.startswith("sqlite:"):
        return read_sqlite(url)
    parts = urlsplit(url)
    if parts.scheme != "postgresql+psycopg" or len(parts.path) < 2:
        raise ValueError("must be sqlite:////path/of/a/file or postgresql+psycopg://user@host/name")
    _require_readable(url)
    return url


def _require_readable(url: str) -> None:
    """Raise ValueError, without the address, where the library that connects cannot take it apart."""
    try:
        port = make_url(url).port
    except (ArgumentError, ValueError):
        port = 0
    if port is not None and not 1 <= port <= 65535:
        raise ValueError(
            "must name a port from 1 to 65535, or none; in a password write @ as %40, : as %3A and / as %2F"
        )


def read_attachments(value: object) -> str:
    """Return the address of a bucket for files of cases, or nothing; raises ValueError."""
    if value == "":
        return ""
    url = read_text(value)
    ObjectPlace.read(url)
    return url


def read_volatile(value: object) -> str:
    """Return the address of a SQLite file or of a Redis; raises ValueError.

    On another machine a Redis has a password, and who answers by TLS shows who they are.
    """
    url = read_text(value)
    if url.startswith("sqlite:"):
        return read_sqlite(url)
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must be sqlite:////path/of/a/file, redis://, rediss:// or unix://")
    if unknown := parse_qs(parts.query, keep_blank_values=True).keys() - _REDIS_OPTIONS:
        raise ValueError(f"knows no option {min(unknown)}, only {', '.join(sorted(_REDIS_OPTIONS))}")
    if parts.scheme == "unix":
        if len(parts.path) < 2:
            raise ValueError("must name the socket: unix:///run/redis/redis.sock")
        return url
    if not parts.hostname or (not is_loopback(parts.hostname) and not parts.password):
        raise ValueError("must name a host, and the password of a Redis on another machine")
    if parts.port == 0:  # others that are none raise ValueError by themselves
        raise ValueError("must name a port from 1 to 65535")
    return url
