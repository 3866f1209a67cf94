"""Columns keep what was put in, and count as one who goes through the rows by hand."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.analysis.columns import (
    NOBODY,
    Answer,
    Block,
    Column,
    Layout,
    Table,
    count_by,
    count_distinct,
    count_each,
    empty_block,
    encode_answers,
    explode,
    join_blocks,
    join_columns,
    keep_rows,
    read_array,
    read_column,
    write_array,
    write_column,
)

CODES = st.sampled_from(("police", "école", "unknown", "not_asked", ""))
ANSWERS = st.one_of(CODES, st.lists(CODES, unique=True, max_size=3).map(tuple))
ROWS = st.lists(st.tuples(ANSWERS, ANSWERS, st.integers(0, 5), st.booleans()), max_size=30)
SCHEMA = {
    "cases": Layout(answers=("status",), ids=("id",)),
    "people": Layout(answers=("gender",), references={"case": "cases"}),
    "parts": Layout(references={"case": "cases", "person": "people"}),
}


def parts(answer: Answer) -> tuple[str, ...]:
    """The single codes of an answer."""
    return (answer,) if isinstance(answer, str) else answer


@given(st.lists(ANSWERS, max_size=40))
def test_a_column_comes_back(answers: list[Answer]) -> None:
    """From bytes too, which are the same for the same column."""
    column = encode_answers(answers)
    assert column.answers() == answers
    assert read_column(write_column(column)).answers() == answers


def test_many_values_take_wider_numbers() -> None:
    """Three hundred values do not fit into a byte, seventy thousand not into two."""
    for count, width in ((256, 1), (257, 2), (65_536, 2), (65_537, 4)):
        column = encode_answers(map(str, range(count)))
        assert column.codes.dtype.itemsize == width
        assert read_column(write_column(column)) == column


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(1, 255))
def test_what_is_no_column_is_refused(tail: bytes, at: int, flipped: int) -> None:
    """Cut, longer, or with a byte changed: refused, or read as another column that is written just so."""
    written = write_column(encode_answers(["a", ("a", "b"), "a", "c"]))
    hurt = bytearray(written)
    hurt[at % len(hurt)] ^= flipped
    for wrong in (bytes(hurt), written + tail + b"0", written[: at % len(written)], tail):
        try:
            read = read_column(wrong)
        except ValueError:
            continue
        assert len(read) == len(read.answers())


def test_arrays_come_back() -> None:
    """Numbers and ids; one is not read as the other."""
    numbers = np.array([0, 7, NOBODY], dtype=np.uint32)
    ids = np.arange(32, dtype=np.uint8).reshape(2, 16)
    assert (read_array(write_array(numbers)) == numbers).all()
    assert (read_array(write_array(ids), are_ids=True) == ids).all()
    for wrong in (write_array(numbers), write_array(ids)[:-1], b""):
        with pytest.raises(ValueError, match="format 1"):
            read_array(wrong, are_ids=True)
    with pytest.raises(ValueError, match="format 1"):
        read_array(write_array(ids))


@given(ROWS)
def test_counts_are_those_of_who_goes_through_the_rows(rows: list[tuple[Answer, Answer, int, bool]]) -> None:
    """By combination, by single code, of rows and of different numbers, of all rows and of some."""
    columns = [encode_answers(row[0] for row in rows), encode_answers(row[1] for row in rows)]
    numbers = np.array([row[2] for row in rows], dtype=np.uint32)
    where = np.array([row[3] for row in rows], dtype=np.bool_)
    for mask, kept in ((None, rows), (where, [row for row in rows if row[3]])):
        counted = Counter((row[0], row[1]) for row in kept)
        assert _told(columns, count_by(columns, mask)) == counted
        different = Counter(pair for pair, _number in {((row[0], row[1]), row[2]) for row in kept})
        assert _told(columns, count_distinct(columns, numbers, mask)) == different
        pairs = [(pair, row[2]) for row in kept for pair in product(parts(row[0]), parts(row[1]))]
        for given_numbers, wanted in (
            (None, Counter(pair for pair, _number in pairs)),
            (numbers, Counter(pair for pair, _number in set(pairs))),
        ):
            axes, counts = count_each(columns, given_numbers, mask)
            found = {pair: int(counts[at]) for pair, at in _cells(axes)}
            assert {pair: count for pair, count in found.items() if count} == wanted


def _cells(axes: list[tuple[str, ...]]) -> list[tuple[tuple[str, str], tuple[int, int]]]:
    return [((a, b), (i, j)) for i, a in enumerate(axes[0]) for j, b in enumerate(axes[1])]


def _told(columns: list[Column], counts: np.ndarray) -> dict[tuple[Answer, Answer], int]:
    return {
        (columns[0].values[at], columns[1].values[by]): int(counts[at, by])
        for at, by in zip(*np.nonzero(counts), strict=True)
    }


@given(st.lists(ANSWERS, max_size=20))
def test_an_answer_of_several_codes_is_taken_apart(answers: list[Answer]) -> None:
    """Each code in a row of its own, which says whose it is."""
    rows, single = explode(encode_answers(answers))
    wanted = [(row, code) for row, answer in enumerate(answers) for code in parts(answer)]
    assert sorted(zip(rows.tolist(), single.answers(), strict=True)) == sorted(wanted)
    assert rows.tolist() == sorted(rows.tolist())


@given(st.lists(st.lists(ANSWERS, max_size=9), min_size=1, max_size=4))
def test_columns_are_joined(pieces: list[list[Answer]]) -> None:
    """In order; what is mapped is mapped in each row."""
    joined = join_columns([encode_answers(piece) for piece in pieces])
    assert joined.answers() == [answer for piece in pieces for answer in piece]
    assert joined.map(lambda answer: parts(answer)[:1]).answers() == [
        parts(answer)[:1] for piece in pieces for answer in piece
    ]


def make_block(cases: list[int]) -> Block:
    """A block of cases with as many people each as their number, and a part for each, one of a stranger."""
    people = [(at, number) for at, number in enumerate(cases) for _person in range(number)]
    strangers = [(at, NOBODY) for at in range(len(cases))]
    told = [*((at, row) for row, (at, _number) in enumerate(people)), *strangers]
    return {
        "cases": Table(
            len(cases),
            {"status": encode_answers(str(number) for number in cases)},
            {"id": np.array([[number] * 16 for number in cases], dtype=np.uint8).reshape(-1, 16)},
        ),
        "people": Table(
            len(people),
            {"gender": encode_answers(f"of {number}" for _at, number in people)},
            {"case": np.array([at for at, _number in people], dtype=np.uint32)},
        ),
        "parts": Table(
            len(told),
            {},
            {
                "case": np.array([at for at, _row in told], dtype=np.uint32),
                "person": np.array([row for _at, row in told], dtype=np.uint32),
            },
        ),
    }


def read_block(block: Block) -> list[tuple[int, str, list[str], list[str]]]:
    """Each case with its id, its people, and who its parts lead to."""
    genders, owners = block["people"].answers["gender"].answers(), block["people"].arrays["case"]
    arrays = block["parts"].arrays
    return [
        (
            int(block["cases"].arrays["id"][case][0]),
            str(status),
            [str(gender) for gender, owner in zip(genders, owners, strict=True) if owner == case],
            [
                "nobody" if person == NOBODY else str(genders[person])
                for of_case, person in zip(arrays["case"], arrays["person"], strict=True)
                if of_case == case
            ],
        )
        for case, status in enumerate(block["cases"].answers["status"].answers())
    ]


@given(st.lists(st.lists(st.integers(0, 3), max_size=5), min_size=1, max_size=3), st.data())
def test_rows_go_with_what_leads_to_them(pieces: list[list[int]], data: st.DataObject) -> None:
    """Joined and taken apart again, references lead to who they led to, and no answer of who went stays."""
    joined = join_blocks([empty_block(SCHEMA), *map(make_block, pieces)], SCHEMA)
    cases = [number for piece in pieces for number in piece]
    told = [row for piece in pieces for row in read_block(make_block(piece))]
    assert read_block(joined) == told
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=len(cases), max_size=len(cases))), dtype=bool)
    kept = keep_rows(joined, SCHEMA, "cases", rows)
    assert read_block(kept) == [row for row, stays in zip(told, rows, strict=True) if stays]
    assert set(kept["people"].answers["gender"].values) == {
        f"of {number}" for number, stays in zip(cases, rows, strict=True) if stays and number
    }
