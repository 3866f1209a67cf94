"""Several accounts of one incident, and what pairs join."""

from uuid import UUID

import pytest

from casework.domain.accounts import follow_accounts, list_joined

A, B, C, D = (UUID(int=number) for number in range(1, 5))


@pytest.mark.parametrize(
    ("notes", "main"),
    [
        ({}, A),
        ({A: B}, B),
        ({A: B, B: C}, C),
        ({A: B, B: A}, A),
        ({A: C, C: B, B: C}, B),
        ({A: A}, A),
    ],
)
def test_the_last_account_is_what_notes_lead_to(notes: dict[UUID, UUID], main: UUID) -> None:
    """A circle ends somewhere, and for each of its members at the same place."""
    assert follow_accounts(A, notes.get)[0] == main
    assert follow_accounts(main, notes.get) == (main, 0)


def test_pairs_join_over_others() -> None:
    """Whoever is joined with one of a group is joined with all of it; others stand in no group."""
    joined = list_joined([(A, B), (C, D)])
    assert joined == {A: {A, B}, B: {A, B}, C: {C, D}, D: {C, D}}
    assert list_joined([(A, B), (C, D), (B, C), (A, B)])[D] == {A, B, C, D}
    assert list_joined([]) == {}
