"""What a draft holds, and whose it says that it is."""

from typing import Any
from uuid import UUID

import pytest

from casework.domain.draft import DraftContent
from casework.errors import Invalid

ANA = UUID(int=7)
CONTENT = DraftContent("/incidents/new", {"text": ["Half"], "patterns": []}, ANA)


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 2 never changes, and reads back."""
    assert CONTENT.to_document() == {
        "schema": 2,
        "path": "/incidents/new",
        "fields": {"text": ["Half"], "patterns": []},
        "writer": ANA.hex,
    }
    assert DraftContent.from_document(CONTENT.to_document()) == CONTENT


def test_one_of_schema_1_names_no_writer() -> None:
    """It had an address and fields, and stays as it was."""
    document = {"schema": 1, "path": "/x", "fields": {"text": ["Half"]}}
    content = DraftContent.from_document(document)
    assert content == DraftContent("/x", {"text": ["Half"]}, None)
    assert content.to_document() == document


@pytest.mark.parametrize(
    "change",
    [{"schema": 1}, {"schema": 3}, {"path": None}, {"fields": []}, {"fields": {"text": "Half"}},
     {"fields": {"text": [5]}}, {"writer": "ana"}, {"writer": 7}, {"writer": None}, {"more": 1}],
)  # fmt: skip
def test_a_strange_draft_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        DraftContent.from_document({**CONTENT.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}


@pytest.mark.parametrize("schema", [2, True, None])
def test_only_schema_1_may_name_no_writer(schema: object) -> None:
    """Who leaves the writer out gains nothing."""
    with pytest.raises(Invalid):
        DraftContent.from_document({"schema": schema, "path": "/x", "fields": {}})
