"""The coordinator's guide: what happens, patterns and their queue, what others published, who is let in."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from casework.domain.permissions import Role
from tools.pictures.studio import Studio, press, send

MONTREAL = "/policies/c746ff16-516f-5bf3-aa59-f53b8f8bdfde"
RISE = range(3, 24, 3)
"""So many days ago each incident of a made-up rise was: fare checks where there were hardly any."""
_ASKED_DAYS_AGO = (12, 41)

_BODIES = {
    "en": ("Service de police de Laval (SPL)", "Canada Border Services Agency"),
    "fr": ("Service de police de Laval (SPL)", "Agence des services frontaliers du Canada"),
}
_TYPED = {
    "en": {
        "text": "A fare check on the bus. “Papers, not the ticket.”",
        "subject": "Calls to the CBSA, by month, 2024 to 2026",
    },
    "fr": {
        "text": "Contrôle de titre dans l’autobus. « Les papiers, pas le billet. »",
        "subject": "Appels à l’ASFC, par mois, de 2024 à 2026",
    },
}


def walk(studio: Studio) -> None:
    """Go through the guide; each section leaves the records as the next needs them."""
    with studio.visit(Role.COORDINATOR) as page:
        _explore(studio, page)
        _look_at_policies(studio, page)
        page.goto("/official-counts/charts")
        studio.take(page, "coordinator-official", "main section:has(figure) >> nth=1")
        _log_a_rise(studio, page)
        page.goto("/signals")
        first = "main section:has(.sparkline) >> nth=0 >>"
        studio.take(page, "coordinator-signals", "main section:has(.sparkline)", f"{first} summary")
        _ask_for_access(studio, page)
        link = _invite(page, studio.language)
    with studio.visit() as page:
        _join(page, link)
    with studio.visit(Role.COORDINATOR) as page:
        page.goto("/members")
        waiting = "main section:has(.fingerprint):has(details)"
        studio.take(page, "coordinator-admit", waiting, f"{waiting} .deeds")
    with studio.visit(Role.COORDINATOR, phone=True) as page:
        pattern = _review(studio, page)
    with studio.visit(Role.COORDINATOR) as page:
        page.goto(pattern)
        press(page, "main [name=count_rule]")
        studio.take(page, "coordinator-rule", "#conditions fieldset >> nth=-1", "#conditions output")


def _explore(studio: Studio, page: Page) -> None:
    page.goto("/explore?show=contact_group&by=year&share=column")
    studio.take(page, "coordinator-explore", "main section:has(figure.drawing)", "main table.exact")
    page.goto("/explore/pathway?show=contact_group")
    studio.take(page, "coordinator-pathway", "main section:has(figure)")


def _look_at_policies(studio: Studio, page: Page) -> None:
    page.goto(MONTREAL)
    studio.take(page, "coordinator-policy", "#breaches", "#breaches tbody tr >> nth=3")


def _log_a_rise(studio: Studio, page: Page) -> None:
    """Log what a week of telephoning brings: the same thing again and again, where it was rare."""
    for days in RISE:
        page.goto("/incidents/new?view=quick")
        day = (datetime.now(UTC) - timedelta(days=days)).date()
        page.locator("main [name=day]").fill(day.isoformat())
        page.locator("main [name=police_service]").select_option("stm")
        page.locator("main [name=contact_type]").select_option("fare_check")
        page.locator("main [name=text]").fill(_TYPED[studio.language]["text"])
        press(page, "main .savebar button:not([name])")


def _ask_for_access(studio: Studio, page: Page) -> None:
    for body, days in zip(_BODIES[studio.language], _ASKED_DAYS_AGO, strict=True):
        page.goto("/access-requests/new")
        page.locator("main [name=body]").fill(body)
        page.locator("main [name=subject]").fill(_TYPED[studio.language]["subject"])
        law = "main [name=law]"
        page.locator(law).first.select_option(index=1 if days == _ASKED_DAYS_AGO[0] else 0)
        day = (datetime.now(UTC) - timedelta(days=days)).date()
        page.locator("main [name=sent_on]").fill(day.isoformat())
        send(page)
    studio.take(page, "coordinator-requests", "main h1", "main table")


def _invite(page: Page, language: str) -> str:
    page.goto("/members/invite")
    page.locator("main [name=display_name]").fill("Naïma")
    page.locator("main [name=roles][value=caseworker]").check()
    page.locator(f"main [name=language][value={language}]").check()
    send(page)
    return page.locator("#link").input_value()


def _join(page: Page, link: str) -> None:
    page.goto(link)
    words = " ".join(page.locator("main .words li").all_inner_texts())
    page.locator("main [name=login]").fill("naima")
    page.locator("main [name=passphrase]").fill(words)
    send(page)


def _review(studio: Studio, page: Page) -> str:
    """See the board, and go through some of the queue; returns where the pattern is changed."""
    page.goto("/patterns")
    entry = "main li.pattern:has(.newest):has(a[href*='review']) >> nth=1"
    studio.take(page, "coordinator-board", entry)
    edit = page.locator(f"{entry} >> a[href^='/patterns/']:not([href*='review'])").first
    address = edit.get_attribute("href") or ""
    page.goto("/patterns/review")
    for decision in ("confirm", "confirm", "reject"):
        press(page, f"main .deciding [value={decision}]")
    page.evaluate("document.querySelector('main .flashes')?.remove()")
    studio.take(page, "coordinator-review", "main h1", "main .deciding")
    return address
