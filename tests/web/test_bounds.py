"""What is refused before a form is read, and a host that is not ours."""

import logging
from io import BytesIO, RawIOBase
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.exceptions import UnsupportedMediaType

from casework.app import DiscreetRequest, prepare
from casework.services import drafts
from casework.web.access import OPEN_BYTES
from casework.web.forms.incidents import MAX_PEOPLE
from casework.web.forms.passphrases import LONGEST
from tests.support.application import CASEWORKER, PENDING, Founded, build_app, close
from tests.web.incidents import fields, person_fields

NEW = "/incidents/new"


_MULTIPART = "multipart/form-data; boundary=b"
_PART = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
_UPLOAD = _PART + b"canary" + b"x" * 600_000 + b"\r\n--b--\r\n"


@pytest.mark.parametrize("login", ["", CASEWORKER])
@pytest.mark.parametrize("path", ["/sign-in", NEW, "/drafts?kind=incident", "/nothing-here"])
def test_files_are_refused(founded: Founded, login: str, path: str) -> None:
    """Whoever sends one, to whatever address: 415."""
    answer = founded.client(login).post(path, data=_UPLOAD, content_type=_MULTIPART)
    assert answer.status_code == 415
    assert "canary" not in answer.text


def test_a_file_is_never_written_to_disk() -> None:
    """Reading a request with a file refuses too, where nothing stood before it."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": _MULTIPART,
        "CONTENT_LENGTH": str(len(_UPLOAD)),
        "wsgi.input": BytesIO(_UPLOAD),
    }
    with pytest.raises(UnsupportedMediaType):
        _ = DiscreetRequest(environ).form


@pytest.mark.parametrize(("pairs", "status"), [(5001, 413), (4000, 400)])
def test_a_form_has_so_many_fields(founded: Founded, pairs: int, status: int) -> None:
    """More than any of our forms has are not taken apart at all."""
    body = "&".join(["a=1"] * pairs)
    answer = founded.client().post("/sign-in", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status


class _Unread(RawIOBase):
    """A body that is never to be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("read")


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/sign-in", "text/html", 413),
        ("/language", "text/html", 413),
        ("/nothing-here", "text/html", 413),
        (NEW, "text/html", 302),
        (NEW, "application/json", 401),
        ("/drafts?kind=incident", "application/json", 401),
    ],
)
def test_a_strangers_long_form_is_never_read(founded: Founded, path: str, accept: str, status: int) -> None:
    """It is too large, or its sender is asked who they are: the page then still has what was written."""
    answer = founded.client().post(
        path,
        content_type="application/x-www-form-urlencoded",
        headers={"Accept": accept},
        environ_overrides={"CONTENT_LENGTH": str(OPEN_BYTES + 1), "wsgi.input": _Unread()},
    )
    assert answer.status_code == status


def test_the_longest_honest_form_of_a_stranger_is_read(founded: Founded) -> None:
    """Two names and a passphrase twice, each letter of which takes twelve bytes; and all of a member's."""
    names, words = dict.fromkeys(("display_name", "login"), "😀" * 80), "😀" * LONGEST
    longest = names | {"passphrase": words, "repeated": words}
    assert len(urlencode(longest)) < OPEN_BYTES - 1024
    assert founded.client().post("/sign-in", data=longest).status_code == 400
    assert founded.client(CASEWORKER).post(NEW, data={"narrative": "a" * 500_000}).status_code in (400, 422)


def _people(number: int) -> dict[str, str]:
    return {key: value for at in range(number) for key, value in person_fields(at, name=f"P{at}").items()}


def test_an_incident_with_too_many_people_is_refused(founded: Founded) -> None:
    """Nothing is logged, nothing is cut off silently; as a draft it is refused when it is resumed."""
    client = founded.client(CASEWORKER)
    assert client.post(NEW, data=fields() | _people(MAX_PEOPLE + 1)).status_code == 400
    kept = {name: [value] for name, value in (fields() | _people(MAX_PEOPLE + 1)).items()}
    draft = drafts.keep_draft(founded.context(CASEWORKER), None, "incident", NEW, kept)
    assert client.get(f"{NEW}?draft={draft.hex}").status_code == 400
    assert client.post(NEW, data=fields() | _people(MAX_PEOPLE)).status_code == 302


def test_the_last_row_says_that_there_is_no_more_room(founded: Founded) -> None:
    """The form comes back with everybody in it, and tells where the others go."""
    client = founded.client(CASEWORKER)
    answer = client.post(NEW, data=fields() | _people(MAX_PEOPLE) | {"add_person": "1"})
    assert answer.status_code == 422
    assert f"There is room for {MAX_PEOPLE} people" in answer.text
    assert f'value="P{MAX_PEOPLE - 1}"' in answer.text
    fewer = client.post(NEW, data=fields() | _people(MAX_PEOPLE - 1) | {"add_person": "1"})
    assert fewer.status_code == 200


@pytest.mark.parametrize("row", ["²", "9" * 5000, "INDEX", "-1"], ids=["raised", "long", "template", "minus"])
def test_a_row_that_is_none_is_refused(founded: Founded, row: str) -> None:
    """A position that is no plain number is no row of ours."""
    answer = founded.client(CASEWORKER).post(NEW, data=fields() | {f"people-{row}-name": "x"})
    assert answer.status_code == 400


def test_another_host_gets_a_page_and_one_line_in_the_log(
    tmp_path: Path, bytecode_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The page needs no address of ours; nothing of the request is logged."""
    app = build_app(tmp_path / "instance", bytecode_folder, TRUSTED_HOSTS=["localhost"])
    app.config["TESTING"] = False
    prepare(app)
    with caplog.at_level(logging.INFO):
        for method, path in (
            ("GET", "/"),
            ("POST", "/sign-in"),
            ("GET", "/nothing"),
            ("GET", "/static/a.css"),
        ):
            caplog.clear()
            answer = app.test_client().open(path, method=method, headers={"Host": "canary.example"})
            assert answer.status_code == 400
            assert "casework is not at this address" in answer.text
            assert len(caplog.records) <= 1
            assert "canary" not in caplog.text + answer.text
    assert app.test_client().get("/setup").status_code == 200
    close(app)


def test_a_late_form_is_called_kept_only_when_it_was(founded: Founded) -> None:
    """Somebody whom nobody has admitted yet is not told that what they sent was kept."""
    client = founded.client(PENDING)
    client.post("/lock")
    answer = client.post(NEW, data=fields())
    assert answer.status_code == 401
    assert "What you wrote is kept." not in answer.text
    assert "Not saved yet" in answer.text
