"""Every page, at a desk and on a phone, light and dark, in English and in French: no fault to be found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Route

from casework.web.headers import CONTENT_SECURITY_POLICY
from tests.browser import steps
from tests.browser.looking import View, find_faults, look_at
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.files import photo, recording
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

# Each language in both sizes and both colours; so is each pair of language, size and colours there once.
# The first is inspected whole: so both languages and both sizes are.
VIEWS: dict[str, tuple[View, View]] = {
    "en": ((DESK, "light"), (PHONE, "dark")),
    "fr": ((PHONE, "light"), (DESK, "dark")),
}
# Answers to forms are the same pages with more on them: one view in each language.
ANSWERS = {language: views[:1] for language, views in VIEWS.items()}
# The demonstration ends today.
TODAY = datetime.now(UTC).date()
SINCE = f"first={TODAY - timedelta(days=50)}"  # axe looks at every cell of a list: a short one is as good
PAGES = {
    "coordinator": {
        "today": "/",
        "cases": f"/cases?{SINCE}",
        "cases-none": "/cases?service=tps&group=witness&first=1990-01-01&last=1990-01-02",
        "bin": "/cases/bin",
        "bundle": "{bundle}",
        "bundle-bin": "{bundle}/bin",
        "bundle-consent": "{bundle}/consent",
        "bundle-hand-over": "{bundle}/hand-over",
        "bundle-tag": "{bundle}/pattern",
        "duplicates": "/cases/same-people",
        "told-twice": "/incidents/told-twice",
        "merge-choose": "{person}/merge",
        "merge": "{merge}",
        "accounts": "{accounts}",
        "unaccompanied": "/cases/unaccompanied",
        "erasures": "/erasures",
        "retention": "/retention",
        "case": "{case}",
        "case-access": "{case}/access",
        "case-history": "{case}/history",
        "case-close": "{detained}/close",
        "case-file": "{case}/file",
        "cases-sheet": "/cases/sheet?who=all",
        "incidents-sheet": "/incidents/sheet?who=all",
        "case-hand-over": "{case}/hand-over",
        "files": "{case}/files",
        "file": "{picture}",
        "file-uncleaned": "{recording}",
        "person": "{person}",
        "person-new": "{case}/people/new",
        "incidents": f"/incidents?who=all&group=ticket&{SINCE}",
        "incidents-first-page": "/incidents?who=all",
        "today-everybody": "/?who=all",
        "case-detained": "{detained}",
        "follow-up-note": "{case}/follow-ups/new",
        "follow-up-task": "{case}/follow-ups/new?kind=task",
        "detention": "{case}/detentions/new",
        "detention-review": "{review}",
        "detention-release": "{release}",
        "log": "/incidents/new",
        "log-quick": "/incidents/new?view=quick",
        "log-quick-in-case": "{case}/incidents/new?view=quick",
        "log-in-case": "{case}/incidents/new",
        "incident": "{incident}",
        "step": "{incident}/acts/new",
        "patterns": "/patterns",
        "review": "/patterns/review",
        "review-none": "/patterns/review?at=end&keys=off",
        "pattern-define": "/patterns/new",
        "pattern": "{pattern}",
        "pattern-merge": "{pattern}/merge",
        "terms": "/terms",
        "term-list": "/terms/new",
        "term-add": "/terms/new?list=place",
        "term": "{term}",
        "term-merge": "{term}/merge",
        "explore": f"/explore?show=police_service&by=year&share=row&{SINCE}",
        "explore-picks": "/explore?show=cbsa_actions&by=&unit=people&police_service=spvm&roles=unknown",
        "explore-panels": "/explore?show=referral_types&by=year&panels=contact_group&unit=referrals",
        "explore-fault": "/explore?show=city&by=city",
        "explore-none": "/explore?show=city&first=1990-01-01&last=1990-01-02",
        "explore-list": f"/explore/incidents?show=city&in.steps=detention&{SINCE}",
        "explore-sheet": "/explore/incidents/sheet?show=city&contact_group=ticket",
        "pathway": f"/explore/pathway?show=police_service&{SINCE}",
        "view": "{view}",
        "view-edit": "{view}/edit",
        "signals": "/signals",
        "policies": "/policies",
        "policy": "/policies/c746ff16-516f-5bf3-aa59-f53b8f8bdfde?months=24",
        "policy-add": "/policies/new",
        "policy-edit": "/policies/c746ff16-516f-5bf3-aa59-f53b8f8bdfde/edit",
        "statistics": "/statistics",
        "official": "/official-counts",
        "official-new": "/official-counts/new",
        "official-charts": "/official-counts/charts",
        "official-lists": "/official-counts/lists",
        "access-requests": "/access-requests",
        "access-request-new": "/access-requests/new",
        "releases": "/releases",
        "release-new": "/releases/new",
        "release-authentic": "/releases/authentic",
        "stories": "/stories",
        "story": "{story}",
        "story-in-case": "{told}",
        "story-new": "{telling}/stories/new",
        "release-draft": "{numbers}",
        "release-edit": "{numbers}/edit",
        "case-withdrawn": "{withdrawn}",
        "imports": "/imports",
        "backups": "/backups",
        "server": "/server",
        "members": "/members",
        "invite": "/members/invite",
        "audit": "/audit",
        "audit-verify": "/audit/verify",
        "audit-keeping": "/audit/keeping",
        "audit-none": "/audit?what=exports&first=1990-01-01&last=1990-01-02",
        "recovery": "/recovery",
        "recovery-drill": "/recovery/drill",
        "recovery-earlier": "/recovery/earlier",
        "revoke": "{member}/revoke",
        "invite-again": "{member}/invite-again",
        "recovery-new": "/recovery/new",
        "account": "/account",
        "account-second-factor": "/account/second-factor",
        "account-second-factor-set-up": "/account/second-factor/set-up",
        "account-sessions": "/account/sessions",
        "account-passphrase": "/account/passphrase",
        "account-records": "/account/records",
        "account-own-passphrase": "/account/passphrase?own=1",
        "seal": "/seal",
        "not-found": "/nowhere",
        "no-such-method": "/lock",
    },
    "caseworker": {"today": "/", "patterns": "/patterns", "forbidden": "/members"},
    "advocate": {
        "statistics": "/statistics",
        "account": "/account",
        "forbidden": "/cases",
    },
    "anonymous": {"sign-in": "/sign-in", "invitation-gone": "/join/nothing", "not-found": "/nowhere"},
}
LONG = 30  # pages in one test: two workers share the coordinator's
PARTS = [
    pytest.param(role, dict(pages[start : start + LONG]), id=f"{role}-{start // LONG + 1}")
    for role, pages in ((role, list(pages.items())) for role, pages in PAGES.items())
    for start in range(0, len(pages), LONG)
]


def enter(visitor: Visitor, role: str, language: str) -> None:
    """Be somebody of the demonstration, with the screens in this language."""
    visitor.go("/sign-in")
    if visitor.page.locator("html").get_attribute("lang") != language:
        visitor.press(f".languages [value={language}]")
    if role != "anonymous":
        visitor.press(f'main form:has([name=role][value="{role}"]) button')
    assert visitor.page.locator("html").get_attribute("lang") == language


def find_records(visitor: Visitor) -> dict[str, str]:
    """Return addresses of one of each record."""
    visitor.go("/cases?who=all")
    case = visitor.page.locator("main tbody td.ref a").first.get_attribute("href") or ""
    picture, sound = attach(visitor, case)
    visitor.go(case)
    person, incident = _find_links(visitor)
    visitor.go("/?who=all")
    review = visitor.page.locator('main a[href$="/review"]').first.get_attribute("href") or ""
    visitor.go(review.partition("/detentions/")[0])
    other, told = _find_links(visitor)
    visitor.go("/members")
    revoke = visitor.page.locator('main a[href$="/revoke"]').first.get_attribute("href") or ""
    steps.choose_cases(visitor, "bin")
    bundle = visitor.path.removesuffix("/bin")
    withdrawn = _find_withdrawn(visitor)
    # A draft: what becomes of it, to its withdrawal, tests/browser/test_releases.py looks at.
    visitor.go("/releases/new")
    visitor.press("main .savebar button")
    numbers = visitor.path
    visitor.go("/stories")
    story = visitor.page.locator('main a[href^="/stories/"]').last.get_attribute("href") or ""
    visitor.go(story)
    told_in = visitor.page.locator('main a[href^="/cases/"]').first.get_attribute("href") or ""
    visitor.go("/terms")
    term = (
        visitor.page.locator('main a[href^="/terms/"]:not([href*="new"])').first.get_attribute("href") or ""
    )
    visitor.go("/explore?show=police_service&by=year")
    visitor.page.locator("main details.confirm summary").click()
    steps.fill(visitor, name="Services, year by year")
    visitor.press("main details.confirm button")
    view = visitor.path
    visitor.go("/patterns")
    pattern = visitor.page.locator('main a[href^="/patterns/"]:not([href$="new"])').first
    return {
        "numbers": numbers,
        "story": story,
        "told": told_in,
        "telling": told_in.partition("/stories/")[0],
        "term": term,
        "bundle": bundle,
        "case": case,
        "detained": review.partition("/detentions/")[0],
        "review": review,
        "release": review.removesuffix("review") + "release",
        "member": revoke.removesuffix("/revoke"),
        "incident": incident,
        "accounts": f"{incident}/beside/{told.split('/')[2]}",
        "merge": f"/people/{person.rpartition('/')[2]}/merge/{other.rpartition('/')[2]}",
        "picture": picture,
        "recording": sound,
        "person": person,
        "view": view,
        "withdrawn": withdrawn,
        "pattern": (pattern.get_attribute("href") or "").removesuffix("/edit"),
    }


def _find_links(visitor: Visitor) -> tuple[str, str]:
    """Return the addresses of the first person and of the first incident of the case that is shown."""
    found = [visitor.page.locator(f"main a[href{part}]") for part in ('*="/people/"', '^="/incidents/"')]
    person, incident = (one.first.get_attribute("href") or "" for one in found)
    return person, incident


def log_case(visitor: Visitor) -> tuple[str, str]:
    """Log an incident that no other test looks at; returns the addresses of its case and of itself."""
    visitor.go("/incidents/new")
    steps.write_incident(visitor, str(TODAY - timedelta(days=1)), "traffic_stop", "spvm", "Ours alone.")
    letters = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    steps.write_person(visitor, 0, letters)  # like nobody's, and read by its letters: nothing is asked
    steps.send(visitor)
    assert visitor.path.startswith("/cases/"), visitor.path
    case = visitor.path.partition("?")[0]
    return case, visitor.page.locator('main a[href^="/incidents/"]').first.get_attribute("href") or ""


def _find_withdrawn(visitor: Visitor) -> str:
    """Return the case of somebody who took their consent back: the newest dozen has none."""
    visitor.go("/cases?who=all")
    for link in [one.get_attribute("href") or "" for one in visitor.page.locator("main td.ref a").all()][12:]:
        visitor.go(link)
        if visitor.page.locator("#withdrawn").count():
            return link
    raise AssertionError("nobody of the first page withdrew")


def attach(visitor: Visitor, case: str) -> tuple[str, str]:
    """Add a picture, a recording with a long name, and a file that is then removed; returns the first two."""
    files = {"street.jpg": photo(), f"{'appel-de-nuit-' * 10}.mp3": recording(), "gone.mp3": recording()}
    visitor.go(f"{case}/files")
    steps.attach(visitor, "Cora’s, of that night", files)
    rows = visitor.page.locator("main th.row a")
    links = {row.inner_text(): row.get_attribute("href") or "" for row in rows.all()}
    visitor.go(links["gone.mp3"])
    visitor.press('main form[action$="/remove"] button')
    picture, sound, _gone = (links[name] for name in files)
    return picture, sound


def strand(visitor: Visitor) -> None:
    """Change an incident while its case goes to the bin."""
    case, incident = log_case(visitor)
    visitor.go(incident)
    other = visitor.context.new_page()
    other.goto(f"{visitor.url}{case}")
    with other.expect_navigation():
        other.evaluate("""document.querySelector('main form[action$="/bin"]').submit()""")
    other.close()
    visitor.press("main .savebar button:not([name])")
    assert visitor.page.locator("dl.entered").count() == 1


def race(visitor: Visitor) -> None:
    """Change an incident while somebody else does so, from another page."""
    _case, incident = log_case(visitor)
    other = visitor.context.new_page()
    for page in (visitor.page, other):
        page.goto(f"{visitor.url}{incident}")
    other.fill("main [name=text]", "Theirs")
    other.fill("main [name=exact_place]", "Jarry")
    with other.expect_navigation():
        other.click("main .savebar button:not([name])")
    other.close()
    visitor.page.fill("main [name=text]", "Mine")
    visitor.press("main .savebar button:not([name])")
    assert visitor.page.locator(".differences > section").count() == 1
    assert visitor.page.locator("dl.entered dd").count() == 1


def lose_the_record(visitor: Visitor) -> None:
    """Change a follow-up while it is deleted."""
    visitor.page.goto(visitor.page.locator("[id^=follow-up-] a[data-in-place]").first.evaluate("a => a.href"))
    other = visitor.context.new_page()
    other.goto(visitor.page.locator("main .savebar a").evaluate("a => a.href"))
    with other.expect_navigation():
        other.evaluate(
            "path => document.querySelector(`main form[action='${path}/delete']`).submit()", visitor.path
        )
    other.close()
    steps.fill(visitor, words="Written meanwhile.")
    visitor.press("main .savebar button:not([name])")
    assert visitor.page.locator("dl.entered").count() == 1


@pytest.fixture(scope="module")
def records(demonstration: LiveServer, browser: Browser) -> dict[str, str]:
    """Addresses of one of each record of the demonstration."""
    visitor = Visitor(browser, demonstration.url)
    enter(visitor, "coordinator", "en")
    found = find_records(visitor)
    visitor.context.close()
    assert visitor.faults == []
    return found


@pytest.mark.parametrize("language", VIEWS)
@pytest.mark.parametrize(("role", "pages"), PARTS)
def test_every_page_is_sound(
    role: str,
    pages: dict[str, str],
    language: str,
    demonstration: LiveServer,
    records: dict[str, str],
    visitors: Visitors,
) -> None:
    """Each page passes axe, has a title and one heading, keeps to the phone's width and to the policy."""
    visitor = visitors(demonstration.url, locale=f"{language}-CA")
    enter(visitor, role, language)
    found: dict[str, list[str]] = {}
    for name, path in pages.items():
        answer = visitor.go(path.format(**records))
        assert answer.status < 500, path
        assert answer.header_value("content-security-policy") == CONTENT_SECURITY_POLICY
        found |= look_at(visitor, f"{role}-{name}-{language}", VIEWS[language], whole_once=True)
    assert found == {}


@pytest.mark.parametrize("language", VIEWS)
def test_every_answer_to_a_form_is_sound(
    language: str, demonstration: LiveServer, visitors: Visitors
) -> None:
    """What comes after pressing a button is as sound: faults, a search, a link, a refused passphrase."""
    visitor = visitors(demonstration.url, locale=f"{language}-CA")
    found: dict[str, list[str]] = {}

    def press(name: str, path: str, button: str, /, **fields: str) -> None:
        visitor.page.set_viewport_size(DESK)
        if path:
            visitor.go(path)
        steps.fill(visitor, **fields)
        visitor.press(button)
        found.update(look_at(visitor, f"answer-{name}-{language}", ANSWERS[language]))

    press("sign-in-wrong", "/sign-in", "main form.panel button", login="nobody", passphrase="nothing")
    enter(visitor, "coordinator", language)
    main = "main .savebar button:not([name])"
    press("log-faults", "/incidents/new", main)
    visitor.page.click("main [name=add_person]")
    with visitor.page.expect_navigation():
        visitor.page.press("main [name=people-1-name]", "Enter")
    found |= look_at(visitor, f"answer-draft-kept-{language}", ANSWERS[language])
    visitor.go("/cases?who=all")
    case = visitor.page.locator("main tbody td.ref a").first.get_attribute("href") or ""
    press("task-faults", f"{case}/follow-ups/new?kind=hearing", main, title="")
    picture, _recording = attach(visitor, case)
    press("file-faults", picture, 'main form:has([name="note"]) button', name="")
    press("detention-faults", f"{case}/detentions/new", main, day="")
    press("note-added", f"{case}/follow-ups/new", main, words="Elle rappelle.")
    lose_the_record(visitor)
    found |= look_at(visitor, f"answer-record-gone-{language}", ANSWERS[language])
    race(visitor)
    found |= look_at(visitor, f"answer-two-versions-{language}", ANSWERS[language])
    press("search", "/incidents?who=all", "main .filters button", text="police")
    press("tag-nothing", "", "main [name=deed][value=add]")
    steps.choose_cases(visitor, "consent")
    press("bundle-faults", "", "main form.panel button")
    page = visitor.page
    page.check("main [name=purpose][value=statistics]")
    page.check("main [name=answer][value=given]")
    press("bundle-counted", "", "main form.panel button")
    steps.choose_cases(visitor, "tag")
    page.select_option("main [name=pattern]", index=1)
    press("bundle-to-tag", "", "main form.panel button")
    press("bundle-done", "", "main form.deeds button")
    press("bundle-undone", "", "main .flash button")
    strand(visitor)
    found |= look_at(visitor, f"answer-stranded-{language}", ANSWERS[language])
    press("invite-faults", "/members/invite", main)
    visitor.go("/members/invite")
    steps.choose(visitor, roles="caseworker coordinator", language=language)
    press("invited", "", main, display_name="Noor")
    link = visitor.page.input_value("#link")
    press("members-invited", "/members/invite", "main .savebar a")
    press("join-faults", link, main, login="", passphrase="")
    assert visitor.go(link + "?own=1").ok
    found |= look_at(visitor, f"answer-join-own-{language}", ANSWERS[language])
    steps.join(visitors(demonstration.url, locale=f"{language}-CA"), link, f"noor-{language}")
    visitor.go("/members")
    press("admit", "", 'main a[href$="/admit"]')
    press("admit-faults", "", main, passphrase="not this one")
    press("passphrase-faults", "/account/passphrase", main, current="wrong", passphrase="wrong")
    visitor.go("/account")
    visitor.page.evaluate("document.querySelector('main [name=csrf_token]').remove()")
    press("without-token", "", "main form[novalidate] button")
    press("locked", "/account", 'form[action="/lock"] button')
    assert found == {}


def test_set_up_is_sound(empty_server: LiveServer, visitors: Visitors) -> None:
    """Every page of the first run, and the one that says that somebody else was faster."""
    found: dict[str, list[str]] = {}
    people = {language: visitors(empty_server.url, locale=f"{language}-CA") for language in VIEWS}
    for language, visitor in people.items():
        steps.prepare(
            visitor,
            "Collectif Traverse",
            "Lucie",
            "lucie",
            lambda page, visitor=visitor, language=language: found.update(  # type: ignore[misc]
                look_at(visitor, f"setup-{page}-{language}", VIEWS[language] if page != "sheet" else ())
            ),
            **{"en": {"shares": 3, "threshold": 2}, "fr": {"shares": 5, "threshold": 3}}[language],
        )
    for language, visitor in people.items():
        visitor.press('main form[action="/setup/finish"] button')
        found |= look_at(visitor, f"setup-after-{language}", VIEWS[language], whole_once=True)
    assert people["fr"].page.locator('main a[href="/sign-in"]').count() == 1
    assert found == {}


PLANTED = """<!doctype html><html><head><title></title></head><body><h1>One</h1><h1>Two</h1>
<p style="color: #ccc; background: #fff">Hardly to be read</p><img src="/x.png"><button></button>
<header class="top"><nav style="width: 9px"><a href="/">Far</a></nav></header>
<ul style="line-height: 1"><li><a href="/a">Near</a></li><li><a href="/b">Nearer</a></li></ul>
<div style="width: 900px">wide</div><script>console.error("planted")</script></body></html>"""


def test_the_inspector_finds_what_is_planted(browser: Browser) -> None:
    """A page with every kind of fault is told of each, so a clean page says something."""
    url = "http://127.0.0.1:9"
    visitor = Visitor(browser, url, phone=True)

    def answer(route: Route) -> None:
        policy = {"content-security-policy": CONTENT_SECURITY_POLICY} if "strict" in route.request.url else {}
        route.fulfill(body=PLANTED, content_type="text/html", headers=policy)

    visitor.context.route("**/*", answer)
    visitor.go("/loose")
    faults = " ".join(find_faults(visitor))
    for planted in (
        "image-alt",
        "color-contrast",
        "button-name",
        "target-size",
        "no title",
        "2 first headings",
        "sideways",
        "['Far']",
    ):
        assert planted in faults
    assert [fault.partition(" at ")[0] for fault in visitor.faults] == ["error: planted"]
    visitor.go("/strict")
    assert any("policy: style-src" in fault for fault in visitor.faults)
    assert any("policy: script-src" in fault for fault in visitor.faults)
    visitor.page.evaluate("fetch('http://elsewhere.invalid/').catch(() => 0)")
    visitor.page.evaluate("location.href = 'http://elsewhere.invalid/page'")
    visitor.page.wait_for_url("http://elsewhere.invalid/page")
    with visitor.context.expect_event("weberror"):
        visitor.page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    visitor.context.close()
    assert any("left this machine" in fault for fault in visitor.faults)
    assert any("thrown" in fault for fault in visitor.faults)


ALIKE = """<!doctype html><html lang="en"><head><title>Rows</title><style>
body { color: #000; background: #fff } .late { color: #ccc } li span { color: inherit }
@media (prefers-color-scheme: dark) { body { color: #fff; background: #000 } .dark, .late { color: #333 } }
</style></head><body><main><h1>Rows</h1><ul>%s</ul>
<p>One</p><p>Two</p><p>Three</p><p>Four</p><p class="dark">Five</p><button></button>
</main></body></html>"""
ROW = "<li%s><span>Twelve swallows</span></li>"


def test_the_inspector_finds_one_among_many_that_look_alike(browser: Browser) -> None:
    """Of what looks alike a few are judged: what differs in its colour, or what it stands in, is another."""
    visitor = Visitor(browser, "http://127.0.0.1:9")
    rows = ROW % "" * 9 + ROW % ' class="late"' + ROW % "" * 9
    visitor.context.route("**/*", lambda route: route.fulfill(body=ALIKE % rows, content_type="text/html"))
    visitor.go("/")
    found = look_at(visitor, "rows", VIEWS["en"], whole_once=True)
    visitor.context.close()
    assert [sorted(fault.partition(":")[0] for fault in faults) for faults in found.values()] == [
        ["critical button-name", "serious color-contrast"],
        ["serious color-contrast"],
    ]
    light, dark = (" ".join(faults) for faults in found.values())
    assert ".late" in light and ".dark" not in light
    assert ".late" in dark and ".dark" in dark
