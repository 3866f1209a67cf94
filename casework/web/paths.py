"""Where to go next: only ever to a page of ours."""

from urllib.parse import urlsplit


def is_local(text: str) -> bool:
    """Return whether a text names a page on this host, however a browser reads it.

    Browsers take a backslash for a slash and drop control characters, so neither may occur.
    """
    if not text.startswith("/") or text.startswith("//") or "\\" in text:
        return False
    if not text.isprintable() or " " in text:
        return False
    parts = urlsplit(text)
    return not parts.scheme and not parts.netloc


def local_path(text: str | None, otherwise: str) -> str:
    """Return the text if it names a page of ours, else the other one."""
    return text if text and is_local(text) else otherwise
