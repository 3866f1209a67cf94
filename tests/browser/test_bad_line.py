"""A call on a bad line: the quick log keeps what was written in the page, and saves it once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser import steps
from tests.browser.looking import look
from tests.support.application import CASEWORKER, COLLEAGUE, Template
from tests.support.browser import Session, Visitor, count_served
from tests.support.live_server import LiveServer, serve

pytestmark = pytest.mark.browser

QUICK = "/incidents/new?view=quick"
STORY = "Deux voitures, la première banalisée."
SAID = "[data-draft-said]"
KEPT = re.compile(r"Brouillon gardé")
HELD = """() => {
  const leaving = new Event("beforeunload", { cancelable: true });
  dispatchEvent(leaving);
  return leaving.defaultPrevented;
}"""
STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length,
]"""
INCIDENTS = "/incidents?who=all", "main tbody tr"
DRAFTS = "/", "main a[href^='/drafts/']"


class Caller(Visitor):
    """A caseworker with a browser of her own, and what there was before she began."""

    incidents = 0
    drafts = 0

    @property
    def width(self) -> int:
        """How wide the page is, in pixels."""
        size = self.page.viewport_size
        return size["width"] if size else 0


@pytest.fixture(scope="module")
def founded_server(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A server with the organization and its cast, for all calls of this file."""
    folder = tmp_path_factory.mktemp("calls") / "founded"
    with sqlite_template.copy(folder), serve(folder) as server:
        yield server


@pytest.fixture(scope="module")
def session() -> Session:
    """Her session, which lasts until a test ends it."""
    return Session()


@pytest.fixture(params=[True, False], ids=["390", "1280"])
def ines(
    request: pytest.FixtureRequest,
    founded_server: LiveServer,
    sqlite_template: Template,
    browser: Browser,
    session: Session,
) -> Iterator[Caller]:
    """A caseworker in French, on a phone and at a desk; afterwards nothing lies in her browser's storage."""
    caller = Caller(browser, founded_server.url, phone=request.param, locale="fr-CA")
    session.enter(caller, "/account", "fr", lambda: sign_in(caller, sqlite_template))
    caller.incidents, caller.drafts = count_served(caller, *INCIDENTS), count_served(caller, *DRAFTS)
    yield caller
    assert caller.page.evaluate(STORED) == [0, 0, 0, 0, 0]
    caller.context.close()
    # What the browser says of the line that was cut is no fault of the page.
    assert [fault for fault in caller.faults if "Failed to load resource" not in fault] == []


def sign_in(visitor: Visitor, template: Template, login: str = CASEWORKER) -> None:
    """Sign in, and choose French."""
    steps.sign_in(visitor, login, template.players[login].passphrase)
    if visitor.page.get_attribute("html", "lang") != "fr":
        visitor.page.click("details.menu summary")
        visitor.press(".menu .languages [value=fr]")


def write(visitor: Visitor) -> None:
    """Answer what is needed, and the story."""
    page = visitor.page
    steps.fill(visitor, day="2026-05-12", text=STORY)
    page.select_option("main [name=police_service]", "spvm")
    page.select_option("main [name=contact_type]", "traffic_stop")


def save(visitor: Visitor) -> None:
    """Press what saves, without waiting for where it leads."""
    visitor.page.click("main .savebar button:not([name])")


def says(visitor: Visitor, text: str | re.Pattern[str]) -> None:
    """Wait until the page says of the draft what it should."""
    expect(visitor.page.locator(SAID)).to_contain_text(text)


def assert_saved_once(caller: Caller) -> None:
    """The case is shown with its story; there is one incident, and no draft."""
    caller.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}$"))
    assert STORY in caller.say()
    assert count_served(caller, *INCIDENTS) == caller.incidents + 1
    assert count_served(caller, *DRAFTS) == caller.drafts


def test_a_call_on_a_good_line(ines: Caller) -> None:
    """Three answers and what the call gives; the check list ticks itself, and everything is in its place."""
    page = ines.page
    ines.go("/")
    ines.press("main .deeds a[href$='view=quick']")
    assert "Consigner pendant un appel" in ines.say("h1")
    write(ines)
    # Unlike each other: an alike one would be asked about.
    name = {390: "Noor Haddadi", 1280: "Zdeněk Procházka"}[ines.width]
    steps.fill(ines, **{"people-0-name": name, "people-0-phone": f"514 555-{ines.width:04}"})
    steps.fill(
        ines,
        officer="Deux, en civil",
        badge="4711, 4712",
        plate="FAX 123",
        unit="PDQ 31",
        said="« Vos papiers. »",
    )
    assert page.locator("[data-asked]:checked").count() == 5
    steps.choose(ines, status_surfaced="officer_asked", cbsa_actions="attended")
    page.select_option("main [name=place]", index=2)
    assert page.locator("[data-asked]").count() == page.locator("[data-asked]:checked").count() == 8
    look(ines, f"quick-log-{ines.width}")
    assert page.evaluate(HELD) is False
    save(ines)
    assert_saved_once(ines)
    told = ines.say()
    for known in (
        "Deux, en civil",
        "4711, 4712",
        "FAX 123",
        "PDQ 31",
        "« Vos papiers. »",
        "Déplacement",
        name,
    ):
        assert known in told, known


def test_the_line_is_cut_while_typing(ines: Caller) -> None:
    """The page says where the text is, warns of leaving, and keeps the draft once the line is back."""
    ines.go(QUICK)
    steps.fill(ines, text="Deux voitures")
    says(ines, KEPT)
    ines.context.set_offline(True)
    steps.fill(ines, text=STORY, badge="4711")
    says(ines, "Pas de connexion. Votre texte n’existe que sur cette page")
    look(ines, f"bad-line-typing-{ines.width}")
    assert ines.page.evaluate(HELD) is True
    ines.context.set_offline(False)
    says(ines, KEPT)
    assert ines.page.evaluate(HELD) is False
    assert count_served(ines, *DRAFTS) == ines.drafts + 1
    ines.go("/")
    ines.press("main a[href^='/drafts/']")
    assert ines.page.input_value("main [name=text]") == STORY
    assert ines.page.input_value("main [name=badge]") == "4711"
    assert ines.page.locator("main [name=asked][value=badge]").is_checked()


def test_the_line_is_cut_before_saving(ines: Caller) -> None:
    """Save waits in the page, takes along what is typed meanwhile, and goes by itself."""
    ines.go(QUICK)
    write(ines)
    ines.context.set_offline(True)
    save(ines)
    says(ines, "rien n’est encore enregistré")
    assert ines.page.evaluate(HELD) is True
    steps.fill(ines, badge="4711")
    look(ines, f"bad-line-saving-{ines.width}")
    ines.context.set_offline(False)
    assert_saved_once(ines)
    assert "4711" in ines.say()


def test_the_line_is_dead_though_the_browser_does_not_know(ines: Caller) -> None:
    """Neither draft nor form arrive at first, and the server stumbles then: the page goes on trying."""
    tried = []

    def cut(route: Route) -> None:
        tried.append(route.request.url)
        if route.request.method == "GET" or len(tried) > 3:
            return route.fallback()
        return route.abort() if len(tried) < 3 else route.fulfill(status=503, body="")

    ines.go(QUICK)
    ines.page.route(re.compile("/drafts[?]|/incidents/new$"), cut)
    write(ines)
    says(ines, "Le brouillon n’a pas pu être gardé")
    save(ines)
    says(ines, "rien n’est encore enregistré")
    assert_saved_once(ines)


@pytest.mark.parametrize("changed", [False, True])
def test_the_answer_is_lost(ines: Caller, changed: bool) -> None:
    """What arrived without the page hearing of it is sent again, saved once; a later change is a draft."""
    sent = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        sent.append(route.request.url)
        if len(sent) > 1:
            return route.fallback()
        assert route.fetch().ok
        if changed:
            ines.page.evaluate("""() => {
              const field = document.querySelector("main [name=text]");
              field.value += " Et une moto.";
              field.dispatchEvent(new Event("input", { bubbles: true }));
            }""")
        return route.abort()

    ines.go(QUICK)
    write(ines)
    says(ines, KEPT)
    ines.page.route("**/incidents/new", lose)
    save(ines)
    if not changed:
        assert_saved_once(ines)
        assert "rien n’a été enregistré deux fois" in ines.say()
    else:
        ines.page.wait_for_url("**/cases/*")
        assert "dit autre chose" in ines.say()
        assert count_served(ines, *INCIDENTS) == ines.incidents + 1
        assert count_served(ines, *DRAFTS) == ines.drafts + 1
    assert len(sent) == 2


def test_the_answer_to_a_draft_is_lost(ines: Caller) -> None:
    """The next one finds the same draft, and saving takes it along."""
    kept = []

    def lose(route: Route) -> None:
        kept.append(route.request.url)
        if len(kept) > 1:
            return route.fallback()
        assert route.fetch().ok
        return route.abort()

    ines.go(QUICK)
    ines.page.route("**/drafts?*", lose)
    write(ines)
    says(ines, "Le brouillon n’a pas pu être gardé")
    says(ines, KEPT)
    assert len(kept) == 2
    assert count_served(ines, *DRAFTS) == ines.drafts + 1
    save(ines)
    assert_saved_once(ines)


def lock(visitor: Visitor, way: str) -> None:
    """Lock the screen, or sign out, in another tab."""
    tab = visitor.context.new_page()
    tab.goto("/account")
    if way == "sign-out":
        tab.click("details.menu summary")
    tab.click(f'form[action="/{way}"] button')
    tab.wait_for_url(re.compile("/unlock|/sign-in"))
    tab.close()


def come_back(visitor: Visitor, template: Template, login: str = CASEWORKER) -> None:
    """Sign in by the link that the page shows, in the tab that it opens, and come back to the page."""
    passphrase = template.players[login].passphrase
    with visitor.context.expect_page() as opened:
        visitor.page.click(f"{SAID} a")
    tab = opened.value
    tab.wait_for_url(re.compile("/unlock|/sign-in"))
    if tab.locator("main [name=login]").count():
        tab.fill("main [name=login]", login)
    tab.fill("main [name=passphrase]", passphrase)
    tab.click("main form.panel button")
    tab.wait_for_url("**/")
    tab.close()
    visitor.page.bring_to_front()
    visitor.page.evaluate("dispatchEvent(new Event('focus'))")  # without a screen no window has it


@pytest.mark.parametrize("way", ["lock", "sign-out"])
def test_the_session_ends_while_typing(ines: Caller, way: str, sqlite_template: Template) -> None:
    """The page says so and keeps the text; signed in again in another tab, it goes on by itself."""
    ines.go(QUICK)
    lock(ines, way)
    write(ines)
    says(ines, "votre texte est toujours sur cette page")
    look(ines, f"bad-line-{way}-{ines.width}")
    assert ines.page.evaluate(HELD) is True
    come_back(ines, sqlite_template)
    says(ines, KEPT)
    save(ines)
    assert_saved_once(ines)


def test_the_session_ends_before_saving(ines: Caller, sqlite_template: Template) -> None:
    """After signing out Save waits in the page, and goes once the same person is back."""
    ines.go(QUICK)
    write(ines)
    says(ines, KEPT)
    lock(ines, "sign-out")
    save(ines)
    says(ines, "votre texte est toujours sur cette page")
    come_back(ines, sqlite_template)
    assert_saved_once(ines)


def test_the_screen_locks_before_saving(ines: Caller, sqlite_template: Template) -> None:
    """The form is sealed to its writer, the screen asks for the passphrase, and the draft opens whole."""
    ines.go(QUICK)
    write(ines)
    lock(ines, "lock")
    save(ines)
    ines.page.wait_for_url("**/unlock?kept=1")
    assert "Votre texte est gardé" in ines.say()
    steps.unlock(ines, sqlite_template.players[CASEWORKER].passphrase)
    ines.press("main a[href^='/drafts/']")
    assert ines.page.input_value("main [name=text]") == STORY
    assert "Consigner pendant un appel" in ines.say("h1")
    save(ines)
    assert_saved_once(ines)


def test_somebody_else_signs_in(ines: Caller, sqlite_template: Template) -> None:
    """What one person wrote is not sent in the name of another."""
    ines.go(QUICK)
    write(ines)
    says(ines, KEPT)
    lock(ines, "sign-out")
    save(ines)
    says(ines, "votre texte est toujours sur cette page")
    come_back(ines, sqlite_template, COLLEAGUE)
    says(ines, "Une autre personne a ouvert une session ici")
    assert ines.page.input_value("main [name=text]") == STORY
    assert count_served(ines, *INCIDENTS) == ines.incidents


def test_a_form_that_is_too_large(ines: Caller) -> None:
    """The page says what to do, and stands as it was; shortened, it is saved."""
    ines.go(QUICK)
    write(ines)
    ines.page.route("**/incidents/new", lambda route: route.fulfill(status=413, body=""), times=1)
    save(ines)
    says(ines, "Raccourcissez le texte le plus long")
    assert ines.page.input_value("main [name=text]") == STORY
    save(ines)
    assert_saved_once(ines)


def test_a_gap_is_named_by_the_server(ines: Caller) -> None:
    """A form with a gap comes back as the server shows it, with everything that was written."""
    ines.go(QUICK)
    steps.fill(ines, text=STORY, badge="4711")
    with ines.page.expect_navigation():
        save(ines)
    assert ines.page.locator('main .summary a[href="#contact_type"]').count() == 1
    look(ines, f"quick-log-gap-{ines.width}")
    write(ines)
    assert ines.page.input_value("main [name=badge]") == "4711"
    save(ines)
    assert_saved_once(ines)


def test_all_questions_take_along_what_was_written(ines: Caller) -> None:
    """The whole form opens with the answers so far, those about the officers included."""
    ines.go(QUICK)
    write(ines)
    name = {390: "Teodor", 1280: "Mbarka"}[ines.width]
    steps.fill(ines, badge="4711", **{"people-0-name": name})
    ines.press("main [name=whole]")
    assert ines.page.locator("main [name=reasons]").count() > 3
    assert ines.page.input_value("main [name=badge]") == "4711"
    assert ines.page.input_value("main [name=people-0-name]") == name
    save(ines)
    assert_saved_once(ines)
    assert "4711" in ines.say()


def test_somebody_who_is_probably_here_already(ines: Caller) -> None:
    """The server asks before it saves; the answer goes the same way, and everything is saved once."""
    name = {390: "Amélie Robitaille", 1280: "Zoltán Kisfaludy"}[ines.width]
    known = {"people-0-name": name, "people-0-phone": f"438 555-{ines.width:04}"}
    for answer in ("Incident enregistré", "Rien n’est encore"):
        ines.go(QUICK)
        write(ines)
        steps.fill(ines, badge="4711", **known)
        save(ines)
        ines.page.wait_for_load_state()
        expect(ines.page.locator("main")).to_contain_text(answer)
    assert ines.page.input_value("main [name=badge]") == "4711"
    look(ines, f"quick-log-likely-{ines.width}")
    for asked in ("likely-0", "told"):
        ines.page.check(f"main fieldset#{asked} [value=another]")
    ines.page.click("main section[aria-labelledby=likely] button")
    ines.incidents += 1
    assert_saved_once(ines)
