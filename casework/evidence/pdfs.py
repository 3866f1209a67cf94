"""PDF files without what tells of their makers: properties, XMP, attachments, scripts, authors of remarks."""

import io
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

from casework.evidence.jpeg import strip_segments
from casework.evidence.refusals import DAMAGED, PROTECTED, Uncleanable

# Wherever they stand: metadata, what programs keep for themselves, files and what happens by itself.
_ANYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/AA")
_IN_ROOT = ("/OpenAction", "/Collection", "/Perms")
_IN_NAMES = ("/EmbeddedFiles", "/JavaScript")
_IN_REMARK = ("/T", "/M", "/CreationDate", "/NM", "/RC", "/Subj")
_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute")
_WITH_FILES = ("/FileAttachment", "/Sound", "/Movie", "/RichMedia", "/Screen")


def clean_pdf(content: bytes) -> bytes:
    """Return the cleaned file; raises Uncleanable."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            _clean(pdf)
            buffer = io.BytesIO()
            pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
            return buffer.getvalue()
    except pikepdf.PasswordError:
        raise Uncleanable(PROTECTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, KeyError, AttributeError):
        raise Uncleanable(DAMAGED) from None


def _clean(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise Uncleanable(PROTECTED)  # it opens without a passphrase, but says what may be done with it
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    for key in _IN_ROOT:
        _drop(pdf.Root, key)
    if "/AcroForm" in pdf.Root:
        _drop(pdf.Root.AcroForm, "/XFA")
    if "/Names" in pdf.Root:
        for key in _IN_NAMES:
            _drop(pdf.Root.Names, key)
    for page in pdf.pages:
        _clean_remarks(page.obj)
    for thing in pdf.objects:
        _clean_object(thing)


def _drop(thing: Any, key: str) -> None:
    if key in thing:
        del thing[key]


def _clean_remarks(page: Any) -> None:
    remarks = page.get("/Annots")
    if remarks is None:
        return
    kept = []
    for remark in remarks:
        if not isinstance(remark, Dictionary) or str(remark.get("/Subtype")) in _WITH_FILES:
            continue
        # Of a field of a form, /T is its name, and no author's.
        for key in _IN_REMARK if "/FT" not in remark and "/Parent" not in remark else ("/M",):
            _drop(remark, key)
        kept.append(remark)
    page.Annots = pikepdf.Array(kept)


def _clean_object(thing: Any) -> None:
    if not isinstance(thing, Dictionary | Stream):
        return
    for key in _ANYWHERE:
        _drop(thing, key)
    if str(thing.get("/S")) in _ACTIONS:
        for key in list(thing.keys()):
            del thing[key]
    elif isinstance(thing.get("/A"), Dictionary) and str(thing.A.get("/S")) in _ACTIONS:
        del thing["/A"]
    if isinstance(thing, Stream) and thing.get("/Filter") == Name.DCTDecode:
        content = thing.read_raw_bytes()
        stripped = strip_segments(content)
        if len(stripped) != len(content):
            parameters: Any = thing.get("/DecodeParms")
            thing.write(stripped, filter=Name.DCTDecode, decode_parms=parameters)
