"""The address of a bucket for sealed files, in a store that speaks S3, and the key to it."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

_OPTIONS = frozenset({"endpoint", "region", "ca_certs"})
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]*/)*")
_REGION = "us-east-1"
_SHAPE = "must be s3://bucket/folder?endpoint=https://host, or empty for the data folder"


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """`prefix` is empty or ends in a slash; without an endpoint the store is Amazon's, of that region."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = _REGION
    ca_certs: str | None = None

    @classmethod
    def read(cls, url: str) -> "ObjectPlace":
        """Read `s3://bucket/folder?endpoint=…&region=…&ca_certs=…`; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme != "s3" or parts.fragment or not _BUCKET.fullmatch(parts.netloc):
            raise ValueError(_SHAPE)
        prefix = parts.path.strip("/") + "/" if parts.path.strip("/") else ""
        if not _PREFIX.fullmatch(prefix):
            raise ValueError("must have a folder of letters, digits, dots, dashes and slashes")
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        options = dict(given)
        if unknown := options.keys() - _OPTIONS:
            raise ValueError(f"knows no option {min(unknown)}, only {', '.join(sorted(_OPTIONS))}")
        if len(given) != len(options) or not all(options.values()):
            raise ValueError("must give each option once, with a value")
        return cls(
            parts.netloc,
            prefix,
            _read_endpoint(options["endpoint"]) if "endpoint" in options else None,
            options.get("region", _REGION),
            options.get("ca_certs"),
        )


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """What the store knows this casework by."""

    id: str
    secret: str = field(repr=False)

    @classmethod
    def read(cls, text: str) -> "ObjectKey":
        """Read the two lines of a key file: the id, the secret; raises ValueError."""
        words = text.split()
        if len(words) != 2:
            raise ValueError("must hold two lines: the id of the access key, and its secret")
        return cls(*words)


def _read_endpoint(endpoint: str) -> str:
    """Return the address of a store; raises ValueError for plain HTTP beyond a network of one's own."""
    parts = urlsplit(endpoint)
    is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_bare or parts.port == 0:
        raise ValueError("must have an endpoint such as https://s3.example.org")
    if parts.scheme == "http" and not _is_own(parts.hostname):
        raise ValueError("must have an https endpoint, or one at an address of a network of your own")
    return endpoint.rstrip("/")


def _is_own(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
