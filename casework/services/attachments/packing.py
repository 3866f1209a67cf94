"""The files that go along with records that a member takes elsewhere: originals, and no removed ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from casework.domain.attachment import Attachment
from casework.errors import Invalid, NotFound, VaultError
from casework.reports.records_zip import PackedFile
from casework.services import records
from casework.services.access import get_case_row, may_see
from casework.services.attachments.copies import read_copy
from casework.services.casekeyring import open_case_keys
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.store import attachments as store
from casework.store.sealedfiles import ORIGINAL

_CLOSED = (VaultError, NotFound, Invalid)
# What no common file system takes in a name, and what ends a name on none of them.
_REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class FilesAlong:
    """How many files would go along, and how large they are together."""

    count: int
    size_bytes: int


@dataclass(slots=True)
class Packing:
    """Files on their way: a document of each, what is packed, and how many do not open."""

    documents: list[Mapping[str, Any]] = field(default_factory=list)
    files: list[PackedFile] = field(default_factory=list)
    closed: int = 0

    def add(self, context: Context, case_id: UUID, reference: str, keys: CaseKeys) -> None:
        """Add the files of a case that the member may read; `keys` are the case's."""
        for attachment_id, facts in _open_files(context, case_id, keys):
            if facts is None:
                self.closed += 1
                continue
            path = f"files/{_harmless(reference)}/{attachment_id.hex[:8]}-{_harmless(facts.name)}"
            content = read_copy(context.runtime.files, attachment_id, ORIGINAL, facts.original)
            self.files.append(PackedFile(path, facts.original.size_bytes, content))
            of_case = {"case": case_id.hex, "reference": reference}
            self.documents.append({"id": attachment_id.hex, **of_case, **_describe(facts), "path": path})


def measure_files(context: Context) -> FilesAlong:
    """Say how much would go along, before it does."""
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    count = size_bytes = 0
    for case_id in store.list_cases_with_files():
        case = facts.cases.get(case_id)
        if case is None or not may_see(context, case):
            continue
        try:
            get_case_row(context, case_id)
            keys = open_case_keys(context, case_id)
        except _CLOSED:
            continue
        sizes = [file.original.size_bytes for _id, file in _open_files(context, case_id, keys) if file]
        count, size_bytes = count + len(sizes), size_bytes + sum(sizes)
    return FilesAlong(count, size_bytes)


def _open_files(context: Context, case_id: UUID, keys: CaseKeys) -> Iterator[tuple[UUID, Attachment | None]]:
    """Yield each file that is not removed; None in the place of one whose document does not open."""
    for row in sorted(store.list_attachments(case_id), key=lambda row: row.id):
        try:
            facts = records.open_attachment(keys, row)
        except _CLOSED:
            yield row.id, None
        else:
            if facts.removed_on is None:
                yield row.id, facts


def _describe(facts: Attachment) -> Mapping[str, Any]:
    """Return what is told of a file where it goes: all but the keys of its sealed copies."""
    return {
        "name": facts.name,
        "note": facts.note,
        "added_at": facts.added_at.isoformat(timespec="seconds"),
        "added_by": facts.added_by.hex,
        "kind": facts.kind,
        "bytes": facts.original.size_bytes,
        "sha256": facts.original.sha256,
    }


def _harmless(name: str) -> str:
    """Return a name that every file system takes, and that leads nowhere else."""
    return _REFUSED.sub("_", name).strip(". ") or "_"
