"""The keys of many cases are opened as records need them, and few are at hand at once."""

from uuid import UUID, uuid4

import pytest

from casework.errors import UnknownKey
from casework.services import casekeys
from casework.services.casekeys import key_finder
from casework.store.cases import CaseKey as Row
from casework.vault.fields import Compartment
from casework.vault.keyring import CaseKey
from tests.support.application import Founded


def _sealed(founded: Founded, count: int) -> dict[tuple[UUID, str, int], tuple[CaseKey, Row]]:
    made = {}
    for case_id in (uuid4() for _ in range(count)):
        key, sealed = founded.context().keyring.new_case_key(case_id, Compartment.NARRATIVE)
        row = Row(case_id=case_id, compartment="narrative", generation=1, key_sealed=sealed)
        made[case_id, "narrative", 1] = key, row
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The cases of which a key was opened, in order."""
    opened, open_one = list[UUID](), casekeys.open_case_key

    def open_case_key(keyring: object, row: Row) -> CaseKey:
        opened.append(row.case_id)
        return open_one(keyring, row)  # type: ignore[arg-type]

    monkeypatch.setattr(casekeys, "open_case_key", open_case_key)
    return opened


def test_a_key_is_opened_when_it_is_asked_for_and_once_for_records_that_lie_together(
    founded: Founded, opened: list[UUID]
) -> None:
    """Of four cases one key is asked for, three times."""
    made = _sealed(founded, 4)
    find_key = key_finder(founded.context().keyring, [row for _key, row in made.values()])
    assert opened == []
    name, (key, _row) = list(made.items())[2]
    assert [find_key(*name).key for _ in range(3)] == [key.key] * 3
    assert opened == [name[0]]


def test_few_keys_are_at_hand(founded: Founded, opened: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    """What was used before many others is opened again."""
    monkeypatch.setattr(casekeys, "_AT_HAND", 2)
    made = _sealed(founded, 3)
    find_key = key_finder(founded.context().keyring, [row for _key, row in made.values()])
    first, *rest = made
    for name in (first, *rest, first):
        assert find_key(*name).key == made[name][0].key
    assert opened == [first[0], *(name[0] for name in rest), first[0]]


@pytest.mark.parametrize(("compartment", "generation"), [("narrative", 2), ("identity", 1)])
def test_a_key_that_is_not_there_is_named(founded: Founded, compartment: str, generation: int) -> None:
    """Whatever generation or compartment a record names."""
    ((case_id, *_place), (_key, row)), *_ = _sealed(founded, 1).items()
    find_key = key_finder(founded.context().keyring, [row])
    with pytest.raises(UnknownKey, match=f"no {compartment} key of generation {generation}"):
        find_key(case_id, compartment, generation)
