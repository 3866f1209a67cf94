"""References never run out: a year that has few left draws longer ones."""

import pytest

from casework.domain.case import REFERENCE_LENGTHS, new_reference, read_reference, read_reference_end
from casework.errors import Conflict
from casework.services import incidents
from casework.services.references import draw_references
from tests.support.application import CASEWORKER, Founded
from tests.support.records import incident_draft


def test_a_year_that_is_full_draws_longer_ones(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one letter to draw from a year has one reference of each length; after these it says so."""
    monkeypatch.setattr("casework.domain.case.REFERENCE_LETTERS", "C")
    context = founded.context(CASEWORKER)
    year = founded.runtime.today().year
    for letters in REFERENCE_LENGTHS:
        incidents.log_incident(context, incident_draft())
        facts = founded.runtime.casebook.facts(context.keyring, founded.runtime.now_seconds())
        assert f"{year}-{'C' * letters}" in {case.facts.reference for case in facts.cases.values()}
    with pytest.raises(Conflict, match="reference"):
        incidents.log_incident(context, incident_draft())


def test_many_at_once_are_all_different(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen of four letters, two to choose from: the others are longer, and each is read as typed."""
    monkeypatch.setattr("casework.domain.case.REFERENCE_LETTERS", "CD")
    drawn = draw_references(founded.context(CASEWORKER), 40)
    assert len(set(drawn)) == 40
    assert {len(reference) for reference in drawn} >= {9, 10}
    assert all(read_reference(reference.lower()) == reference for reference in drawn)
    assert all(read_reference_end(reference[5:]) == reference[4:] for reference in drawn)


def test_while_there_are_enough_they_are_short() -> None:
    """Four letters, as everybody knows them."""
    assert {len(new_reference(2026)) for _ in range(100)} == {9}
