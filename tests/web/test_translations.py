"""Each language: its catalogue is whole, its texts are set as it is, and no page speaks English."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from casework.domain import data
from casework.domain.dates import VagueDate
from casework.domain.languages import ENGLISH, LANGUAGES
from casework.domain.quorum import USUAL
from casework.domain.vocabulary import LIST_NAMES, code_list
from casework.reports.texts import read_texts
from casework.web import language
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, PENDING, Founded
from tests.web.access_world import World, stock
from tests.web.pages import words_of
from tools import check_translations
from tools.check_translations import BADLY_SET

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]
REPORTS = ("casework.reports", "casework.reports.casefile", "casework.reports.sheets")
ALONE = ("500", "503", "host", "storage")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# A word that loses its vowel, before what could be a name: no sentence can know how that begins.
NUMBERS = "cases count day first last num number size threshold through time total".split()
ELIDED = re.compile(rf"\b(?:de|que|le|la|ne|lorsque|puisque) (?:« )?%\((?!(?:{'|'.join(NUMBERS)})\))")
CHANGING = re.compile(r"\b[yo] (?:“)?%\((?:name|who|member|other|last|one)\)")
SHORTEST = 9  # shorter texts may be words of both languages, or of none: "incident"
SPOKEN = ("alt", "aria-label", "data-", "placeholder", "title")
OWN = "sept lanternes de cuivre sous le grenier"


@cache
def read_catalogue(code: str) -> Catalog:
    """Return a language's catalogue."""
    with Path(f"casework/translations/{code}/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=code)


def messages_of(code: str) -> list[Message]:
    """Return the texts of a catalogue, without its head."""
    return [message for message in read_catalogue(code) if message.id]


def forms(text: object) -> tuple[str, ...]:
    """Return the singular and the plural of a text, or the one form that it has."""
    return tuple(str(form) for form in text) if isinstance(text, (tuple, list)) else (str(text),)


def is_badly_set(text: str, code: str) -> bool:
    """Tell whether a text is not set as its language is; a language without a rule is always right."""
    rule = BADLY_SET.get(code)
    return bool(rule and rule.search(text))


class English:
    """Finds the English of a text on a page, whatever stands in its placeholders."""

    def __init__(self, wanted: Sequence[str]) -> None:
        parts = [
            [" ".join(part.split()) for part in PLACEHOLDER.split(form) if part.strip()] for form in wanted
        ]
        # One of these is on the page, or nothing of it: seen a hundred times as fast as the whole.
        self.longest = [max(form, key=len) for form in parts]
        found = [r".{0,200}?".join(map(re.escape, form)) for form in parts]
        self.pattern = re.compile(r"(?<!\w)(?:" + "|".join(found) + r")(?!\w)")

    def search(self, page: str) -> str:
        """Return it as it stands there, or nothing."""
        found = any(part in page for part in self.longest) and self.pattern.search(page)
        return found[0] if found else ""


def english_in(message: Message) -> English | None:
    """Return what finds the English of a text; None for what may be a word of another language too."""
    wanted = [
        form
        for form in forms(message.id)
        if form not in forms(message.string) and len(re.sub(r"\W", "", PLACEHOLDER.sub("", form))) >= SHORTEST
    ]
    return English(wanted) if wanted else None


@cache
def english_of(code: str) -> list[English]:
    """Return what would be English on a page in this language."""
    return [english for message in messages_of(code) if (english := english_in(message))]


class Reader(HTMLParser):
    """Collects what a page says to its reader, aloud and by its scripts too; not what is in fields."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the attributes that are read or shown; an address is neither."""
        self.tag = tag
        self.said += [
            value
            for name, value in attrs
            if value and not value.startswith("/") and (name in SPOKEN or name.startswith("data-"))
        ]

    def handle_data(self, data: str) -> None:
        """Take a text, unless it is in a field."""
        if self.tag != "textarea":
            self.said.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        self.tag = ""


def english_on(page: TestResponse, code: str = "fr") -> list[str]:
    """Return the English texts that a page shows."""
    reader = Reader()
    reader.feed(page.text)
    text = " ".join(" ".join(reader.said).split())
    return [found for english in english_of(code) if (found := english.search(text))]


def speaking(client: FlaskClient, code: str) -> FlaskClient:
    """Choose a language in this browser."""
    client.post("/language", data={"language": code})
    return client


def check(page: TestResponse, code: str) -> None:
    """Refuse a page that is not in the language, or has English in it."""
    assert f'<html lang="{code}">' in page.text, page.request.path
    assert english_on(page, code) == [], page.request.path


NO_PAGES = {
    "health.alive",
    "health.ready",
    "attachments.cleaned",
    "attachments.preview",
    "importing.refused",
    "static",
    "publications.download",
    "statistics.download",
}
"""What answers with a file."""


def pages_of(app: Flask, values: Mapping[str, str]) -> Iterator[str]:
    """List the address of every page, what it names filled in."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
            yield address(rule, values)


def address(rule: Rule, values: Mapping[str, str]) -> str:
    """Write a rule's address with these values."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule.rule)


@pytest.fixture
def world(founded: Founded) -> World:
    """Records that the addresses name."""
    return stock(founded)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated(code: str) -> None:
    """Each is there, reviewed, with the placeholders and marks of the English, and set as the language is."""
    wanted = messages_of("fr")
    assert len(wanted) > 600
    assert check_translations.faults(wanted, code, read_catalogue(code)) == []
    assert [(message.id, fault) for message in messages_of(code) for fault in faults_of(message)] == []


def faults_of(message: Message) -> Iterator[str]:
    """Say what is wrong with the placeholders of a translation: a singular may do without some of them."""
    translated, asked = forms(message.string), sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
    if sorted(PLACEHOLDER.findall(translated[-1])) != asked:
        yield "other placeholders"
    if any(set(PLACEHOLDER.findall(form)) - set(asked) for form in translated):
        yield "a placeholder that the English lacks"


def test_no_sentence_elides_before_a_name() -> None:
    """Not "de Anna" and not "que Inès": the words go round it."""
    assert ELIDED.search("Terminer les sessions de %(name)s ?")
    assert not ELIDED.search("Des sessions ouvertes par %(name)s, jusqu’au nombre de %(num)d.")
    texts = [form for message in messages_of("fr") for form in forms(message.string)]
    assert [text for text in texts if ELIDED.search(text)] == []


def test_no_sentence_joins_a_name_by_a_word_that_changes_before_it() -> None:
    """Not "Cora y Inès": in Spanish that would be "e", and no sentence can know."""
    assert CHANGING.search("%(one)s y %(other)s")
    texts = [form for message in messages_of("es") for form in forms(message.string)]
    assert [text for text in texts if CHANGING.search(text)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_obsolete_is_kept(code: str) -> None:
    """What is no longer asked for leaves the catalogue."""
    assert not read_catalogue(code).obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_code_lists_are_set_as_the_language_is(code: str) -> None:
    """Labels of lists and terms, and the starter patterns' texts, have the right spaces and apostrophes."""
    labels = [code_list(name).labels[code] for name in LIST_NAMES]
    labels += [term.labels[code] for name in LIST_NAMES for term in code_list(name)]
    starters = (Path(data.__path__[0]) / "starter_patterns.toml").read_text(encoding="utf-8")
    labels += re.findall(rf'^(?:name|definition)_{code} = "(.*)"$', starters, re.MULTILINE)
    assert len(labels) > 400
    assert [label for label in labels if is_badly_set(label, code)] == []


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("package", REPORTS)
def test_files_are_set_as_the_language_is(package: str, code: str) -> None:
    """So are the words of files that leave."""
    texts = read_texts(package, code)
    words = [word for text in texts.values() for word in ([text] if isinstance(text, str) else text.values())]
    assert [text for text in words if is_badly_set(text, code)] == []


@pytest.mark.parametrize("name", ALONE)
def test_a_page_that_stands_alone_speaks_every_language(name: str) -> None:
    """No catalogue can be asked when it is needed: so each language has its own part of it."""
    page = Path(f"templates/errors/{name}.html").read_text(encoding="utf-8")
    assert re.findall(r'<section class="leaf(?: last)?" lang="(\w+)">', page) == TRANSLATED


def test_english_would_be_found(founded: Founded) -> None:
    """The walk below would see a page that is not translated."""
    page = founded.client().get("/sign-in")
    assert '<html lang="en">' in page.text
    assert "Sign in" not in english_on(page)  # too short to tell
    assert "Nobody can send you a lost passphrase. Ask a coordinator for a new invitation." in english_on(
        page
    )


# In one language whoever looks; in the others the coordinator, who opens nearly every page: a text that does
# not go through the catalogue is missing in all.
VISITS = [("fr", login) for login in ("", PENDING, ADVOCATE, CASEWORKER)]
VISITS += [(code, COORDINATOR) for code in TRANSLATED]


@pytest.mark.parametrize(("code", "login"), VISITS)
def test_no_page_speaks_english(code: str, login: str, founded: Founded, world: World) -> None:
    """Every page that can be opened, by whoever, the refusals among them."""
    client = speaking(founded.client(login), code)
    for path in pages_of(founded.app, world.ids):
        page = client.get(path, follow_redirects=True)
        check(page, code)


def test_faults_are_in_the_language(founded: Founded, world: World) -> None:
    """Every form that is sent empty says in the reader's language what is missing."""
    for rule in founded.app.url_map.iter_rules():
        if {"GET", "POST"} <= (rule.methods or set()):
            for login in ("", COORDINATOR):
                page = speaking(founded.client(login), "fr").post(address(rule, world.ids))
                if page.mimetype == "text/html" and page.status_code != 302:
                    check(page, "fr")


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_locked_screen_is_in_the_language(code: str, founded: Founded) -> None:
    """Locking and what is said to a wrong passphrase too."""
    client = speaking(founded.client(CASEWORKER), code)
    client.post("/lock")
    check(client.get("/unlock"), code)
    check(client.post("/unlock", data={"passphrase": "not this one"}), code)


@pytest.mark.parametrize(
    ("code", "sent", "says"),
    [
        ("fr", {"display_name": "n" * 81, "language": "fr"}, "de la place pour 80 caractères"),
        ("fr", {"display_name": "Cora", "language": "tlh"}, "Choisissez une des réponses de la liste."),
        ("es", {"display_name": "n" * 81, "language": "es"}, "hay espacio para 80 caracteres"),
        ("es", {"display_name": "Cora", "language": "tlh"}, "Elija una de las respuestas de la lista."),
    ],
)
def test_faults_that_wtforms_words_are_in_the_language(
    code: str, sent: dict[str, str], says: str, founded: Founded
) -> None:
    """What the library finds is said in our own sentences."""
    page = speaking(founded.client(COORDINATOR), code).post("/account", data=sent)
    assert page.status_code == 400
    assert says in page.text
    check(page, code)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_first_run_is_in_the_language(code: str, empty_app: Flask) -> None:
    """Set-up, step by step, with a slip at each."""
    client = speaking(empty_app.test_client(), code)
    check(client.get("/", follow_redirects=True), code)
    check(client.post("/setup/organisation"), code)
    check(client.get("/setup/organisation"), code)
    names = {"name": "Collectif Échelle", "languages": [code], "display_name": "Béa", "login": "bea"}
    assert client.post("/setup/organisation", data=names).status_code == 302
    for choice in ("", "?own=1"):
        check(client.get(f"/setup/passphrase{choice}"), code)
        check(
            client.post(f"/setup/passphrase{choice}", data={"passphrase": "court", "repeated": "court"}), code
        )
    weak = {"passphrase": "aaaaaaaaaaaaaaaaaaaa", "repeated": "aaaaaaaaaaaaaaaaaaaa"}
    check(client.post("/setup/passphrase?own=1", data=weak), code)
    client.post("/setup/passphrase?own=1", data={"passphrase": OWN, "repeated": OWN})
    check(client.get("/setup/shares"), code)
    check(client.post("/setup/shares", data={"quorum": "another"}), code)
    client.post("/setup/shares", data={"quorum": "2-3"})
    check(client.get("/setup/shares"), code)
    for _share in range(USUAL.shares):
        page = client.get("/setup/share")
        check(page, code)
        check(client.get("/setup/share/check"), code)
        check(client.post("/setup/share/check", data={"words": "wrong " * 33}), code)
        client.post("/setup/share/check", data={"words": " ".join(words_of(page))})
    check(client.get("/setup/finish"), code)
    client.post("/setup/finish")
    check(client.get("/"), code)
    check(client.get("/cases"), code)


@pytest.mark.parametrize(
    ("code", "moment", "first", "number"),
    [
        ("fr", "1er nov. 2026, 7 h 05", "1er novembre 2026", "5 226"),
        ("en", "Nov 1, 2026, 7:05 AM", "November 1, 2026", "5,226"),
        ("es", "1 nov 2026, 7:05", "1\u00a0de\u00a0noviembre de\u00a02026", "5,226"),
    ],
)
def test_dates_times_and_numbers_read_as_the_language_writes_them(
    code: str, moment: str, first: str, number: str, app: Flask
) -> None:
    """French has "1er" and hours with an h, Spanish 24 hours; no line divides a time or a number."""
    with app.test_request_context(headers={"Accept-Language": code}):
        at = datetime(2026, 11, 1, 12, 5, tzinfo=UTC)
        assert language.moment(at) == moment
        assert language.write_day(at.date()) == language.vague_date(VagueDate.parse("2026-11-01")) == first
        assert language.format_number(5226) == number
