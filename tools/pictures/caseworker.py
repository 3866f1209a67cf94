"""The caseworker's guide: from the invitation to a PDF for the lawyer; and the pictures of README."""

import io
from datetime import UTC, datetime

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from casework.domain.permissions import Role
from tools.pictures.advocate import ask_number
from tools.pictures.studio import README, Studio, press, send

_TYPED = {
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


def walk(studio: Studio) -> None:
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
    send(page)
    return page.locator("#link").input_value()


def _join(studio: Studio, page: Page, link: str) -> None:
    page.goto(link)
    words = " ".join(page.locator("main .words li").all_inner_texts())
    studio.take(page, "join", "main h1", "main .words")
    page.locator("main [name=login]").fill("amara")
    page.locator("main [name=passphrase]").fill(words)
    send(page)
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
    page.locator("main .upload [name=note]").fill(_type(studio, "note"))
    name = _type(studio, "file")
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
    press(page, "main form.panel .deeds button")
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
    page.locator("main [name=officer]").fill(_type(studio, "officer"))
    page.locator("main [name=said]").fill(_type(studio, "said"))
    page.locator("main [name=text]").fill(_type(studio, "text"))


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
    press(page, "main .savebar button:not([name])")
    studio.take(page, "known", "main h1", "main section:has(#likely)")


def _take_along(studio: Studio, page: Page, case: str) -> None:
    page.goto(f"{case}/file")
    page.locator("main [name=made_for]").fill(_type(studio, "lawyer"))
    studio.take(page, "lawyer", "main h1", "main fieldset:has([name=parts])")


def _take_for_readme(studio: Studio, case: str) -> None:
    with studio.visit(Role.CASEWORKER) as page:
        page.goto(case)
        studio.take(page, "case", ".ribbon", "main ol.thread > li >> nth=1", README)
    with studio.visit(Role.ADVOCATE) as page:
        ask_number(page)
        studio.take(page, "number", ".ribbon", "main table.protected", README)


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


def _type(studio: Studio, name: str) -> str:
    """Give what the caseworker types."""
    return _TYPED[studio.language][name]
