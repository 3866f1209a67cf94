"""Sealed files: whatever is done to one, it does not open, and what opens is what was sealed."""

import io
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault.stream import (
    CHUNK_BYTES,
    HEADER_BYTES,
    TAG_BYTES,
    Copy,
    Opener,
    Sealer,
    count_sealed_bytes,
    new_file_key,
)

ROW = UUID(int=5)
SIZES = st.one_of(
    st.integers(1, 5000),
    st.integers(-3, 3).flatmap(lambda off: st.integers(1, 3).map(lambda n: n * CHUNK_BYTES + off)),
)


def seal(key: bytes, content: bytes, pieces: int = 1, row: UUID = ROW, copy: Copy = Copy.ORIGINAL) -> bytes:
    """Seal a content that comes in so many pieces."""
    sealed = io.BytesIO()
    sealer = Sealer(key, row, copy, sealed.write)
    step = -(-len(content) // pieces)
    for at in range(0, len(content), step):
        sealer.write(content[at : at + step])
    sealer.finish()
    return sealed.getvalue()


def read(key: bytes, sealed: bytes, size: int, start: int = 0, stop: int | None = None) -> bytes:
    """Open it, whole or in part."""
    return b"".join(Opener(key, ROW, Copy.ORIGINAL, size, io.BytesIO(sealed)).read(start, stop))


@given(size=SIZES, pieces=st.integers(1, 7), data=st.data())
def test_what_is_sealed_opens(size: int, pieces: int, data: st.DataObject) -> None:
    """Of any size, in any pieces, whole and from any byte to any other."""
    key, content = new_file_key(), bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    sealed = seal(key, content, pieces)
    assert len(sealed) == count_sealed_bytes(size)
    assert read(key, sealed, size) == content
    start, stop = sorted((data.draw(st.integers(0, size)), data.draw(st.integers(0, size))))
    assert read(key, sealed, size, start, stop) == content[start:stop]


@given(size=SIZES, data=st.data())
def test_a_changed_byte_is_found(size: int, data: st.DataObject) -> None:
    """Wherever it stands."""
    key = new_file_key()
    sealed = bytearray(seal(key, bytes(size)))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        read(key, bytes(sealed), size)


@given(size=SIZES, cut=st.integers(1, 3 * (CHUNK_BYTES + TAG_BYTES)))
def test_a_cut_or_longer_file_is_found(size: int, cut: int) -> None:
    """Also at the border of two chunks, and by who claims another size."""
    key = new_file_key()
    sealed = seal(key, bytes(size))
    for changed in (sealed[:-cut], sealed + bytes(cut)):
        with pytest.raises(Tampered):
            read(key, changed, size)
    whole_chunks = (len(sealed) - HEADER_BYTES - 1) // (CHUNK_BYTES + TAG_BYTES)
    if whole_chunks:
        shorter = sealed[: HEADER_BYTES + whole_chunks * (CHUNK_BYTES + TAG_BYTES)]
        with pytest.raises(Tampered):
            read(key, shorter, whole_chunks * CHUNK_BYTES)


def test_a_file_opens_only_in_its_place() -> None:
    """Another attachment, another copy, another key, another file of the same key's owner."""
    key, content = new_file_key(), b"content"
    for other in (
        seal(key, content, row=uuid4()),
        seal(key, content, copy=Copy.CLEANED),
        seal(new_file_key(), content),
    ):
        with pytest.raises(Tampered):
            read(key, other, len(content))


def test_nothing_is_no_content() -> None:
    """An empty file is neither sealed nor opened."""
    with pytest.raises(ValueError, match="at least one byte"):
        Sealer(new_file_key(), ROW, Copy.ORIGINAL, lambda _sealed: None).finish()
    with pytest.raises(Tampered):
        read(new_file_key(), b"", 0)
