"""What a deed is, for tests that break it."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Deed:
    """What is done, by whom the audit log says it was done, and the tables that it may write to."""

    act: Callable[[], object]
    member: str | None
    tables: set[str] = field(default_factory=set)
