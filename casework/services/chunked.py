"""A mapping by id that shares with the one it was made from whatever did not change.

A snapshot of a hundred thousand records follows on another after every write, which changes a handful. Its
tables copy the chunks that those lie in and no more; whoever still reads the older one sees no change.
"""

from collections.abc import Collection, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from itertools import chain
from typing import TypeVar, cast
from uuid import UUID

Value = TypeVar("Value")
_Chunks = Sequence[dict[UUID, Value]]

_COUNT = 1024
"""Of a hundred thousand entries a chunk holds a hundred: quick to copy, few enough to go through."""
_LAST_BITS = _COUNT - 1
_EMPTY: Sequence[dict[UUID, object]] = ({},) * _COUNT
_ABSENT = object()


class Chunked(Mapping[UUID, Value]):
    """An immutable mapping. It goes from chunk to chunk: its order means nothing."""

    __slots__ = ("_chunks", "_count")

    def __init__(self, entries: Mapping[UUID, Value] | None = None) -> None:
        self._count = 0
        self._chunks = cast("_Chunks[Value]", _EMPTY)
        if entries:
            self._change(entries, ())

    @classmethod
    def of(cls, entries: Mapping[UUID, Value]) -> "Chunked[Value]":
        """Return the entries as such a mapping: themselves, where they are one."""
        return entries if isinstance(entries, Chunked) else cls(entries)

    def changed(self, put: Mapping[UUID, Value], without: Collection[UUID] = ()) -> "Chunked[Value]":
        """Return these entries with others put in, and then without some, which need not be among them."""
        made = Chunked[Value]()
        made._chunks, made._count = self._chunks, self._count
        made._change(put, without)
        return self if made._chunks is self._chunks else made

    def _change(self, put: Mapping[UUID, Value], without: Collection[UUID]) -> None:
        chunks, own = list(self._chunks), set[int]()

        def chunk_to_change(key: UUID) -> dict[UUID, Value]:
            at = key.int & _LAST_BITS
            if at not in own:
                own.add(at)
                chunks[at] = chunks[at].copy()
            return chunks[at]

        for key, value in put.items():
            chunk_to_change(key)[key] = value
        for key in without:
            if key in chunks[key.int & _LAST_BITS]:
                del chunk_to_change(key)[key]
        if own:
            self._count += sum(len(chunks[at]) - len(self._chunks[at]) for at in own)
            self._chunks = chunks

    @property
    def chunks(self) -> Sequence[Mapping[UUID, Value]]:
        """The entries as they lie, for who keeps something beside each: what changed lies in a new one."""
        return self._chunks

    @staticmethod
    def number_of(key: UUID) -> int:
        """Return the place among `chunks` of the one that holds this key, if any does."""
        return key.int & _LAST_BITS

    def differing(self, other: "Chunked[Value]") -> Iterator[UUID]:
        """Go through the ids that have not the very same value in the other, or stand in one alone."""
        for mine, theirs in zip(self._chunks, other._chunks, strict=True):
            if mine is not theirs:
                for key in mine.keys() | theirs.keys():
                    if mine.get(key, _ABSENT) is not theirs.get(key, _ABSENT):
                        yield key

    def __getitem__(self, key: UUID) -> Value:
        return self._chunks[key.int & _LAST_BITS][key]

    def get(self, key: UUID, default: Value | None = None) -> Value | None:  # type: ignore[override]
        """Return the value, or the default: at once, not by an error that is caught."""
        return self._chunks[key.int & _LAST_BITS].get(key, default)

    def pick(self, keys: Iterable[UUID]) -> Iterator[Value]:
        """Go through the values of those of these ids that are here."""
        chunks = self._chunks
        for key in keys:
            value = chunks[key.int & _LAST_BITS].get(key)
            if value is not None:
                yield value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, UUID) and key in self._chunks[key.int & _LAST_BITS]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[UUID]:
        return chain.from_iterable(self._chunks)

    def values(self) -> ValuesView[Value]:
        """Return the values, quickly gone through."""
        return _Values(self)

    def items(self) -> ItemsView[UUID, Value]:
        """Return the entries, quickly gone through."""
        return _Items(self)


class _Values(ValuesView[Value]):
    _mapping: Chunked[Value]

    def __iter__(self) -> Iterator[Value]:
        return chain.from_iterable(chunk.values() for chunk in self._mapping._chunks)


class _Items(ItemsView[UUID, Value]):
    _mapping: Chunked[Value]

    def __iter__(self) -> Iterator[tuple[UUID, Value]]:
        return chain.from_iterable(chunk.items() for chunk in self._mapping._chunks)
