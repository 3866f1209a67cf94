"""What is written down of the recovery shares."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from casework.domain.recovery import REFUSALS, RecoveryRecord
from casework.errors import Invalid

ANA = UUID(int=7)
RECORD = RecoveryRecord(2, 12_345, 3, date(2026, 5, 1), ANA).drilled(date(2026, 11, 2), ANA)
UNKNOWN = RecoveryRecord(3, 0)


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 1 never changes, and reads back; what is unknown is null."""
    assert RECORD.to_document() == {
        "schema": 1, "threshold": 2, "shares": 3, "split": 12_345, "made_on": "2026-05-01",
        "made_by": ANA.hex, "drilled_on": "2026-11-02", "drilled_by": ANA.hex,
    }  # fmt: skip
    assert set(UNKNOWN.to_document().values()) == {1, 3, 0, None}
    for record in (RECORD, UNKNOWN):
        assert RecoveryRecord.from_document(record.to_document()) == record


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"threshold": "2"}, {"threshold": None}, {"shares": "3"}, {"split": None},
     {"split": True}, {"made_on": "1 May"}, {"made_by": "ana"}, {"drilled_on": 5}, {"drilled_by": ANA},
     {"more": 1}],
)  # fmt: skip
def test_a_strange_record_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        RecoveryRecord.from_document({**RECORD.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}


def test_every_refusal_has_words() -> None:
    """Each reason reads as a sentence with its numbers."""
    for words in REFUSALS.values():
        assert "%(numbers)s" not in words % {"numbers": "1, 2"}
