"""Cases and their references."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from casework.domain.case import (
    REFERENCE_LETTERS,
    CaseFacts,
    new_reference,
    read_reference,
    read_reference_end,
)
from casework.errors import Invalid

CASE = CaseFacts(
    reference="2026-K7QX",
    opened_on=date(2026, 11, 16),
    opened_by=UUID("9d0b7f6a-1c2d-4e3f-8a4b-5c6d7e8f9012"),
    responsible=UUID("0e4d21c8-55b7-4b0c-9f6e-7a8b9c0d1e2f"),
    touched_on=date(2026, 11, 24),
    hold_since=date(2026, 11, 25),
    binned_on=date(2026, 11, 26),
    binned_by=UUID("0e4d21c8-55b7-4b0c-9f6e-7a8b9c0d1e2f"),
    announced_on=date(2026, 10, 27),
    status="closed",
    closed_on=date(2026, 11, 25),
    closed_by=UUID("0e4d21c8-55b7-4b0c-9f6e-7a8b9c0d1e2f"),
    closing_reason="wish",
)
CLOSING = ("closed_on", "closed_by", "closing_reason")
UNSAID: dict[str, Any] = dict.fromkeys(CLOSING)
OLD = {
    "schema": 1,
    "reference": "2026-K7QX",
    "status": "closed",
    "opened_on": "2026-11-16",
    "opened_by": "9d0b7f6a1c2d4e3f8a4b5c6d7e8f9012",
}


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 5 never changes, and reads back."""
    assert CASE.to_document() == {
        "schema": 5,
        "reference": "2026-K7QX",
        "status": "closed",
        "opened_on": "2026-11-16",
        "opened_by": "9d0b7f6a1c2d4e3f8a4b5c6d7e8f9012",
        "responsible": "0e4d21c855b74b0c9f6e7a8b9c0d1e2f",
        "touched_on": "2026-11-24",
        "hold_since": "2026-11-25",
        "binned_on": "2026-11-26",
        "binned_by": "0e4d21c855b74b0c9f6e7a8b9c0d1e2f",
        "swept": 0,
        "announced_on": "2026-10-27",
        "closed_on": "2026-11-25",
        "closed_by": "0e4d21c855b74b0c9f6e7a8b9c0d1e2f",
        "closing_reason": "wish",
    }
    free = replace(CASE, hold_since=None, binned_on=None, binned_by=None, swept=True, announced_on=None)
    assert CaseFacts.from_document(CASE.to_document()) == CASE
    assert CaseFacts.from_document(free.to_document()) == free


def test_an_old_document_is_upgraded_when_it_is_opened() -> None:
    """Of schema 1 a case is accompanied by who opened it, untouched since that day, and on no hold."""
    opened = CaseFacts.from_document(OLD)
    assert (opened.responsible, opened.touched_on, opened.hold_since) == (
        opened.opened_by,
        opened.opened_on,
        None,
    )
    assert opened.status == "closed"
    assert CaseFacts.from_document(opened.to_document()) == opened


def test_schema_2_says_of_no_case_when_it_was_binned() -> None:
    """So nothing that lies in the bin since then is erased by itself."""
    old = CASE.to_document() | {"schema": 2}
    for key in ("binned_on", "binned_by", "swept", "announced_on", *CLOSING):
        del old[key]
    unsaid = replace(CASE, binned_on=None, binned_by=None, announced_on=None, **UNSAID)
    assert CaseFacts.from_document(old) == unsaid
    with pytest.raises(Invalid):
        CaseFacts.from_document(old | {"binned_on": "2026-11-26"})


def test_schema_3_says_of_no_case_who_binned_it() -> None:
    """Nor that it was announced: what was due by a rule is announced anew."""
    old = CASE.to_document() | {"schema": 3}
    for key in ("binned_by", "swept", "announced_on", *CLOSING):
        del old[key]
    assert CaseFacts.from_document(old) == replace(CASE, binned_by=None, announced_on=None, **UNSAID)
    with pytest.raises(Invalid):
        CaseFacts.from_document(old | {"swept": 0})


def test_schema_4_says_of_no_case_why_it_was_closed() -> None:
    """Nobody could close one."""
    old = {name: value for name, value in CASE.to_document().items() if name not in CLOSING} | {"schema": 4}
    assert CaseFacts.from_document(old) == replace(CASE, **UNSAID)
    with pytest.raises(Invalid):
        CaseFacts.from_document(old | {"closed_on": None})


def test_a_case_is_closed_for_a_reason_of_the_list() -> None:
    """And says nothing of it once it is open again."""
    reopened = CASE.reopened()
    assert not reopened.is_closed and reopened.closed_by is None
    assert reopened.closed(date(2026, 11, 25), CASE.closed_by or UUID(int=0), "wish") == CASE
    for reason in ("", "unknown", "not_asked", "boredom"):
        with pytest.raises(Invalid) as caught:
            reopened.closed(date(2026, 11, 25), UUID(int=1), reason)
        assert "reason" in caught.value.faults


@pytest.mark.parametrize(
    "change", [{"schema": True}, {"opened_by": "x"}, {"touched_on": "2026-11-24"}, {"opened_on": None}]
)
def test_an_old_document_is_read_as_strictly(change: dict[str, Any]) -> None:
    """What schema 1 could not have held is refused, keys of schema 2 among it."""
    with pytest.raises(Invalid):
        CaseFacts.from_document(OLD | change)


@pytest.mark.parametrize(
    "change",
    [{"schema": 6}, {"schema": 4}, {"schema": 3}, {"schema": 1}, {"responsible": None}, {"touched_on": None},
     {"hold_since": ""}, {"schema": 2}, {"binned_on": "soon"},
     {"binned_by": "x"}, {"swept": True}, {"swept": 2}, {"announced_on": ""},
     {"status": "secret"}, {"status": None}, {"reference": "K7QX"}, {"reference": "2026-k7qx"},
     {"opened_on": None}, {"opened_by": []}, {"opened_by": "x"}, {"title": "secret"}],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        CaseFacts.from_document({**CASE.to_document(), **change})
    assert "secret" not in str(refusal.value)


def test_a_reference_is_short_and_legible() -> None:
    """References have no letter that is misread by hand, make no words, and seldom repeat."""
    drawn = {new_reference(2026) for _ in range(200)}
    assert len(drawn) > 190
    assert all(re.fullmatch(f"2026-[{REFERENCE_LETTERS}]{{4}}", reference) for reference in drawn)
    assert not set(REFERENCE_LETTERS) & set("0O1IL2Z5S8BAEU")
    with pytest.raises(Invalid):
        new_reference(26)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" 2026-k7qx ", "2026-K7QX"),
        ("2026 K7QX", "2026-K7QX"),
        ("K7QX", None),
        ("2026-k7qxm", "2026-K7QXM"),
        ("2026-K7QXMRT", None),
        ("", None),
    ],
)
def test_a_reference_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    """Case and a space for the dash do not matter; anything else is no reference."""
    assert read_reference(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" k7qx ", "-K7QX"),
        ("-K7QX", "-K7QX"),
        ("k7qxm", "-K7QXM"),
        ("K7QXMRT", None),
        ("Said", None),
        ("2026", None),
        ("K7Q", None),
        ("", None),
    ],
)
def test_the_end_of_a_reference_is_read_alone(typed: str, read: str | None) -> None:
    """Of letters that are drawn for references: hardly a name or a year."""
    assert read_reference_end(typed) == read
