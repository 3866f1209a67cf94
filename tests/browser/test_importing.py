"""Two dirty lists come in through the browser, without a script of ours, and go out again."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.browser.looking import look_at
from tests.browser.test_pages import ANSWERS, VIEWS, enter
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
ROWS = 250
PATIENCE_SECONDS = 180
LISTS = ("tps_arrests_strip_searches_2020_2021.csv", "sudan_three_lists.xlsx")


def cut(file: Path) -> bytes:
    """Return the first rows of a list, as it is made."""
    if file.suffix == ".csv":
        return b"".join(file.read_bytes().splitlines(keepends=True)[: ROWS + 1])
    book = openpyxl.load_workbook(file, read_only=True)
    short = openpyxl.Workbook()
    for row in book.worksheets[0].iter_rows(max_row=ROWS + 1, values_only=True):
        short.worksheets[0].append(row)
    saved = io.BytesIO()
    short.save(saved)
    return saved.getvalue()


def settle(visitor: Visitor) -> None:
    """Wait until the page has nothing more to wait for."""
    end = time.monotonic() + PATIENCE_SECONDS
    while visitor.page.locator("main progress, main [role=status]:has-text('so far')").count():
        assert time.monotonic() < end, visitor.page.content()
        time.sleep(0.5)
        visitor.page.reload()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("language", VIEWS)
def test_a_dirty_list_comes_in_and_goes_out(
    name: str, language: str, demonstration: LiveServer, visitors: Callable[..., Visitor], data_dir: Path
) -> None:
    """Each page on the way is sound at both widths; the mapping is remembered; undoing leaves nothing."""
    visitor = visitors(demonstration.url, locale=f"{language}-CA")
    page = visitor.page
    found: dict[str, list[str]] = {}
    enter(visitor, "coordinator", language)

    def look(step: str) -> None:
        found.update(
            look_at(visitor, f"import-{name[:3]}-{step}-{language}", VIEWS[language], whole_once=True)
        )

    visitor.go("/imports")
    look("file")
    sent = {
        "name": f"{language}-{name}",
        "mimeType": "application/octet-stream",
        "buffer": cut(data_dir / name),
    }
    page.set_input_files("main input[type=file]", sent)  # type: ignore[arg-type]
    visitor.press("main form[enctype] button")
    settle(visitor)
    page.fill("main [name=source]", f"{name} {language}")
    page.select_option("main [name=contact_type]", "arrest_or_investigation")
    page.select_option("main [name=police_service]", "tps")
    look("columns")
    visitor.press("main .savebar button")
    look("answers")
    visitor.press("main .savebar button")
    settle(visitor)
    look("check")
    visitor.press("main form[action$='/remember'] button")
    visitor.press("main form[action$='/begin'] button")
    settle(visitor)
    batch = page.url
    assert page.locator("main tbody th.ref").count() == 50
    look("batch")
    visitor.go("/imports")
    page.set_input_files("main input[type=file]", sent)  # type: ignore[arg-type]
    visitor.press("main form[enctype] button")
    settle(visitor)
    assert page.locator("main [name=source]").input_value() == f"{language}-{name}".rpartition(".")[0]
    assert f"{name} {language}" in page.locator("main form:has([name=source])").inner_text()
    visitor.go(f"{batch}/undo")
    look("undo")
    visitor.press("main button.grave")
    end = time.monotonic() + PATIENCE_SECONDS
    while page.locator("main [role=status]").count() and time.monotonic() < end:
        if page.locator("main dl.facts").count():
            break
        time.sleep(0.5)
        page.reload()
    assert page.locator("main tbody th.ref").count() == 0
    assert found == {}


JOINED = "\n".join(
    (
        "Dossier;Date;Corps de police;Nom;Sexe;Consentement;Consent statistics;Consent date",
        "A1;2021-05-03;SPVM;Ana Roy;F;oui;oui;2021-06-01",
        "B1;2021-05-04;SQ;Eve Cyr;F;non;non;",
        "A1;2021-05-03;SPVM;Luz Paz;dame;x;peut-être;",
        "B1;2021-05-04;SPVM;Noé;M;oui;2021-05-06;",
        "C1;2021-05-05;SQ;Kim;M;oui;oui;",
    )
)


@pytest.mark.parametrize("language", VIEWS)
def test_rows_of_one_incident_and_consents_come_in(
    language: str, demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """What belongs together is asked about, and so is what people agreed to, at both widths."""
    visitor = visitors(demonstration.url, locale=f"{language}-CA")
    page, found = visitor.page, dict[str, list[str]]()
    enter(visitor, "coordinator", language)
    visitor.go("/imports")
    sent = {"name": f"ensemble-{language}.csv", "mimeType": "text/csv", "buffer": JOINED.encode()}
    page.set_input_files("main input[type=file]", sent)  # type: ignore[arg-type]
    visitor.press("main form[enctype] button")
    settle(visitor)
    page.select_option("main [name=contact_type]", "street_check")
    page.check("main [name=joins][value=one]")
    for step in ("columns", "answers"):
        found.update(look_at(visitor, f"joined-{step}-{language}", VIEWS[language], whole_once=True))
        visitor.press("main .savebar button")
    settle(visitor)
    found.update(look_at(visitor, f"joined-check-{language}", VIEWS[language], whole_once=True))
    assert page.locator("main dl.facts dd").all_inner_texts()[0].startswith("3 ")
    visitor.press("main form[action$='/begin'] button")
    settle(visitor)
    found.update(look_at(visitor, f"joined-batch-{language}", VIEWS[language], whole_once=True))
    assert page.locator("main tbody th.ref").count() == 2
    assert found == {}


@pytest.mark.parametrize("language", ANSWERS)
def test_a_value_becomes_a_term_of_ours(
    language: str, demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """In the select that asks what it means; foreseen, made, and retired when the list goes."""
    visitor = visitors(demonstration.url, locale=f"{language}-CA")
    page, found, place = visitor.page, dict[str, list[str]](), f"Kanesatake {language}"
    enter(visitor, "coordinator", language)
    visitor.go("/imports")
    rows = f"Date,Lieu,Corps de police\n2021-05-03,{place},SQ\n2021-05-04,Verdun,Peacekeepers\n"
    sent = {"name": f"termes-{language}.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.set_input_files("main input[type=file]", sent)  # type: ignore[arg-type]
    visitor.press("main form[enctype] button")
    settle(visitor)
    page.select_option("main [name=contact_type]", "street_check")
    visitor.press("main .savebar button")
    for value in (place, "Peacekeepers"):
        page.get_by_label(value, exact=True).select_option(index=1)
    found.update(look_at(visitor, f"terms-answers-{language}", ANSWERS[language]))
    visitor.press("main .savebar button")
    settle(visitor)
    found.update(look_at(visitor, f"terms-check-{language}", ANSWERS[language]))
    assert page.locator("main ul.plain li strong").all_inner_texts()[:2]
    visitor.press("main form[action$='/begin'] button")
    settle(visitor)
    batch = page.url
    assert place in page.locator("main ul.plain").inner_text()
    found.update(look_at(visitor, f"terms-batch-{language}", ANSWERS[language]))
    visitor.go(f"{batch}/undo")
    found.update(look_at(visitor, f"terms-undo-{language}", ANSWERS[language]))
    visitor.press("main button.grave")
    end = time.monotonic() + PATIENCE_SECONDS
    while not page.locator("main ul.plain").count() and time.monotonic() < end:
        time.sleep(0.5)
        page.reload()
    found.update(look_at(visitor, f"terms-undone-{language}", ANSWERS[language]))
    assert found == {}


def test_back_and_a_second_tab_scramble_no_mapping(
    demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """The browser's own Back, then Try again: each answer stays with its value; an older tab is told so."""
    visitor = visitors(demonstration.url, locale="fr-CA")
    page = visitor.page
    enter(visitor, "coordinator", "fr")
    visitor.go("/imports")
    said = ["oui", "oui", "bof", "bof", "bof", "mmh", "mmh", "non merci", "pas moi", "jamais"]
    rows = "".join(f"2021-05-{day:02};{one}\n" for day, one in enumerate(said, start=1))
    sent = {
        "name": "retour.csv",
        "mimeType": "text/csv",
        "buffer": f"Date;Consent statistics\n{rows}".encode(),
    }
    page.set_input_files("main input[type=file]", sent)  # type: ignore[arg-type]
    visitor.press("main form[enctype] button")
    settle(visitor)
    page.select_option("main [name=contact_type]", "street_check")
    page.select_option("main [name=police_service]", "spvm")
    visitor.press("main .savebar button")

    def read() -> dict[str, str]:
        rows = page.locator("main tbody tr").all()
        return {row.locator("label").inner_text(): row.locator("select").input_value() for row in rows}

    older = visitor.page.context.new_page()
    older.goto(page.url)
    for value in ("non merci", "pas moi", "jamais"):
        page.get_by_label(value, exact=True).select_option("refused")
    before = read()
    visitor.press("main .savebar button")
    settle(visitor)
    page.go_back()
    assert read() == before
    visitor.press("main .savebar button")
    settle(visitor)
    visitor.go(page.url.replace("/check", "/answers"))
    assert read() == before
    older.get_by_label("bof", exact=True).select_option("given")
    older.locator("main .savebar button").click()
    assert older.locator("main .summary").count() == 1
    assert older.get_by_label("bof", exact=True).input_value() == "given"
    older.close()
    page.reload()
    assert read() == before
