"""What an upgrade is doing, on the disk before it is done: whoever is killed goes on from there."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

UPGRADE = ("unpack", "install", "backup", "stop", "copy", "migrate", "try", "switch", "finish")
"""The steps, in order."""
BACK = "roll back"


@dataclass(frozen=True)
class Plan:
    """One upgrade: names of releases, where the new one comes from, the step that is being done.

    `answer` is the status that the old release answered with, 0 where it did not run. `copy` is the SHA-256
    of the database before it was migrated, as long as it may be needed; `generation` counts what members
    wrote, when they last could.
    `failed` is the step that led to a rollback, `why` its reason.
    """

    old: str
    new: str
    source: str
    doing: str = UPGRADE[0]
    answer: int = 0
    copy: str = ""
    generation: int = -1
    failed: str = ""
    why: str = ""

    def has_come_to(self, step: str) -> bool:
        """Whether the step was begun, by what failed or else by what is being done."""
        return UPGRADE.index(self.failed or self.doing) >= UPGRADE.index(step)


class Journal:
    """The file that holds the plan."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def find(self) -> Plan | None:
        """Return the upgrade that was begun and not finished."""
        try:
            return Plan(**json.loads(self._file.read_text()))
        except FileNotFoundError:
            return None

    def write(self, plan: Plan) -> None:
        """Note it, so that it outlasts a power cut."""
        part = self._file.with_name(f"{self._file.name}.unfinished")
        with part.open("w") as file:
            json.dump(asdict(plan), file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._file)
        sync_folder(self._file.parent)

    def clear(self) -> None:
        """Nothing is under way any more."""
        self._file.unlink(missing_ok=True)
        sync_folder(self._file.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
