"""What a spreadsheet may not do with a cell or a remark."""

import csv
import io

import pytest

from casework.reports.spreadsheets import FORMULA_STARTS, harmless, remark


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_becomes_a_formula(start: str) -> None:
    assert not harmless(f"{start}1+1").startswith(FORMULA_STARTS)


@pytest.mark.parametrize("start", "=+-@")
@pytest.mark.parametrize("between", [";", "\t", "; ", ';"', "\r\n", ";;"])
def test_no_cell_becomes_a_formula_where_others_split(between: str, start: str) -> None:
    """A spreadsheet that splits at semicolons or tabs finds none either, in cells and remarks."""
    name = f"x{between}{start}1+1"
    for text in (harmless(name), remark(name)):
        for delimiter in ";\t":
            for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
                assert not any(cell.strip(' "').startswith(FORMULA_STARTS) for cell in line), line


def test_a_remark_is_one_cell_in_any_program() -> None:
    """No comma, no quotation mark, no break."""
    assert remark('Traverse, "Nord"\n=1+1') == "# Traverse Nord =1+1"
