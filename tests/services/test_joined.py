"""Joined texts: a word is found in whichever of them it stands, and in no other."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.services.chunked import Chunked
from casework.services.joined import Joined

KEYS = st.integers(0, 9).map(lambda number: UUID(int=number * 512))
TEXTS = st.dictionaries(KEYS, st.text("ab é", max_size=6), max_size=8)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sets(KEYS)), max_size=5), st.text("abé", min_size=1, max_size=3))
def test_a_word_is_found_where_it_stands(changes: list[tuple[dict[UUID, str], set[UUID]]], word: str) -> None:
    """After any change of the texts; the end of one and the beginning of the next make no word."""
    texts, joined = Chunked[str](), Joined()
    for put, without in changes:
        texts = texts.changed(put, without)
        joined = Joined(texts, joined)
    found = list(joined.find(word))
    assert sorted(found) == sorted(id_ for id_, text in texts.items() if word in text)
