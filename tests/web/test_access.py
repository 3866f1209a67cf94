"""Every address, method and kind of caller: the table in access_table.py holds, and nothing beside it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from casework.services.lists import Filter, list_cases
from casework.services.signing_in import sessions
from casework.web import errors
from casework.web.access import find_mark, public
from tests.support.application import (
    ADVOCATE,
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    PENDING,
    Founded,
    Template,
    build_app,
    close,
    require_second_factor,
)
from tests.support.dump import changed_tables, dump_tables
from tests.web.access_table import REDIRECTS, Row, rows
from tests.web.access_world import SECRETS, World, nobody, stock

CALLERS = {
    "anonymous": "",
    "pending": PENDING,
    "advocate": ADVOCATE,
    "stranger": COLLEAGUE,
    "caseworker": CASEWORKER,
    "coordinator": COORDINATOR,  # last: their posts do something
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
TABLE = rows()


@pytest.fixture(scope="module")
def stocked(
    sqlite_template: Template, bytecode_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Template, World]:
    """The organization with its records, made once."""
    folder = tmp_path_factory.mktemp("stocked") / "instance"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            world = stock(Founded(app, sqlite_template.players))
        close(app)
    return replace(sqlite_template, folder=folder), world


@pytest.fixture
def template(stocked: tuple[Template, World]) -> Template:
    """What `app` is copied from: it has the records."""
    return stocked[0]


@pytest.fixture
def world(stocked: tuple[Template, World]) -> World:
    """What the addresses name."""
    return stocked[1]


@pytest.fixture
def forget_pages(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A refusal's page is set once and kept until a test calls this; the status is found out each time."""
    shown = cache(errors._page)
    monkeypatch.setattr(errors, "_page", shown)
    return shown.cache_clear


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application as it runs for people: posts need their form's token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


class ClosedSwitchboard:
    """Stands in for the demonstration, which takes seconds to invent."""

    def open(self, fill: object) -> None:
        """Open nothing."""


def name_of(rule: Rule) -> str:
    """Return what the table calls a rule: its endpoint and the arguments of its address."""
    return "/".join((rule.endpoint, *sorted(rule.arguments)))


def rules_of(app: Flask) -> dict[str, Rule]:
    """Return every rule by the table's name for it."""
    found = {name_of(rule): rule for rule in app.url_map.iter_rules()}
    assert len(found) == len(list(app.url_map.iter_rules())), "two rules of an endpoint look alike"
    return found


def methods_of(rule: Rule) -> set[str]:
    """Return the methods that a rule lists itself."""
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def address(rule: Rule, values: dict[str, str]) -> str:
    """Write a rule's address with these values."""
    path = rule.rule
    for argument in rule.arguments:
        shown = [part for part in ("uuid:", "path:", "") if f"<{part}{argument}>" in path]
        path = path.replace(f"<{shown[0]}{argument}>", values[argument])
    return path


def outcome(answer: TestResponse) -> str:
    """Return what the table calls an answer."""
    if answer.status_code not in (301, 302, 303, 307, 308):
        return str(answer.status_code)
    where = urlsplit(answer.location).path
    return next((word for word, path in REDIRECTS.items() if path == where), "302")


def test_every_endpoint_has_its_rows(app: Flask) -> None:
    """An address or method without a row fails, and so does a row without its address."""
    there = {(name, method) for name, rule in rules_of(app).items() for method in methods_of(rule)}
    listed = {(row.name, row.method) for row in TABLE}
    assert len(listed) == len(TABLE), "the table holds a row twice"
    missing = "\n".join(f"{name}  {method}" for name, method in sorted(there - listed))
    assert not missing, f"add to ROWS in tests/web/access_table.py, with what each caller gets:\n{missing}"
    gone = "\n".join(f"{name}  {method}" for name, method in sorted(listed - there))
    assert not gone, f"take out of ROWS in tests/web/access_table.py, no such address:\n{gone}"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}-{row.method}")
def test_each_caller_gets_what_the_table_says(row: Row, founded: Founded, world: World) -> None:
    """Every kind of caller gets exactly the outcome of their column."""
    path = address(rules_of(founded.app)[row.name], world.ids)
    got = {
        caller: outcome(founded.client(login).open(path, method=row.method))
        for caller, login in CALLERS.items()
    }
    assert got == {caller: getattr(row, caller) for caller in CALLERS}


def test_before_founding_everything_else_leads_to_set_up(empty_app: Flask) -> None:
    """Only what is marked so answers before an organization exists."""
    rules = rules_of(empty_app)
    values = {argument: nobody(argument) for rule in rules.values() for argument in rule.arguments}
    empty_app.extensions["casework.switchboard"] = ClosedSwitchboard()
    client = empty_app.test_client()
    got = {}
    for row in TABLE:
        path = address(rules[row.name], values | {"filename": "casework.css"})
        got[row.name, row.method] = outcome(client.open(path, method=row.method))
    assert got == {(row.name, row.method): row.before for row in TABLE}
    marks = {row: find_mark(empty_app, row.endpoint) for row in TABLE}
    closed = [row for row, mark in marks.items() if mark and not mark.before_founding]
    assert len(closed) > 30
    assert {got[row.name, row.method] for row in closed} == {"set-up"}


@pytest.mark.parametrize("caller", CALLERS)
def test_a_method_that_no_rule_lists_is_refused(
    caller: str, founded: Founded, world: World, forget_pages: Callable[[], None]
) -> None:
    """Each address answers 405 to every method that it does not know, whoever asks.

    It shows its page to the first of them.
    """
    client, rules = founded.client(CALLERS[caller]), rules_of(founded.app).values()
    known: dict[str, set[str]] = {}
    for rule in rules:
        known.setdefault(rule.rule, set()).update(methods_of(rule))
    got = {}
    for rule in rules:
        forget_pages()
        for method in METHODS:
            if method not in known[rule.rule]:
                answer = client.open(address(rule, world.ids), method=method)
                got[rule.rule, method] = answer.status_code
    assert len(got) > len(known)
    assert {key: status for key, status in got.items() if status != 405} == {}


@pytest.mark.parametrize("caller", CALLERS)
def test_a_post_without_its_token_does_nothing(
    caller: str, founded: Founded, guarded: Flask, world: World
) -> None:
    """Without the form's token every post is 400 for everybody: no view runs, and nothing is written.

    But for a form with files: of who may not add them nothing is read, the token neither.
    """
    ran: list[str] = []
    for endpoint in guarded.view_functions:
        _record(guarded, endpoint, ran)
    client = founded.client(CALLERS[caller])
    before = dump_tables()
    got = {
        name: client.post(address(rule, world.ids)).status_code
        for name, rule in rules_of(guarded).items()
        if "POST" in methods_of(rule)
    }
    assert len(got) > 20
    others = {name: status for name, status in got.items() if status != 400}
    may_add = caller in ("stranger", "caseworker", "coordinator")
    assert set(others) <= (set() if may_add else {"attachments.add/case_id"})
    assert set(others.values()) <= {302, 403, 404}
    assert ran == []
    assert changed_tables(before, dump_tables()) == {}


def test_a_post_with_its_token_passes(founded: Founded, guarded: Flask) -> None:
    """The same post with the token of a page that was shown gets through: it is the token that decides."""
    client = founded.client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert client.post("/sign-out").status_code == 400
    assert outcome(client.post("/sign-out", data={"csrf_token": token})) == "sign-in"
    assert founded.client().post("/sign-out", data={"csrf_token": token}).status_code == 400


def _record(app: Flask, endpoint: str, ran: list[str]) -> None:
    view = app.view_functions[endpoint]

    @wraps(view)  # its mark, and the name under which it could be exempt
    def recorded(**arguments: Any) -> Any:
        ran.append(endpoint)
        return view(**arguments)

    app.view_functions[endpoint] = recorded


@pytest.mark.parametrize("caller", ["advocate", "stranger", "caseworker", "coordinator", "anonymous"])
def test_an_id_that_is_none_is_not_found(
    caller: str, founded: Founded, world: World, forget_pages: Callable[[], None]
) -> None:
    """What is not even shaped like an id is 404 for everybody, in every place of every address.

    Each place shows its page once.
    """
    client, got = founded.client(CALLERS[caller]), {}
    for name, rule in rules_of(founded.app).items():
        for argument in rule.arguments & {a for a in world.ids if a.endswith("_id")}:
            forget_pages()
            for nonsense in ("7", "not-an-id", world.ids[argument][:-1], "..%2f" + world.ids[argument]):
                path = address(rule, world.ids | {argument: nonsense})
                for method in methods_of(rule):
                    got[name, argument, nonsense, method] = client.open(path, method=method).status_code
    assert len(got) > 40
    assert {key: status for key, status in got.items() if status != 404} == {}


@pytest.mark.parametrize("caller", ["caseworker", "coordinator"])
def test_an_unknown_id_is_not_found(
    caller: str, founded: Founded, world: World, forget_pages: Callable[[], None]
) -> None:
    """An id that names nothing, or a record of another kind, is 404 for who may open such records.

    Each address shows its page once, for the id that names nothing; what is answered to the others is found
    out each time, and the page is taken from there.
    """
    client, got = founded.client(CALLERS[caller]), {}
    for row in TABLE:
        if getattr(row, caller) == "403":
            continue
        rule = rules_of(founded.app)[row.name]
        for argument in rule.arguments & {a for a in world.ids if a.endswith("_id")}:
            kind = argument.removeprefix("other_")  # a detention is a follow-up too
            alike = {kind, f"other_{kind}"} | ({"detention_id"} if kind == "follow_up_id" else set())
            others = [
                value for name, value in world.ids.items() if name.endswith("_id") and name not in alike
            ]
            forget_pages()
            for wrong in (str(uuid4()), *others):
                path = address(rule, world.ids | {argument: wrong})
                got[row.name, row.method, argument, wrong] = client.open(path, method=row.method).status_code
    assert len(got) > 40
    assert {key: status for key, status in got.items() if status != 404} == {}


def test_a_link_that_opens_nothing_is_not_found(founded: Founded) -> None:
    """A wrong invitation link welcomes nobody and makes no member."""
    for method in ("GET", "POST"):
        assert founded.client().open("/join/nothing", method=method).status_code == 404


def test_a_person_of_another_case_is_not_found(founded: Founded, world: World) -> None:
    """A stranger gets at nobody through the address of a case of their own."""
    client, own, theirs = founded.client(COLLEAGUE), world.own, world.ids
    assert client.get(f"/cases/{own['case_id']}/people/{own['person_id']}").status_code == 200
    for method in ("GET", "POST"):
        path = f"/cases/{own['case_id']}/people/{theirs['person_id']}"
        assert client.open(path, method=method).status_code == 404


def test_an_advocate_reaches_no_record_by_any_address(founded: Founded, world: World) -> None:
    """Over all addresses with real ids an advocate is shown no word of a record, and changes none."""
    rules = rules_of(founded.app)
    records = {"case_id", "person_id", "incident_id"}
    client, shown, before = founded.client(ADVOCATE), {}, dump_tables()
    for name, rule in rules.items():
        for method in methods_of(rule) - ({"POST"} if name.startswith("auth.") else set()):
            answer = client.open(address(rule, world.ids), method=method)
            shown[name, method] = answer.get_data(as_text=True)
            if rule.arguments & records:
                assert answer.status_code == 403, f"{name} {method}"
            elif "draft_id" in rule.arguments:
                # Advocates keep drafts of releases, and see nobody else's.
                assert answer.status_code in (403, 404), f"{name} {method}"
    references = _references(founded)
    assert len(references) > 10
    told = {key for key, page in shown.items() for word in (*SECRETS, *references) if word in page}
    assert told == set()
    assert changed_tables(before, dump_tables()).keys() <= {
        "audit_entry",
        "ceremony",
        "preview",
        "write_head",
    }


def test_the_words_are_there_to_be_found(founded: Founded, world: World) -> None:
    """Who may open the records is shown every word that the advocate must not see."""
    client, ids = founded.client(CASEWORKER), world.ids
    case = client.get(f"/cases/{ids['case_id']}").get_data(as_text=True)
    draft = client.get(f"/drafts/{ids['draft_id']}", follow_redirects=True).get_data(as_text=True)
    assert all(word in case for word in SECRETS[:2])
    assert all(word in draft for word in SECRETS[2:])


def test_an_unmarked_endpoint_is_refused(founded: Founded) -> None:
    """A view that somebody forgot to mark never runs, not even for a coordinator; a marked one does."""
    ran: list[str] = []
    forgotten = Blueprint("forgotten", __name__)

    @forgotten.get("/forgotten")
    def page() -> str:
        ran.append("forgotten")
        return "open"

    @forgotten.get("/remembered")
    @public
    def marked() -> str:
        ran.append("remembered")
        return "open"

    founded.app._got_first_request = False  # a test may register late
    founded.app.register_blueprint(forgotten)
    for login in CALLERS.values():
        assert founded.client(login).get("/forgotten").status_code == 403
    assert founded.client().get("/remembered").status_code == 200
    assert ran == ["remembered"]


def test_a_locked_session_opens_nothing(founded: Founded, world: World) -> None:
    """Once locked, what led to signing in leads to unlocking instead, for the same addresses."""
    for row in TABLE:
        if row.anonymous != "sign-in" or row.endpoint.startswith("auth."):
            continue
        client = _locked(founded)
        answer = client.open(address(rules_of(founded.app)[row.name], world.ids), method=row.method)
        assert urlsplit(answer.location or "").path == "/unlock", f"{row.name} {row.method}"


def test_a_coordinator_without_a_second_factor_is_led_to_it(founded: Founded, world: World) -> None:
    """Before it is set up no other address shows or does anything; locking, leaving, the language go on."""
    require_second_factor(founded.app)
    rules, before, got = rules_of(founded.app), dump_tables(), {}
    for row in TABLE:
        mark = find_mark(founded.app, row.endpoint)
        assert mark is not None
        if mark.public or mark.before_enrolment:
            continue
        path = address(rules[row.name], world.ids)
        got[row.name, row.method] = founded.client(COORDINATOR).open(path, method=row.method).location
    assert len(got) > 50
    assert set(got.values()) == {"/account/second-factor/set-up"}
    assert changed_tables(before, dump_tables()).keys() == {"session"}
    open_to_them = {row.endpoint for row in TABLE if find_mark(founded.app, row.endpoint).before_enrolment}  # type: ignore[union-attr]
    assert open_to_them == {"auth.lock", "second_factor.enrol"}


def test_other_members_need_no_second_factor(founded: Founded, world: World) -> None:
    """What is required of coordinators is offered to the others; who waits for admission goes on waiting."""
    require_second_factor(founded.app)
    assert founded.client(CASEWORKER).get("/cases").status_code == 200
    assert founded.client(ADVOCATE).get("/statistics").status_code == 200
    assert founded.client(PENDING).get("/cases").location == "/waiting"


def _locked(founded: Founded) -> FlaskClient:
    client = founded.client(COORDINATOR)
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    sessions.lock(cookie.value)
    return client


def _references(founded: Founded) -> set[str]:
    page = list_cases(founded.context(COORDINATOR), Filter(mine=False))
    return {line.facts.reference for line in page.lines}
