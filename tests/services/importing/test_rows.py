"""Rows of a CSV file: each becomes an incident or says why not; nothing is guessed."""

from datetime import date
from uuid import UUID

import pytest

from casework.domain.dates import Precision, VagueDate
from casework.errors import Invalid
from casework.services.importing.mappingfile import read_mapping
from casework.services.importing.rows import ReadRow, RefusedRow, read_rows

MAPPING = """
source = "a list"
key = "row"
[consent]
statistics = "given"
basis = "invented for a test"
[date]
precision = "day"
column = "when"
format = "%d/%m/%Y"
[fields]
contact_type = "traffic_stop"
[fields.police_service]
column = "service"
kind = "labels"
otherwise = "other"
[fields.age_band]
column = "age"
kind = "age"
[fields.reasons]
column = "why"
values = { papers = "identity_not_established", warrant = "warrant" }
separator = "+"
[identity]
name = ["first", "last"]
[narrative]
text = "story"
"""
HEADING = "row,when,service,age,why,first,last,story"


def read(*lines: str, mapping: str = MAPPING, heading: str = HEADING) -> list[ReadRow | RefusedRow]:
    """Read these lines under the heading."""
    content = "\n".join((heading, *lines)).encode()
    return list(read_rows(content, read_mapping(mapping.encode()), date(2026, 11, 1), UUID(int=7)))


def read_one(line: str) -> ReadRow:
    """Read one line that can be imported."""
    (row,) = read(line)
    assert isinstance(row, ReadRow), row.faults
    return row


def test_a_row_becomes_an_incident_with_one_person() -> None:
    """Each cell goes where the mapping says."""
    row = read_one("1,03/05/2026,SPVM,34,,Ana,Roy,Asked for papers.")
    assert (row.number, row.keys) == (1, ("1",))
    assert row.incident.date == VagueDate.on(date(2026, 5, 3))
    assert (row.incident.contact_type, row.incident.police_service) == ("traffic_stop", "spvm")
    assert (row.incident.logged_on, row.incident.logged_by) == (date(2026, 11, 1), UUID(int=7))
    assert (row.identity.name, row.narrative.text) == ("Ana Roy", "Asked for papers.")
    assert row.person.consent("statistics").answer == "given"


def test_an_empty_cell_was_not_asked() -> None:
    """It is no answer, and an empty date is unknown; a name is put together from what is there."""
    row = read_one("1,,SPVM,NA,(null),,Roy,")
    assert row.incident.date.precision is Precision.UNKNOWN
    assert row.incident.reasons == ("not_asked",)
    assert row.person.age_band == "not_asked"
    assert (row.identity.name, row.narrative.text) == ("Roy", "")


def test_a_cell_can_hold_several_answers() -> None:
    """Split as the mapping says, kept in the order of the list."""
    row = read_one("1,03/05/2026,SPVM,34,papers + warrant,Ana,Roy,")
    assert set(row.incident.reasons) == {"identity_not_established", "warrant"}


def test_a_value_that_is_not_mapped_takes_the_other_way() -> None:
    """The code that stands for any other value, where the mapping names one."""
    assert read_one("1,03/05/2026,Gendarmerie,34,,Ana,Roy,").incident.police_service == "other"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("1,2026-05-03,SPVM,34,,Ana,Roy,", "when"),
        ("1,03/05/2027,SPVM,34,,Ana,Roy,", "date"),
        ("1,03/05/2026,SPVM,old,,Ana,Roy,", "age"),
        ("1,03/05/2026,SPVM,150,,Ana,Roy,", "age"),
        ("1,03/05/2026,SPVM,34,light,Ana,Roy,", "why"),
        (" ,03/05/2026,SPVM,34,,Ana,Roy,", "key"),
        ("1,03/05/2026,SPVM,34,,Ana,Roy,,more", "row"),
        ("1,03/05/2026", "row"),
    ],
    ids=["form of date", "future", "no age", "no such age", "no code", "no key", "too long", "too short"],
)
def test_a_row_that_cannot_be_read_says_why(line: str, field: str) -> None:
    """By the name of its column, and the rows after it are read."""
    refused, sound = read(line, "2,03/05/2026,SPVM,34,,Ana,Roy,")
    assert isinstance(refused, RefusedRow)
    assert (refused.number, list(refused.faults)) == (1, [field])
    assert isinstance(sound, ReadRow)


def test_a_key_counts_once() -> None:
    """The second row of a key is refused: it would be stored over the first one, or beside it."""
    _first, again = read(*["1,03/05/2026,SPVM,34,,Ana,Roy,"] * 2)
    assert isinstance(again, RefusedRow)


@pytest.mark.parametrize(
    "heading",
    ["", HEADING.replace("age", "years"), f"{HEADING},row"],
    ids=["empty", "a column is missing", "a column is there twice"],
)
def test_a_heading_that_does_not_fit_stops_everything(heading: str) -> None:
    """Before a row is read: a file of another kind would give thousands of refusals."""
    with pytest.raises(Invalid):
        read("1,03/05/2026,SPVM,34,,Ana,Roy,", heading=heading)


def test_a_wrong_encoding_says_so() -> None:
    """A file from an older spreadsheet is not read as gibberish."""
    content = f"{HEADING}\n1,03/05/2026,SPVM,34,,Zoé,Roy,".encode("cp1252")
    with pytest.raises(Invalid) as refused:
        list(read_rows(content, read_mapping(MAPPING.encode()), date(2026, 11, 1), UUID(int=7)))
    assert list(refused.value.faults) == ["encoding"]


@pytest.mark.parametrize(
    ("cell", "field"),
    [('"SP"VM', "file"), ('"SPVM', "file"), ("SP\0VM", "encoding")],
    ids=["a quote inside", "a quote that does not end", "NUL"],
)
def test_a_file_that_is_broken_in_the_middle_says_where(cell: str, field: str) -> None:
    """By its line, with no cell of it."""
    with pytest.raises(Invalid) as refused:
        read("1,03/05/2026,SPVM,34,,Ana,Roy,", f"2,03/05/2026,{cell},34,,Ana,Roy,")
    assert list(refused.value.faults) == [field]
    assert "VM" not in str(refused.value)


@pytest.mark.parametrize("encoding", ["no such", "hex", "a\\u0000b"])
def test_an_encoding_that_is_none_says_so(encoding: str) -> None:
    """Whatever Python makes of its name."""
    with pytest.raises(Invalid) as refused:
        read("1,03/05/2026,SPVM,34,,Ana,Roy,", mapping=f'encoding = "{encoding}"\n{MAPPING}')
    assert list(refused.value.faults) == ["encoding"]


def test_several_columns_or_the_row_number_are_a_key() -> None:
    """For a file in which no column tells its rows apart."""
    lines = ("1,03/05/2026,SPVM,34,,Ana,Roy,", "1,03/05/2026,SPVM,35,,Bo,Roy,")
    for key in ('["row", "age"]', '"#"'):
        rows = read(*lines, mapping=MAPPING.replace('key = "row"', f"key = {key}"))
        assert [type(row) for row in rows] == [ReadRow, ReadRow]
        assert len({row.keys for row in rows if isinstance(row, ReadRow)}) == 2


def test_one_value_can_be_several_codes() -> None:
    """A combined label becomes all the answers that it stands for."""
    wanted = '{ "Roy" = ["black", "white"] }'
    entry = f'[fields.racialised_identities]\ncolumn = "last"\nvalues = {wanted}\n'
    (row,) = read("1,03/05/2026,SPVM,34,,Ana,Roy,", mapping=MAPPING + entry)
    assert isinstance(row, ReadRow) and set(row.person.racialised_identities) == {"black", "white"}


def test_parts_of_a_date_that_is_not_whole_are_kept() -> None:
    """It is unknown, and what there is of it stays in words."""
    dated = 'precision = "month"\nyear = "when"\nmonth = "why"'
    mapping = MAPPING.replace('precision = "day"\ncolumn = "when"\nformat = "%d/%m/%Y"', dated)
    mapping = mapping.replace('column = "why"', 'column = "last"\notherwise = "other"')
    (row,) = read("1,2021,SPVM,34,,Ana,Roy,", mapping=mapping)
    assert isinstance(row, ReadRow)
    assert (row.incident.date.encode(), row.narrative.text) == ("unknown", "when: 2021")
