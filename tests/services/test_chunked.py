"""A mapping in chunks: it behaves as a dict does, and what it was made from stays as it was."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.services.chunked import Chunked

KEYS = st.integers(0, 3).flatmap(lambda chunk: st.integers(0, 5).map(lambda at: UUID(int=chunk + 1024 * at)))
CHANGES = st.lists(st.tuples(st.dictionaries(KEYS, st.integers()), st.sets(KEYS)), max_size=8)


@settings(deadline=None)
@given(CHANGES)
def test_changed_again_and_again_it_is_as_a_dict(changes: list[tuple[dict[UUID, int], set[UUID]]]) -> None:
    """Put in, replaced and taken out, in any order: every way to read it gives what a dict gives."""
    table, known = Chunked[int](), dict[UUID, int]()
    for put, without in changes:
        before, known_before = table, dict(known)
        table, known = table.changed(put, without), {**known, **put}
        for key in without:
            known.pop(key, None)
        assert before == known_before
        assert table == known == dict(table) == dict(table.items()) == dict(Chunked(known))
        assert len(table) == len(known) == len(list(table))
        assert sorted(table.values()) == sorted(known.values())
        for key in {*known, *put, *without}:
            assert (key in table) == (key in known)
            assert table.get(key) == known.get(key)


@settings(deadline=None)
@given(CHANGES)
def test_what_differs_is_what_was_put_in_or_taken_out(
    changes: list[tuple[dict[UUID, int], set[UUID]]],
) -> None:
    """Whatever lies between two of them, it tells every id that differs, and no other."""
    first = Chunked({UUID(int=number): object() for number in (0, 1, 1024, 1025)})
    table: Chunked[object] = first
    for put, without in changes:
        table = table.changed({key: object() for key in put}, without)
    told = list(table.differing(first))
    keys = table.keys() | first.keys()
    assert sorted(told) == sorted(key for key in keys if table.get(key) is not first.get(key))
    assert sorted(first.differing(table)) == sorted(told)
    assert not list(table.differing(table))


def test_what_did_not_change_is_shared() -> None:
    """A change of one entry copies what lies beside it, and nothing else; none copies nothing."""
    table = Chunked({UUID(int=number): number for number in range(5000)})
    other = table.changed({UUID(int=7): -7})
    assert sum(mine is not theirs for mine, theirs in zip(table._chunks, other._chunks, strict=True)) == 1
    assert list(other.differing(table)) == [UUID(int=7)]
