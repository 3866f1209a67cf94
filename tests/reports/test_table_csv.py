"""The CSV file: its note, its lines, and what a spreadsheet may not do with it."""

import csv
import io

import pytest

from casework.disclosure import ProtectedTable
from casework.domain.languages import LANGUAGES
from casework.reports.spreadsheets import FORMULA_STARTS, write_csv
from tests.reports.tables import EVIL, gender_by_year, imprint, labels, pattern_tags


def read(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """Return the note's lines and the table's, as a program would that knows nothing of casework."""
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    lines = text.split("\r\n")
    note = [line for line in lines if line.startswith("#")]
    return note, list(csv.DictReader(io.StringIO("\n".join(lines[len(note) + 1 :]))))


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", "# Not checked against earlier exports"),
        ("fr", "# Non vérifié par rapport aux"),
        ("es", "# No se comparó con"),
    ],
)
def test_the_first_line_says_that_nobody_compared_it(language: str, first: str) -> None:
    """Before everything else, in the language of the file."""
    note, _ = read(write_csv(gender_by_year(), labels(language), imprint()))
    assert note[0].startswith(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_has_its_line_and_hidden_ones_are_empty(language: str) -> None:
    """Numbers are the table's own; zeros and answers that nobody gave are there too."""
    table = gender_by_year()
    _, lines = read(write_csv(table, labels(language), imprint()))
    assert list(lines[0]) == ["gender", "gender_label", "year", "year_label", "count", "status"]
    found = {(line["gender"], line["year"]): (line["count"], line["status"]) for line in lines}
    assert found == {
        codes: ("", "hidden") if cell.value is None else (str(cell.value), "shown")
        for codes, cell in table.items()
    }
    assert table.hidden_cells > 0


def test_tags_come_with_their_complements() -> None:
    """And a total without the tag cannot occur."""
    _, lines = read(write_csv(pattern_tags(), labels("en", {"ab": EVIL}), imprint(("patterns",))))
    assert [tuple(line.values()) for line in lines] == [
        ("ab", f"'{EVIL}", "with", "12", "shown"),
        ("ab", f"'{EVIL}", "without", "8", "shown"),
        ("none", "No pattern", "with", "8", "shown"),
        ("none", "No pattern", "without", "12", "shown"),
        ("total", "All", "with", "20", "shown"),
        ("total", "All", "without", "0", "impossible"),
    ]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_becomes_a_formula(start: str) -> None:
    """Whatever a pattern is called."""
    content = write_csv(pattern_tags(), labels("en", {"ab": f"{start}1+1"}), imprint(("patterns",)))
    for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        assert not any(cell.startswith(FORMULA_STARTS) for cell in line)


@pytest.mark.parametrize("start", "=+-@")
@pytest.mark.parametrize("between", [";", "\t", "; ", ';"', "\r\n", ";;"])
def test_no_cell_becomes_a_formula_where_others_split(between: str, start: str) -> None:
    """A spreadsheet that splits at semicolons or tabs finds none either, in lines and note."""
    name = f"x{between}{start}1+1"
    content = write_csv(pattern_tags(), labels("en", {"ab": name}), imprint(("patterns",), name))
    text = content.decode("utf-8-sig")
    for delimiter in ";\t":
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert not any(cell.strip(' "').startswith(FORMULA_STARTS) for cell in line), line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", [gender_by_year(), pattern_tags()], ids=["cross", "tags"])
def test_a_line_of_the_note_is_one_cell_in_any_program(table: ProtectedTable, language: str) -> None:
    """No comma, no quotation mark, no break, also where the organisation's name has them."""
    name = 'Traverse, "Nord"\n=1+1'
    content = write_csv(table, labels(language, {"ab": "A"}), imprint(("patterns",), name)).decode(
        "utf-8-sig"
    )
    note = content.split("\r\n\r\n")[0].split("\r\n")
    assert len(note) >= 8
    assert all(line.startswith("# ") and not set(',"\n') & set(line) for line in note)
    assert any("Traverse Nord =1+1" in line for line in note)


def test_the_note_tells_the_threshold_the_period_and_what_was_asked() -> None:
    """A reader needs nothing else to know what stands there."""
    note = "\n".join(read(write_csv(gender_by_year(), labels(), imprint(("gender", "quarter"))))[0])
    for part in (
        "Table 7",
        "2026-03-01",
        "fewer than 5 cases",
        "2024-04-01",
        "2025-12-31",
        "gender × quarter",
    ):
        assert part in note
    assert "Published: People by gender × year" in note
    assert "first incident" in note


def test_only_a_protected_table_is_written() -> None:
    """Not even something that looks like one."""
    with pytest.raises(TypeError):
        write_csv(object(), labels(), imprint())  # type: ignore[arg-type]
