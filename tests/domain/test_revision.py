"""What a change keeps: its sealed form, its strictness, and which fields it is of."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.revision import ADDED as ADDED_THEN
from casework.domain.revision import (
    LONG_CHARACTERS,
    Change,
    Revision,
    Rewriting,
    changes_between,
    identity_from_document,
    identity_to_document,
)
from casework.domain.worddiff import ADDED, LEFT_OUT, REMOVED, SAME, compare_texts
from casework.errors import Invalid

REVISION = Revision(
    record="incident",
    record_id=UUID("9d0b7f6a-1c2d-4e3f-8a4b-5c6d7e8f9012"),
    by=UUID("0e4d21c8-55b7-4b0c-9f6e-7a8b9c0d1e2f"),
    at=datetime(2026, 11, 25, 12, 30, 5, tzinfo=UTC),
    changes={"text": Change("Here.", "There."), "patterns": Change([], ["a" * 32])},
)
WORDS = st.text(alphabet="ab \n", max_size=60)


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 1 never changes, and reads back."""
    assert REVISION.to_document() == {
        "schema": 1,
        "record": "incident",
        "record_id": "9d0b7f6a1c2d4e3f8a4b5c6d7e8f9012",
        "part": None,
        "deed": "changed",
        "by": "0e4d21c855b74b0c9f6e7a8b9c0d1e2f",
        "at": "2026-11-25T12:30:05+00:00",
        "changes": {
            "text": {"old": "Here.", "new": "There."},
            "patterns": {"old": [], "new": ["a" * 32]},
        },
    }
    assert Revision.from_document(REVISION.to_document()) == REVISION
    identity = {"name": Change("", "Abel")}
    assert identity_from_document(identity_to_document(identity)) == identity


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": 2},
        {"record": "pattern"},
        {"record_id": "x"},
        {"part": "x"},
        {"record": "person", "part": "a" * 32},
        {"deed": "read"},
        {"by": None},
        {"at": "2026-11-25T12:30:05"},
        {"at": "2026-11-25T13:30:05+01:00"},
        {"at": "soon"},
        {"changes": []},
        {"changes": {"text": ["a", "b"]}},
        {"changes": {"text": {"old": "a"}}},
        {"changes": {"text": {"pieces": "a"}}},
        {"changes": {"text": {"pieces": [["same"]]}}},
        {"changes": {"text": {"pieces": [["lost", "a"]]}}},
        {"changes": {"text": {"pieces": [["left_out", "a"]]}}},
        {"changes": {"text": {"pieces": [["same", ""]]}}},
        {"more": 1},
    ],
)
def test_another_form_is_refused(wrong: dict[str, Any]) -> None:
    """Whatever could not have been written."""
    with pytest.raises(Invalid):
        Revision.from_document(REVISION.to_document() | wrong)


def test_only_what_differs_is_told() -> None:
    """Not who did it and when, which the revision says; a field that is new or gone stands beside nothing."""
    before: list[dict[str, Any]] = [
        {"schema": 1, "a": 1, "touched_on": "2026-01-01", "gone": "x"},
        {"b": [1]},
    ]
    after: list[dict[str, Any]] = [{"schema": 2, "a": 1, "touched_on": "2026-02-01", "new": "y"}, {"b": [2]}]
    assert changes_between(before, after) == {"gone": ("x", None), "b": ([1], [2]), "new": (None, "y")}
    assert changes_between(before, before) == {}


@given(WORDS, WORDS)
def test_the_pieces_of_two_texts_give_both_again(old: str, new: str) -> None:
    """No word is lost or made up, and what is the same in both is never called a change."""
    pieces = compare_texts(old, new)
    assert "".join(text for kind, text in pieces if kind != ADDED) == old
    assert "".join(text for kind, text in pieces if kind != REMOVED) == new
    if old == new:
        assert {kind for kind, _ in pieces} <= {SAME, LEFT_OUT}


def test_words_are_compared_and_long_stretches_left_out() -> None:
    """A word that changed stands alone; what is far from it is not said again."""
    assert compare_texts("Stopped at the corner.", "Stopped near the corner.") == [
        (SAME, "Stopped"),
        (REMOVED, " at"),
        (ADDED, " near"),
        (SAME, " the corner."),
    ]
    long = "word " * 100
    kinds = [kind for kind, _ in compare_texts(f"{long}old. {long}", f"{long}new. {long}")]
    assert kinds == [LEFT_OUT, SAME, REMOVED, ADDED, SAME, LEFT_OUT]


@pytest.mark.parametrize("part", ["a ", "a. ", "a\n"])
def test_texts_that_would_take_long_are_not_compared(part: str) -> None:
    """A save waits for it: where everything meets everything, all is removed and all added."""
    old, new = f"old {part * 2000}end", f"new {f'{part}b ' * 2000}finish"
    assert [kind for kind, _ in compare_texts(old, new)] == [REMOVED, ADDED]


def test_of_a_long_text_what_differs_is_kept() -> None:
    """And a little around it; a short one, or a value that is no text, stands whole."""
    sentence, far = "They came by the back door. ", "Nobody spoke to them. " * 40
    kept = changes_between([{"text": far + sentence}], [{"text": far + sentence.replace("back", "side")}])
    change = kept["text"]
    assert isinstance(change, Rewriting)
    assert change.pieces[0] == (LEFT_OUT, "") and (REMOVED, " back") in change.pieces
    assert len(str(change)) < LONG_CHARACTERS
    told = replace(REVISION, changes=kept)
    assert Revision.from_document(told.to_document()) == told
    short = changes_between([{"text": "a" * LONG_CHARACTERS}], [{"text": "b"}])
    assert short == {"text": ("a" * LONG_CHARACTERS, "b")}


def test_an_act_is_a_part_of_its_incident() -> None:
    """What came in has nothing before it; keys of sealed files, and counts of versions, are never told."""
    added = replace(REVISION, part=UUID(int=7), deed=ADDED_THEN, changes={})
    assert Revision.from_document(added.to_document()) == added
    assert changes_between([{"id": "a", "copies": 1, "version": 1}], [{"id": "b", "copies": 2}]) == {}
