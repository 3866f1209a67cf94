"""A passed recovery drill, without which nobody seals an organization."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from casework.services.organization import get_organization
from casework.services.recovery import drills
from casework.services.recovery.record import find_record, write_record
from casework.store.database import db
from tests.support.application import COORDINATOR, Founded, Template, build_app, close
from tests.support.secondfactor import Device, equip


def hold_drill(founded: Founded) -> None:
    """Let two keepers enter their shares."""
    entered = drills.begin_entering(founded.context())
    for words in founded.players[COORDINATOR].recovery_shares[:2]:
        entered = entered.add(words)
    assert drills.drill(founded.context(), entered).failed == ()


def date_drill(founded: Founded, on: date | None) -> None:
    """Write down another day for the last drill, or that there was none."""
    context, row = founded.context(), get_organization()
    record = find_record(context)
    assert record is not None
    by = record.made_by if on else None
    write_record(context.keyring, row, replace(record, drilled_on=on, drilled_by=by))
    db.session.commit()


def hold_drill_in(folder: Path, template: Template, bytecode_folder: Path) -> Device:
    """Hold one in a data folder, beside a server that may be running; returns the coordinator's device."""
    app = build_app(folder, bytecode_folder)
    with app.app_context():
        founded = Founded(app, template.players)
        hold_drill(founded)
        device = equip(founded.context())
    close(app)
    return device
