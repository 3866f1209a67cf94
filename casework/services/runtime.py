"""What a running casework holds in its process: host key, limits, clock and caches; nothing lasting."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casework.disclosure.ledger.release import ProtectedRelease
from casework.services.background import Background
from casework.services.casebook import Casebook
from casework.services.membership.rosters import RosterBook
from casework.services.releases.looks import LookBook
from casework.store.sealedfiles import FOLDER, DiskFiles, SealedFiles
from casework.vault.hostkey import HostKey

if TYPE_CHECKING:
    from casework.store.objectfiles import ObjectFiles


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long sessions, invitations, late forms and deleted cases live; the threshold is in cases.

    `file_bytes` is how large a file of a case may be; `previews_per_hour` are one member's, of releases.
    """

    idle_seconds: int = 20 * 60
    session_seconds: int = 10 * 3600
    late_form_seconds: int = 24 * 3600
    invitation_seconds: int = 72 * 3600
    threshold: int = 5
    second_factor_required: bool = True
    audit_months: int = 24
    backup_days: int = 90
    bin_days: int = 30
    file_bytes: int = 200_000_000
    previews_per_hour: int = 20


@dataclass(frozen=True, slots=True)
class Runtime:
    """Made by the application; every service reaches it through its context or takes it first.

    `host_key_files` are the outside half and the erasable one. Where `is_closed`, the host key is a stand-in
    that fits nothing: only a recovery goes on from there. `is_sealed` says that the emergency seal is why.
    `released` are approved releases that this process attacked itself, by their hash in the ledger; `looks`
    are those of members at releases before they are approved. `other_files` is where files of cases
    lie that are not in the data folder.
    """

    host_key: HostKey
    host_key_files: tuple[Path, Path]
    data_folder: Path
    backup_folder: Path
    limits: Limits = Limits()
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/Toronto"))
    now: Callable[[], datetime] = _utc_now
    rosters: RosterBook = field(default_factory=RosterBook)
    casebook: Casebook = field(default_factory=Casebook)
    backup_copy_to: str = ""
    is_closed: bool = False
    is_sealed: bool = False
    background: Background = field(default_factory=Background)
    released: dict[bytes, ProtectedRelease] = field(default_factory=dict)
    looks: LookBook = field(default_factory=LookBook)
    other_files: "ObjectFiles | None" = None

    @property
    def files(self) -> SealedFiles:
        """Where the sealed files of cases lie: in another place, or in the data folder."""
        return self.other_files or DiskFiles(self.data_folder / FOLDER)

    def forget(self) -> None:
        """Drop every record and key that is remembered."""
        self.casebook.drop_all()
        self.rosters.drop()
        self.released.clear()
        self.looks.drop_all()

    def today(self) -> date:
        """Return the date where the organization is."""
        return self.now().astimezone(self.timezone).date()

    def now_seconds(self) -> int:
        """Return whole seconds since 1970, UTC."""
        return int(self.now().timestamp())
