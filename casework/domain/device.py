"""What a session was begun with, in words that its owner knows again: a browser, a system, nothing finer."""

from dataclasses import dataclass

from .documents import Document, read_text, require_shape

# The first that fits counts: most browsers name others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """Proper names, the same in every language; empty where the browser does not say."""

    browser: str = ""
    system: str = ""

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {"schema": 1, "browser": self.browser, "system": self.system}

    @classmethod
    def from_document(cls, document: Document) -> "Device":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, {"schema", "browser", "system"})
        return cls(read_text(document, "browser"), read_text(document, "system"))


UNKNOWN_DEVICE = Device()


def recognise(user_agent: str) -> Device:
    """Name the browser and system of a User-Agent; nothing of its own words is kept."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in names if mark in text), "")
