"""The page that says how the server is: plain words, and nothing that helps who should not know."""

import pytest

from casework.services.backups.making import make_backup
from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.doctor import close_to_others
from tests.support.records import incident_draft
from tests.web.pages import text_of


def test_it_says_what_is_wrong_first(founded: Founded) -> None:
    """And what to do about it."""
    page = text_of(founded.client(COORDINATOR).get("/server"))
    assert "Something is wrong." in page
    assert "There is no backup in the folder." in page and "Make one now" in page
    assert page.index("Last backup") < page.index("Last recovery drill") < page.index("Room for data")


def test_the_backups_lead_there(founded: Founded) -> None:
    """From the page that coordinators know."""
    assert "/server" in founded.client(COORDINATOR).get("/backups").text


@pytest.mark.parametrize(("language", "words"), [("fr", "Clé d’hôte"), ("es", "Clave del servidor")])
def test_in_the_readers_language(founded: Founded, language: str, words: str) -> None:
    """Every sentence, the time of the backup too."""
    make_backup(founded.runtime)
    client = founded.client(COORDINATOR)
    client.post("/language", data={"language": language, "next": "/server"})
    page = text_of(client.get("/server"))
    assert words in page
    for english in ("Last ", " is ", "are free", "host key", "%("):
        assert english not in page


def test_it_names_no_path_and_nobody(founded: Founded) -> None:
    """Nothing of a record, no member but the reader, no folder."""
    log_incident(founded.context(CASEWORKER), incident_draft("Canary at the corner"))
    make_backup(founded.runtime)
    close_to_others(founded)
    (founded.runtime.data_folder / "form.key").chmod(0o644)
    page = founded.client(COORDINATOR).get("/server").text
    assert "other accounts may open: 1" in page
    folder = founded.runtime.data_folder
    for secret in (
        str(folder),
        folder.parent.name,
        "form.key",
        "host.key",
        "Canary",
        CASEWORKER.title(),
    ):
        assert secret not in page
