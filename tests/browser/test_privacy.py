"""What a real browser tells, takes and keeps: no referrer, no forms of others, nothing after signing out."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.browser import steps
from tests.support.application import CASEWORKER, Template
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

Visitors = Callable[..., Visitor]
FORGED = """
<!doctype html><title>Elsewhere</title>
<form method="post" action="{action}">
  <input name="csrf_token" value="{token}"><input name="language" value="fr"><button>Send</button>
</form>
"""


def _sign_in(visitor: Visitor, template: Template) -> None:
    steps.sign_in(visitor, CASEWORKER, template.players[CASEWORKER].passphrase)
    assert visitor.path == "/"


@pytest.mark.browser
def test_pages_tell_nobody_where_they_were_left(
    server: LiveServer, sqlite_template: Template, visitors: Visitors
) -> None:
    """Links and forms carry no Referer, forms a hidden origin; and both arrive."""
    visitor = visitors(server.url)
    _sign_in(visitor, sqlite_template)
    with visitor.page.expect_request("**/cases") as link:
        visitor.press("nav a[href='/cases']")
    assert "referer" not in link.value.all_headers()
    with visitor.page.expect_request("**/lock") as form:
        visitor.press("form[action='/lock'] button")
    headers = form.value.all_headers()
    assert "referer" not in headers
    assert (headers["origin"], headers["sec-fetch-site"]) == ("null", "same-origin")
    assert visitor.path == "/unlock"


@pytest.mark.browser
@pytest.mark.parametrize(
    "elsewhere", ["http://127.0.0.1:9", "http://elsewhere.example"], ids=["another port", "another site"]
)
def test_a_form_from_elsewhere_is_refused(
    elsewhere: str, server: LiveServer, browser_context: BrowserContext
) -> None:
    """Even with a token of this very browser, which the cookies of a neighbouring port would go with."""
    page = browser_context.new_page()
    page.goto(server.url)
    token = page.locator("input[name=csrf_token]").first.get_attribute("value")
    forged = FORGED.format(action=f"{server.url}/language", token=token)

    def answer(route: Route) -> None:
        route.fulfill(body=forged, content_type="text/html")

    page.route(f"{elsewhere}/**", answer)
    page.goto(f"{elsewhere}/")
    with page.expect_response("**/language") as sent:
        page.click("button")
    assert sent.value.status == 400
    page.goto(server.url)
    assert page.get_attribute("html", "lang") == "en"


@pytest.mark.browser
def test_nothing_stays_after_signing_out(
    server: LiveServer, sqlite_template: Template, visitors: Visitors
) -> None:
    """Storage is emptied and the session's cookie gone; the language that was chosen here stays."""
    visitor = visitors(server.url)
    visitor.go("/sign-in")
    visitor.press("form[action='/language'] button[value='fr']")
    _sign_in(visitor, sqlite_template)
    visitor.page.evaluate("localStorage.setItem('kept', 'by mistake')")
    visitor.page.locator("details.menu summary").click()
    visitor.press("form[action='/sign-out'] button")
    assert visitor.path == "/sign-in"
    assert visitor.page.evaluate("localStorage.length") == 0
    assert visitor.page.get_attribute("html", "lang") == "fr"
    assert [urlsplit(cookie["domain"]).path for cookie in visitor.context.cookies()] == ["127.0.0.1"]
    visitor.page.go_back()
    assert CASEWORKER.title() not in visitor.page.content()


@pytest.mark.browser
def test_a_passphrase_does_not_stay_where_the_answer_is_a_file(
    server: LiveServer, sqlite_template: Template, visitors: Visitors
) -> None:
    """The page is still there after the download: the field is empty, the slip before is forgotten."""
    visitor, passphrase = visitors(server.url), sqlite_template.players[CASEWORKER].passphrase
    _sign_in(visitor, sqlite_template)
    visitor.go("/account/records")
    steps.fill(visitor, passphrase="something else entirely")
    steps.send(visitor)
    field, faults = visitor.page.locator("main [name=passphrase]"), visitor.page.locator(".fault, .summary")
    assert field.input_value() == "" and faults.count() == 2
    field.fill(passphrase)
    with visitor.page.expect_download() as download:
        visitor.page.click("main .savebar button")
    assert download.value.suggested_filename.endswith(".age")
    assert field.input_value() == "" and faults.count() == 0
