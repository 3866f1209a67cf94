"""Rows out of bytes: whatever the file's making, the same cells come out."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Invalid
from casework.services.importing import reading, workbook
from casework.services.importing.cells import tidy_cell, tidy_text
from casework.services.importing.encodings import OLD, find_misread
from casework.services.importing.reading import Sheet, number_headings, read_file
from tests.services.importing.lists import write_xlsx

MAY_3 = datetime(2021, 5, 3)  # noqa: DTZ001 - cells have no time zone
# After another letter these read as UTF-8 too, and nobody could tell.
SIGNS = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
LETTERS = st.characters(codec="cp1252", exclude_categories=("Cc", "Cf"), exclude_characters=SIGNS)
TEXTS = st.text(LETTERS, max_size=12)
WORDS = TEXTS.filter(
    lambda text: (
        len(tidy_text(text)) > 1 and tidy_text(text) != "unknown" and not text.lstrip().startswith("#")
    )
)


def read(content: bytes, **choices: str) -> list[tuple[Sheet, list[tuple[str, ...]]]]:
    """Read a file whole."""
    return [(sheet, [row.cells for row in sheet.rows]) for sheet in read_file(content, **choices)]


def write_csv(rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Write rows as a spreadsheet program does."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(rows=st.lists(st.tuples(WORDS, TEXTS, TEXTS), min_size=3, max_size=8))
def test_every_making_of_a_csv_file_is_found_out(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    """The cells are what was written, tidied, whatever the encoding and the delimiter."""
    content = write_csv([["nom", "prénom", "où"], *map(list, rows)], delimiter, encoding)
    [(sheet, found)] = read(content, delimiter=delimiter)
    assert sheet.headings == ("nom", "prénom", "où")
    assert found == [tuple(map(tidy_cell, row)) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "mac_roman", "cp850", "cp1252"])
def test_an_old_or_unmarked_encoding_is_found_out(encoding: str) -> None:
    """By where its zeros stand, or by the letters that it makes."""
    rows = [["Nom", "Récit"], ["François Côté", "Arrêté à Laval l'été dernier"]]
    [(sheet, found)] = read(write_csv(rows, ";", encoding))
    assert [sheet.headings, *found] == [tuple(row) for row in rows]


@pytest.mark.parametrize("end", ["José".encode("cp1252"), "José".encode()[:-1]], ids=["another", "cut off"])
def test_one_letter_of_another_encoding_spoils_no_list(end: bytes) -> None:
    """Where two files were put together, or one was cut off, all other letters stay what they are."""
    [(_sheet, found)] = read("Nom\nZoé Lépine\nNoël Côté\n".encode() + end)
    assert found[:2] == [("Zoé Lépine",), ("Noël Côté",)]
    assert found[2][0].startswith("Jos")


def test_the_delimiter_is_found_where_cells_hold_others() -> None:
    """What cuts every row into equally many counts, not what occurs most."""
    content = b"a;b\n1,2,3,4;x\n1,2;y\n,,,,,;z\n"
    [(sheet, found)] = read(content)
    assert sheet.headings == ("a", "b")
    assert found[1] == ("1,2", "y")


@given(st.one_of(TEXTS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False), st.datetimes()))
def test_tidying_twice_changes_nothing(value: object) -> None:
    """A tidy cell is tidy."""
    assert tidy_cell(tidy_cell(value)) == tidy_cell(value)


@pytest.mark.parametrize(
    ("value", "tidy"),
    [
        ("  male  ", "male"),
        ("(null)", ""),
        ("N/A", ""),
        (" NULL", ""),
        ("-", ""),
        ("Inconnu", "unknown"),
        ("UNKNOWN ", "unknown"),
        ("Non spécifié", "unknown"),
        ("Not stated", "unknown"),
        ("?", "unknown"),
        (3.0, "3"),
        ("2021.0", "2021"),
        ("'=1+1", "=1+1"),
        ("''-3", "-3"),
        ("'+1 514 555-1234", "+1 514 555-1234"),
        ("'Abd al-Rahman", "'Abd al-Rahman"),
        ("0000-00-00", ""),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("Luz\u200b\u200d Paz", "Luz Paz"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        (2.5, "2.5"),
        (MAY_3, "2021-05-03"),
        (date(2021, 3, 4), "2021-03-04"),
        (None, ""),
        ("a\r\nb\x00", "a\nb"),
    ],
)
def test_a_cell_is_tidied(value: object, tidy: str) -> None:
    """Nothing is nothing, and unknown is one word."""
    assert tidy_cell(value) == tidy


def test_headings_are_told_apart() -> None:
    """Two of one name get numbers, a blank one its place."""
    assert number_headings(["Name", "Name", "", "Name (2)", " Name "]) == (
        "Name",
        "Name (2)",
        "[3]",
        "Name (2) (2)",
        "Name (3)",
    )


def test_a_workbook_is_read_sheet_by_sheet() -> None:
    """Titles above the heading and blank rows are left out; rows keep the number that a spreadsheet shows."""
    content = write_xlsx(
        list=[
            ["Arrests of 2021"],
            [],
            ["id", "when", "sex"],
            [1, MAY_3, "F"],
            [],
            [2, None, "M "],
        ],
        empty=[],
        codes=[["code", "label"], ["F", "female"]],
    )
    sheets = list(read_file(content))
    assert [sheet.name for sheet in sheets] == ["list", "codes"]
    [first, *_rest] = [(sheet, list(sheet.rows)) for sheet in read_file(content)]
    assert first[0].headings == ("id", "when", "sex")
    assert [(row.number, row.cells) for row in first[1]] == [
        (4, ("1", "2021-05-03", "F")),
        (6, ("2", "", "M")),
    ]


@pytest.mark.parametrize(
    ("above", "heading"),
    [
        ([["Arrests of 2021", "as of May 5"], ["Source: us"]], ["id", "date", "name", "sex"]),
        ([["Incident", "", "Person", ""]], ["id", "date", "name", "sex"]),
        ([["id", "Incident", "Person", ""]], ["", "date", "name", "sex"]),
    ],
    ids=["a title in two cells", "groups of columns", "a second heading"],
)
def test_the_heading_is_found_below_titles_and_groups(above: list[list[str]], heading: list[str]) -> None:
    """By the headings that lists have; a blank one is named by the row above."""
    rows = [["1", "2021-05-03", "Ana Roy", "F"], ["2", "2021-05-04", "Luz Paz", "M"]]
    [(sheet, found)] = read(write_csv([*above, heading, *rows]))
    assert sheet.headings == ("id", "date", "name", "sex")
    assert sheet.heading_row == len(above) + 1
    assert found == [tuple(row) for row in rows]


def test_a_row_that_a_comma_made_wider_is_at_fault_wherever_it_stands() -> None:
    """Its name would be half a name, and its sex the other half; a table that is wider throughout is not."""
    [(sheet, found)] = read(b"id,name,sex\n1,Roy, Ana,F\n2,Luz Paz,M\n3,Eve,F\n")
    assert sheet.headings == ("id", "name", "sex")
    assert found == [("1", "Roy", "Ana", "F"), ("2", "Luz Paz", "M"), ("3", "Eve", "F")]
    [(sheet, _found)] = read(b"id,name\n1,Roy,x\n2,Luz,y\n3,Eve\n")
    assert sheet.headings == ("id", "name", "[3]")


def test_a_line_about_the_table_is_no_row_of_it() -> None:
    """It would come in as an incident; its width says that something is wrong with it."""
    content = b"id,name,sex\n1,Ana,F\n2,Luz,\n3,,\n# made by us\n\nSource: us\n4,Eve,F\n"
    [(_sheet, found)] = read(content)
    assert found == [
        ("1", "Ana", "F"),
        ("2", "Luz", ""),
        ("3", "", ""),
        ("# made by us",),
        ("Source: us",),
        ("4", "Eve", "F"),
    ]
    [(_sheet, found)] = read(b"name\nAna\n\nLuz\n")
    assert found == [("Ana",), ("Luz",)]


def test_in_a_workbook_a_cell_beside_the_table_is_a_column() -> None:
    """There nothing can have shifted it; but no cell so far off that there can be no such table."""
    rows: list[list[object]] = [["id", "name"], [1, "Ana"], [2, "Luz", "call back"], [3, "Eve"]]
    assert read(write_xlsx(list=rows))[0][0].headings == ("id", "name", "[3]")
    far: list[object] = [4, "Noé", *[None] * 400, "?"]
    [(sheet, found)] = read(write_xlsx(list=[*rows[:2], far]))
    assert sheet.headings == ("id", "name")
    assert found[0] == ("1", "Ana") and len(found[1]) > 2


def test_a_row_that_is_wider_than_the_heading_shows_it() -> None:
    """Its cells are kept, so that whoever reads them can refuse it."""
    rows = "\n".join(["1,2"] * 30)
    [(_sheet, found)] = read(f"a,b\n{rows}\n1,2,3\n1,2,,\n".encode())
    assert found[-2:] == [("1", "2", "3"), ("1", "2")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xd0\xcf\x11\xe0old", b"PK\x03\x04broken", b"\x89PNG\0\0\0"],
    ids=["empty", "blank", "old Excel", "broken workbook", "a picture"],
)
def test_what_is_no_table_says_so(content: bytes) -> None:
    """By the file, in words."""
    with pytest.raises(Invalid) as refused:
        read(content)
    assert list(refused.value.faults) == ["file"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<html><table><tr><th>id</th></tr></table></html>", "web page"),
        ('\ufeff<?xml version="1.0"?>\n<Workbook/>'.encode(), "XML file"),
        ("<html><table><tr><td>1</td></tr></table>".encode("utf-16"), "web page"),
        (b"%PDF-1.4\n1 0 obj, 2\n", "neither a CSV file"),
        (b'[{"id": 1, "date": "2021-05-03"},\n{"id": 2}]', "neither a CSV file"),
        (bytes(range(256)) * 4, "neither a CSV file"),
    ],
    ids=["a page", "a workbook of 2003", "a wide page", "a document", "records", "anything"],
)
def test_what_is_no_list_is_not_taken_for_one(content: bytes, told: str) -> None:
    """Whatever its name says: its source would come in as rows."""
    with pytest.raises(Invalid, match=told):
        read(content)


def test_a_stray_zero_stops_no_list() -> None:
    """Some programs leave one in their texts."""
    [(_sheet, found)] = read(b"id,name\n1,A\0na Roy\n2,Luz Paz\n")
    assert found[0] == ("1", "Ana Roy")


def test_a_long_cell_is_read() -> None:
    """It is for the row's own checks to refuse it."""
    [(_sheet, found)] = read(b"id,story\n1," + b"x" * 1_000_000 + b"\n2,y\n")
    assert [len(cells[1]) for cells in found] == [1_000_000, 1]


def test_a_cell_that_nothing_closes_is_named() -> None:
    """It would hold all the rows below it."""
    with pytest.raises(Invalid, match="In row 3 a quotation mark opens a cell"):
        read(b'id,story\n1,"a ""b"" c"\n2,"never closed\n3,ok\n4,ok\n')


@pytest.mark.parametrize("sign", ["\x1f", "\x1f\n\x1f", "3,x\x1f"])
def test_a_control_character_of_the_file_ends_nothing(sign: str) -> None:
    """Some databases part their records so; only a line of ours, the last one, says that a file is over."""
    [(_sheet, found)] = read(f"id,name\n1,Ana\n{sign}\n2,Luz\n{sign}".encode())
    assert [cells for cells in found if cells[0] in ("1", "2")] == [("1", "Ana"), ("2", "Luz")]
    with pytest.raises(Invalid, match="In row 4 a quotation mark opens a cell"):
        read(b'id,name\n1,Ana\n\x1f\n2,"Luz\n\x1f')


def test_a_cell_that_holds_the_next_row_is_named() -> None:
    """A later quotation mark closed it, and the rows between would be words of a story; no address is one."""
    with pytest.raises(Invalid, match="In row 2 a quotation mark opens a cell"):
        read(b'id,date,story\n1,2021-05-03,"open\n2,2021-05-04,ok\n3,2021-05-05,"quoted"\n4,2021-05-06,x\n')
    [(_sheet, found)] = read(b'id,date,story\n1,2021-05-03,"Seen at\n12, rue Jarry, Laval"\n2,2021,x\n')
    assert found[0] == ("1", "2021-05-03", "Seen at\n12, rue Jarry, Laval")


@pytest.mark.parametrize("name", ["content.xml", "word/document.xml", "xl/workbook.bin", "liste.csv"])
def test_another_packed_file_says_what_to_do(name: str) -> None:
    """A sheet of LibreOffice, a letter, a binary workbook, a list in an archive."""
    with pytest.raises(Invalid, match=r"This is no \.xlsx workbook"):
        read(pack({name: b"x"}))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("mmm-yy", "2021-05"),
        ("yyyy", "2021"),
        ("[$-40C]d mmm yyyy", "2021-05-03"),
        ('"day" mm/yyyy', "2021-05"),
    ],
)
def test_a_date_is_as_precise_as_its_cell_shows_it(form: str, text: str) -> None:
    """Who types "May 2021" gets its first day from the spreadsheet, and did not mean it."""
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(list=[["date"], [MAY_3]])))
    book["list"]["A2"].number_format = form
    saved = io.BytesIO()
    book.save(saved)
    [(_sheet, found)] = read(saved.getvalue())
    assert found == [(text,)]


def test_a_formula_that_was_never_worked_out_is_named() -> None:
    """Its cell would read as empty; what a spreadsheet program saved has what it gave."""
    with pytest.raises(Invalid, match="The formula in cell B2"):
        read(write_xlsx(list=[["id", "name"], [1, '=CONCATENATE("A","na")']]))


def test_what_a_formula_says_that_failed_is_nothing() -> None:
    """It is no name and no answer."""
    [(_sheet, found)] = read(write_xlsx(list=[["id", "name"], [1, "#REF!"], [2, "#DIV/0!"]]))
    assert found == [("1", ""), ("2", "")]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as there is one too many."""
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    with pytest.raises(Invalid, match="100,000"):
        read(b"a\n1\n2\n3\n4\n")


def pack(parts: dict[str, bytes]) -> bytes:
    """Pack parts as a workbook does."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/worksheets/sheet1.xml": b"0" * 3_000_000},
        {"xl/sharedStrings.xml": b"0" * 1_500_000},
        {"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'},
        {"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode("utf-16")},
    ],
    ids=["a bomb", "a bomb of texts", "entities", "hidden entities"],
)
def test_a_workbook_unfolds_to_no_more_than_it_may(
    parts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused before anything reads it."""
    monkeypatch.setattr(workbook, "MOST_UNPACKED_BYTES", 2_000_000)
    monkeypatch.setattr(workbook, "MOST_SHARED_BYTES", 1_000_000)
    monkeypatch.setattr(workbook, "load_workbook", lambda *_a, **_k: pytest.fail("it was read"))
    with pytest.raises(Invalid):
        read(pack(parts))


@pytest.mark.parametrize("old", OLD)
def test_one_old_letter_beside_one_of_utf_8_spoils_neither(old: str) -> None:
    """A file put together of two keeps both names, whichever is first."""
    content = "Nom,Lieu\nJosé,Verdun\n".encode() + "Noël,Oka\n".encode("cp1252")
    [sheet] = read_file(content)
    assert [row.cells[0] for row in sheet.rows] == ["José", "Noël"]
    whole = "Nom,Lieu\nl’été,à l’église\nÉlodie,Québec\n"
    [sheet] = read_file(whole.encode(old, "replace"))
    assert [row.cells[0] for row in sheet.rows][1] == "Élodie"


def test_letters_that_were_read_wrongly_are_found() -> None:
    """And no others."""
    assert find_misread(["Ana", "JosÃ©", "x"]) == "JosÃ©"
    assert find_misread(["Ana", "Ângela", "SÃO PAULO", "Ã la carte", "“â”"]) == ""
