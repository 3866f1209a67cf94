"""Restoring a backup into an empty database: all of it or nothing, and nothing that was erased since.

What is restored opens to nobody yet: its host key is gone with the machine. A recovery goes on from there.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from casework.domain.messages import N_
from casework.errors import BackupFailed, ConfigError, Invalid, Tampered, UnknownKey, VaultError
from casework.services import records
from casework.services.attachments.sweeping import sweep_files
from casework.services.backups.archive import Manifest
from casework.services.backups.attached import bring_files
from casework.services.backups.folder import scratch_folder
from casework.services.backups.ledger import Ledger, open_ledger, write_ledger
from casework.services.backups.opening import open_backup
from casework.services.context import Context
from casework.services.erasing import erase_again
from casework.services.recovery import recovering
from casework.services.recovery.shareentry import Entered
from casework.services.restorechecks import require_empty, require_place, store_is_away
from casework.services.runtime import Runtime
from casework.services.transactions import transaction
from casework.services.verifying.keys import Keys, keys_of_quorum
from casework.store import cases as cases_store
from casework.store.copies import CopyFailed
from casework.store.database import db, empty_log, name_database
from casework.store.erasures import list_planted
from casework.store.restoration import (
    count_rows,
    doubt_ledger,
    doubt_stories,
    end_restoration,
    is_half_restored,
    load_rows,
)
from casework.store.scratch import migrate_database, open_scratch
from casework.store.sealedfiles import FilesAway
from casework.vault.erasure import Standing, Way, judge
from casework.vault.identity import MemberSecret
from casework.vault.roster import RosterState, verify
from casework.vault.rosterentry import REVOKED

_SCRATCH = "restore"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: as of when, and what the ledger kept away; `revoked` are for `recovering`."""

    made_at: datetime
    ledger_at: datetime | None
    erased: int
    revoked: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class InDoubt:
    """What a ledger says was erased, and nobody proves who may erase.

    `is_bin`: a member signed it whose session emptied the bin; else nobody did whom the roster knows. The
    cases by id, with their references where the backup has them, which are theirs to erase again.
    """

    is_bin: bool
    cases: Mapping[UUID, str]


Ask = Callable[[InDoubt], bool]
"""Tells people what is in doubt, and returns whether they want it erased again."""


def is_begun() -> bool:
    """Return whether a restore into this database was begun and not finished."""
    db.session.rollback()
    return is_half_restored()


def restore(
    runtime: Runtime,
    file: Path,
    ledger_file: Path | None,
    entered: Entered,
    begin: Callable[[int], None],
    advance: Callable[[int], None],
    ask: Ask,
    for_ledger: Entered | None = None,
) -> Restored:
    """Bring a backup into this database, which has to be empty, or half restored by an earlier attempt.

    `entered` are the shares of the backup, `for_ledger` those of the ledger where new ones were drawn since.
    What the ledger says was erased is erased again where somebody has signed it who may; `ask` decides on the
    rest.

    Killed at any moment, it leaves the database empty or marked as half restored: then nothing else starts,
    and restoring again begins from nothing. Raises BackupFailed with a sentence to translate, ShareRefused.
    """
    recovery = entered.combine()
    require_empty()
    require_place(runtime)
    ledger = _read_ledger(for_ledger.combine() if for_ledger else recovery, ledger_file)
    with scratch_folder(runtime.data_folder, _SCRATCH) as folder:
        backup = open_backup(file, recovery, folder)
        manifest = backup.manifest
        try:
            with open_scratch(backup.database, manifest.revision) as copy:
                _check(copy, recovery, manifest, ledger)
                begin(count_rows(copy))
                migrate_database()
                load_rows(copy, runtime.now(), advance)
                bring_files(backup.files, runtime.files)
        except FilesAway as away:
            raise store_is_away() from away
        except CopyFailed as failed:
            raise BackupFailed(
                N_("The copy in the file does not read: it is of a newer casework, or pg_restore is missing.")
            ) from failed
    return _replay(runtime, recovery, manifest, ledger, ask)


def refuse_half_restored() -> None:
    """Raise ConfigError where a restore was begun and not finished: nothing but another one may go on.

    A database that cannot be read is none of this function's: whoever loads the host key says so.
    """
    try:
        is_half = is_half_restored()
    except DBAPIError:
        db.session.remove()
        return
    if is_half:
        db.session.remove()
        db.engine.dispose()
        raise ConfigError(name_database(), "a restore into this database was not finished: run it again")


def _read_ledger(recovery: MemberSecret, file: Path | None) -> Ledger | None:
    if file is None:
        return None
    try:
        ledger = open_ledger(recovery, file)
        if verify(ledger.roster).recovery_public != recovery.public:
            raise Tampered("a ledger sealed to another key than its roster names")
        return ledger
    except UnknownKey:
        raise BackupFailed(
            N_("The ledger is sealed to other shares than these: to those of when it was written.")
        ) from None
    except (VaultError, OSError):
        raise BackupFailed(N_("The ledger is damaged, or cut short, or none.")) from None


def _check(copy: Engine, recovery: MemberSecret, manifest: Manifest, ledger: Ledger | None) -> None:
    """Refuse a copy whose roster is not the shares', and a ledger that is not the copy's."""
    try:
        with copy.connect() as connection:
            keys = keys_of_quorum(connection, recovery, manifest.roster)
        if ledger is not None:
            _require_kinship(keys, manifest, ledger)
    except VaultError:
        raise BackupFailed(
            N_("The list of members in the file does not belong to these shares: it was tampered with.")
        ) from None


def _require_kinship(keys: Keys, manifest: Manifest, ledger: Ledger) -> None:
    later = verify(ledger.roster)
    both = min(later.number, keys.roster.number)
    is_kin = later.hashes[both] == keys.roster.hashes[both]
    if ledger.organization_id != manifest.organization_id or not is_kin:
        raise BackupFailed(N_("The ledger is of another organisation than the backup."))


def _replay(
    runtime: Runtime, recovery: MemberSecret, manifest: Manifest, ledger: Ledger | None, ask: Ask
) -> Restored:
    """Erase again what the ledger proves was erased, with the keys of the quorum; the mark stays."""
    quorum = recovering.open_with(recovery)
    context = recovering.context_of(runtime, quorum)
    decided = _decide(context, ledger, ask) if ledger else {}
    with transaction(context, "backup.restored") as opened:
        erased = [case_id for case_id, way in decided.items() if erase_again(context, opened, case_id, way)]
        opened.note(cases=len(erased))
        doubt_ledger(manifest.made_at)
        doubt_stories(runtime.now())
    with suppress(FilesAway):  # it goes on once an hour
        sweep_files(runtime, grace_seconds=0)
    return Restored(
        made_at=manifest.made_at,
        ledger_at=ledger.made_at if ledger else None,
        erased=len(erased),
        revoked=_revoked_since(quorum.roster, ledger),
    )


def _decide(context: Context, ledger: Ledger, ask: Ask) -> Mapping[UUID, Way]:
    """Return what is to be erased again, and how the quorum signs that.

    Where the backup has a case with a tombstone beside it people decide: one of the two was planted.
    """
    planted = list_planted()
    roster = max(verify(ledger.roster), context.roster, key=lambda state: state.number)
    found: dict[Standing, dict[UUID, str | None]] = {standing: {} for standing in Standing}
    for one in sorted(ledger.erased, key=lambda one: one.case_id):
        standing = judge(one.signature, roster, one.case_id, one.erased_at)
        if one.case_id in planted:
            standing = Standing.UNPROVEN
        found[standing][one.case_id] = _find_reference(context, one.case_id)
    decided = dict.fromkeys(found[Standing.SIGNED], Way.HAND)
    for standing in (Standing.BIN, Standing.UNPROVEN):
        cases = found[standing]
        here = {case_id: reference for case_id, reference in cases.items() if reference is not None}
        if here and ask(InDoubt(standing is Standing.BIN, here)):
            decided |= dict.fromkeys(here, Way.HAND)
        if standing is Standing.BIN:
            # Not in this backup, and nobody was asked: worth as little as before.
            decided |= dict.fromkeys(cases.keys() - here.keys(), Way.ANOTHERS_BIN)
    return decided


def _find_reference(context: Context, case_id: UUID) -> str | None:
    """Return what a case of the backup is called, empty where it does not open; None where it has none."""
    row = cases_store.find_record(cases_store.Case, case_id)
    if row is None:
        return None
    try:
        return records.open_case(context, row).reference
    except (VaultError, Invalid):
        return ""


def _revoked_since(before: RosterState, ledger: Ledger | None) -> tuple[UUID, ...]:
    members = verify(ledger.roster).members if ledger else {}
    return tuple(
        member_id
        for member_id, member in members.items()
        if member.status == REVOKED
        and member_id in before.members
        and before.members[member_id].status != REVOKED
    )


def finish(runtime: Runtime) -> None:
    """Lift the mark, once somebody has begun anew and every revocation holds; write the ledger of today."""
    db.session.rollback()
    end_restoration()
    db.session.commit()
    empty_log()
    write_ledger(runtime)
