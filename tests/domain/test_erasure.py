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
    """The content of schema 1 never changes, and reads back."""
    assert RECEIPT.to_document() == {
        "schema": 1,
        "reference": "2026-K7QX",
        "erased_on": "2026-11-25",
        "erased_by": "9d0b7f6a1c2d4e3f8a4b5c6d7e8f9012",
        "reason": "bin",
        "people": 2,
        "incidents": 0,
    }
    assert Receipt.from_document(RECEIPT.to_document()) == RECEIPT


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"reason": "secret"}, {"people": -1}, {"incidents": True}, {"erased_on": ""},
     {"erased_by": None}, {"reference": 1}, {"names": []}],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        Receipt.from_document({**RECEIPT.to_document(), **change})
    assert "secret" not in str(refusal.value)
