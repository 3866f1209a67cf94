"""Several files chosen at once, of which one is refused: what was kept and what was not, both are said."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser import steps
from tests.support.application import CASEWORKER, Template
from tests.support.browser import Visitor
from tests.support.files import photo
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def caseworker(server: LiveServer, visitors: Callable[..., Visitor], sqlite_template: Template) -> Visitor:
    """A caseworker who writes French, at the files of a new case."""
    visitor = visitors(server.url)
    steps.sign_in(visitor, CASEWORKER, sqlite_template.players[CASEWORKER].passphrase)
    visitor.page.click("details.menu summary")
    visitor.press(".menu .languages [value=fr]")
    visitor.go("/incidents/new")
    steps.write_incident(visitor, "2026-05-12", "traffic_stop", "spvm", "Rue Ontario.")
    visitor.press("main .savebar button:not([name])")
    visitor.go(f"{visitor.path.partition('#')[0].partition('?')[0]}/files")
    return visitor


def test_one_of_several_is_refused(caseworker: Visitor) -> None:
    """The list has the one that was kept, the words name both; pressed again, only the other is sent."""
    page, sent = caseworker.page, []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    files = [
        FilePayload(name="good.jpg", mimeType="image/jpeg", buffer=photo()),
        FilePayload(name="evil.svg", mimeType="image/svg+xml", buffer=b"<svg/>"),
    ]
    page.set_input_files("main .upload [name=file]", files)
    button, said = page.locator("main .upload button"), page.locator("[data-upload-said]")
    button.click()
    refusal = "evil.svg\u00a0: Ce genre de fichier"
    expect(said).to_contain_text(refusal)
    expect(said).to_contain_text("dans la liste\u00a0: good.jpg.")
    expect(said.locator(".fault")).to_contain_text(refusal)
    expect(page.locator("main .upload .field.wrong [name=file][aria-invalid=true]")).to_be_visible()
    expect(page.locator("main th.row a", has_text="good.jpg").first).to_be_visible()
    expect(button).to_be_enabled()
    button.click()
    expect(said).not_to_contain_text("good.jpg")
    expect(said).to_contain_text(refusal)
    assert len(sent) == 3 and page.locator("main tr[id^=file-]").count() == 1


def test_a_name_in_any_script_is_downloaded(caseworker: Visitor) -> None:
    """Through the server itself, which refuses headers beyond Latin-1."""
    page = caseworker.page
    names = ["Nguyễn.jpg", "نص.jpg", "😀.jpg", "Pièce d’identité.jpg"]
    steps.attach(caseworker, "", {name: photo() for name in names})
    files, saved = caseworker.path.partition("#")[0], set()
    for name in names:
        caseworker.go(files)
        page.get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_load_state()
        with page.expect_download() as given:
            page.locator("main .deeds a.button").first.click()
        saved.add(given.value.suggested_filename)
    assert saved == {name.replace(".jpg", "-nettoyé.jpg") for name in names}
