"""The backups page: when the last one was made, making one, taking a copy with the passphrase."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient

from casework.domain.quorum import USUAL
from casework.services import watching
from casework.services.backups.folder import only_writer
from casework.services.backups.making import make_backup
from casework.services.incidents import log_incident
from casework.services.recovery import renewals
from casework.services.verifying import watched
from casework.store.cases import Incident
from casework.store.database import db
from casework.store.organization import find_organization
from casework.vault.backup import open_bytes
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft
from tests.support.secondfactor import equip
from tests.web.pages import text_of


def test_before_the_first_one(founded: Founded) -> None:
    """The page says so, and what to do."""
    page = founded.client(COORDINATOR).get("/backups").text
    assert "None was made yet." in page
    assert "Make the first one." in page


def test_back_up_now(founded: Founded) -> None:
    """The button makes one, the page lists it."""
    client = founded.client(COORDINATOR)
    page = client.post("/backups", follow_redirects=True).text
    assert "The backup is made." in page
    assert "The last one was made" in page
    assert "A backup is due" not in page
    assert len(list(founded.runtime.backup_folder.glob("casework-2*.age"))) == 1
    later = founded.runtime.now() + timedelta(minutes=1)
    make_backup(replace(founded.runtime, now=lambda: later))
    log = text_of(client.get("/audit"))
    assert "Cora wrote a backup." in log
    assert "A backup was written, by a timer or at the server." in log
    assert "Somebody wrote" not in log


def test_how_far_it_is(founded: Founded) -> None:
    """While one is being made, by whichever process, the page says how far it is and asks again by itself."""
    client = founded.client(COORDINATOR)
    founded.runtime.backup_folder.mkdir(mode=0o700)
    organization = find_organization()
    assert organization
    with only_writer(founded.runtime.backup_folder, organization.id):
        (founded.runtime.data_folder / "copy.unfinished").mkdir()
        (founded.runtime.data_folder / "copy.unfinished" / "database.sqlite").write_bytes(bytes(100_000))
        answer = client.get("/backups")
    assert answer.headers["Refresh"] == "2"
    assert "A backup is being made" in answer.text
    assert "Back up now" not in answer.text
    assert "Refresh" not in client.get("/backups").headers


def test_a_failure_is_shown(founded: Founded) -> None:
    """Also one of the timer's, in the reader's words; nothing claims that a backup is made."""
    founded.runtime.data_folder.joinpath("backup.error").write_text("A backup is being made already.")
    page = founded.client(COORDINATOR).get("/backups").text
    assert "The last attempt failed." in page
    assert "A backup is being made already." in page


def test_a_backup_that_cannot_be_made(founded: Founded) -> None:
    """Where others may open the folder, none is, and the page says why."""
    founded.runtime.backup_folder.mkdir()
    founded.runtime.backup_folder.chmod(0o755)
    page = founded.client(COORDINATOR).post("/backups", follow_redirects=True).text
    assert "The backup is made." not in page
    assert "Others may open the folder for backups." in page


def test_an_old_one_is_due(founded: Founded) -> None:
    """After seven days the page asks for a new one."""
    now = founded.runtime.now()
    make_backup(replace(founded.runtime, now=lambda: now - timedelta(days=8)))
    assert "A backup is due." in founded.client(COORDINATOR).get("/backups").text


@pytest.fixture
def download(founded: Founded) -> str:
    """The address of a backup's page."""
    make_backup(founded.runtime)
    page = founded.client(COORDINATOR).get("/backups").text
    return page.partition('href="/backups/')[2].partition('"')[0].join(("/backups/", ""))


def test_a_copy_leaves_with_the_passphrase(founded: Founded, download: str) -> None:
    """The file comes as it lies there, is noted in the log and on the page."""
    client = founded.client(COORDINATOR)
    assert "never expires by itself" in client.get(download).text
    refused = client.post(download, data={"passphrase": "something else entirely"})
    assert refused.status_code == 400
    assert "This is not the passphrase" in refused.text
    assert "something else entirely" not in refused.text
    given = client.post(download, data={"passphrase": founded.players[COORDINATOR].passphrase})
    assert given.status_code == 200
    assert given.headers["Content-Disposition"].startswith("attachment; filename=casework-")
    assert given.headers["Cache-Control"] == "no-store"
    secret = MemberSecret(founded.players[COORDINATOR].recovery_seed)
    assert open_bytes(secret, given.data).startswith(b"manifest.json")
    assert open_log(founded.context())[-1]["event"] == "backup.downloaded"
    assert "a copy has left" in client.get("/backups").text


def test_a_code_is_asked_for_where_there_is_a_second_factor(founded: Founded, download: str) -> None:
    """The passphrase alone takes no copy."""
    device = equip(founded.context())
    client, given = founded.client(COORDINATOR), {"passphrase": founded.players[COORDINATOR].passphrase}
    for code, fault in (("", "Type the code."), ("000000", "This code does not fit")):
        answer = client.post(download, data=given | {"code": code})
        assert answer.status_code == 400 and fault in answer.text
    right = given | {"code": device.code(founded.runtime.now_seconds())}
    assert client.post(download, data=right).status_code == 200


def test_a_file_that_was_moved_away(founded: Founded, download: str) -> None:
    """Its page is gone, and the list says where it is not."""
    client = founded.client(COORDINATOR)
    for file in Path(founded.runtime.backup_folder).glob("casework-2*.age"):
        file.unlink()
    assert "not in the folder" in client.get("/backups").text
    assert client.get(download).status_code == 404


def test_every_record_is_checked(founded: Founded) -> None:
    """The button opens everything; what is hurt is named by table and id."""
    logged = log_incident(founded.context(CASEWORKER), incident_draft())
    client = founded.client(COORDINATOR)
    assert "Everything opened." in until_finished(client)
    row = db.session.get_one(Incident, logged.incident_id)
    row.narrative_sealed = row.narrative_sealed[:-1]
    db.session.commit()
    page = until_finished(client)
    assert "1 record does not open." in page
    assert str(logged.incident_id) in page


def test_a_check_ends_with_its_session(founded: Founded) -> None:
    """The keys of somebody who has signed out serve nobody."""
    context = founded.context(COORDINATOR)
    with patch.object(watching, "_EVERY_SECONDS", -1.0), pytest.raises(watching.SessionEnded):
        watched.run_check(context, lambda: False)
    page = founded.client(COORDINATOR).get("/backups").text
    assert "The last check was not finished." in page


def until_finished(client: FlaskClient) -> str:
    """Press the button, and look until it is done."""
    page = client.post("/backups/verify", follow_redirects=True).text
    for _ in range(3000):
        if "Opened so far" not in page:
            break
        time.sleep(0.1)
        page = client.get("/backups").text
    return page


def test_a_backup_from_before_new_shares_says_so(founded: Founded) -> None:
    """Only the sheets from before open it: they must not be destroyed while it is needed."""
    day = timedelta(days=1)
    now = founded.runtime.now()
    for moment in (now - 2 * day, now, now + day):
        make_backup(replace(founded.runtime, now=partial(datetime.fromtimestamp, moment.timestamp(), UTC)))
    client = founded.client(COORDINATOR)
    assert "opens only with the shares" not in client.get("/backups").text
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    for share in renewals.get_sharing(context, cookie).shares:
        renewals.confirm_share(context, cookie, share)
    renewals.finish_renewal(context, cookie)
    page = client.get("/backups").text
    assert page.count("opens only with the shares of before") == 1
    assert page.count("or with those before") == 1
