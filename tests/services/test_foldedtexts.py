"""Folded texts: they read as a dict does, and a word is found in whichever of them it stands."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.services.foldedtexts import FoldedTexts

KEYS = st.integers(0, 30).map(lambda number: UUID(int=number * 512))
TEXTS = st.dictionaries(KEYS, st.text("ab é\U0001f9ad", max_size=6), max_size=25)
WORDS = st.text("abé\U0001f9ad", min_size=1, max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sets(KEYS)), max_size=5), WORDS)
def test_a_word_is_found_where_it_stands(changes: list[tuple[dict[UUID, str], set[UUID]]], word: str) -> None:
    """After any change of the texts; the end of one and the beginning of the next make no word."""
    texts, known = FoldedTexts(), dict[UUID, str]()
    for put, without in changes:
        before, known_before = texts, dict(known)
        texts, known = texts.changed(put, without), {**known, **put}
        for key in without:
            known.pop(key, None)
        assert dict(before) == known_before
        assert texts == known == dict(texts.items())
        assert len(texts) == len(known) == len(list(texts))
        assert all(
            (key in texts, texts.get(key)) == (key in known, known.get(key)) for key in {*put, *without}
        )
    assert sorted(texts.find(word)) == sorted(key for key, text in known.items() if word in text)
    assert sorted(texts.find_without(word)) == sorted(key for key, text in known.items() if word not in text)
