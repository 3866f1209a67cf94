"""A document has one spelling."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault.documents import decode, encode

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(min_value=-(2**70), max_value=2**70) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(text, values, max_size=5)


@given(documents)
def test_round_trip(document: dict[str, Any]) -> None:
    """A document comes back as it was, and is spelt the same again."""
    encoded = encode(document)
    assert decode(encoded) == document
    assert encode(decode(encoded)) == encoded


@given(documents)
def test_the_order_of_keys_does_not_matter(document: dict[str, Any]) -> None:
    """However a document was put together, its bytes are the same."""
    assert encode(dict(reversed(document.items()))) == encode(document)


def test_the_spelling() -> None:
    """Sorted keys, no white space, UTF-8 as it is, tuples as lists."""
    assert encode({"b": ("é", None, True), "a": -1}) == '{"a":-1,"b":["é",null,true]}'.encode()


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"null",
        b'{"a": 1}',
        b'{"a":1} ',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' + b"1" * 5000 + b"}",
    ],
    ids=repr,
)
def test_other_spellings_are_refused(encoded: bytes) -> None:
    """Repeated keys, other orders, floats, escapes, other encodings: Tampered."""
    with pytest.raises(Tampered):
        decode(encoded)


@pytest.mark.parametrize(
    "document",
    [{"a": 1.5}, {"a": float("nan")}, {1: "a"}, {"a": {2: 3}}, {"a": b"x"}, {"a": {1, 2}}],
    ids=repr,
)
def test_what_json_would_bend_is_refused(document: dict[Any, Any]) -> None:
    """Floats, bytes, sets and keys that are no text are mistakes in the program."""
    with pytest.raises(TypeError):
        encode(document)


def test_text_that_is_no_unicode_is_refused() -> None:
    """A lone surrogate has no bytes."""
    with pytest.raises(ValueError, match="surrogates"):
        encode({"a": "\ud800"})
