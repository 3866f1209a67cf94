"""French: the catalogue is whole, the code lists are set properly, and no page speaks English."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
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
from casework.domain.quorum import USUAL
from casework.domain.vocabulary import LIST_NAMES, code_list
from casework.reports.labels import read_texts
from casework.web import language
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, PENDING, Founded
from tests.web.access_world import World, stock
from tests.web.pages import words_of

CATALOGUE = Path("casework/translations/fr/LC_MESSAGES/messages.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# An ordinary space where one that does not break belongs, a space that the font lacks, a straight apostrophe.
BADLY_SET = re.compile(r" [:;?!»]|« |\u202f|'")
# A word that loses its vowel, before what could be a name: no sentence can know how that begins.
NUMBERS = "cases count day first last num number size threshold through time total".split()
ELIDED = re.compile(rf"\b(?:de|que|le|la|ne|lorsque|puisque) (?:« )?%\((?!(?:{'|'.join(NUMBERS)})\))")
SHORTEST = 8  # shorter texts may be words of both languages
SPOKEN = ("alt", "aria-label", "data-", "placeholder", "title")
OWN = "sept lanternes de cuivre sous le grenier"


def read_catalogue() -> Catalog:
    """Return the French catalogue."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def forms(text: object) -> tuple[str, ...]:
    """Return the singular and the plural of a text, or the one form that it has."""
    return tuple(str(form) for form in text) if isinstance(text, (tuple, list)) else (str(text),)


MESSAGES = [message for message in read_catalogue() if message.id]


def pattern_of(message: Message) -> re.Pattern[str] | None:
    """Return what finds the English of a text on a page, whatever stands in its placeholders."""
    found = [
        r".{0,200}?".join(re.escape(" ".join(part.split())) for part in PLACEHOLDER.split(form))
        for form in forms(message.id)
        if form not in forms(message.string) and len(re.sub(r"\W", "", PLACEHOLDER.sub("", form))) >= SHORTEST
    ]
    return re.compile(r"(?<!\w)(?:" + "|".join(found) + r")(?!\w)") if found else None


ENGLISH = [pattern for message in MESSAGES if (pattern := pattern_of(message))]


class Reader(HTMLParser):
    """Collects what a page says to its reader, aloud and by its scripts too; not what is in fields."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the attributes that are read or shown."""
        self.tag = tag
        self.said += [
            value for name, value in attrs if value and (name in SPOKEN or name.startswith("data-"))
        ]

    def handle_data(self, data: str) -> None:
        """Take a text, unless it is in a field."""
        if self.tag != "textarea":
            self.said.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        self.tag = ""


def english_on(page: TestResponse) -> list[str]:
    """Return the English texts that a page shows."""
    reader = Reader()
    reader.feed(page.text)
    text = " ".join(" ".join(reader.said).split())
    return [found[0] for pattern in ENGLISH if (found := pattern.search(text))]


def in_french(client: FlaskClient) -> FlaskClient:
    """Choose French in this browser."""
    client.post("/language", data={"language": "fr"})
    return client


def check(page: TestResponse) -> None:
    """Refuse a page that is not in French, or has English in it."""
    assert '<html lang="fr">' in page.text, page.request.path
    assert english_on(page) == [], page.request.path


NO_PAGES = {
    "attachments.cleaned",
    "attachments.preview",
    "importing.refused",
    "static",
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


def faults_of(message: Message) -> Iterator[str]:
    """Say what is wrong with a translation."""
    translated, asked = forms(message.string), sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
    if message.fuzzy:
        yield "not reviewed"
    if not all(form.strip() for form in translated):
        yield "empty"
    if sorted(PLACEHOLDER.findall(translated[-1])) != asked:
        yield "other placeholders"
    if any(set(PLACEHOLDER.findall(form)) - set(asked) for form in translated):
        yield "a placeholder that the English lacks"
    if any(BADLY_SET.search(form) for form in translated):
        yield "a wrong space or apostrophe"


def test_every_text_is_translated() -> None:
    """Each has its French, reviewed, with the placeholders of the English, and set as French is."""
    assert len(MESSAGES) > 600
    assert [(message.id, fault) for message in MESSAGES for fault in faults_of(message)] == []


def test_no_sentence_elides_before_a_name() -> None:
    """Not "de Anna" and not "que Inès": the words go round it."""
    assert ELIDED.search("Terminer les sessions de %(name)s ?")
    assert not ELIDED.search("Des sessions ouvertes par %(name)s, jusqu’au nombre de %(num)d.")
    texts = [form for message in MESSAGES for form in forms(message.string)]
    assert [text for text in texts if ELIDED.search(text)] == []


def test_nothing_obsolete_is_kept() -> None:
    """What is no longer asked for leaves the catalogue."""
    assert not read_catalogue().obsolete


def test_code_lists_are_set_as_french_is() -> None:
    """Labels of lists and terms, and the starter patterns' texts, have the right spaces and apostrophes."""
    labels = [code_list(name).labels["fr"] for name in LIST_NAMES]
    labels += [term.labels["fr"] for name in LIST_NAMES for term in code_list(name)]
    starters = (Path(data.__path__[0]) / "starter_patterns.toml").read_text(encoding="utf-8")
    labels += re.findall(r'^(?:name|definition)_fr = "(.*)"$', starters, re.MULTILINE)
    assert len(labels) > 400
    assert [label for label in labels if BADLY_SET.search(label)] == []


def test_exports_are_set_as_french_is() -> None:
    """So are the words of an exported file."""
    texts = read_texts("fr")
    words = [*texts["note"].values(), *(text for text in texts.values() if isinstance(text, str))]
    assert [text for text in words if BADLY_SET.search(text)] == []


def test_english_would_be_found(founded: Founded) -> None:
    """The walk below would see a page that is not translated."""
    page = founded.client().get("/sign-in")
    assert '<html lang="en">' in page.text
    assert "Sign in" not in english_on(page)  # too short to tell
    assert "Nobody can send you a lost passphrase. Ask a coordinator for a new invitation." in english_on(
        page
    )


@pytest.mark.parametrize("login", ["", PENDING, ADVOCATE, CASEWORKER, COORDINATOR])
def test_pages_are_in_french(login: str, founded: Founded, world: World) -> None:
    """Every page that can be opened, by whoever, the refusals among them."""
    client = in_french(founded.client(login))
    for path in pages_of(founded.app, world.ids):
        page = client.get(path, follow_redirects=True)
        check(page)


def test_faults_are_in_french(founded: Founded, world: World) -> None:
    """Every form that is sent empty says in French what is missing."""
    for rule in founded.app.url_map.iter_rules():
        if {"GET", "POST"} <= (rule.methods or set()):
            for login in ("", COORDINATOR):
                page = in_french(founded.client(login)).post(address(rule, world.ids))
                if page.mimetype == "text/html" and page.status_code != 302:
                    check(page)


def test_a_locked_screen_is_in_french(founded: Founded) -> None:
    """Locking and what is said to a wrong passphrase too."""
    client = in_french(founded.client(CASEWORKER))
    client.post("/lock")
    check(client.get("/unlock"))
    check(client.post("/unlock", data={"passphrase": "not this one"}))


@pytest.mark.parametrize(
    ("path", "sent", "says"),
    [
        ("/account", {"display_name": "n" * 81, "language": "fr"}, "de la place pour 80 caractères"),
        ("/account", {"display_name": "Cora", "language": "tlh"}, "Choisissez une des réponses de la liste."),
    ],
)
def test_faults_that_wtforms_words_are_in_french(
    path: str, sent: dict[str, str], says: str, founded: Founded
) -> None:
    """The library's own sentences come from its own French catalogue."""
    page = in_french(founded.client(COORDINATOR)).post(path, data=sent)
    assert page.status_code == 400
    assert says in page.text
    check(page)


def test_a_first_run_is_in_french(empty_app: Flask) -> None:
    """Set-up, step by step, with a slip at each."""
    client = in_french(empty_app.test_client())
    check(client.get("/", follow_redirects=True))
    check(client.post("/setup/organisation"))
    check(client.get("/setup/organisation"))
    names = {"name": "Collectif Échelle", "languages": ["fr"], "display_name": "Béa", "login": "bea"}
    assert client.post("/setup/organisation", data=names).status_code == 302
    for choice in ("", "?own=1"):
        check(client.get(f"/setup/passphrase{choice}"))
        check(client.post(f"/setup/passphrase{choice}", data={"passphrase": "court", "repeated": "court"}))
    weak = {"passphrase": "aaaaaaaaaaaaaaaaaaaa", "repeated": "aaaaaaaaaaaaaaaaaaaa"}
    check(client.post("/setup/passphrase?own=1", data=weak))
    client.post("/setup/passphrase?own=1", data={"passphrase": OWN, "repeated": OWN})
    check(client.get("/setup/shares"))
    check(client.post("/setup/shares", data={"quorum": "another"}))
    client.post("/setup/shares", data={"quorum": "2-3"})
    check(client.get("/setup/shares"))
    for _share in range(USUAL.shares):
        page = client.get("/setup/share")
        check(page)
        check(client.get("/setup/share/check"))
        check(client.post("/setup/share/check", data={"words": "wrong " * 33}))
        client.post("/setup/share/check", data={"words": " ".join(words_of(page))})
    check(client.get("/setup/finish"))
    client.post("/setup/finish")
    check(client.get("/"))
    check(client.get("/cases"))


@pytest.mark.parametrize(
    ("code", "moment", "first", "number"),
    [
        ("fr", "1er nov. 2026, 7 h 05", "1er novembre 2026", "5 226"),
        ("en", "Nov 1, 2026, 7:05 AM", "November 1, 2026", "5,226"),
    ],
)
def test_dates_times_and_numbers_read_as_the_language_writes_them(
    code: str, moment: str, first: str, number: str, app: Flask
) -> None:
    """French has "1er", hours with an h, and groups of three; no line divides a time or a number."""
    with app.test_request_context(headers={"Accept-Language": code}):
        at = datetime(2026, 11, 1, 12, 5, tzinfo=UTC)
        assert language.moment(at) == moment
        assert language.write_day(at.date()) == language.vague_date(VagueDate.parse("2026-11-01")) == first
        assert language.format_number(5226) == number
