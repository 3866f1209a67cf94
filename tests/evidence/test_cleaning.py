"""Cleaning: nothing of the maker stays, and no file takes the server down."""

import io
import subprocess
import sys
import time

import pikepdf
import pytest
from PIL import Image

from casework.evidence import cleaning, worker
from casework.evidence.cleaning import clean
from casework.evidence.kinds import Family, family_of, find_kind
from casework.evidence.refusals import Busy, Uncleanable
from tests.support.files import pdf, photo

MAKER = "Quiet Cameras of Nowhere"


def cleaned(kind: str, content: bytes) -> dict[str, bytes]:
    """Return what comes out, by name."""
    found: dict[str, bytes] = {}
    for name, piece in clean(kind, [content]):
        found[name] = found.get(name, b"") + piece
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_pictures_lose_what_their_makers_wrote(kind: str) -> None:
    """EXIF goes, the picture stands upright, and a preview comes with it."""
    content = photo(MAKER, kind=kind)
    assert MAKER.encode() in content
    found = cleaned(find_kind(content), content)
    assert MAKER.encode() not in found["cleaned"] + found["preview"]
    picture = Image.open(io.BytesIO(found["cleaned"]))
    assert picture.size == (300, 400) and 0x010F not in picture.getexif()
    assert find_kind(found["cleaned"]) == found["kind"].decode()
    assert find_kind(found["preview"]) == "image/jpeg"


def test_text_in_a_picture_goes(tmp_path: object) -> None:
    """PNG has texts, JPEG comments, XMP and profiles."""
    buffer = io.BytesIO()
    notes = Image.new("RGB", (40, 40))
    notes.info["comment"] = MAKER.encode()
    notes.save(buffer, "JPEG", comment=MAKER.encode(), icc_profile=MAKER.encode(), xmp=MAKER.encode())
    assert buffer.getvalue().count(MAKER.encode()) == 3
    assert MAKER.encode() not in cleaned("image/jpeg", buffer.getvalue())["cleaned"]


def test_every_page_of_a_scan_stays() -> None:
    """A TIFF of three pages has three afterwards."""
    pages = [Image.new("L", (50, 60), shade) for shade in (10, 100, 200)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    picture = Image.open(io.BytesIO(cleaned("image/tiff", buffer.getvalue())["cleaned"]))
    assert getattr(picture, "n_frames", 1) == 3


def test_a_pdf_without_anything_to_clean_stays_readable() -> None:
    """Its page is drawn as a preview."""
    found = cleaned("application/pdf", pdf(MAKER))
    with pikepdf.open(io.BytesIO(found["cleaned"])) as document:
        assert len(document.pages) == 1 and "/Info" not in document.trailer
        assert "/Metadata" not in document.Root and "/OpenAction" not in document.Root
    assert find_kind(found["preview"]) == "image/jpeg"


def _protected() -> bytes:
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(buffer, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return buffer.getvalue()


def _huge() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("application/pdf", b"%PDF-1.7\n%broken", "damaged"),
        ("application/pdf", _protected(), "protected"),
        ("image/jpeg", b"\xff\xd8\xff\xe0broken", "damaged"),
        ("image/png", _huge(), "too_many_pixels"),
        ("image/heic", b"\0\0\0\x18ftypheic" + bytes(50), "no_way"),
        ("audio/mpeg", b"ID3" + bytes(50), "no_way"),
    ],
)
def test_what_cannot_be_cleaned(kind: str, content: bytes, code: str) -> None:
    """Each says why."""
    with pytest.raises(Uncleanable) as refused:
        cleaned(kind, content)
    assert refused.value.code == code


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it does: it is killed, and the next is served."""
    monkeypatch.setattr(cleaning, "SECONDS", 0.05)
    began = time.monotonic()
    with pytest.raises(Uncleanable) as refused:
        cleaned("image/jpeg", photo(size=(4000, 3000)))
    assert refused.value.code == "too_much" and time.monotonic() - began < 10


def test_waiting_for_a_turn_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where others are cleaned for long; after them it goes on."""
    monkeypatch.setattr(cleaning, "WAIT_SECONDS", 0.2)
    first = clean("image/jpeg", [photo()])
    next(first)
    with pytest.raises(Busy):
        list(clean("image/jpeg", [photo()]))
    with pytest.raises(Uncleanable, match="no_way"):
        list(clean("audio/mpeg", [b"ID3"]))  # of which no copy is made: it waits for nothing
    first.close()
    assert list(clean("image/jpeg", [photo()]))


def test_a_swelling_pdf_does_not_swell() -> None:
    """Fifty megabytes of zeros in a few kilobytes stay packed."""
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.pages[0].Contents = pikepdf.Stream(document, b" " * 50_000_000)
    document.save(buffer)
    assert len(cleaned("application/pdf", buffer.getvalue())["cleaned"]) < 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")
def test_where_memory_runs_out_the_worker_goes_first() -> None:
    """And what it was to clean is refused; the server goes on."""
    code = "from casework.evidence import worker; worker.end_first(); "
    code += "print(open('/proc/self/oom_score_adj').read())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1000"


def test_the_worker_is_bounded() -> None:
    """It may write no file, and has limits for memory and time."""
    assert worker.MEMORY_BYTES <= 2 * 1024**3 and worker.CPU_SECONDS <= 120


KINDS = {
    "application/pdf": b"%PDF-1.7\n",
    "application/msword": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "application/rtf": b"{\\rtf1\\ansi hello}",
    "application/vnd.oasis.opendocument.text": b"PK\x03\x04" + bytes(26) + b"mimetype"
    b"application/vnd.oasis.opendocument.textPK",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK\x03\x04"
    + bytes(26)
    + b"[Content_Types].xml"
    + bytes(40)
    + b"word/document.xml",
    "audio/mpeg": b"ID3\x04" + bytes(50),
    "audio/mp4": b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(50),
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(50),
    "audio/amr": b"#!AMR\n" + bytes(40),
    "audio/ogg": b"OggS\0\x02" + bytes(22) + b"\x01\x13OpusHead",
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50),
    "message/rfc822": b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nhi",
    "text/plain": "Dit à la police : « non ».".encode(),
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(50),
    "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(50),
    "video/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
    "": b"MZ" + bytes(200),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_told_by_bytes(kind: str) -> None:
    """Those that people send, and a program, which is not taken."""
    assert find_kind(KINDS[kind]) == kind


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("application/pdf", Family.PDF),
        ("application/msword", Family.OFFICE),
        ("application/rtf", Family.OFFICE),
        ("application/vnd.oasis.opendocument.text", Family.OFFICE),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Family.OFFICE),
        ("application/vnd.ms-outlook", Family.EMAIL),
        ("message/rfc822", Family.EMAIL),
        ("audio/mpeg", Family.AUDIO),
        ("image/heic", Family.IMAGE),
        ("text/plain", Family.TEXT),
        ("video/webm", Family.VIDEO),
    ],
)
def test_kinds_belong_to_a_family(kind: str, family: Family) -> None:
    """By which it is cleaned and called."""
    assert family_of(kind) is family
