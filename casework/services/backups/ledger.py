"""The ledger beside the backups: what a restore of an older one must not bring back.

Which cases were erased and who signed for it, and the whole roster with its revocations. It is written anew
after each of them and after each backup; the newest one stands alone.
"""

import fcntl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from casework.domain.messages import N_
from casework.errors import BackupFailed, CaseworkError, Tampered, UnknownKey, VaultError
from casework.services.backups import folder as backup_folder
from casework.services.backups.folder import LEDGER
from casework.services.recovery.shareentry import Entered
from casework.services.runtime import Runtime
from casework.store.database import db
from casework.store.erasures import Erasure, list_erasures, list_planted
from casework.store.head import find_audit_end
from casework.store.members import list_roster_rows
from casework.store.organization import find_organization
from casework.vault import documents, encoding
from casework.vault.backup import open_bytes, seal_bytes
from casework.vault.identity import MemberSecret
from casework.vault.labels import HASH_BYTES
from casework.vault.pin import Pin
from casework.vault.roster import Entry, RosterState, verify

SCHEMA = 2
_LOCK = "ledger.lock"
_ERROR_FILE = "ledger.error"
_WARNING = N_(
    "The ledger beside the backups could not be written: a restore could bring back what was erased or "
    "revoked since the last one. Look at BACKUP_FOLDER, then back up."
)


@dataclass(frozen=True, slots=True)
class Erased:
    """A case that a ledger says was erased, when, and by whom: `signature` is empty where nobody signed."""

    case_id: UUID
    erased_at: datetime
    signature: bytes

    def to_document(self) -> dict[str, Any]:
        """Return its part of the canonical document."""
        return {
            "case": self.case_id.hex,
            "erased_at": self.erased_at.isoformat(timespec="seconds"),
            "signature": encoding.to_text(self.signature),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Erased":
        """Read what `to_document` made; Tampered, KeyError, TypeError or ValueError for anything else."""
        erased_at = datetime.fromisoformat(document["erased_at"])
        if erased_at.tzinfo != UTC:
            raise Tampered("not a ledger")
        return cls(UUID(hex=document["case"]), erased_at, encoding.from_text(document["signature"]))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a ledger file says; only the roster in it proves itself, and what somebody in it has signed."""

    made_at: datetime
    organization_id: UUID
    erased: Sequence[Erased]
    roster: Sequence[Entry]
    audit: tuple[int, bytes]

    def to_document(self) -> dict[str, Any]:
        """Return the canonical document."""
        return {
            "schema": SCHEMA,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "organization": self.organization_id.hex,
            "erased": [one.to_document() for one in sorted(self.erased, key=lambda one: one.case_id.hex)],
            "roster": [
                {
                    "number": entry.number,
                    "body": encoding.to_text(entry.body),
                    "signature": encoding.to_text(entry.signature),
                }
                for entry in self.roster
            ],
            "audit": {"sequence": self.audit[0], "hash": encoding.to_text(self.audit[1])},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Ledger":
        """Read what `to_document` made; Tampered for anything else."""
        try:
            ledger = cls(
                made_at=datetime.fromisoformat(document["made_at"]),
                organization_id=UUID(hex=document["organization"]),
                erased=[Erased.from_document(one) for one in document["erased"]],
                roster=[
                    Entry(
                        entry["number"],
                        encoding.from_text(entry["body"]),
                        encoding.from_text(entry["signature"]),
                    )
                    for entry in document["roster"]
                ],
                audit=(
                    document["audit"]["sequence"],
                    encoding.from_text(document["audit"]["hash"], HASH_BYTES),
                ),
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Tampered("not a ledger") from None
        numbers = [document["schema"], ledger.audit[0], *(entry.number for entry in ledger.roster)]
        if not all(type(number) is int and number >= 0 for number in numbers):
            raise Tampered("not a ledger")
        cases = {one.case_id for one in ledger.erased}
        if ledger.to_document() != document or len(cases) != len(ledger.erased):
            raise Tampered("not a ledger")
        return ledger


def write_ledger(runtime: Runtime) -> str | None:
    """Write the ledger as things stand; the services that erase and revoke call this after their commit.

    What they did holds, whatever happens here: so a failure is returned, as a sentence to translate and show,
    and kept for the coordinators to see.
    """
    error_file = runtime.data_folder / _ERROR_FILE
    db.session.rollback()
    try:
        _write(runtime)
    except (CaseworkError, OSError):
        error_file.write_text(_WARNING, "utf-8")
        return _WARNING
    error_file.unlink(missing_ok=True)
    return None


def find_ledger_failure(runtime: Runtime) -> str | None:
    """Return the warning that the newest attempt left, or None where it did not fail."""
    try:
        return (runtime.data_folder / _ERROR_FILE).read_text("utf-8")
    except OSError:
        return None


def _write(runtime: Runtime) -> None:
    folder = runtime.backup_folder
    backup_folder.prepare_folder(folder)
    with (folder / _LOCK).open("wb") as lock:
        # What is read under the lock is never older than what stands there.
        fcntl.flock(lock, fcntl.LOCK_EX)
        ledger, roster = _read_state(runtime)
        sealed = seal_bytes(roster.recovery_public, documents.encode(ledger.to_document()))
        name = backup_folder.file_name(LEDGER, ledger.made_at)
        backup_folder.write_whole(folder, name, lambda target: target.write(sealed))
        for older in backup_folder.list_files(folder, LEDGER):
            if older.name != name:
                older.unlink()


def _read_state(runtime: Runtime) -> tuple[Ledger, RosterState]:
    organization, end = find_organization(), find_audit_end()
    if organization is None or end is None:
        raise BackupFailed(N_("There is nothing to back up: no organisation has been founded here."))
    entries = [Entry(row.number, row.body, row.signature) for row in list_roster_rows()]
    planted = list_planted()
    ledger = Ledger(
        made_at=runtime.now().replace(microsecond=0),
        organization_id=organization.id,
        erased=[_erased(row, row.case_id in planted) for row in list_erasures()],
        roster=entries,
        audit=end,
    )
    return ledger, verify(entries, find_pin(runtime))


def _erased(row: Erasure, is_planted: bool) -> Erased:
    """Return a tombstone's line: of one beside a live case without its signature, so that a restore asks."""
    return Erased(row.case_id, row.erased_at, b"" if is_planted else row.signature or b"")


def find_pin(runtime: Runtime) -> Pin | None:
    """Return the roster's entry that earlier backups were sealed for, or None before the first one."""
    try:
        return Pin.decode((runtime.data_folder / backup_folder.PIN_FILE).read_bytes())
    except FileNotFoundError:
        return None


def open_ledger(recovery: MemberSecret, file: Path) -> Ledger:
    """Read a ledger file; raises as `open_bytes` and `Ledger.from_document`."""
    return Ledger.from_document(documents.decode(open_bytes(recovery, file.read_bytes())))


def needs_other_shares(ledger_file: Path, entered: Entered) -> bool:
    """Return whether a ledger is sealed to other shares than these: new ones were drawn after the backup.

    Whatever else is wrong with it `restore` says. Raises ShareRefused.
    """
    try:
        open_ledger(entered.combine(), ledger_file)
    except UnknownKey:
        return True
    except (VaultError, OSError):
        return False
    return False
