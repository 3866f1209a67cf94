"""Official counts are imported in French, at a desk and on a phone, and a request for access is followed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.looking import look_at, shoot
from tests.browser.test_pages import VIEWS, enter
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

LIST = (
    "Corps policier;Période;Catégorie;Nombre;Source\n"
    "SPVM;2018;Appels;2 632;Un quotidien\n"
    "Police d’Ailleurs;novembre 2018;vérifications du statut;près de 345*;Un quotidien\n"
    "Peel;2018;Appels;s.o.;Un quotidien\n"
)

UNSOURCED = "Corps policier;Période;Catégorie;Nombre\nPeel;2019;Fiches;87\nSPVM;2019;Appels;12\n"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_official_counts_are_imported_in_french(
    size: dict[str, int], demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """Each page on the way is sound; what is refused says why; the figures stand there, and go out again."""
    visitor = visitors(demonstration.url, locale="fr-CA")
    page, width = visitor.page, size["width"]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    view = next(one for one in VIEWS["fr"] if one[0] == size)
    found: dict[str, list[str]] = {}

    def look(step: str) -> None:
        found.update(look_at(visitor, f"official-{step}-{width}", [view]))

    enter(visitor, "coordinator", "fr")
    visitor.go("/official-counts/lists")
    look("file")
    sent = {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.set_input_files("main input[type=file]", sent)  # type: ignore[arg-type]
    visitor.press("main form[enctype] button")
    assert "2\u00a0lignes" in visitor.say() or "2 lignes peuvent être importées" in visitor.say()
    assert "Nombre – Il n’y a aucun nombre dans cette ligne." in visitor.say()
    look("tried")
    visitor.press("main .savebar button[name=import]")
    assert "2 nombres importés." in visitor.say("body")
    assert "près de 345" not in visitor.say()  # folded, under its service
    visitor.page.locator("main details.service summary", has_text="Police d’Ailleurs").click()
    assert "près de 345" in visitor.say()
    look("imported")
    visitor.go("/official-counts/lists")
    page.locator("main details summary").first.click()
    visitor.press("main form[action$='/undo'] button")
    assert "2 nombres ressortis." in visitor.say("body")
    assert not any(found.values()), found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
@pytest.mark.parametrize("is_phone", [False, True], ids=["desk", "phone"])
def test_what_is_wrong_with_a_list_is_mended_in_french(
    is_phone: bool, scripts: bool, demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """An empty file, then a list that says nothing of its source, with a word that only a person knows."""
    visitor = visitors(demonstration.url, phone=is_phone, scripts=scripts, locale="fr-CA")
    page = visitor.page
    enter(visitor, "coordinator", "fr")
    visitor.go("/official-counts/lists")
    for name, content in (("vide.csv", ""), ("sans-source.csv", UNSOURCED)):
        if name != "vide.csv":
            assert "Il n’y a aucune ligne dans ce fichier." in visitor.say("main .field:has([type=file])")
        sent = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        page.set_input_files("main input[type=file]", sent)  # type: ignore[arg-type]
        visitor.press("main form[enctype] button")
    assert page.locator("main [name=import]").is_disabled()
    refused = page.get_by_role("region", name="Lignes refusées").locator("tbody tr")
    assert refused.count() == 2
    assert all("Publié par – " in row.inner_text() for row in refused.all())
    page.fill("main [name=publisher]", "Un hebdomadaire")
    page.get_by_label("Fiches").select_option("status_check")
    visitor.press("main .savebar [name=try]")
    assert refused.count() == 0
    assert page.input_value("main [name=publisher]") == "Un hebdomadaire"
    assert page.get_by_label("Fiches").input_value() == "status_check"
    visitor.press("main .savebar [name=import]")
    assert "2 nombres importés." in visitor.say("body")
    page.locator("main details.service summary", has_text="Police régionale de Peel").click()
    row = page.locator("main details.service[open] tbody tr", has_text="Un hebdomadaire")
    assert "87" in row.inner_text() and "Vérifications du statut" in row.inner_text()
    visitor.go("/official-counts/lists")
    page.locator("main details summary").first.click()
    visitor.press("main form[action$='/undo'] button")
    assert "2 nombres ressortis." in visitor.say("body")


def test_an_overdue_request_is_followed_in_french(
    demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """Noted, overdue on the start page, answered; its answer fills the form of a figure; charts."""
    visitor = visitors(demonstration.url, locale="fr-CA")
    page, found = visitor.page, dict[str, list[str]]()
    enter(visitor, "coordinator", "fr")
    sent = datetime.now(UTC).date() - timedelta(days=60)
    visitor.go("/access-requests/new")
    page.fill("main [name=body]", "Service de police de la ville")
    page.fill("main [name=number]", "AI-2026-7")
    page.select_option("main [name=law]", "quebec")
    page.fill("main [name=sent_on]", sent.isoformat())
    visitor.press("main .savebar button[type=submit]:not([name])")
    assert "en retard" in visitor.say()
    found.update(look_at(visitor, "access-requests-overdue", VIEWS["fr"]))
    visitor.go("/")
    assert "Service de police de la ville devait répondre au plus tard le" in visitor.say()
    page.locator("main a[href^='/access-requests/']").first.click()
    page.fill("main [name=received_on]", (sent + timedelta(days=50)).isoformat())
    visitor.press("main .savebar button[type=submit]:not([name])")
    page.locator("main a[href*='/official-counts/new?request=']").first.click()
    assert page.input_value("main [name=number]") == "AI-2026-7"
    found.update(look_at(visitor, "official-of-request", VIEWS["fr"]))
    visitor.go("/official-counts/charts")
    assert "Les nôtres à côté des leurs" in visitor.say()
    found.update(look_at(visitor, "official-charts", VIEWS["fr"]))
    assert not any(found.values()), found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_figures_and_charts_are_whole_on_paper(
    size: dict[str, int], demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """What is folded on the screen is printed, nothing is cut off at the edge, and each chart once."""
    visitor = visitors(demonstration.url, locale="fr-CA")
    page = visitor.page
    enter(visitor, "coordinator", "fr")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    for path in ("/official-counts", "/official-counts/charts"):
        visitor.go(path)
        page.emulate_media(media="screen")
        assert not page.locator("main details tbody tr").first.is_visible()
        page.emulate_media(media="print")
        shown = page.locator("main tbody tr")
        assert all(row.is_visible() for row in shown.all()), path
        edge = page.evaluate("document.documentElement.clientWidth")
        over = page.evaluate(
            "edge => [...document.querySelectorAll('main td, main th, main svg')]"
            ".filter(one => one.checkVisibility() && one.getBoundingClientRect().right > edge + 1).length",
            edge,
        )
        assert over == 0, path
        drawn = page.locator("main figure.chart").all()
        assert all(one.locator("svg.wide:visible, svg.narrow:visible").count() < 2 for one in drawn)
        shoot(visitor, f"official-print-{path.rpartition('/')[2]}-{size['width']}")
    page.emulate_media(media="screen")
