"""The advocate's guide: a release from its first word to its files, and whether a file is authentic."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from casework.domain.permissions import Role
from tools.pictures.studio import Studio, press, send

PATIENCE_MILLISECONDS = 300_000
"""How long a look at the numbers may take on a busy machine."""
MOST_LOOKS = 5
STOP, PREVIEW = 'form[action$="/stop"]', "main form[action$='/preview'] button"

_WRITTEN = {
    "en": {
        "title": "Who made the call",
        "summary": "Nobody had to ask about papers. Police did, and called the border agency. These are the"
        " contacts of two years, by how they began.",
        "demands": "That police services stop calling the border agency.",
        "link": "https://example.org/no-calls",
    },
    "fr": {
        "title": "Qui a fait l’appel",
        "summary": "Personne n’avait à demander les papiers. La police l’a fait, et a appelé l’agence des"
        " services frontaliers. Voici les contacts de deux années, selon leur début.",
        "demands": "Que les services de police cessent d’appeler l’agence des services frontaliers.",
        "link": "https://example.org/aucun-appel",
    },
}


def walk(studio: Studio) -> None:
    """Go through the guide: the advocate writes, the coordinator approves, the advocate hands out."""
    with studio.visit(Role.ADVOCATE, phone=True) as page:
        ask_number(page)
        studio.take(page, "number", "main h1", "main p.number")
        page.goto("/releases")
        studio.take(page, "release-list", "main h1", "main table >> nth=-1")
        release = _ask(studio, page)
        _look(studio, page)
    with studio.visit(Role.ADVOCATE) as page:
        page.goto(release)
        _read_and_write(studio, page, release)
    with studio.visit(Role.COORDINATOR) as page:
        page.goto(release)
        _see_numbers(page)
        decision = "main section:has(form[action$='/approve'])"
        studio.take(page, "release-approve", decision, "main form[action$='/return']")
        press(page, "main form[action$='/approve'] button")
        _wait(page)
    with studio.visit(Role.ADVOCATE, phone=True) as page:
        page.goto(release)
        studio.take(page, "release-files", "#files")
        _show_quotes(studio, page)
        _check(studio, page, release)


def ask_number(page: Page) -> None:
    """Ask how many of this year's incidents began with a ticket, and wait for the answer."""
    page.goto("/statistics")
    form = page.locator("main form.filters")
    newest = form.locator("[name=last] option").first.get_attribute("value") or ""
    year = newest.partition("-")[0]
    asked = {"first": f"{year}-Q1", "last": f"{year}-Q4", "what": "contact_group:ticket"}
    for field, value in asked.items():
        form.locator(f"[name={field}]").select_option(value)
    press(page, "main form.filters button")
    _wait(page)


def _ask(studio: Studio, page: Page) -> str:
    """Ask too much: each police service in each year. Returns where the draft is."""
    press(page, 'main a[href="/releases/new"]')
    last = int(page.locator("main [name=last]").input_value().partition("-")[0])
    page.locator("main [name=first]").select_option(f"{last - 1}-Q1")
    for field, name in {"show_1": "contact_group", "show_2": "police_service", "by_2": "year"}.items():
        page.locator(f"main [name={field}]").select_option(name)
    studio.take(page, "release-ask", "main section:has([name=unit])", "main fieldset:has([name=by_2])")
    for name, text in _WRITTEN[studio.language].items():
        page.locator(f"main [name={name}_{studio.language}]").fill(text)
    send(page)
    return page.url


def _look(studio: Studio, page: Page) -> None:
    """Be refused, and take the first form that is offered; a busy machine may find none in time."""
    refused = "main section:has(form[action$='/coarsen'])"
    for _ in range(MOST_LOOKS):
        press(page, PREVIEW)
        page.wait_for_selector("#look-progress")
        studio.take_screen(page, "release-progress")
        _wait(page)
        if page.locator(refused).count():
            break
    studio.take(page, "release-refused", refused, f"{refused} form >> nth=-1")
    press(page, f"{refused} form button")


def _read_and_write(studio: Studio, page: Page, release: str) -> None:
    """See what is hidden, write the words in the other language, and submit."""
    _see_numbers(page)
    # A form that passes may have several tables, and some of them nothing that is hidden.
    studio.take(page, "release-hidden", "main section:has(table):has(.symbols .hid)")
    page.goto(f"{release}/edit")
    for language, words in _WRITTEN.items():
        for name, text in words.items():
            page.locator(f"main [name={name}_{language}]").fill(text)
    code = studio.language
    studio.take(page, "release-words", f"main section:has([name=title_{code}])")
    send(page)
    press(page, "main form[action$='/submit'] button")


def _show_quotes(studio: Studio, page: Page) -> None:
    """Open the web page of the release, as a reader does, from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "release.html"
        _download(page, f"-{studio.language}.html", path)
        reader = page.context.new_page()
        reader.goto(path.as_uri())
        studio.take(reader, "release-quotes", "section:has(ul.quotes)")
        reader.close()


def _check(studio: Studio, page: Page, release: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        name = _download(page, f"-{studio.language}.xlsx", Path(folder) / "given.xlsx")
        content = (Path(folder) / "given.xlsx").read_bytes()
    page.goto("/releases/authentic")
    sent = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("main [name=file]").set_input_files(sent)  # type: ignore[arg-type]
    press(page, "main form button[type=submit]")
    studio.take(page, "release-authentic", "main h1", "main section:has(.flash) >> nth=0")


def _download(page: Page, ending: str, path: Path) -> str:
    """Take a file of the release whose page is open; returns how it is called."""
    with page.expect_download() as taken:
        page.locator(f"#files a[href$='{ending}']").first.click()
    taken.value.save_as(path)
    return taken.value.suggested_filename


def _see_numbers(page: Page) -> None:
    press(page, PREVIEW)
    _wait(page)


def _wait(page: Page) -> None:
    """Wait until what is done in the background has ended; the page asks by itself."""
    page.wait_for_selector(f"main:not(:has({STOP}))", timeout=PATIENCE_MILLISECONDS)
