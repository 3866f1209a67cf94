"""First run, page by page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.domain.quorum import USUAL
from casework.errors import Conflict
from casework.services.context import Context
from casework.services.membership.members import get_own_profile
from casework.services.organization import get_organization_profile, is_founded
from casework.services.patterns import list_patterns
from casework.services.signing_in import authentication, sessions
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from casework.vault import recovery
from casework.vault.identity import MemberSecret
from casework.vault.words import word_list
from casework.web.qr import draw_qr
from tests.web.pages import words_of

NAMES = {
    "name": "Collectif Échelle",
    "languages": ["fr"],
    "display_name": "Bastien",
    "login": "bastien",
}
OWN = "seven copper lanterns below the granary"


@pytest.fixture
def client(empty_app: Flask) -> FlaskClient:
    """A browser at an empty casework."""
    return empty_app.test_client()


@pytest.fixture
def named(client: FlaskClient) -> FlaskClient:
    """A browser that has told the names."""
    assert client.post("/setup/organisation", data=NAMES).location == "/setup/passphrase"
    return client


@pytest.fixture
def opened(named: FlaskClient) -> FlaskClient:
    """A browser that has chosen its passphrase."""
    answer = named.post("/setup/passphrase?own=1", data={"passphrase": OWN, "repeated": OWN})
    assert answer.location == "/setup/shares"
    return named


@pytest.fixture
def ready(opened: FlaskClient) -> FlaskClient:
    """A browser that has taken the proposed number of shares."""
    assert opened.post("/setup/shares", data={"quorum": "2-3"}).location == "/setup/share"
    return opened


def type_back(client: FlaskClient, shares: int = USUAL.shares) -> None:
    """Type every share back from its page."""
    for _share in range(shares):
        words = words_of(client.get("/setup/share"))
        client.post("/setup/share/check", data={"words": " ".join(words)})


@pytest.mark.parametrize(
    "path", ["/", "/cases", "/sign-in", "/members", "/account", "/join/AAAA", "/waiting"]
)
def test_every_page_leads_to_set_up(client: FlaskClient, path: str) -> None:
    """While the database is empty there is nothing else."""
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, "/setup")


def test_the_whole_ceremony_opens_the_organization(empty_app: Flask, ready: FlaskClient) -> None:
    """At its end the coordinator is signed in, with their names, the patterns and an empty volatile store."""
    type_back(ready)
    assert "All 3 shares agree" in ready.get("/setup/finish").text
    answer = ready.post("/setup/finish")
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Bastien" in ready.get("/").text
    cookie = ready.get_cookie(empty_app.config["MEMBER_COOKIE"])
    assert cookie is not None
    assert ready.get_cookie(empty_app.config["CEREMONY_COOKIE"]) is None
    with empty_app.app_context():
        context = sessions.resolve(empty_app.extensions["casework"], cookie.value)
        assert isinstance(context, Context)
        assert get_organization_profile(context).name == NAMES["name"]
        assert get_organization_profile(context).default_language == "fr"
        assert get_own_profile(context).display_name == "Bastien"
        assert list_patterns(context)
        assert list_records(CeremonyRow) == []
        assert authentication.sign_in(empty_app.extensions["casework"], "BASTIEN", OWN.upper())


def test_nothing_is_stored_before_the_end(empty_app: Flask, ready: FlaskClient) -> None:
    """Until the last click there is no organization, only a sealed row in the volatile store."""
    type_back(ready)
    with empty_app.app_context():
        assert not is_founded()
        sealed = list_records(CeremonyRow)[0].state_sealed
    assert "Échelle".encode() not in sealed
    assert OWN.encode() not in sealed


def test_the_proposed_words_are_typed_back(named: FlaskClient) -> None:
    """Other words are refused and stay on the page; the right ones pass without case, accents or hyphens."""
    words = words_of(named.get("/setup/passphrase"))
    assert len(words) == 5
    refused = named.post("/setup/passphrase", data={"passphrase": "five other words than these"})
    assert refused.status_code == 400
    assert "These are not the five words above." in refused.text
    assert words_of(refused) == words
    taken = named.post("/setup/passphrase", data={"passphrase": "-".join(words).upper()})
    assert taken.location == "/setup/shares"


def test_another_passphrase_is_proposed_on_request(named: FlaskClient) -> None:
    """Reloading shows the same words, the button others."""
    first = words_of(named.get("/setup/passphrase"))
    assert words_of(named.get("/setup/passphrase")) == first
    named.post("/setup/passphrase/another")
    assert words_of(named.get("/setup/passphrase")) != first


def test_the_words_are_french_for_a_french_reader(client: FlaskClient) -> None:
    """Who chose French is proposed words of the French list."""
    client.post("/language", data={"language": "fr"})
    client.post("/setup/organisation", data=NAMES)
    assert set(words_of(client.get("/setup/passphrase"))) <= set(word_list("fr"))


@pytest.mark.parametrize(
    ("passphrase", "repeated", "fault"),
    [
        ("short", "short", "Use at least 15 characters."),
        ("bastien bastien bastien", "bastien bastien bastien", "too easy to guess"),
        (OWN, OWN + " too", "The two passphrases differ."),
    ],
)
def test_a_chosen_passphrase_is_weighed(
    named: FlaskClient, passphrase: str, repeated: str, fault: str
) -> None:
    """A short, a guessable and a mistyped one are each told, and none goes further."""
    answer = named.post("/setup/passphrase?own=1", data={"passphrase": passphrase, "repeated": repeated})
    assert answer.status_code == 400
    assert fault in answer.text
    assert passphrase not in answer.text
    assert named.get("/setup/share").location == "/setup/passphrase"


def test_a_typed_back_passphrase_cannot_be_ones_own(named: FlaskClient) -> None:
    """The page of the proposed words takes only these, for it has no second field."""
    assert named.post("/setup/passphrase", data={"passphrase": OWN}).status_code == 400


def test_a_share_is_not_shown_where_it_is_typed_back(ready: FlaskClient) -> None:
    """The page that compares has none of the words, before and after a mistake."""
    words = words_of(ready.get("/setup/share"))
    assert len(words) == 33
    for page in (ready.get("/setup/share/check"), ready.post("/setup/share/check", data={"words": "a b"})):
        main = re.sub(r"<[^>]+>", " ", page.text.split("<main")[1]).split()
        # A few of SLIP-39's words are words of any page: a share that is shown has many there.
        assert len(set(words) & set(main)) < 5


def test_the_shares_come_one_by_one(ready: FlaskClient) -> None:
    """Each has its own words, and the next is shown only when the one before was typed back."""
    seen = []
    for number in range(1, USUAL.shares + 1):
        page = ready.get("/setup/share")
        assert f"Recovery share {number} of 3" in page.text
        words = words_of(page)
        seen.append(words)
        answer = ready.post("/setup/share/check", data={"words": "  ".join(words).upper()})
        assert answer.location == "/setup/share"
    assert len({tuple(words) for words in seen}) == USUAL.shares
    assert ready.get("/setup/share").location == "/setup/finish"


def choose(client: FlaskClient, threshold: object, shares: object) -> TestResponse:
    """Choose another number of shares."""
    data = {"quorum": "another", "threshold": threshold, "shares": shares}
    return client.post("/setup/shares", data=data)


def test_the_founder_chooses_how_many_shares(empty_app: Flask, opened: FlaskClient) -> None:
    """Three of five: five sheets, each typed back, any three of which open."""
    assert choose(opened, 3, 5).location == "/setup/share"
    sheets = []
    for number in range(1, 6):
        page = opened.get("/setup/share")
        assert f"Recovery share {number} of 5" in page.text
        assert "3 of 5 open" in page.text
        assert "2 sheets may be lost" in page.text
        sheets.append(" ".join(words_of(page)))
        opened.post("/setup/share/check", data={"words": sheets[-1]})
    assert "All 5 shares agree" in opened.get("/setup/finish").text
    opened.post("/setup/finish")
    with empty_app.app_context():
        context = sessions.resolve(
            empty_app.extensions["casework"],
            getattr(opened.get_cookie(empty_app.config["MEMBER_COOKIE"]), "value", ""),
        )
        assert isinstance(context, Context)
        seed = recovery.combine([sheets[4], sheets[0], sheets[2]])
        assert MemberSecret(seed).public == context.roster.recovery_public


@pytest.mark.parametrize(
    ("threshold", "shares", "fault"),
    [
        (2, 17, "Choose a number from 2 to 16."),
        (1, 1, "Choose a number from 2 to 16."),
        (1, 3, "At least two have to come together"),
        (4, 3, "At least two have to come together"),
        ("two", "three", "Choose a number from 2 to 16."),
        ("", "", "Choose a number from 2 to 16."),
        ("-2", "3", "At least two have to come together"),
    ],
)
def test_a_number_that_cannot_be_is_named(
    opened: FlaskClient, threshold: object, shares: object, fault: str
) -> None:
    """The answer says what to choose, keeps what was typed, and draws nothing."""
    answer = choose(opened, threshold, shares)
    assert answer.status_code == 400
    assert fault in answer.text
    assert f'value="{shares}"' in answer.text or not shares
    assert opened.get("/setup/share").location == "/setup/shares"


def test_another_number_draws_all_anew(ready: FlaskClient) -> None:
    """Changing it back does not bring the first shares back; the same number again keeps what there is."""
    first = words_of(ready.get("/setup/share"))
    ready.post("/setup/share/check", data={"words": " ".join(first)})
    assert "Shares are drawn already: 2 of 3." in ready.get("/setup/shares").text
    ready.post("/setup/shares", data={"quorum": "2-3"})
    assert "Recovery share 2 of 3" in ready.get("/setup/share").text
    choose(ready, 2, 2)
    page = ready.get("/setup/share")
    assert "Recovery share 1 of 2" in page.text
    assert "None may be lost" in page.text
    ready.post("/setup/shares", data={"quorum": "2-3"})
    page = ready.get("/setup/share")
    assert "Recovery share 1 of 3" in page.text
    assert len(set(first) & set(words_of(page))) < 20


def test_a_share_is_a_sheet_to_print(ready: FlaskClient) -> None:
    """Its page says whose share it is, which one, when it was made, and carries the words as a code."""
    page = ready.get("/setup/share")
    for text in ("Collectif Échelle", "2 of 3 open", "Keep it", "Use it", "Tell them", "data-print"):
        assert text in page.text
    path = re.search(r'<svg class="qr".*?<path d="([^"]+)"', page.text, re.DOTALL)
    assert path is not None
    assert path[1] == draw_qr(" ".join(words_of(page)).upper()).path


def test_a_scan_or_a_copy_of_the_sheet_is_taken(ready: FlaskClient) -> None:
    """Capitals from a scanner, numbers and line breaks from a copy: the words count."""
    words = words_of(ready.get("/setup/share"))
    scanned = " ".join(words).upper() + "\r\n"
    assert ready.post("/setup/share/check", data={"words": scanned}).location == "/setup/share"
    words = words_of(ready.get("/setup/share"))
    copied = "\n".join(f"{number}. {word}" for number, word in enumerate(words, start=1))
    assert ready.post("/setup/share/check", data={"words": copied}).location == "/setup/share"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda words: words[:-1], "One word is missing."),
        (lambda words: [*words, "more", "more"], "There are 2 words too many."),
        (lambda words: [*words[:3], "banana", *words[4:]], "Word 4 is not the one of this share."),
        (lambda words: ["banana", *words[1:32], "banana"], "Words 1, 33 are not those of this share."),
        (lambda words: words[::-1], "Hardly a word agrees. Is it the right sheet?"),
    ],
)
def test_a_slip_of_the_pen_is_named(
    ready: FlaskClient, change: Callable[[list[str]], list[str]], fault: str
) -> None:
    """The answer says how many words are missing, or which one differs, and keeps what was typed."""
    typed = " ".join(change(words_of(ready.get("/setup/share"))))
    answer = ready.post("/setup/share/check", data={"words": typed})
    assert answer.status_code == 400
    assert fault in answer.text
    assert typed in answer.text
    assert "Recovery share 1 of 3" in ready.get("/setup/share").text


def test_a_share_posted_twice_counts_once(ready: FlaskClient) -> None:
    """A reloaded answer is compared with the share that is due by then."""
    words = " ".join(words_of(ready.get("/setup/share")))
    ready.post("/setup/share/check", data={"words": words})
    assert ready.post("/setup/share/check", data={"words": words}).status_code == 400
    assert "Recovery share 2 of 3" in ready.get("/setup/share").text


def test_no_step_can_be_left_out(ready: FlaskClient) -> None:
    """Posting the last step early founds nothing and leads to the share that is due."""
    answer = ready.post("/setup/finish")
    assert answer.location == "/setup/share"
    assert ready.get("/").location == "/setup"


def test_going_back_to_the_names_keeps_the_shares(ready: FlaskClient) -> None:
    """The names are there to be corrected; what was typed back stays so."""
    words = words_of(ready.get("/setup/share"))
    assert 'value="Collectif Échelle"' in ready.get("/setup/organisation").text
    ready.post("/setup/organisation", data=NAMES | {"name": "Collectif Traverse"})
    page = ready.get("/setup/share")
    assert words_of(page) == words
    assert "Collectif Traverse" in page.text


@pytest.mark.parametrize(
    "path", ["/setup/passphrase", "/setup/shares", "/setup/share", "/setup/share/check", "/setup/finish"]
)
def test_a_lost_cookie_begins_again(ready: FlaskClient, empty_app: Flask, path: str) -> None:
    """Without the cookie nothing can be opened: the first page says so."""
    ready.delete_cookie(empty_app.config["CEREMONY_COOKIE"])
    answer = ready.get(path, follow_redirects=True)
    assert answer.request.path == "/setup"
    assert "Set-up begins again here." in answer.text


def test_the_second_founder_gets_a_clear_page(empty_app: Flask, ready: FlaskClient) -> None:
    """Who finishes later founds nothing, and is told on every page of set-up."""
    slower = empty_app.test_client()
    slower.post("/setup/organisation", data=NAMES | {"name": "Somebody else"})
    type_back(ready)
    ready.post("/setup/finish")
    for path in ("/setup", "/setup/organisation", "/setup/passphrase", "/setup/finish"):
        answer = slower.get(path)
        assert answer.status_code == 409
        assert "This casework is set up already" in answer.text
    assert slower.post("/setup/demonstration").status_code == 409
    assert ready.get("/setup").location == "/"


def test_missing_answers_are_named(client: FlaskClient) -> None:
    """Each missing name is told at its field, and nothing begins."""
    answer = client.post("/setup/organisation", data={"name": "  "})
    assert answer.status_code == 400
    for fault in ("Write the name of the organisation.", "Choose at least one language.", "Choose a name to"):
        assert fault in answer.text
    assert client.get("/setup/passphrase").location == "/setup"


def test_nothing_of_it_is_in_the_form_session(ready: FlaskClient, empty_app: Flask) -> None:
    """The cookie that anybody can read holds a token and the language, nothing that was entered."""
    with ready.session_transaction() as session:
        assert set(session) <= {"csrf_token", "language"}


def test_founding_closes_a_demonstration_opened_meanwhile(
    empty_app: Flask, ready: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for by anybody before, it does not stand in the place of the real instance afterwards."""
    founded_when_closed: list[bool] = []
    switchboard = empty_app.extensions["casework.switchboard"]
    monkeypatch.setattr(switchboard, "close", lambda: founded_when_closed.append(is_founded()))
    type_back(ready)
    ready.post("/setup/finish")
    assert founded_when_closed == [True]


def test_who_asks_for_the_demonstration_too_late_is_told(
    empty_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody founded while its data were made."""

    def conflict(fill: object) -> None:
        raise Conflict("organization")

    monkeypatch.setattr(empty_app.extensions["casework.switchboard"], "open", conflict)
    assert client.post("/setup/demonstration").status_code == 409


def test_the_demonstration_is_asked_of_the_switchboard(
    client: FlaskClient, empty_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real instance makes nothing itself, and stays empty."""
    asked: list[object] = []
    monkeypatch.setattr(empty_app.extensions["casework.switchboard"], "open", asked.append)
    assert client.get("/setup/demonstration").status_code == 405
    assert client.post("/setup/demonstration").status_code == 302
    assert len(asked) == 1
    assert client.get("/").location == "/setup"
