"""On the page of a case: a form opens where its record stands, and one does not lose one's place."""

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Route, expect

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.browser.looking import look
from tests.support.browser import Session, Visitor, count_served
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

PANEL = ".in-place"
SAID = "body > .said[role=status]"
RECORDS = {
    "incident": "[id^=incident-] a[data-in-place]",
    "step": "[id^=act-] a[data-in-place]",
    "new-step": "[id^=pathway-] a[data-in-place]",
    "clock": "[id^=clock-] a[data-in-place]",
    "follow-up": ".ahead[id^=follow-up-] a[data-in-place]",
    "person": "[id^=person-] a[data-in-place]",
    "file": "[id^=file-] a[data-in-place]",
    "access": "#access a[data-in-place]",
    "accompanied": "#accompanied a[data-in-place]",
}
TASK, STEP, PERSON, FILE = (RECORDS[name] for name in ("follow-up", "step", "person", "file"))
LINK = "#{} a[data-in-place]"
FAULTY = re.compile("Failed to load resource|ERR_INTERNET_DISCONNECTED")
FOCUSED = """() => {
  const focused = document.activeElement, record = focused.closest("main [id]");
  const { top, bottom } = focused.getBoundingClientRect();
  return { record: record?.id, seen: top >= 0 && bottom <= innerHeight };
}"""


@pytest.fixture(scope="module")
def case_path(demonstration: LiveServer, browser: Browser) -> str:
    """A case with a step, a clock, a follow-up and a file."""
    visitor = sign_in(Visitor(browser, demonstration.url))
    visitor.go("/cases?who=all")
    links = visitor.page.locator("main tbody td.ref a")
    for path in [link.get_attribute("href") or "" for link in links.all()]:
        visitor.go(path)
        if all(
            visitor.page.locator(RECORDS[name]).count() for name in ("step", "clock", "follow-up", "person")
        ):
            steps.attach(visitor, "", {"letter.txt": b"Dear all"})
            visitor.context.close()
            return path
    raise AssertionError("no case of the demonstration has all kinds of records")


@pytest.fixture(scope="module")
def sessions() -> dict[str, Session]:
    """Her sessions by language, each of which lasts until a test ends it."""
    return {"en": Session(), "fr": Session()}


@pytest.fixture(params=[("390", "fr"), ("1280", "en")], ids=["390-fr", "1280-en"])
def lucie(
    request: pytest.FixtureRequest,
    demonstration: LiveServer,
    case_path: str,
    browser: Browser,
    sessions: dict[str, Session],
) -> Iterator[Visitor]:
    """The coordinator on the page of the case, on a phone in French and at a desk in English."""
    width, language = request.param
    visitor = Visitor(browser, demonstration.url, phone=width == "390")
    sessions[language].enter(visitor, case_path, language, lambda: sign_in(visitor, language))
    yield visitor
    visitor.context.close()
    assert [fault for fault in visitor.faults if not FAULTY.search(fault)] == []


def sign_in(visitor: Visitor, language: str = "en") -> Visitor:
    """Sign in as the coordinator, in a language."""
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    if visitor.page.get_attribute("html", "lang") != language:
        visitor.page.click("details.menu summary")
        visitor.press(f".menu .languages [value={language}]")
    return visitor


def open_by_keyboard(visitor: Visitor, selector: str) -> Locator:
    """Press Enter on the link; returns the form that opened below it."""
    visitor.page.locator(selector).first.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(PANEL)).to_have_count(1)
    panel = visitor.page.locator(PANEL)
    assert panel.evaluate("panel => panel.contains(document.activeElement)")
    return panel


def save(panel: Locator) -> None:
    """Press what saves, by the keyboard."""
    panel.locator("button[type=submit]:not([name])").first.press("Enter")


def record_of(visitor: Visitor, selector: str) -> str:
    """Return the id of the record that a link changes; while the record is redrawn it is in no page."""
    for _try in range(200):
        if found := visitor.page.locator(selector).first.evaluate("link => link.closest('main [id]')?.id"):
            return str(found)
        visitor.page.wait_for_timeout(50)
    raise AssertionError(f"{selector} is in no record")


def assert_back_at(visitor: Visitor, record: str) -> None:
    """The form is gone, the focus is on the way to change the record again, and can be seen."""
    expect(visitor.page.locator(PANEL)).to_have_count(0)
    wanted = {"record": record, "seen": True}
    for _try in range(200):  # what is laid out meanwhile may move it for a moment
        if visitor.page.evaluate(FOCUSED) == wanted:
            break
        visitor.page.wait_for_timeout(100)
    assert visitor.page.evaluate(FOCUSED) == wanted


def says(visitor: Visitor, text: str | re.Pattern[str] = re.compile(r"\w")) -> None:
    """Wait until the page tells a screen reader."""
    expect(visitor.page.locator(SAID)).to_have_text(text)


@pytest.mark.parametrize("name", RECORDS)
def test_each_form_opens_below_its_record_and_closes(lucie: Visitor, name: str) -> None:
    """By the keyboard alone; an inspector finds nothing; Escape puts back what was there, and the focus."""
    page, path = lucie.page, lucie.path
    before = page.locator("main").inner_text()
    record = record_of(lucie, RECORDS[name])
    open_by_keyboard(lucie, RECORDS[name])
    look(lucie, f"in-place-{name}-{page.get_attribute('html', 'lang')}")
    page.keyboard.press("Escape")
    assert_back_at(lucie, record)
    assert page.locator("main").inner_text() == before
    assert lucie.path == path


def test_saving_brings_the_new_state_and_keeps_the_place(lucie: Visitor) -> None:
    """What was typed elsewhere on the page stays; what happened is told; nothing is put into the history."""
    page, length = lucie.page, lucie.page.evaluate("history.length")
    page.fill("#note-words", "Half a note")
    record = record_of(lucie, TASK)
    panel = open_by_keyboard(lucie, TASK)
    title = f"Ask for the file {page.evaluate('innerWidth')}"
    panel.locator("[name=title]").fill(title)
    save(panel)
    expect(page.locator(f"#{record} > div > h3")).to_have_text(title)
    assert_back_at(lucie, record)
    says(lucie, page.locator(f"#{record} .flash p").inner_text())
    assert page.input_value("#note-words") == "Half a note"
    assert page.evaluate("history.length") == length
    panel = open_by_keyboard(lucie, LINK.format(record))
    assert panel.locator("[name=title]").input_value() == title


@pytest.mark.parametrize(
    ("name", "field"), [("step", "said"), ("person", "note"), ("file", "note"), ("incident", "exact_place")]
)
def test_each_record_says_what_was_saved(lucie: Visitor, name: str, field: str) -> None:
    """The record shows what was written, with the notice beside it."""
    record = record_of(lucie, RECORDS[name])
    panel = open_by_keyboard(lucie, RECORDS[name])
    text = f"Written in place {lucie.page.evaluate('innerWidth')}"
    panel.locator(f"[name={field}]").evaluate(
        "(field, text) => { field.value = text; field.dispatchEvent(new Event('input', {bubbles: true})); }",
        text,
    )
    save(panel)
    expect(lucie.page.locator(PANEL)).to_have_count(0)
    expect(lucie.page.locator(f"#{record}")).to_contain_text(text)
    assert lucie.page.locator(f"#{record} .flash.good").count() == 1
    assert_back_at(lucie, record)


def test_a_new_step_is_where_one_goes(lucie: Visitor) -> None:
    """What is added has no place yet: the page goes to where it stands."""
    page = lucie.page
    steps_before = page.locator("[id^=act-]").count()
    panel = open_by_keyboard(lucie, RECORDS["new-step"])
    panel.locator("[name=what]").select_option(index=2)
    panel.locator("[name=precision][value=unknown]").check()
    save(panel)
    expect(page.locator("[id^=act-]")).to_have_count(steps_before + 1)
    expect(page.locator("[id^=act-] .flash.good")).to_have_count(1)
    assert page.evaluate(FOCUSED)["record"].startswith("act-")


def test_faults_come_back_in_place(lucie: Visitor) -> None:
    """The focus is on the list of faults, each leads to its field, and nothing that was typed is gone."""
    page = lucie.page
    panel = open_by_keyboard(lucie, TASK)
    panel.locator("[name=title]").fill("")
    panel.locator("[name=words]").fill("Why it matters")
    save(panel)
    expect(panel.locator(".summary")).to_be_focused()
    look(lucie, f"in-place-faults-{page.get_attribute('html', 'lang')}")
    panel.locator(".summary a").press("Enter")
    expect(panel.locator("[name=title]")).to_be_focused()
    assert panel.locator("[name=words]").input_value() == "Why it matters"
    page.keyboard.type("Ask again")
    save(panel)
    expect(page.locator(PANEL)).to_have_count(0)


def test_what_was_refused_and_closed_is_a_draft(lucie: Visitor) -> None:
    """A form that came back with faults is on this page alone: Escape keeps it, without another stroke."""
    page = lucie.page
    panel = open_by_keyboard(lucie, TASK)
    panel.locator("[name=title]").fill("")
    panel.locator("[name=words]").fill("Said in a hurry")
    save(panel)
    expect(panel.locator(".summary")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_have_count(0)
    open_by_keyboard(lucie, ".in-place-said a")
    assert page.locator(f"{PANEL} [name=words]").input_value() == "Said in a hurry"


def test_a_closed_form_is_a_draft_and_can_be_taken_up(lucie: Visitor) -> None:
    """Escape loses nothing that was typed; one form is open at once."""
    page = lucie.page
    panel = open_by_keyboard(lucie, PERSON)
    panel.locator("[name=name]").fill("Half a name")
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_have_count(0)
    open_by_keyboard(lucie, ".in-place-said a")
    assert page.locator(f"{PANEL} [name=name]").input_value() == "Half a name"
    page.keyboard.press("Escape")
    expect(page.locator(".in-place-said a")).to_be_visible()
    assert page.locator(PERSON).first.evaluate("link => link === document.activeElement")
    open_by_keyboard(lucie, STEP)
    assert page.locator(f"{PANEL} [name=what]").count() == 1


def drafts_of(visitor: Visitor) -> int:
    """Count one's drafts, as the server writes the start page."""
    return count_served(visitor, "/", 'form[action^="/drafts/"]')


def test_a_form_that_opens_again_leads_to_its_draft(lucie: Visitor) -> None:
    """Whoever closed it and presses "Change" again finds what they wrote; saved, no draft is left of it."""
    page, before = lucie.page, drafts_of(lucie)
    panel = open_by_keyboard(lucie, PERSON)
    panel.locator("[name=note]").fill("Half a note")
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_have_count(0)
    for _time in range(2):  # closing it without a stroke takes nothing away
        panel = open_by_keyboard(lucie, PERSON)
        expect(panel.locator("a[data-in-place]").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(PANEL)).to_have_count(0)
    page.reload()
    panel = open_by_keyboard(lucie, PERSON)
    look(lucie, f"in-place-begun-{page.get_attribute('html', 'lang')}")
    panel.locator("a[data-in-place]").first.press("Enter")  # the newest comes first
    expect(page.locator(f"{PANEL} [name=note]")).to_have_value("Half a note")
    panel.locator("[name=note]").fill("A whole note")
    save(panel)
    assert_back_at(lucie, record_of(lucie, PERSON))
    assert drafts_of(lucie) == before


@pytest.mark.parametrize("is_in_place", [True, False], ids=["in place", "its page"])
def test_saving_while_a_draft_is_on_its_way_leaves_none(lucie: Visitor, is_in_place: bool) -> None:
    """The form waits until it knows its draft, or nobody could say later which one is done with."""
    page, before = lucie.page, drafts_of(lucie)
    if is_in_place:
        form = open_by_keyboard(lucie, PERSON)
    else:
        lucie.go(page.locator(PERSON).first.get_attribute("href") or "")
        form = page.locator("main form[data-draft-url]")
    held: list[tuple[Route, APIResponse]] = []
    is_held = [True]

    def hold(route: Route) -> None:
        if is_held[0]:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/drafts?*", hold)
    with page.expect_request("**/drafts?*"):
        form.locator("[name=note]").fill(f"Said late {is_in_place}")
    while not held:
        page.wait_for_timeout(50)
    save(form)
    page.wait_for_timeout(300)
    is_held[0] = False  # taking the route away instead never ends where the page is on its way
    for route, answer in held:
        route.fulfill(response=answer)
    expect(page.locator(f"#{record_of(lucie, PERSON)} .flash.good")).to_be_visible()
    assert drafts_of(lucie) == before


def test_a_draft_whose_answer_is_lost_is_no_second_draft(lucie: Visitor) -> None:
    """It was kept, but the page does not know: the next try is kept over it."""
    page, before = lucie.page, drafts_of(lucie)
    panel = open_by_keyboard(lucie, PERSON)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    page.route("**/drafts?*", lose)
    panel.locator("[name=note]").fill("Said twice")
    expect(panel.locator("[data-draft-said][data-state=waiting]")).to_be_attached()
    expect(panel.locator("[data-draft-said][data-state=kept]")).to_be_attached()
    assert len(lost) == 1
    assert drafts_of(lucie) == before + 1
    save(panel)
    assert_back_at(lucie, record_of(lucie, PERSON))
    assert drafts_of(lucie) == before


def test_a_form_without_drafts_is_not_closed_by_another(lucie: Visitor) -> None:
    """What was typed into it is nowhere else."""
    page = lucie.page
    panel = open_by_keyboard(lucie, FILE)
    panel.locator("[name=note]").fill("From the lawyer")
    page.locator(PERSON).first.press("Enter")
    expect(page.locator(f"{PANEL} .in-place-said")).to_be_visible()
    assert page.locator(f"{PANEL} [name=note]").input_value() == "From the lawyer"


def test_two_versions_meet_in_place(lucie: Visitor, case_path: str) -> None:
    """Both texts are shown, put together in the form, and saved."""
    page = lucie.page
    record = record_of(lucie, TASK)
    panel = open_by_keyboard(lucie, TASK)
    other = lucie.context.new_page()
    other.goto(f"{case_path}/follow-ups/{UUID(record.removeprefix('follow-up-'))}")
    other.fill("main [name=title]", "Theirs")
    with other.expect_navigation():
        other.click("main .savebar button:not([name])")
    assert other.url.endswith(f"#{record}")
    other.close()
    panel.locator("[name=title]").fill("Mine")
    save(panel)
    expect(panel.locator(".differences")).to_contain_text("Theirs")
    look(lucie, f"in-place-two-versions-{page.get_attribute('html', 'lang')}")
    expect(panel.locator("button[value=theirs]")).to_be_visible()
    heights = {button.bounding_box()["height"] for button in panel.locator("[name=resolve]").all()}  # type: ignore[index]
    assert len(heights) == 1
    panel.locator("[name=resolve][value=edit]").press("Enter")
    expect(panel.locator("[name=title]")).to_have_value("Mine")
    expect(panel.locator(".differences")).to_contain_text("Theirs")
    panel.locator("[name=title]").fill("Mine and theirs")
    save(panel)
    expect(page.locator(f"#{record} > div > h3")).to_have_text("Mine and theirs")
    assert_back_at(lucie, record)


def lock(visitor: Visitor) -> None:
    """Lock the screen in another tab."""
    other = visitor.context.new_page()
    other.goto("/account")
    other.click('form[action="/lock"] button')
    other.wait_for_url("**/unlock")
    other.close()


def test_a_locked_screen_keeps_what_was_written(lucie: Visitor) -> None:
    """A form with drafts is kept, as ever; one without stays in the page, and is saved after signing in."""
    page = lucie.page
    panel = open_by_keyboard(lucie, FILE)
    name = f"locked-{page.evaluate('innerWidth')}.txt"
    panel.locator("[name=name]").fill(name)
    lock(lucie)
    save(panel)
    expect(panel.locator(".in-place-said a")).to_be_visible()
    with lucie.context.expect_page() as opened:
        panel.locator(".in-place-said a").click()
    opened.value.fill("main [name=passphrase]", COORDINATOR.passphrase)
    with opened.value.expect_navigation():
        opened.value.click("main form.panel button")
    opened.value.close()
    save(panel)
    expect(page.locator(PANEL)).to_have_count(0)
    expect(page.locator("#files")).to_contain_text(name)
    panel = open_by_keyboard(lucie, STEP)
    panel.locator("[name=said]").fill("Too late")
    lock(lucie)
    save(panel)
    page.wait_for_url("**/unlock?kept=1")


def test_no_line(lucie: Visitor) -> None:
    """Nothing opens and nothing is lost; what waits is saved once the line is back."""
    page = lucie.page
    record = record_of(lucie, TASK)
    lucie.context.set_offline(True)
    page.locator(TASK).first.press("Enter")
    expect(page.locator(".in-place-said")).to_be_visible()
    lucie.context.set_offline(False)
    panel = open_by_keyboard(lucie, TASK)
    lucie.context.set_offline(True)
    title = f"Over a bad line {page.evaluate('innerWidth')}"
    panel.locator("[name=title]").fill(title)
    save(panel)
    expect(panel.locator("[data-draft-said][data-state=waiting]")).to_be_visible()
    assert panel.locator("[name=title]").input_value() == title
    lucie.context.set_offline(False)
    expect(page.locator(f"#{record} > div > h3")).to_have_text(title)
    assert_back_at(lucie, record)


def test_too_large_stays_in_place(lucie: Visitor) -> None:
    """It is said what to do, and the text is still there."""
    panel = open_by_keyboard(lucie, STEP)
    panel.locator("[name=said]").evaluate("field => { field.value = 'a'.repeat(3_000_000); }")
    save(panel)
    expect(panel.locator(".in-place-said.bad")).to_be_visible()
    assert panel.locator("[name=said]").evaluate("field => field.value.length") == 3_000_000


def test_the_page_itself_is_a_key_away(lucie: Visitor) -> None:
    """With the Control key the link opens its page, in another tab."""
    # A Chromium without windows does not always draw a page behind another: that it is asked for is enough.
    with (
        lucie.context.expect_page(),
        lucie.context.expect_event("request", lambda asked: asked.is_navigation_request()) as asked,
    ):
        lucie.page.locator(PERSON).first.click(modifiers=["ControlOrMeta"])
    assert "/people/" in asked.value.url
    assert lucie.page.locator(PANEL).count() == 0


@pytest.mark.parametrize(
    ("name", "field"), [("step", "said"), ("person", "note"), ("file", "note"), ("incident", "text")]
)
def test_without_scripts_a_page_leads_back_to_the_record(
    demonstration: LiveServer, visitors: Visitors, case_path: str, name: str, field: str
) -> None:
    """The form has its page; saved, it leads to where the record stands, and the notice is beside it."""
    visitor = visitors(demonstration.url, scripts=False)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    visitor.go(case_path)
    record = record_of(visitor, RECORDS[name])
    visitor.press(RECORDS[name])
    visitor.page.locator(f"main [name={field}]").evaluate("field => { field.value += ' Known now.'; }")
    visitor.press("main form[data-for-in-place] button[type=submit]:not([name])")
    assert visitor.path == f"{case_path}#{record}"
    assert "Known now." in visitor.say(f"#{record}")
    assert visitor.page.locator(f"#{record} .flash.good").count() == 1
    assert visitor.page.locator(".flashes").count() == 0
