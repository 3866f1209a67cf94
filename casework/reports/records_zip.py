"""Records as a ZIP file to take elsewhere: one JSON file that has all of it, and a CSV file of each kind.

The JSON is the documents as they are. The CSV files are the same laid flat: `consents.statistics.answer` is a
column, several answers stand in one cell with semicolons between them.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from casework.reports.table_csv import harmless

Document = Mapping[str, Any]

_ABOUT = """\
Records of {organization}, exported {moment}.
records.json holds all of it; the CSV files hold the same, laid flat, for a spreadsheet.
An apostrophe before a cell was put there so that no spreadsheet takes the cell for a formula.
Cases: {cases}. People: {people}. Incidents: {incidents}. Left out because they do not open: {closed}.

Dossiers de {organization}, exportés le {moment}.
records.json contient tout ; les fichiers CSV contiennent la même chose, mise à plat, pour un tableur.
Une apostrophe devant une cellule empêche un tableur de la prendre pour une formule.
Cas : {cases}. Personnes : {people}. Incidents : {incidents}. Absents, car ils ne s’ouvrent pas : {closed}.
"""


def write_zip(
    organization: str,
    moment: datetime,
    kinds: Mapping[str, Sequence[Document]],
    closed: int,
) -> bytes:
    """Return the file, made in memory: `kinds` are the documents by name, such as cases and people."""
    buffer = io.BytesIO()
    written_at = moment.isoformat(timespec="seconds")
    counts = {name: len(kinds.get(name, ())) for name in ("cases", "people", "incidents")}
    about = _ABOUT.format(organization=organization, moment=written_at, closed=closed, **counts)
    whole = {"format": "casework records 1", "organization": organization, "exported_at": written_at, **kinds}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(_entry("about.txt", moment), about)
        package.writestr(_entry("records.json", moment), json.dumps(whole, ensure_ascii=False, indent=1))
        for name, documents in kinds.items():
            package.writestr(_entry(f"{name}.csv", moment), _write_csv(documents))
    return buffer.getvalue()


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
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
