"""A draft: a form as far as it was typed, and who typed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from .documents import Document, read_list, read_text, read_uuid, require_shape, unreadable

Fields = Mapping[str, Sequence[str]]

_KEYS = frozenset({"schema", "path", "fields"})


@dataclass(frozen=True, slots=True, repr=False)
class DraftContent:
    """The address of a form, what stood in it, and whose it is; None in drafts from before these said so."""

    path: str
    fields: Fields
    writer: UUID | None

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 2; schema 1 where no writer is known."""
        form = {"path": self.path, "fields": {name: list(values) for name, values in self.fields.items()}}
        if self.writer is None:
            return {"schema": 1, **form}
        return {"schema": 2, **form, "writer": self.writer.hex}

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        if "writer" in document:
            require_shape(document, _KEYS | {"writer"}, schema=2)
            writer = read_uuid(document["writer"])
        else:
            require_shape(document, _KEYS, schema=1)
            writer = None
        return cls(read_text(document, "path"), _read_fields(document["fields"]), writer)


def _read_fields(value: Any) -> Fields:
    if type(value) is not dict:
        raise unreadable()
    for texts in value.values():
        if any(type(text) is not str for text in read_list(texts)):
            raise unreadable()
    return value
