"""Takes the pictures of README and of the guides anew: `make pictures`.

It fills the demonstration in a temporary folder, goes through it as the guide does, once in English and once
in French, and writes small PNG files. People and stories are those of the day; references, the words of a
passphrase and fingerprints are drawn anew. A browser without a window writes the date in its own field as in
the United States, in whichever language.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FloatRect,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from casework.domain.permissions import Role
from tests.support.live_server import LiveServer, serve
from tools.system_parts import HOW, find_chromium

DOCS = Path(__file__).parent.parent / "docs"
GUIDES, README = DOCS / "guides" / "pictures", DOCS / "pictures"
LANGUAGES = ("en", "fr")
# Twice the points of a phone, one and a half those of a small desk: sharp on paper, and still small.
PHONE, PHONE_SCALE = ViewportSize(width=390, height=844), 2.0
DESK, DESK_SCALE = ViewportSize(width=1060, height=800), 1.5
COLOURS = 48
MARGIN = 12
"""Points around what is told."""

TYPED = {
    "en": {
        "text": "Stopped at the turnstile. Two officers, one stayed with her while the other called.",
        "officer": "Two, in uniform",
        "said": "“Where are you really from?”",
        "file": "ticket.jpg",
        "note": "The ticket, from her phone",
        "lawyer": "Me Fictive, her lawyer",
    },
    "fr": {
        "text": "Arrêtée au tourniquet. Un agent reste avec elle pendant que l’autre appelle.",
        "officer": "Deux, en uniforme",
        "said": "« Vous venez d’où, pour vrai ? »",
        "file": "constat.jpg",
        "note": "Le constat, pris avec son téléphone",
        "lawyer": "Me Fictive, son avocate",
    },
}


@dataclass(frozen=True)
class Studio:
    """A demonstration and a browser, in one language."""

    browser: Browser
    server: LiveServer
    language: str

    @contextmanager
    def visit(self, role: Role | None = None, *, phone: bool = False) -> Iterator[Page]:
        """Open a browser as somebody of the demonstration, or as nobody yet."""
        context = self._open(phone)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if role:
            page.goto("/sign-in")
            with page.expect_navigation():
                page.locator(f"main .task form:has([value={role}]) button").click()
            self._speak(page)
        yield page
        context.close()

    def typed(self, name: str) -> str:
        """Give what the caseworker types."""
        return TYPED[self.language][name]

    def take(
        self,
        page: Page,
        name: str,
        first: str,
        last: str = "",
        folder: Path = GUIDES,
        whole_width: bool = True,
    ) -> None:
        """Take what stands from one element to the other; what sticks to the screen lets go."""
        name = name if folder == README else f"{name}-{self.language}"
        page.evaluate(
            "for (const bar of document.querySelectorAll('.savebar')) bar.style.position = 'static'"
        )
        begin, end = _find(page.locator(first).first), _find(page.locator(last or first).last)
        top, left = max(0, begin["y"] - MARGIN), 0 if whole_width else max(0, begin["x"] - MARGIN)
        width = _width(page) if whole_width else begin["width"] + 2 * MARGIN
        clip = FloatRect(x=left, y=top, width=width, height=end["y"] + end["height"] + MARGIN - top)
        _keep(page.screenshot(full_page=True, clip=clip), folder / f"{name}.png")

    def take_screen(self, page: Page, name: str, folder: Path = GUIDES) -> None:
        """Take what stands on the screen, as one sees it."""
        name = name if folder == README else f"{name}-{self.language}"
        _keep(page.screenshot(), folder / f"{name}.png")

    def _open(self, phone: bool) -> BrowserContext:
        return self.browser.new_context(
            base_url=self.server.url,
            viewport=PHONE if phone else DESK,
            device_scale_factor=PHONE_SCALE if phone else DESK_SCALE,
            locale=f"{self.language}-CA",
            reduced_motion="reduce",
        )

    def _speak(self, page: Page) -> None:
        if page.get_attribute("html", "lang") != self.language:
            page.locator("details.menu summary").click()
            with page.expect_navigation():
                page.locator(f".menu .languages [value={self.language}]").click()


def main() -> int:
    """Take all pictures; 1 where there is no browser."""
    chromium = find_chromium()
    if chromium is None:
        print(HOW["Chromium"], file=sys.stderr)
        return 1
    GUIDES.mkdir(parents=True, exist_ok=True)
    sandbox = [] if os.getuid() else ["--no-sandbox"]  # it refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "demo", "--demo") as server:
                _take_all(Studio(browser, server, language))
        browser.close()
    return 0


def _take_all(studio: Studio) -> None:
    """Go through the guide; each section leaves the records as the next needs them."""
    with studio.visit(Role.COORDINATOR) as page:
        link = _invite(page, studio.language)
    with studio.visit(phone=True) as page:
        _join(studio, page, link)
    with studio.visit(Role.CASEWORKER) as page:
        studio.take(page, "today", ".ribbon", "main ol.thread >> nth=1")
        case = _find_detained(page)
        page.goto(case)
        studio.take(page, "clock", "#clocks .clock")
        studio.take(page, "pathway", "main ol.thread > li >> nth=1", "main ol.thread > li >> nth=3")
        _ask_consent(studio, page)
        _add_a_file(studio, page, case)
        _choose_many(studio, page)
    with studio.visit(Role.CASEWORKER, phone=True) as page:
        _log_during_a_call(studio, page)
        _meet_somebody_known(studio, page, case)
        _take_along(studio, page, case)
    if studio.language == "en":
        _take_for_readme(studio, case)


def _invite(page: Page, language: str) -> str:
    page.goto("/members/invite")
    page.locator("main [name=display_name]").fill("Amara")
    page.locator("main [name=roles][value=caseworker]").check()
    page.locator(f"main [name=language][value={language}]").check()
    _send(page)
    return page.locator("#link").input_value()


def _join(studio: Studio, page: Page, link: str) -> None:
    page.goto(link)
    words = " ".join(page.locator("main .words li").all_inner_texts())
    studio.take(page, "join", "main h1", "main .words")
    page.locator("main [name=login]").fill("amara")
    page.locator("main [name=passphrase]").fill(words)
    _send(page)
    studio.take(page, "waiting", "main h1", "main .deeds")


def _find_detained(page: Page) -> str:
    """Return a case with a clock and one person who has a phone: who that is depends on the day."""
    page.goto("/")
    for case in [link.get_attribute("href") or "" for link in page.locator("main .clock a.ref").all()]:
        page.goto(case)
        people, told = page.locator("aside.side li"), page.locator("main ol.thread > li")
        if people.count() == 1 and "555-" in people.inner_text() and told.count() > 3:
            return case.partition("#")[0]
    raise LookupError("nobody of the demonstration can be shown in detention")


def _ask_consent(studio: Studio, page: Page) -> None:
    page.goto("/incidents/new")
    page.locator("main [name=people-0-name]").fill("Amina D.")
    page.locator("main [name=people-0-consent_statistics][value=given]").check()
    for purpose, answer in {"casework": "given", "story": "refused", "litigation": "not_asked"}.items():
        page.locator(f"main [name=people-0-consent_{purpose}]").select_option(answer)
    first, last = (
        f"main fieldset:has([name=people-0-consent_{purpose}])" for purpose in ("statistics", "story")
    )
    studio.take(page, "consent", first, last, whole_width=False)


def _add_a_file(studio: Studio, page: Page, case: str) -> None:
    page.goto(case)
    page.locator("main .upload [name=note]").fill(studio.typed("note"))
    name = studio.typed("file")
    picture = {"name": name, "mimeType": "image/jpeg", "buffer": _draw_ticket()}
    page.locator("main .upload [name=file]").set_input_files(picture)  # type: ignore[arg-type]
    page.locator("main .upload button").click()
    page.get_by_role("link", name=name, exact=True).click()
    studio.take(page, "file", "main h1", "#original p >> nth=0")


def _choose_many(studio: Studio, page: Page) -> None:
    page.goto("/cases?who=all")
    for box in page.locator("main tbody [name=case]").all()[:4]:
        box.check()
    with page.expect_navigation():
        page.locator("main [name=deed][value=consent]").click()
    page.locator("main [name=purpose][value=story]").check()
    page.locator("main [name=answer][value=given]").check()
    _press(page, "main form.panel .deeds button")
    page.locator("main #count details summary").click()
    studio.take(page, "many", "main h1", "main #count")


def _log_during_a_call(studio: Studio, page: Page) -> None:
    _write_call(studio, page, "Amina D.", "506 555-0143")
    page.locator("main .opening-leaf").evaluate("part => part.scrollIntoView()")
    _hear(page, "kept")
    studio.take_screen(page, "quick")
    page.locator("main .leaf:has([data-ask])").evaluate("part => part.scrollIntoView()")
    studio.take_screen(page, "ask")
    if studio.language == "en":
        studio.take_screen(page, "log-phone", README)
    page.locator("main .leaf:has([name=text])").last.evaluate("part => part.scrollIntoView()")
    page.context.set_offline(True)
    page.locator("main .savebar button:not([name])").click()
    _hear(page, "waiting")
    studio.take_screen(page, "bad-line")
    with page.expect_navigation(url="**/cases/*"):
        page.context.set_offline(False)


def _write_call(studio: Studio, page: Page, name: str, phone: str) -> None:
    page.goto("/incidents/new?view=quick")
    page.locator("main [name=day]").fill(datetime.now(UTC).date().replace(day=1).isoformat())
    page.locator("main [name=police_service]").select_option("stm")
    page.locator("main [name=contact_type]").select_option("fare_check")
    page.locator("main [name=people-0-name]").fill(name)
    page.locator("main [name=people-0-phone]").fill(phone)
    page.locator("main [name=officer]").fill(studio.typed("officer"))
    page.locator("main [name=said]").fill(studio.typed("said"))
    page.locator("main [name=text]").fill(studio.typed("text"))


def _hear(page: Page, what: str) -> None:
    """Wait until the page says this of the draft."""
    words = page.locator("form[data-draft-url]").get_attribute(f"data-draft-{what}") or ""
    expect(page.locator("[data-draft-said]")).to_contain_text(words.partition("{")[0], timeout=15_000)


def _meet_somebody_known(studio: Studio, page: Page, case: str) -> None:
    page.goto(case)
    somebody = page.locator("aside.side li").first
    phone = next(line for line in somebody.inner_text().splitlines() if "555-" in line)
    name = somebody.locator("strong").first.inner_text()
    _write_call(studio, page, name, phone.split("\t")[-1])
    _press(page, "main .savebar button:not([name])")
    studio.take(page, "known", "main h1", "main section:has(#likely)")


def _take_along(studio: Studio, page: Page, case: str) -> None:
    page.goto(f"{case}/file")
    page.locator("main [name=made_for]").fill(studio.typed("lawyer"))
    studio.take(page, "lawyer", "main h1", "main fieldset:has([name=parts])")


def _take_for_readme(studio: Studio, case: str) -> None:
    with studio.visit(Role.CASEWORKER) as page:
        page.goto(case)
        studio.take(page, "case", ".ribbon", "main ol.thread > li >> nth=1", README)
    with studio.visit(Role.ADVOCATE) as page:
        page.goto("/statistics")
        studio.take(page, "statistics", ".ribbon", "main figure", README)


def _draw_ticket() -> bytes:
    """Draw what could be a ticket, and is none."""
    picture = Image.new("RGB", (480, 300), "#f7f3e8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((16, 16, 463, 283), outline="#7a3b2e", width=3)
    draw.text((36, 32), "SPECIMEN 0000", fill="#7a3b2e", font_size=34)
    for row, width in enumerate((380, 300, 350, 220, 330)):
        draw.rectangle((36, 100 + 34 * row, 36 + width, 112 + 34 * row), fill="#c9c2b2")
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=90)
    return content.getvalue()


def _send(page: Page) -> None:
    _press(page, "main .savebar button:not([name])")


def _press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def _find(element: Locator) -> FloatRect:
    """Say where an element is, in points from the corner of the page."""
    where: FloatRect = element.evaluate(
        "one => { const {x, y, width, height} = one.getBoundingClientRect();"
        " return {x: x + scrollX, y: y + scrollY, width, height}; }"
    )
    return where


def _width(page: Page) -> int:
    return (page.viewport_size or DESK)["width"]


def _keep(content: bytes, path: Path) -> None:
    """Write with few colours: a screen has no more, and the file is a third."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        path, "PNG", optimize=True
    )


if __name__ == "__main__":
    sys.exit(main())
