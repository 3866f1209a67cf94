"""Whatever goes wrong: a page that says what to do, with what was written still on it; without scripts."""

import io
import os
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PIL import Image
from playwright.sync_api import FilePayload

from tests.browser import steps
from tests.browser.test_importing import settle
from tests.browser.test_pages import enter
from tests.support.application import CASEWORKER, COLLEAGUE, Template
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer, serve

pytestmark = pytest.mark.browser

Visitors = Callable[..., Visitor]

NEW = "/incidents/new"
STORY = "Deux voitures, la première banalisée.\n\nPuis une troisième, à l’angle de la rue."
SAVE = "main .savebar button:not([name])"
AGAIN = "main form:has(textarea[name=text]) button"
NOTE = "From the person’s lawyer"
SIDE = 10_000
SMALL = {"CASEWORK_MAX_FILE_BYTES": "2000000", "CASEWORK_MAX_FORM_BYTES": "262144"}


@pytest.fixture(scope="module")
def founded_server(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A server with the organization and its cast, for all of this file; what it takes in is short."""
    folder = tmp_path_factory.mktemp("trouble") / "founded"
    with sqlite_template.copy(folder), serve(folder, **SMALL) as server:
        yield server


@pytest.fixture(params=[True, False], ids=["390", "1280"])
def writer(
    request: pytest.FixtureRequest, founded_server: LiveServer, visitors: Visitors, sqlite_template: Template
) -> Visitor:
    """A caseworker whose browser runs no scripts, on a phone and at a desk."""
    writer = visitors(founded_server.url, phone=request.param, scripts=False)
    steps.sign_in(writer, CASEWORKER, sqlite_template.players[CASEWORKER].passphrase)
    return writer


def write(visitor: Visitor) -> None:
    """Fill in an incident."""
    visitor.go(NEW)
    steps.write_incident(visitor, "2026-05-12", "traffic_stop", "spvm", STORY)


def assert_whole(visitor: Visitor, title: str) -> None:
    """The page says what happened, shows the story, and fits the screen."""
    assert title in visitor.say("h1")
    assert visitor.page.input_value("main textarea[name=text]") == STORY
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert visitor.page.evaluate(fits)


def assert_saved(visitor: Visitor) -> None:
    """The browser is at the case, and the story stands there."""
    assert visitor.path.startswith("/cases/")
    assert "Puis une troisième" in visitor.say()


def test_signed_out_in_another_tab(writer: Visitor, sqlite_template: Template) -> None:
    """Signing in on another page and sending again saves it."""
    write(writer)
    writer.context.clear_cookies()
    writer.press(SAVE)
    assert_whole(writer, "You are signed out")
    with writer.context.expect_page() as opened:
        writer.page.click("main .deeds a[href='/sign-in']")
    first, writer.page = writer.page, opened.value
    steps.sign_in(writer, CASEWORKER, sqlite_template.players[CASEWORKER].passphrase)
    writer.page = first
    writer.press(AGAIN)
    assert_whole(writer, "before you last signed in")
    writer.press(AGAIN)
    assert_saved(writer)


def _lengthen(visitor: Visitor, lines: int) -> None:
    """Put so many lines of eighty letters behind the story."""
    lengthen = f'(field, text) => {{ field.value = text + ("x".repeat(79) + "\\n").repeat({lines}) }}'
    visitor.page.locator("main [name=text]").evaluate(lengthen, STORY)


def test_a_text_that_is_too_long(writer: Visitor) -> None:
    """It stands on the page that says so, and is saved once it is shorter."""
    write(writer)
    _lengthen(writer, 15_000)
    writer.press(SAVE)
    assert "too large to take in" in writer.say("h1")
    assert writer.page.input_value("main textarea[name=text]").startswith(STORY)
    assert len(writer.page.input_value("main textarea[name=text]")) > 1_000_000
    writer.page.locator("main textarea[name=text]").evaluate("(field, text) => { field.value = text }", STORY)
    writer.press(AGAIN)
    assert_saved(writer)


def test_a_text_that_is_far_too_long(writer: Visitor) -> None:
    """Nothing of it is read; the page says what can still be done, and does not call it saved."""
    write(writer)
    _lengthen(writer, 54_000)
    writer.press(SAVE)
    assert "too large to take in" in writer.say("h1")
    assert "Your browser’s button Back" in writer.say()


def test_somebody_else_signed_in_meanwhile(writer: Visitor, sqlite_template: Template) -> None:
    """The page names who would save it now."""
    write(writer)
    writer.context.clear_cookies()
    first, writer.page = writer.page, writer.context.new_page()
    steps.sign_in(writer, COLLEAGUE, sqlite_template.players[COLLEAGUE].passphrase)
    name = writer.say("header.top .menu > summary")
    writer.page = first
    writer.press(SAVE)
    assert_whole(writer, "before you last signed in")
    assert name.split()[0] in writer.say("main .lead")


@pytest.mark.skipif(sys.platform != "linux", reason="another process is given a bound by Linux alone")
def test_the_disk_is_full(writer: Visitor, founded_server: LiveServer) -> None:
    """Nothing is half saved; once there is room, sending it again saves it."""
    write(writer)
    with _no_room(founded_server):
        writer.press(SAVE)
        assert_whole(writer, "There is no room left to save")
        writer.press(AGAIN)
        assert_whole(writer, "There is no room left to save")
    writer.press(AGAIN)
    assert_saved(writer)
    logged = founded_server.log.read_text("utf-8")
    assert "A request failed" in logged and "voitures" not in logged
    os.truncate(founded_server.log, 0)
    writer.meant = "status of 503"


@contextmanager
def _no_room(server: LiveServer) -> Iterator[None]:
    """Let no file of the server's grow: what a full disk is to it."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in server.workers()}
    for pid, (_soft, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        for pid, bounds in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, bounds)


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("1", (SIDE, SIDE)).save(file, "PNG")
    return file.getvalue()


def _bomb() -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _megabyte in range(600):
            sheet.write(bytes(1024 * 1024))
    return file.getvalue()


def _choose(visitor: Visitor, name: str, content: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    visitor.page.set_input_files("main input[type=file]", file)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tool.exe", b"MZ" + bytes(200), "This kind of file is not taken"),
        ("call.mp3", b"ID3\x04" + bytes(2_000_100), "This file is too large"),
        ("call.mp3", b"ID3\x04" + bytes(9_000_000), "too large"),
    ],
    ids=["kind", "large", "far too large"],
)
def test_a_file_that_is_not_taken(writer: Visitor, name: str, content: bytes, said: str) -> None:
    """The page says why; what was written about it is still there, as long as any of it was read."""
    _open_files(writer)
    steps.fill(writer, note=NOTE)
    _choose(writer, name, content)
    writer.press("main .upload button")
    assert said in writer.say()
    assert writer.page.input_value("main .upload [name=note]") == NOTE


def test_a_picture_of_ten_thousand_pixels(writer: Visitor) -> None:
    """It is taken; its page says why there is no cleaned copy."""
    _open_files(writer)
    steps.fill(writer, note=NOTE)
    _choose(writer, "plan.png", _picture())
    writer.press("main .upload button")
    writer.press("main a:has-text('plan.png')")
    page = writer.say()
    assert NOTE in page and "more than 64 million points" in page


@pytest.mark.parametrize("phone", [True, False], ids=["390", "1280"])
def test_a_bomb_among_lists(phone: bool, demonstration: LiveServer, visitors: Visitors) -> None:
    """A workbook of half a megabyte that unfolds to six hundred is refused with what to do."""
    coordinator = visitors(demonstration.url, phone=phone, scripts=False)
    enter(coordinator, "coordinator", "en")
    coordinator.go("/imports")
    _choose(coordinator, "list.xlsx", _bomb())
    coordinator.press("main form[enctype] button")
    settle(coordinator)
    assert "unfolds to more than can be read here" in coordinator.say()


def _open_files(visitor: Visitor) -> None:
    write(visitor)
    visitor.press(SAVE)
    visitor.go(visitor.path.partition("#")[0] + "/files")
