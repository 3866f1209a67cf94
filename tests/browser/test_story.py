"""The whole story: from nothing to a number that may be published, as people live it in their browsers."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casework.domain.coded import FIELDS
from tests.browser import steps
from tests.browser.looking import look
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

STORY = "Arrêtée en allant à la garderie. « Vos papiers ! »"
COUNTS = {
    ("street_check", 2024): 8,
    ("street_check", 2025): 6,
    ("ticket", 2024): 7,
    ("ticket", 2025): 3,
    ("traffic_stop", 2024): 9,
    ("traffic_stop", 2025): 11,  # and the one that Inès logs
    ("wellness_check", 2024): 12,
    ("wellness_check", 2025): 10,
}
MAPPING = """
source = "notebook"
key = "number"

[consent]
statistics = "given"
basis = "Everybody in the notebook was asked."

[date]
precision = "year"
year = "year"

[fields]
police_service = "spvm"

[fields.contact_type]
column = "contact"
kind = "labels"
"""


@dataclass
class Collective:
    """The people of the story: their browsers and passphrases by name."""

    server: LiveServer
    visitors: Visitors
    people: dict[str, Visitor] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Visitor:
        return self.people[name]

    def open(self, name: str, **kind: object) -> Visitor:
        """Open a browser for somebody new."""
        self.people[name] = self.visitors(self.server.url, **kind)
        return self.people[name]

    def bring_in(self, name: str, role: str, language: str, **kind: object) -> None:
        """Invite somebody, have them join in a browser of their own, compare and admit."""
        link = steps.invite(self["lucie"], name.title(), role, language)
        look(self["lucie"], "invitation-link")
        newcomer = self.open(name, **kind)
        self.words[name] = steps.join(newcomer, link, name)
        look(newcomer, f"waiting-{name}")
        steps.admit(self["lucie"], newcomer, name.title())
        if role == "coordinator":
            steps.enrol(newcomer, self.words[name])


def test_the_whole_story(empty_server: LiveServer, visitors: Visitors, tmp_path: Path) -> None:
    """Set up, invite, approve, log on a phone in French, tag, sign in as advocate, ask; lose nothing."""
    we = Collective(empty_server, visitors)
    lucie = we.open("lucie")
    we.words["lucie"] = steps.set_up(
        lucie, "Collectif Traverse", "Lucie", "lucie", lambda page: look(lucie, f"first-{page}")
    )
    we.bring_in("ines", "caseworker", "fr", phone=True, locale="fr-CA")
    we.bring_in("maren", "advocate", "en")
    we.bring_in("theo", "coordinator", "en")
    assert (we["ines"].path, we["maren"].path, we["theo"].path) == ("/", "/statistics", "/")
    case, incident = log_on_a_phone(we["ines"])
    import_the_notebook(we, tmp_path)
    tag_from_the_list(we["lucie"])
    sign_in_with_a_code(we)
    publish(we)
    knock_as_advocate(we["maren"], case, incident)
    lock_while_writing(we)
    keep_a_draft_while_typing(we)
    meet_over_an_incident(we, incident)


def log_on_a_phone(ines: Visitor) -> tuple[str, str]:
    """Log two incidents on a phone, in French; returns the addresses of the first case and incident."""
    page = ines.page
    ines.press('main a[href="/incidents/new"]')
    assert page.locator("html").get_attribute("lang") == "fr"
    assert "Interception routière" in ines.say()
    assert "Enregistrer l’incident" in ines.say(".savebar")
    steps.write_incident(ines, "2025-05-12", "traffic_stop", "spvm", STORY)
    steps.choose(ines, status_surfaced="identity_document_demanded")
    steps.write_person(ines, 0, "Amélie Garçon")
    page.click("main [name=add_person]")
    steps.write_person(ines, 1, "Teodor Vulcan")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    ines.press("main .savebar [name=another]")
    assert ines.path.startswith("/incidents/new?like=")
    assert page.input_value("main [name=police_service]") == "spvm"
    steps.write_incident(ines, "2025-06-01", "ticket", "spvm", "Une amende, puis des questions.")
    steps.write_person(ines, 0, "Noor", consent="refused")
    steps.send(ines)
    assert re.fullmatch(r"/cases/[0-9a-f-]{36}", ines.path)
    ines.go("/incidents")
    page.check("#filters-shown", force=True)
    page.fill("main [name=text]", "GARCON")
    ines.press("main .filters button")
    assert page.locator("main tbody tr").count() == 1
    assert "GARCON" not in page.url.upper()
    ines.press("main tbody td.ref a")
    assert "Amélie Garçon" in ines.say("h1")
    assert STORY in ines.say()
    case = ines.path.partition("#")[0]
    ines.go(page.locator('main a[href^="/incidents/"]').first.get_attribute("href") or "")
    return case, ines.path


def import_the_notebook(we: Collective, folder: Path) -> None:
    """Bring in what the collective wrote down before, by the command, while the server runs."""
    lines = [f"{contact},{year}" for (contact, year), count in COUNTS.items() for _ in range(count)]
    rows = "".join(f"{number},{line}\n" for number, line in enumerate(lines))
    files = {
        "notebook.csv": "number,contact,year\n" + rows,
        "mapping.toml": MAPPING,
        "words": we.words["lucie"],
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    who = ("--login", "lucie", "--passphrase-file", str(folder / "words"))
    command = ("import-incidents", str(folder / "notebook.csv"), "--mapping", str(folder / "mapping.toml"))
    device = we["lucie"].device
    assert device is not None
    done = we.server.run(*command, *who, "--code", device.fresh_code())
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(lines)} imported" in done.stdout


def tag_from_the_list(lucie: Visitor) -> None:
    """Set a pattern on several incidents at once, from the list, and find them by it."""
    page = lucie.page
    lucie.go("/incidents?who=all&group=carding")
    boxes = page.locator("main [name=incident]")
    assert boxes.count() == COUNTS["street_check", 2024] + COUNTS["street_check", 2025]
    page.check("main [data-select-all] input")
    boxes.first.uncheck()
    options = page.locator("main select[name=tag] option")
    name, pattern = options.nth(1).inner_text(), options.nth(1).get_attribute("value")
    page.select_option("main [name=tag]", pattern)
    lucie.press("main [name=deed][value=add]")
    assert "13 incidents changed." in lucie.say()
    lucie.go(f"/incidents?who=all&pattern={pattern}")
    assert page.locator("main tbody tr").count() == 13
    assert page.locator("main tbody .tag", has_text=name).count() == 13


def sign_in_with_a_code(we: Collective) -> None:
    """A coordinator signs in on two pages, sees both her sessions, and ends the other."""
    lucie, again = we["lucie"], we.open("lucie again", phone=True, locale="fr-CA")
    again.device = lucie.device
    again.go("/sign-in")
    steps.fill(again, login="lucie", passphrase=we.words["lucie"])
    again.press("main form.panel button")
    assert again.path == "/sign-in/code"
    look(again, "sign-in-code")
    steps.sign_in(again, "lucie", we.words["lucie"])
    assert again.path == "/"
    lucie.go("/account/sessions")
    look(lucie, "sessions")
    lucie.press('main form[action^="/account/sessions/"][action$="/end"] button')
    again.go("/")
    assert again.path.startswith("/sign-in")


def publish(we: Collective) -> None:
    """Ask one number as advocate, see what is hidden, and make a release of it."""
    maren = we["maren"]
    page = maren.page
    steps.sign_in_again(maren, "maren", we.words["maren"])
    assert maren.path == "/statistics"
    asked = {"what": "contact_type:traffic_stop", "by": "year", "first": "2024-Q1", "last": "2025-Q4"}
    for name, value in asked.items():
        page.select_option(f"main [name={name}]", value)
    maren.press("main form.filters button")
    page.wait_for_selector("main p.number", timeout=120_000)
    look(maren, "statistics-answer")
    check_cells(page)
    maren.press('main form[action="/statistics/release"] button')
    assert maren.path.endswith("/edit")
    assert page.input_value("main [name=by_1]") == "year"


def check_cells(page: Page) -> None:
    """What is shown is what was logged; what is small is hidden, and cannot be had by subtraction."""
    expected: Counter[tuple[str, str]] = Counter()
    for (contact, year), logged in COUNTS.items():
        count = logged + ((contact, year) == ("traffic_stop", 2025))
        line = FIELDS["contact_type"].codes.label(contact, "en")
        for key in ((line, str(year)), (line, "All"), ("All", str(year)), ("All", "All")):
            expected[key] += count
    table = page.locator("main table.protected")
    columns = table.locator("thead th").all_inner_texts()[1:]
    found = {
        (row.locator("th").inner_text(), column): cell.inner_text()
        for row in table.locator("tbody tr").all()
        for column, cell in zip(columns, row.locator("td").all(), strict=True)
    }
    hidden = {key for key, text in found.items() if text.startswith("x")}
    assert ("Ticket", "2025") in hidden
    for key in hidden:
        assert len({other for other in hidden if other[0] == key[0]}) > 1
        assert len({other for other in hidden if other[1] == key[1]}) > 1
    for key in found.keys() - hidden:
        assert found[key] == str(expected[key]), key
    assert len(expected.keys() - hidden) > 8


def knock_as_advocate(maren: Visitor, case: str, incident: str) -> None:
    """An advocate who knows an address is refused there all the same, and told no word."""
    for path in (case, f"{case}/access", incident, "/cases", "/incidents", "/incidents/new", "/members"):
        assert maren.go(path).status == 403, path
        assert maren.page.locator("h1").count() == 1
        assert "Garçon" not in maren.page.content()
    assert maren.page.locator('nav a[href="/cases"]').count() == 0


def lock_while_writing(we: Collective) -> None:
    """A form that is posted after the screen has locked waits as a draft after unlocking."""
    ines, page = we["ines"], we["ines"].page
    ines.go("/incidents/new")
    steps.write_incident(ines, "2025-07-01", "traffic_stop", "spvm", "Écrit trop tard.")
    steps.write_person(ines, 0, "Sabine Tardive")
    other = ines.context.new_page()
    other.goto("/account")
    other.click('form[action="/lock"] button')
    other.wait_for_url("**/unlock")
    other.close()
    steps.send(ines)
    look(ines, "unlock-kept")
    steps.unlock(ines, we.words["ines"])
    assert ines.path == "/"
    ines.press('main a[href^="/drafts/"]')
    assert page.input_value("main [name=text]") == "Écrit trop tard."
    assert page.input_value("main [name=people-0-name]") == "Sabine Tardive"
    steps.send(ines)
    assert ines.path.startswith("/cases/")
    assert ines.go("/").ok
    assert page.locator('main a[href^="/drafts/"]').count() == 0


def keep_a_draft_while_typing(we: Collective) -> None:
    """What is typed is kept without pressing anything, and is there in another browser."""
    ines, page = we["ines"], we["ines"].page
    ines.go("/incidents/new")
    page.fill("main [name=text]", "Commencé dans le métro")
    expect(page.locator("[data-draft-said]")).not_to_be_empty()
    look(ines, "log-draft-kept")
    again = we.open("ines at home", locale="fr-CA")
    steps.sign_in(again, "ines", we.words["ines"])
    again.press('main a[href^="/drafts/"]')
    assert again.page.input_value("main [name=text]") == "Commencé dans le métro"
    assert again.page.locator("html").get_attribute("lang") == "fr"
    again.page.click("details.menu summary")
    again.press("details.menu button[name=language][value=en]")
    assert again.page.locator("html").get_attribute("lang") == "en"
    assert again.page.input_value("main [name=text]") == "Commencé dans le métro"


def meet_over_an_incident(we: Collective, incident: str) -> None:
    """Two change one incident: the later sees both texts, and puts them together."""
    lucie, theo = we["lucie"], we["theo"]
    for visitor in (lucie, theo):
        visitor.go(incident)
    steps.fill(lucie, text="Lucie knows the officer’s number.")
    steps.send(lucie)
    steps.fill(theo, text="Théo knows the street.")
    with theo.page.expect_response(lambda answer: answer.status == 409):
        steps.send(theo)
    look(theo, "conflict")
    both = ("Lucie knows the officer’s number.", "Théo knows the street.")
    assert all(text in theo.say() for text in both)
    theo.press("main [name=resolve][value=edit]")
    assert theo.page.input_value("main [name=text]") == both[1]
    assert both[0] in theo.say(".differences")
    steps.fill(theo, text=" ".join(both))
    steps.send(theo)
    assert " ".join(both) in theo.say()
