"""What is counted, and the name of a margin."""

from typing import Final

TOTAL: Final = "total"

UNITS: Final = frozenset({"cases", "incidents", "people"})
