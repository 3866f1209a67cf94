"""Sending files by a form, seeing and taking them."""

import hashlib
import io
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.domain.attachment import NOTE_CHARACTERS
from casework.services.attachments import keeping
from casework.services.incidents import log_incident
from casework.web.uploading import RECEIVES
from tests.support.application import ADVOCATE, CASEWORKER, Founded
from tests.support.files import pdf, photo, recording
from tests.support.records import incident_draft


@pytest.fixture
def case_id(founded: Founded) -> UUID:
    """A case to add files to."""
    return log_incident(founded.context(CASEWORKER), incident_draft()).case_id


@pytest.fixture
def guarded(app: Flask) -> Iterator[None]:
    """Ask for the form's token, as in use."""
    app.config.update(WTF_CSRF_ENABLED=True)
    yield
    app.config.update(WTF_CSRF_ENABLED=False)


def send(client: FlaskClient, case_id: UUID, *files: tuple[str, bytes], **fields: str) -> object:
    """Post the form as a browser does: fields first."""
    data = {**fields, "file": [(io.BytesIO(content), name) for name, content in files]}
    return client.post(f"/cases/{case_id}/files/add", data=data, content_type="multipart/form-data")


def names(founded: Founded, case_id: UUID) -> list[str]:
    """Return what the case's files are called."""
    present = keeping.list_files(founded.context(CASEWORKER), case_id).present
    return sorted(view.facts.name for view in present)


def test_several_files_are_added_and_listed(founded: Founded, case_id: UUID) -> None:
    """One form, two files and a note for both; the case's page shows them."""
    client = founded.client(CASEWORKER)
    answer = send(client, case_id, ("été.jpg", photo()), ("lettre.pdf", pdf()), note="From Cora")
    assert answer.status_code == 302, answer.text  # type: ignore[attr-defined]
    assert names(founded, case_id) == ["lettre.pdf", "été.jpg"]
    for page in (f"/cases/{case_id}", f"/cases/{case_id}/files"):
        text = client.get(page).text
        assert "lettre.pdf" in text and "From Cora" in text


def test_a_file_is_taken(founded: Founded, case_id: UUID) -> None:
    """The cleaned copy by a link, the original by a form; neither is shown by the browser."""
    client, content = founded.client(CASEWORKER), photo("Quiet Cameras")
    send(client, case_id, ("été.jpg", content))
    (view,) = keeping.list_files(founded.context(CASEWORKER), case_id).present
    place = f"/cases/{case_id}/files/{view.id}"
    cleaned, original = client.get(f"{place}/cleaned"), client.post(f"{place}/original")
    assert original.data == content and b"Quiet Cameras" not in cleaned.data
    for answer in (cleaned, original, client.get(f"{place}/preview")):
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.content_length == len(answer.data)
    assert cleaned.headers["Content-Disposition"].startswith("attachment;")
    page = client.get(place).text
    assert hashlib.sha256(content).hexdigest() in page and f"{place}/preview" in page


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([], 422, "Choose a file first"),
        ([("empty.pdf", b"")], 422, "This file is empty"),
        ([("tool.exe", b"MZ" + bytes(200))], 422, "This kind of file is not taken"),
    ],
)
def test_what_is_refused_says_why(
    founded: Founded, case_id: UUID, files: list[tuple[str, bytes]], status: int, said: str
) -> None:
    """The field is named, and the note is still there."""
    answer = send(founded.client(CASEWORKER), case_id, *files, note="From Cora")
    assert answer.status_code == status  # type: ignore[attr-defined]
    text = answer.text  # type: ignore[attr-defined]
    assert said in text and 'value="From Cora"' in text
    assert names(founded, case_id) == []


def test_one_of_several_is_refused(founded: Founded, case_id: UUID) -> None:
    """The others are kept, those behind it too; the page says both, and sent again none is there twice."""
    files = [("good.pdf", pdf()), ("evil.svg", b"<svg/>"), ("call.mp3", recording())]
    for _time in range(2):
        answer = send(founded.client(CASEWORKER), case_id, *files, note="From Cora")
        assert answer.status_code == 422  # type: ignore[attr-defined]
        text = answer.text  # type: ignore[attr-defined]
        assert "evil.svg: This kind of file is not taken" in text and 'value="From Cora"' in text
        assert "in the list: good.pdf, call.mp3." in text
        assert names(founded, case_id) == ["call.mp3", "good.pdf"]


def test_what_is_wrong_with_the_note_of_all_is_said_once(founded: Founded, case_id: UUID) -> None:
    """It is no fault of a file."""
    files = [("a.pdf", pdf()), ("b.mp3", recording())]
    answer = send(founded.client(CASEWORKER), case_id, *files, note="x" * (NOTE_CHARACTERS + 1))
    assert answer.status_code == 422 and names(founded, case_id) == []  # type: ignore[attr-defined]
    assert answer.text.count('id="note-fault"') == 1 and "a.pdf" not in answer.text  # type: ignore[attr-defined]


def test_a_form_that_says_it_is_too_large_is_not_read(founded: Founded, case_id: UUID) -> None:
    """By its length alone."""
    length = founded.runtime.limits.file_bytes + 1024 * 1024
    answer = founded.client(CASEWORKER).post(
        f"/cases/{case_id}/files/add",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(length), "wsgi.input": io.BytesIO(b"")},
    )
    assert answer.status_code == 413 and "too large" in answer.text


def test_a_script_is_answered_in_json(founded: Founded, case_id: UUID) -> None:
    """What the progress bar needs."""
    client = founded.client(CASEWORKER)
    path, accepted = f"/cases/{case_id}/files/add", {"Accept": "application/json"}
    answer = client.post(path, data={"file": (io.BytesIO(recording()), "call.mp3")}, headers=accepted)
    assert (answer.status_code, answer.json) == (201, {"added": 1})
    answer = client.post(path, data={"file": (io.BytesIO(b""), "none.mp3")}, headers=accepted)
    assert answer.status_code == 422 and "This file is empty" in answer.text


@pytest.mark.usefixtures("guarded")
def test_the_token_comes_before_the_file(founded: Founded, case_id: UUID) -> None:
    """Behind it, it is as good as none; in a header it is taken."""
    client = founded.client(CASEWORKER)
    page = client.get(f"/cases/{case_id}").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    part = '--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    field = (part % ("csrf_token", "") + token + "\r\n").encode()
    file = (part % ("file", '; filename="a.mp3"')).encode() + recording() + b"\r\n"
    path, kind = f"/cases/{case_id}/files/add", "multipart/form-data; boundary=x"
    assert client.post(path, data=file + field + b"--x--\r\n", content_type=kind).status_code == 400
    assert names(founded, case_id) == []
    other = file.replace(b"a.mp3", b"b.mp3")
    for body, headers in ((field + file, {}), (other, {"X-CSRFToken": token})):
        answer = client.post(path, data=body + b"--x--\r\n", content_type=kind, headers=headers)
        assert answer.status_code == 302, answer.text
    assert sorted(names(founded, case_id)) == ["a.mp3", "b.mp3"]


@pytest.mark.parametrize("cut", [200, 60_000])
def test_a_form_that_breaks_off(founded: Founded, case_id: UUID, cut: int) -> None:
    """It is refused as a whole, and nothing is kept."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n' + recording()
    answer = founded.client(CASEWORKER).post(
        f"/cases/{case_id}/files/add", data=body[:cut], content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 400
    assert names(founded, case_id) == []


class _Counted(io.BytesIO):
    """A body that knows how much of it was read."""

    def read(self, size: int | None = -1, /) -> bytes:
        assert self.tell() < 700_000, "most of it was read"
        return super().read(size)


_FIELD = b'--x\r\nContent-Disposition: form-data; name="%d"\r\n\r\n%b\r\n'
_FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'


@pytest.mark.parametrize(
    "body",
    [
        b"a" * 5_000_000,
        b"".join(_FIELD % (number, b"a" * 60_000) for number in range(80)),
        b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 5_000_000,
        _FILE + recording() + b"\r\n--x\r\nX: " + b"a" * 5_000_000,
        _FILE + recording() + b"\r\n--x--\r\n" + b"a" * 5_000_000,
    ],
    ids=["no_boundary", "fields", "endless_head", "endless_second_head", "behind_the_end"],
)
def test_what_is_no_file_is_bounded(founded: Founded, case_id: UUID, body: bytes) -> None:
    """All fields together, the lines above a part, what belongs to no part: little of each is taken."""
    answer = founded.client(CASEWORKER).post(
        f"/cases/{case_id}/files/add",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(len(body)), "wsgi.input": _Counted(body)},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(("length", "status"), [(72, 302), (100, 302), (101, 400)])
def test_a_boundary_is_short(founded: Founded, case_id: UUID, length: int, status: int) -> None:
    """More would be more to hold while a file comes; some clients write a few more than RFC 2046 allows."""
    boundary = "x" * length
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'
    body = head.encode() + recording() + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    answer = founded.client(CASEWORKER).post(f"/cases/{case_id}/files/add", data=body, content_type=kind)
    assert answer.status_code == status


class _Unread(io.RawIOBase):
    """A body that is never to be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("read")


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(("login", "status"), [("", 302), (ADVOCATE, 403)])
def test_nothing_is_read_of_who_may_not(founded: Founded, case_id: UUID, login: str, status: int) -> None:
    """Whoever has no session, or no part in cases, is answered before the first byte of the form."""
    answer = founded.client(login).post(
        f"/cases/{case_id}/files/add",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "1000", "wsgi.input": _Unread()},
    )
    assert answer.status_code == status


def test_a_thread_for_pages_receives_nothing(founded: Founded, case_id: UUID) -> None:
    """Where the server says that this thread may not wait for a file, it does not."""
    answer = founded.client(CASEWORKER).post(
        f"/cases/{case_id}/files/add",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={RECEIVES: False, "CONTENT_LENGTH": "1000", "wsgi.input": _Unread()},
    )
    assert answer.status_code == 400


def test_a_locked_screen_says_that_the_file_was_not_received(founded: Founded, case_id: UUID) -> None:
    """After signing in the page says what to do."""
    client = founded.client()
    answer = send(client, case_id, ("a.mp3", recording()))
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert "the file was not received" in client.get("/sign-in").text


def test_renaming_removing_and_putting_back(founded: Founded, case_id: UUID) -> None:
    """Each by a form on the file's page."""
    client = founded.client(CASEWORKER)
    send(client, case_id, ("a.mp3", recording()))
    (view,) = keeping.list_files(founded.context(CASEWORKER), case_id).present
    place = f"/cases/{case_id}/files/{view.id}"
    answer = client.post(place, data={"version": "1", "name": "call.mp3", "note": "At night"})
    assert answer.status_code == 302 and names(founded, case_id) == ["call.mp3"]
    assert client.post(place, data={"version": "1", "name": "b", "note": ""}).status_code == 409
    refused = client.post(place, data={"version": "2", "name": " ", "note": "kept"})
    assert refused.status_code == 422 and "Give the file a name" in refused.text and "kept" in refused.text
    client.post(f"{place}/remove")
    assert names(founded, case_id) == [] and "call.mp3" in client.get(f"/cases/{case_id}").text
    client.post(f"{place}/restore")
    assert names(founded, case_id) == ["call.mp3"]
