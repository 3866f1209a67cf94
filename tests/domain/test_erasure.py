"""The receipt of an erased case."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from casework.domain.erasure import BY_BIN, Receipt
from casework.errors import Invalid

RECEIPT = Receipt(
    reference="2026-K7QX",
    erased_on=date(2026, 11, 25),
    erased_by=UUID("9d0b7f6a-1c2d-4e3f-8a4b-5c6d7e8f9012"),
    reason=BY_BIN,
    people=2,
    incidents=0,
)


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 2 never changes, and reads back."""
    assert RECEIPT.to_document() == {
        "schema": 2,
        "reference": "2026-K7QX",
        "erased_on": "2026-11-25",
        "erased_by": "9d0b7f6a1c2d4e3f8a4b5c6d7e8f9012",
        "reason": "bin",
        "people": 2,
        "incidents": 0,
        "restricted": False,
    }
    assert Receipt.from_document(RECEIPT.to_document()) == RECEIPT


def test_an_older_receipt_is_read() -> None:
    """Schema 1 knew nothing of restricted cases."""
    older = {key: value for key, value in RECEIPT.to_document().items() if key != "restricted"}
    assert Receipt.from_document({**older, "schema": 1}) == RECEIPT


def test_that_of_a_restricted_case_has_no_room_for_what_it_held() -> None:
    """One that names the case or counts what was in it is refused: nothing here would have written it."""
    kept = RECEIPT.as_restricted()
    assert (kept.reference, kept.people, kept.incidents, kept.reason) == ("", 0, 0, BY_BIN)
    assert Receipt.from_document(kept.to_document()) == kept
    for change in ({"reference": "2026-K7QX"}, {"people": 1}, {"incidents": 1}):
        with pytest.raises(Invalid):
            Receipt.from_document({**kept.to_document(), **change})


@pytest.mark.parametrize(
    "change",
    [{"schema": 1}, {"schema": 3}, {"restricted": 1}, {"reason": "secret"}, {"people": -1},
     {"incidents": True}, {"erased_on": ""}, {"erased_by": None}, {"reference": 1}, {"names": []}],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        Receipt.from_document({**RECEIPT.to_document(), **change})
    assert "secret" not in str(refusal.value)
