"""The audit log against the database: deeds leave nothing to find, whatever is tampered with is named."""

import pytest

from casework.services.auditing.verifying import verify_log
from casework.store.database import db
from casework.store.snapshot import list_covered_tables
from tests.services.deeds import DEEDS
from tests.support import tampering
from tests.support.application import Founded, Template
from tests.support.audit import links
from tests.support.stocked import Stock


@pytest.mark.parametrize("event", DEEDS)
def test_whatever_is_done_leaves_nothing_to_find(founded: Founded, event: str) -> None:
    """Every deed's rows are in its entry, as they stand."""
    before = verify_log(founded.context())
    DEEDS[event](founded).act()
    report = verify_log(founded.context())
    assert report.findings == before.findings == ()
    assert report.last == links()[-1].sequence - 1 and report.rows > 0
    assert report.unread == 0 and (report.older_rows == 0 or event == "audit.expired")


# The chain covers the log and its end; a restoration is a mark that stands while nobody can get in; the index
# says nothing that the records do not.
UNCOVERED = {"audit_entry", "fact_column", "fact_index", "restoration", "write_head"}
TABLES = [name for name in db.metadata.tables if name not in UNCOVERED]


def test_every_table_is_covered(app: object) -> None:
    """All lasting ones but the log's own: a new table comes by itself."""
    assert {table.name for table in list_covered_tables()} == set(TABLES)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `filled` has was done once."""
    return stocked(template, tampering.fill) if "filled" in request.fixturenames else template


@pytest.fixture
def filled(founded: Founded) -> Founded:
    """An organization with a row in every table."""
    return founded


@pytest.mark.parametrize("name", TABLES)
def test_tampering_with_a_row_is_found_and_named(filled: Founded, name: str) -> None:
    """Changed, removed, put in, rolled back, put back: with its table, its id and the entries."""
    table, context = db.metadata.tables[name], filled.context()
    row = tampering.find_row(table)
    assert tampering.verify(context).findings == ()
    for fault, tamper in tampering.KINDS.items():
        place, found = tamper(context, table, row)
        assert place is None or found == fault, (fault, found)
