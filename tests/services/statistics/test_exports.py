"""Exports: numbered, sealed, unchanged, and audited."""

import pytest

from casework.disclosure import parse
from casework.errors import DisclosureRefused, Forbidden, Invalid, NotFound, Tampered
from casework.services.statistics.exports import export_table, get_export, list_exports
from casework.store.database import db
from casework.store.exports import StatisticsExport
from casework.vault import documents
from casework.vault.fields import STATISTICS_EXPORT
from tests.services.statistics.books import ask
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.counted import log_many


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """An organization with something to export."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 7 + ["sq"] * 6)
    return founded


def test_an_export_comes_back_byte_for_byte(counted: Founded) -> None:
    """What was logged since changes nothing in it, and the next one has the next number."""
    first = export_table(counted.context(ADVOCATE), ask("police_service"), "en")
    log_many(counted.context(CASEWORKER), ["spvm"] * 3)
    second = export_table(counted.context(COORDINATOR), ask("police_service"), "fr")
    lines = list_exports(counted.context(ADVOCATE))
    assert [(line.number, line.language) for line in lines] == [(2, "fr"), (1, "en")]
    assert get_export(counted.context(ADVOCATE), lines[1].id) == first
    assert get_export(counted.context(ADVOCATE), lines[0].id) == second
    assert first.content != second.content
    assert lines[1].selection == ask("police_service")


def test_what_is_kept_opens_as_a_protected_table(counted: Founded) -> None:
    """The later ledger starts from the table and its definition, with what was hidden left hidden."""
    log_many(counted.context(CASEWORKER), ["spal"] * 2 + ["spvq"] * 6 + ["spl"] * 6)
    export_table(counted.context(ADVOCATE), ask("police_service"), "en")
    context, row = counted.context(ADVOCATE), db.session.query(StatisticsExport).one()
    plain = context.keyring.open(STATISTICS_EXPORT, row.id, row.version, row.export_sealed)
    document = documents.decode(plain)
    table = parse(document["table"])
    assert (table.cell("spvm").value, table.cell("spal").value) == (7, None)
    assert document["definition"]["show"] == "police_service"
    assert document["exported_by"] == context.member_id.hex


def test_an_export_is_audited_with_its_id_alone(counted: Founded) -> None:
    """One event, no content."""
    export_table(counted.context(ADVOCATE), ask("police_service"), "en")
    entry = open_log(counted.context())[-1]
    row = db.session.query(StatisticsExport).one()
    assert (entry["event"], entry["fields"]) == ("statistics.exported", {"export": row.id.hex})


def test_nothing_is_kept_of_a_table_that_was_refused(counted: Founded) -> None:
    """No number is used up."""
    with pytest.raises(DisclosureRefused):
        export_table(counted.context(ADVOCATE), ask("police_service", first="2020", last="2020"), "en")
    assert list_exports(counted.context(ADVOCATE)) == []


def test_a_changed_export_is_refused(counted: Founded) -> None:
    """A byte turned in the database is an error with a name, not another file."""
    export_table(counted.context(ADVOCATE), ask("police_service"), "en")
    row = db.session.query(StatisticsExport).one()
    row.export_sealed = row.export_sealed[:-1] + bytes([row.export_sealed[-1] ^ 1])
    db.session.commit()
    with pytest.raises(Tampered):
        get_export(counted.context(ADVOCATE), row.id)


def test_a_caseworker_sees_but_does_not_export(counted: Founded) -> None:
    """Neither make, nor list, nor get again."""
    context = counted.context(CASEWORKER)
    for attempt in (
        lambda: export_table(context, ask("police_service"), "en"),
        lambda: list_exports(context),
        lambda: get_export(context, context.member_id),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_what_does_not_exist_is_not_found(counted: Founded) -> None:
    """Neither an export nor a language."""
    context = counted.context(ADVOCATE)
    with pytest.raises(NotFound):
        get_export(context, context.member_id)
    with pytest.raises(Invalid):
        export_table(context, ask("police_service"), "de")
