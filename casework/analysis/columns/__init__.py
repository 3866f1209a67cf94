"""Coded facts as columns of small numbers: kept, joined, and grouped without looking at one record.

Columns are dictionary-encoded, as in Parquet and Arrow: the distinct answers once, and for each row the
number of its own. Nothing here depends on which code lists there are.
"""

from casework.analysis.columns.block import (
    NOBODY,
    Block,
    Layout,
    Schema,
    Table,
    empty_block,
    join_blocks,
    keep_rows,
    shift,
)
from casework.analysis.columns.column import Answer, Column, encode_answers, join_columns
from casework.analysis.columns.grouping import count_by, count_distinct, count_each, explode, gather
from casework.analysis.columns.writing import read_array, read_column, write_array, write_column

__all__ = [
    "NOBODY",
    "Answer",
    "Block",
    "Column",
    "Layout",
    "Schema",
    "Table",
    "count_by",
    "count_distinct",
    "count_each",
    "empty_block",
    "encode_answers",
    "explode",
    "gather",
    "join_blocks",
    "join_columns",
    "keep_rows",
    "read_array",
    "read_column",
    "shift",
    "write_array",
    "write_column",
]
