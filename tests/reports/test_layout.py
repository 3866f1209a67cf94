"""Rows and columns of a screen, from a protected table alone."""

from casework.reports.layout import lay_out
from tests.reports.tables import gender_by_year, labels, pattern_tags


def test_answers_that_nobody_gave_are_left_out_and_totals_stay() -> None:
    """A hidden cell is no zero, so its row stays."""
    table = gender_by_year()
    layout = lay_out(table, labels(), "Gender, by year", "People")
    assert [column.label for column in layout.columns] == ["2024: Apr–Dec", "2025", "All"]
    assert [row.code for row in layout.rows] == [*table.dimensions[0].codes[:4], "total"]
    assert layout.rows[-1].kind == layout.columns[-1].kind == "total"
    assert layout.corner == "Gender"


def test_cells_are_the_tables_own() -> None:
    """Shown with its number, hidden without."""
    table = gender_by_year()
    layout = lay_out(table, labels(), "", "")
    for row in layout.rows:
        for year, cell in zip(("2024", "2025", "total"), row.cells, strict=True):
            value = table.cell(row.code, year).value
            assert (cell.state, cell.value) == ("hidden" if value is None else "shown", value)


def test_tags_have_a_column_with_and_one_without() -> None:
    """The total has no complement: that cell cannot occur."""
    layout = lay_out(pattern_tags(), labels("en", {"ab": "A pattern"}), "", "")
    assert [(row.label, *(cell.value for cell in row.cells)) for row in layout.rows] == [
        ("A pattern", 12, 8),
        ("No pattern", 8, 12),
        ("All", 20, None),
    ]
    assert layout.rows[-1].cells[1].state == "structural"
