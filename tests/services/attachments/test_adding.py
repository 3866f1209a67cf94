"""Taking in a file: sealed, cleaned, whole or not at all."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image

from casework.errors import Forbidden, Invalid, NotFound
from casework.evidence import cleaning
from casework.services.attachments import adding, copies, keeping
from casework.services.context import Context
from casework.services.incidents import log_incident
from casework.store.sealedfiles import Away, DiskFiles, FilesAway
from casework.vault.stream import count_sealed_bytes
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, Founded
from tests.support.bucket import folder_of
from tests.support.files import pdf, photo, recording, unpacked
from tests.support.records import incident_draft

MAKER = "Quiet Cameras of Nowhere"


def new_case(founded: Founded, **how: object) -> UUID:
    """Log an incident; returns its case."""
    return log_incident(founded.context(CASEWORKER), incident_draft(**how)).case_id  # type: ignore[arg-type]


def add(context: Context, case_id: UUID, name: str, content: bytes, note: str = "") -> UUID:
    """Add a file that comes in pieces."""
    pieces = (content[at : at + 10_000] for at in range(0, len(content), 10_000))
    return adding.add_attachment(context, case_id, name, note, pieces)


def take(context: Context, case_id: UUID, attachment_id: UUID, copy: str) -> bytes:
    """Return a copy's content."""
    return b"".join(keeping.give_copy(context, case_id, attachment_id, copy).content)


def kept_files(founded: Founded) -> list[str]:
    """Return the names of all sealed files, half ones too."""
    return sorted(path.name for path in folder_of(founded.runtime).glob("*/*"))


def test_a_photo_is_kept_as_it_is_and_cleaned(founded: Founded, attached: str) -> None:
    """The original to the byte; the copy upright and without EXIF; all of it sealed, of padded sizes."""
    case_id, content = new_case(founded), photo(MAKER)
    attachment_id = add(founded.context(CASEWORKER), case_id, "C:\\photos\\street.jpg", content, " Cora’s ")
    context = founded.context(COLLEAGUE)
    (view,) = keeping.list_files(context, case_id).present
    facts = view.facts
    assert (facts.name, facts.note, facts.kind) == ("street.jpg", "Cora’s", "image/jpeg")
    assert facts.added_by == founded.players[CASEWORKER].id
    assert facts.original.sha256 == hashlib.sha256(content).hexdigest()
    assert take(context, case_id, attachment_id, "original") == content
    cleaned = take(context, case_id, attachment_id, "cleaned")
    assert facts.cleaned and facts.cleaned.sha256 == hashlib.sha256(cleaned).hexdigest()
    picture = Image.open(io.BytesIO(cleaned))
    assert picture.size == (300, 400) and not picture.getexif() and MAKER.encode() not in cleaned
    assert Image.open(io.BytesIO(take(context, case_id, attachment_id, "preview"))).format == "JPEG"
    files = DiskFiles(folder_of(founded.runtime))
    for name in files.list_names():
        sealed = files.path(name).read_bytes()
        assert MAKER.encode() not in sealed
        assert len(sealed) == count_sealed_bytes(facts.copies[name.copy].size_bytes)
        assert attached == "bucket" or files.path(name).stat().st_mode & 0o777 == 0o600
    assert len(kept_files(founded)) == 3


def test_a_file_that_is_sent_twice_is_kept_once(founded: Founded) -> None:
    """As after an answer that was lost; under another note, or once it was removed, it is another file."""
    case_id, content = new_case(founded), recording()
    context = founded.context(CASEWORKER)
    first = add(context, case_id, "call.mp3", content, "From her lawyer")
    before = kept_files(founded)
    assert add(founded.context(CASEWORKER), case_id, "call.mp3", content, " From her lawyer ") == first
    assert kept_files(founded) == before
    assert add(founded.context(CASEWORKER), case_id, "call.mp3", content, "From her sister") != first
    keeping.remove_file(founded.context(CASEWORKER), case_id, first)
    assert add(founded.context(CASEWORKER), case_id, "call.mp3", content, "From her lawyer") != first


def test_a_pdf_loses_its_author(founded: Founded) -> None:
    """Properties, XMP, attachments, scripts, remarks, and the photo in it."""
    case_id, content = new_case(founded), pdf(MAKER)
    attachment_id = add(founded.context(CASEWORKER), case_id, "letter.pdf", content)
    assert unpacked(content).count(MAKER.encode()) >= 5
    cleaned = take(founded.context(CASEWORKER), case_id, attachment_id, "cleaned")
    for spelled in (MAKER.encode(), MAKER.encode("utf-16-be"), MAKER.encode().hex().encode()):
        assert spelled not in unpacked(cleaned)
    assert b"Here." in unpacked(cleaned)


def test_what_cannot_be_cleaned_says_why(founded: Founded) -> None:
    """A recording, a picture of a hundred million points, a PDF that is none: the original is kept."""
    case_id = new_case(founded)
    huge = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(huge, "PNG")
    files = {"call.mp3": recording(), "huge.png": huge.getvalue(), "broken.pdf": b"%PDF-1.7\n%broken"}
    for name, content in files.items():
        add(founded.context(CASEWORKER), case_id, name, content)
    present = keeping.list_files(founded.context(CASEWORKER), case_id).present
    found = {view.facts.name: view.facts.uncleaned for view in present}
    assert found == {"call.mp3": "no_way", "huge.png": "too_many_pixels", "broken.pdf": "damaged"}
    assert all(view.facts.cleaned is None and view.facts.preview is None for view in present)
    assert len(kept_files(founded)) == 3


@pytest.mark.parametrize(
    ("name", "content", "field", "fault"),
    [
        ("empty.pdf", b"", "file", adding.EMPTY),
        ("program.pdf", b"\x7fELF" + bytes(500), "file", adding.WRONG_KIND),
        ("archive.zip", b"PK\x03\x04" + bytes(500), "file", adding.WRONG_KIND),
        ("page.txt", b"<html><script>alert(1)</script>", "file", adding.WRONG_KIND),
        ("large.mp3", b"ID3\x04" + bytes(70_000), "file", adding.TOO_LARGE),
        ("   ", b"%PDF-1.7", "name", None),
    ],
)
def test_what_is_refused_leaves_nothing(
    founded: Founded, name: str, content: bytes, field: str, fault: str | None
) -> None:
    """Empty, of a kind that is not taken, too large, without a name."""
    case_id = new_case(founded)
    limits = replace(founded.runtime.limits, file_bytes=68_000)
    context = founded.context(CASEWORKER)
    context = replace(context, runtime=replace(context.runtime, limits=limits))
    with pytest.raises(Invalid) as refused:
        add(context, case_id, name, content)
    assert field in refused.value.faults
    assert fault in (None, refused.value.faults[field])
    assert kept_files(founded) == []
    assert keeping.list_files(founded.context(CASEWORKER), case_id).present == []


def test_a_file_that_breaks_off_leaves_nothing(founded: Founded) -> None:
    """The line is cut in the middle: neither a row nor a file stays."""
    case_id = new_case(founded)

    def content() -> Iterator[bytes]:
        yield recording(300_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        adding.add_attachment(founded.context(CASEWORKER), case_id, "call.mp3", "", content())
    assert kept_files(founded) == []


def test_a_full_disk_leaves_nothing(founded: Founded, attached: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and names the field; a store that refuses in the middle is no disk."""
    case_id = new_case(founded)

    def refuse(_self: object, _sealed: bytes) -> None:
        raise OSError(28, "No space left on device")

    def refuse_there(_self: object, _sealed: bytes) -> None:
        raise FilesAway(Away.REFUSED)

    monkeypatch.setattr("casework.store.sealedfiles.DiskFile.write", refuse)
    monkeypatch.setattr("casework.store.objectfiles.ObjectFile.write", refuse_there)
    with pytest.raises(Invalid) as refused:
        add(founded.context(CASEWORKER), case_id, "call.mp3", recording())
    assert refused.value.faults == {"file": copies.NO_ROOM if attached == "disk" else copies.STORE_AWAY}
    assert kept_files(founded) == []


def test_who_waits_too_long_for_a_cleaned_copy_is_told(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing stays of the file, and it can be sent again."""
    case_id = new_case(founded)
    monkeypatch.setattr(cleaning, "WAIT_SECONDS", 0.1)
    first = cleaning.clean("image/jpeg", [photo()])
    next(first)
    with pytest.raises(Invalid) as refused:
        add(founded.context(CASEWORKER), case_id, "a.jpg", photo())
    assert refused.value.faults == {"file": adding.CLEANER_BUSY}
    assert kept_files(founded) == []
    first.close()
    add(founded.context(CASEWORKER), case_id, "a.jpg", photo())


def test_who_may_add(founded: Founded) -> None:
    """Not an advocate, not a stranger of the team, and nobody before the content is read."""
    case_id = new_case(founded, team_only=True)

    def content() -> Iterator[bytes]:
        yield from [pytest.fail("it was read")]

    for login, error in ((ADVOCATE, Forbidden), (COLLEAGUE, NotFound)):
        with pytest.raises(error):
            adding.add_attachment(founded.context(login), case_id, "a.pdf", "", content())
    with pytest.raises(NotFound):
        adding.add_attachment(founded.context(CASEWORKER), uuid4(), "a.pdf", "", content())


def test_no_temporary_file(founded: Founded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where programs would lay their temporary files, nothing appears."""
    empty = tmp_path / "temporary"
    empty.mkdir(mode=0o500)
    monkeypatch.setenv("TMPDIR", str(empty))
    case_id = new_case(founded)
    add(founded.context(CASEWORKER), case_id, "letter.pdf", pdf())
    assert list(empty.iterdir()) == []
