"""Ids and versions as a browser posts them: whatever stands there, it is one of ours or none."""

from uuid import UUID

from wtforms import Form, SelectMultipleField

from casework.domain.messages import N_
from casework.errors import Invalid, NotFound


def read_ids(field: SelectMultipleField) -> set[UUID]:
    """Return the ids that are ticked; raises Invalid naming the field."""
    try:
        return {UUID(hex=text) for text in field.data or ()}
    except ValueError:
        raise Invalid(**{field.short_name: N_("Choose one of the listed answers.")}) from None


def read_id(text: str | None, what: str) -> UUID:
    """Return the id that a hidden field holds; raises NotFound for anything else."""
    try:
        return UUID(hex=text or "")
    except ValueError:
        raise NotFound(what) from None


def read_optional_id(text: str | None) -> UUID | None:
    """Return the id in a hidden field, None when there is none."""
    try:
        return UUID(hex=text or "")
    except ValueError:
        return None


def read_drafts(form: Form) -> list[UUID]:
    """Return the drafts that a form was kept as: its own, and of a late form those that it came from."""
    texts = [form["draft"].data or "", *(form["earlier"].data or "").split()]
    return [draft for text in texts if (draft := read_optional_id(text))]


def read_version(text: str | None) -> int:
    """Return the version that a hidden field holds; 0, which no record has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
