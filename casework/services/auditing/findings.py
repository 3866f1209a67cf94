"""What is wrong with the audit log, or with the rows that it speaks of: each with its name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from casework.domain.messages import N_


class Fault(StrEnum):
    """What somebody did to the database, as far as it shows."""

    ANCHOR_LOST = "anchor_lost"
    ENTRY_MISSING = "entry_missing"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_FORGED = "entry_forged"
    ENTRY_UNPROVEN = "entry_unproven"
    LOG_CUT = "log_cut"
    LOG_REWRITTEN = "log_rewritten"
    ROW_CHANGED = "row_changed"
    ROW_PUT_BACK = "row_put_back"
    ROW_REMOVED = "row_removed"
    ROW_ROLLED_BACK = "row_rolled_back"
    ROW_UNKNOWN = "row_unknown"


# Each with the gaps that it needs: entry, until, table, row.
WORDS: Mapping[Fault, str] = {
    Fault.ANCHOR_LOST: N_("What a coordinator had seen of the log was changed, and does not open."),
    Fault.ENTRY_MISSING: N_("Entries %(entry)s to %(until)s were removed."),
    Fault.ENTRY_CHANGED: N_("Entries %(entry)s to %(until)s were changed after they were written."),
    Fault.ENTRY_FORGED: N_("Entries %(entry)s to %(until)s were written by somebody who holds no key."),
    Fault.ENTRY_UNPROVEN: N_("Entry %(entry)s follows a removed one, so it can be neither checked nor read."),
    Fault.LOG_CUT: N_("Entries %(entry)s to %(until)s were cut off."),
    Fault.LOG_REWRITTEN: N_("Entry %(entry)s is another than the one that was noted before."),
    Fault.ROW_CHANGED: N_(
        "Row %(row)s of table “%(table)s” was changed after entry %(entry)s wrote it last."
    ),
    Fault.ROW_PUT_BACK: N_("Row %(row)s of table “%(table)s” was put back. Entry %(entry)s had deleted it."),
    Fault.ROW_REMOVED: N_("Row %(row)s of table “%(table)s” is gone. Entry %(entry)s wrote it last."),
    Fault.ROW_ROLLED_BACK: N_(
        "Row %(row)s of table “%(table)s” is as entry %(until)s had left it. Entry %(entry)s wrote it last."
    ),
    Fault.ROW_UNKNOWN: N_("Row %(row)s of table “%(table)s” was written by no entry."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `sequence` is the entry it is in, or the newest that wrote the row; 0 where there is none.

    `until` is the last entry of a run with the same fault, or the older entry that the row agrees with.
    """

    fault: Fault
    sequence: int = 0
    until: int = 0
    table: str = ""
    row_id: UUID | None = None

    @property
    def values(self) -> dict[str, str]:
        """What stands in the gaps of its words."""
        row = str(self.row_id) if self.row_id else ""
        return {"entry": str(self.sequence), "until": str(self.until), "table": self.table, "row": row}


class Findings(list[Finding]):
    """Faults in the order they were found; entries with the same fault in a row are one finding."""

    def add_entry(self, fault: Fault, sequence: int, until: int = 0) -> None:
        """Note a fault of an entry, or of several that follow each other."""
        until = until or sequence
        last = self[-1] if self else None
        if last and last.fault is fault and not last.table and last.until == sequence - 1:
            self[-1] = replace(last, until=until)
        else:
            self.append(Finding(fault, sequence, until))
