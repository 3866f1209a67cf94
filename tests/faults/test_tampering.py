"""Every sealed column, damaged in every way: refused by name, nothing written, the others still open."""

from dataclasses import fields

import pytest
from sqlalchemy import LargeBinary

from casework.errors import IndexUnusable, Tampered, UnknownKey, WrongPassphrase
from casework.store.database import db
from tests.faults.damage import BYTES, STEPS, damaged, tables, volatile
from tests.faults.places import PLACES
from tests.faults.scene import Scene
from tests.support.dump import dump_tables

NAMED = (IndexUnusable, Tampered, UnknownKey, WrongPassphrase)
HOW = (
    "has no entry in tests/faults/places.py. Add one: the row to damage, another row, the version "
    "that its seal is bound to, the services that read it; and let tests/faults/scene.py make two such rows."
)


def _sealed_columns() -> list[str]:
    kept = [
        f"{table.name}.{column.name}"
        for table in tables().values()
        for column in table.columns
        if column.name.endswith("_sealed") and isinstance(column.type, LargeBinary)
    ]
    names = [(kind.kind, each.name) for kind in volatile().values() for each in fields(kind)]
    return kept + [f"{kind}.{name}" for kind, name in names if name.endswith("_sealed")]


def _attacks() -> list[tuple[str, str]]:
    attacks = []
    for column, place in PLACES.items():
        attacks += [(column, attack) for attack in (*BYTES, "swapped column")]
        attacks += [(column, "swapped row")] if place.sibling else []
        attacks += [(column, step) for step in STEPS] if place.version else []
    return attacks


def test_every_sealed_column_is_attacked() -> None:
    """A new sealed column has to say how it is opened, or this fails and says how."""
    for column in _sealed_columns():
        assert column in PLACES, f"{column} {HOW}"
    assert set(PLACES) == set(_sealed_columns())


@pytest.mark.parametrize(("where", "attack"), _attacks())
def test_a_damaged_column_is_refused(scene: Scene, where: str, attack: str) -> None:
    """What reads it raises a named error, writes nothing, and what is not damaged still opens."""
    place = PLACES[where]
    with damaged(scene, where, attack):
        before = dump_tables()
        for read in place.reads:
            db.session.remove()  # as a new request begins
            with pytest.raises(NAMED):
                read(scene)
        assert dump_tables() == before
        place.other(scene)
    for read in place.reads:
        read(scene)
