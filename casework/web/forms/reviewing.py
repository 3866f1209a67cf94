"""What a decision about a proposal is about, and where one goes on afterwards: ids alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField

from casework.web.forms.posted import read_optional_id

END = "end"
"""The place after all proposals."""
OFF = "off"


class About(NamedTuple):
    """A pattern on an incident, as it is named in an address."""

    incident_id: UUID
    pattern_id: UUID

    def write(self) -> str:
        """Write what `read_about` reads."""
        return f"{self.incident_id.hex}.{self.pattern_id.hex}"


def read_about(text: str | None) -> About | None:
    """Read a pattern on an incident, None where there is none."""
    incident, _dot, pattern = (text or "").partition(".")
    incident_id, pattern_id = read_optional_id(incident), read_optional_id(pattern)
    return About(incident_id, pattern_id) if incident_id and pattern_id else None


@dataclass(frozen=True, slots=True)
class Round:
    """How somebody goes through the queue: of one pattern or all, from where on, and how far they came.

    `at` is "" at the first, END after the last; `keys` are the single keys, which can be switched off.
    """

    of: UUID | None = None
    at: str = ""
    done: int = 0
    keys: bool = True

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "Round":
        """Read the fields of an address or a form; what is none of ours counts as nothing."""
        at, done = str(fields.get("at", "")), str(fields.get("done", ""))
        known = at if at == END or read_about(at) else ""
        counted = int(done) if done.isascii() and done.isdigit() and len(done) < 7 else 0
        return cls(read_optional_id(fields.get("of")), known, counted, fields.get("keys") != OFF)

    def write(self) -> dict[str, str]:
        """Return the fields of an address, without what says nothing."""
        of, done = self.of.hex if self.of else "", str(self.done) if self.done else ""
        fields = {"of": of, "at": self.at, "done": done, "keys": "" if self.keys else OFF}
        return {name: value for name, value in fields.items() if value}


class ReviewForm(FlaskForm):
    """Which proposal was shown, in which versions, and the one after it."""

    about = HiddenField()
    version = HiddenField()
    pattern_version = HiddenField()
    next = HiddenField()
