"""Each row of the database, held against the newest entry that wrote it."""

from casework.services.auditing.chain import Recorded
from casework.services.auditing.findings import Fault, Finding, Findings
from casework.store.written import WrittenRow


class RowCheck:
    """Takes rows in any order. `older` counts those that the log may have forgotten, if it is not whole."""

    def __init__(self, recorded: Recorded, findings: Findings, is_whole: bool) -> None:
        self.count = self.older = 0
        self._left = dict(recorded.newest)
        self._recorded = recorded
        self._findings = findings
        self._is_whole = is_whole

    def take(self, row: WrittenRow) -> None:
        """Hold one row against what the log says of it."""
        self.count += 1
        table, row_id, version, digest = row
        known = self._left.pop((table, row_id), None)
        if known is None:
            self._note_unknown(row)
            return
        mark, sequence = known
        if mark.is_deleted:
            self._findings.append(Finding(Fault.ROW_PUT_BACK, sequence, 0, table, row_id))
        elif (mark.version, mark.digest) != (version, digest):
            older = self._recorded.older.get(((table, row_id), digest), 0)
            fault = Fault.ROW_ROLLED_BACK if older else Fault.ROW_CHANGED
            self._findings.append(Finding(fault, sequence, older, table, row_id))

    def finish(self) -> None:
        """Find the rows that ought to be there and are not."""
        for (table, row_id), (mark, sequence) in self._left.items():
            if not mark.is_deleted:
                self._findings.append(Finding(Fault.ROW_REMOVED, sequence, 0, table, row_id))

    def _note_unknown(self, row: WrittenRow) -> None:
        if self._is_whole:
            self._findings.append(Finding(Fault.ROW_UNKNOWN, 0, 0, row[0], row[1]))
        else:
            self.older += 1
