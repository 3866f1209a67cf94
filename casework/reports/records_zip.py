"""Records as a ZIP file to take elsewhere: one JSON file that has all of it, a CSV file of each kind, files.

The JSON is the documents as they are. The CSV files are the same laid flat: `consents.statistics.answer` is a
column, several answers stand in one cell with semicolons between them. Files of cases are written as they
come, not compressed; `files` in the JSON, and `files.csv`, say where each stands, its size and its SHA-256.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.errors import Tampered
from casework.reports.spreadsheets import harmless

Document = Mapping[str, Any]

_ABOUT = """\
Records of {organization}, exported {moment}.
records.json holds all of it; the CSV files hold the same, laid flat, for a spreadsheet.
An apostrophe before a cell was put there so that no spreadsheet takes the cell for a formula.
Cases: {cases}. People: {people}. Incidents: {incidents}. Files: {files}.
Left out because they do not open: {closed}.
files.csv has where each file stands, and its SHA-256. Those that hurt-files.txt names are not whole.

Dossiers de {organization}, exportés le {moment}.
records.json contient tout ; les fichiers CSV contiennent la même chose, mise à plat, pour un tableur.
Une apostrophe devant une cellule empêche un tableur de la prendre pour une formule.
Dossiers : {cases}. Personnes : {people}. Incidents : {incidents}. Fichiers : {files}.
Absents, car ils ne s’ouvrent pas : {closed}.
files.csv dit où se trouve chaque fichier, et son SHA-256. Ceux que nomme hurt-files.txt sont incomplets.
"""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a case: its path in the ZIP file, and its content, which is read once, to its end."""

    path: str
    size_bytes: int
    content: Iterator[bytes] = field(repr=False)


class _Sink:
    """What the ZIP file is written to: holds it until it is taken, and cannot be gone back in."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


def stream_zip(
    organization: str,
    moment: datetime,
    kinds: Mapping[str, Sequence[Document]],
    files: Iterable[PackedFile],
    closed: int,
) -> Iterator[bytes]:
    """Yield the file in pieces: `kinds` are the documents by name, such as cases and people.

    A file whose content raises Tampered ends there, and is named in `hurt-files.txt` at the end.
    """
    sink, hurt = _Sink(), list[str]()
    # It needs only what the sink has: zipfile then writes what tells of an entry behind it.
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[call-overload]
        for name, text in _write_documents(organization, moment, kinds, closed):
            package.writestr(_entry(name, moment), text)
            yield sink.take()
        for file in files:
            with package.open(_entry(file.path, moment, file.size_bytes), "w") as target:
                try:
                    for piece in file.content:
                        target.write(piece)
                        yield sink.take()
                except Tampered:
                    hurt.append(file.path)
        if hurt:
            package.writestr(_entry("hurt-files.txt", moment), "\n".join(hurt) + "\n")
    yield sink.take()


def _write_documents(
    organization: str, moment: datetime, kinds: Mapping[str, Sequence[Document]], closed: int
) -> Iterator[tuple[str, str | bytes]]:
    written_at = moment.isoformat(timespec="seconds")
    counts = {name: len(kinds.get(name, ())) for name in ("cases", "people", "incidents", "files")}
    yield "about.txt", _ABOUT.format(organization=organization, moment=written_at, closed=closed, **counts)
    whole = {"format": "casework records 1", "organization": organization, "exported_at": written_at, **kinds}
    yield "records.json", json.dumps(whole, ensure_ascii=False, indent=1)
    for name, documents in kinds.items():
        yield f"{name}.csv", _write_csv(documents)


def _entry(name: str, moment: datetime, stored_bytes: int = 0) -> zipfile.ZipInfo:
    """Describe an entry; one whose size is known beforehand is stored as it is."""
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if stored_bytes else zipfile.ZIP_DEFLATED
    entry.file_size = stored_bytes
    entry.external_attr = 0o600 << 16
    return entry


def _write_csv(documents: Sequence[Document]) -> bytes:
    rows = [dict(_flatten(document)) for document in documents]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([harmless(row.get(name, "")) for name in columns] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _flatten(document: Document, before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{before}{name}.")
        else:
            yield before + name, _in_a_cell(value)


def _in_a_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_in_a_cell(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(_in_a_cell(item) for item in value.values())
    return str(value)
