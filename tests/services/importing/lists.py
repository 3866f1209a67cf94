"""A dirty list, and its way through the wizard as a service sees it."""

import io
from dataclasses import replace
from uuid import UUID

from openpyxl import Workbook

from casework.services.context import Context
from casework.services.importing import checking, receiving, uploads
from casework.services.importing.sentlist import Upload
from casework.services.importing.wizard import begin_import, import_some

HEADING = "No;Date;Nom;Sexe;Corps de police;Remarques"
ROWS = (
    "1;25/12/2020;Ana Roy;F;SPVM;Au coin de la rue.",
    "2;03/04/2021;Luz Paz;féminin ;(null);",
    "3;été 2020;Sékou Diallo;M;garde du métro;N/A",
    "4;jeudi;Noé Cyr;M;SQ;",
)
TWO_SHEETS: dict[str, list[list[object]]] = {
    "2021": [["No", "Date"], *[[number, "25/12/2020"] for number in range(4)]],
    "2022": [["Nom", "Date"], ["Ana Roy", "26/12/2021"], ["Luz Paz", "2021"], ["Noé Cyr", "2020"]],
}


def write_xlsx(**sheets: list[list[object]]) -> bytes:
    """Write a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_list(rows: tuple[str, ...] = ROWS, copies: int = 1) -> bytes:
    """Write the list as Windows does; more copies have other numbers."""
    lines = [HEADING]
    for copy in range(copies):
        lines += [f"{int(row.split(';')[0]) + copy * 10};{row.split(';', 1)[1]}" for row in rows]
    return "\r\n".join(lines).encode("cp1252")


def send(context: Context, content: bytes, name: str = "liste.csv", **constants: str) -> Upload:
    """Send a list and answer what it leaves out."""
    upload_id = uploads.begin_upload(context, name)
    receiving.read_upload(context, upload_id, content, "", "")
    upload = uploads.get_upload(context, upload_id)
    if upload.plan is None:
        return upload
    said = {"contact_type": "street_check", **constants}
    return uploads.change_plan(context, upload, replace(upload.plan, constants=said))


def try_list(context: Context, upload: Upload) -> Upload:
    """Try the list."""
    checking.check_upload(context, checking.begin_check(context, upload))
    return uploads.get_upload(context, upload.id)


def bring_in(context: Context, content: bytes, **constants: str) -> UUID:
    """Bring a list in to its end."""
    upload = try_list(context, send(context, content, **constants))
    batch_id = begin_import(context, upload.id)
    while import_some(context):
        pass
    return batch_id
