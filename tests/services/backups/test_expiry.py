"""Until when a backup is kept: by the file, whatever somebody has written into the database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.services.backups import keeping
from casework.services.backups.folder import BACKUP, date_file, file_name, list_files, read_expiry
from casework.services.backups.making import make_backup
from casework.store.backups import Backup
from casework.store.database import db
from tests.support.application import Founded

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def backup(founded: Founded, moment: datetime) -> Path:
    """Make a backup as of a moment."""
    return make_backup(replace(founded.runtime, now=lambda: moment))


def promised(founded: Founded, before: datetime) -> datetime | None:
    """Return the date on a receipt of that moment."""
    return keeping.last_expiry(keeping.list_kept(founded.runtime), before).expires_at


def write(**values: object) -> None:
    """Change the only backup's row, past every service."""
    row = db.session.query(Backup).one()
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()


PLANTED: dict[str, dict[str, object]] = {
    "past": {"expires_at": NOON - 400 * DAY},
    "far future": {"expires_at": NOON + 9000 * DAY},
    "made long ago": {"made_at": NOON - 400 * DAY, "expires_at": NOON - 310 * DAY},
    "deleted": {"is_deleted": True},
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_row_deletes_nothing_early_and_keeps_nothing_longer(founded: Founded, planted: str) -> None:
    """Nor does a receipt say another day than that on which the file goes."""
    first = backup(founded, NOON)
    write(**PLANTED[planted])
    assert promised(founded, NOON + DAY) == NOON + 90 * DAY
    backup(founded, NOON + 89 * DAY)
    assert first.exists()
    assert promised(founded, NOON + DAY) == NOON + 90 * DAY
    backup(founded, NOON + 90 * DAY)
    assert not first.exists()


def test_a_file_that_is_elsewhere_is_not_promised_gone_too_soon(founded: Founded) -> None:
    """No file says until when, so a planted row can only put the day off."""
    backup(founded, NOON).unlink()
    write(expires_at=NOON - 400 * DAY)
    assert promised(founded, NOON + DAY) == NOON + 90 * DAY
    write(expires_at=NOON + 400 * DAY)
    assert promised(founded, NOON + DAY) == NOON + 400 * DAY


def test_another_setting_changes_no_promise(founded: Founded) -> None:
    """Each file keeps the days that it was made with."""
    first = backup(founded, NOON)
    longer = replace(founded.runtime, limits=replace(founded.runtime.limits, backup_days=3000))
    assert read_expiry(first, 3000) == read_expiry(first, 1) == NOON + 90 * DAY
    make_backup(replace(longer, now=lambda: NOON + 90 * DAY))
    assert not first.exists()


RENAMED: dict[str, tuple[str, Callable[[Path], bool]]] = {
    "to an earlier day": (file_name(BACKUP, NOON - 400 * DAY, 90), Path.exists),
    "to nothing of ours": ("casework-yesterday.age", Path.exists),
    "without its days": (file_name(BACKUP, NOON), Path.exists),
}


@pytest.mark.parametrize("name", RENAMED)
def test_a_renamed_file_does_not_go_early(founded: Founded, name: str) -> None:
    """The time of its last change speaks for it; what has no name of ours is left alone."""
    first = backup(founded, NOON)
    renamed = first.rename(first.with_name(RENAMED[name][0]))
    backup(founded, NOON + 89 * DAY)
    assert renamed.exists()


def test_a_file_renamed_to_a_later_day_says_so_on_receipts(founded: Founded) -> None:
    """It is kept as long as its name has it, and no receipt says less."""
    first = backup(founded, NOON)
    first.rename(first.with_name(file_name(BACKUP, NOON + 10 * DAY, 90)))
    assert promised(founded, NOON + 11 * DAY) == NOON + 100 * DAY


def test_a_copy_brought_back_counts_from_its_last_change(founded: Founded) -> None:
    """Receipts say until when it is kept."""
    first = backup(founded, NOON)
    date_file(first, NOON + 30 * DAY)
    assert promised(founded, NOON + DAY) == NOON + 120 * DAY
    backup(founded, NOON + 119 * DAY)
    assert first.exists()


def test_a_clock_that_was_set_back_deletes_nothing(founded: Founded) -> None:
    """Neither what is there, nor the backup that is made under an old date."""
    first = backup(founded, NOON)
    second = backup(founded, NOON - 400 * DAY)
    assert first.exists() and second.exists()
    assert list_files(founded.runtime.backup_folder, BACKUP) == [first, second]


def test_the_newest_is_kept_in_any_case(founded: Founded) -> None:
    """Also by a clock that is far ahead: the one just made stays."""
    backup(founded, NOON)
    newest = backup(founded, NOON + 9000 * DAY)
    assert list_files(founded.runtime.backup_folder, BACKUP) == [newest]
    assert keeping.delete_expired(founded.runtime, NOON + 20000 * DAY) == 0
    assert newest.exists()
