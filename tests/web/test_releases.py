"""Pages of releases: what was entered is not lost, and a look has its end."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from casework.domain.approval import State
from casework.domain.period import Period
from casework.errors import Tampered
from casework.services.context import Context
from casework.services.drafts import list_drafts
from casework.services.membership.members import name_everybody
from casework.services.releases import previewing
from casework.services.releases.approving import approve_release
from casework.services.releases.composing import Composed
from casework.services.releases.drafting import change_release, create_release, get_release, submit_release
from casework.services.releases.ledger import Ledger
from casework.services.releases.looks import Alternative
from casework.services.releases.previewing import find_look, preview_release
from casework.services.releases.protecting import Protected, protect
from casework.services.releases.rows import open_release, write_release
from casework.services.releases.withdrawing import withdraw_release
from casework.store.database import db
from casework.store.releases import ReleaseRow, find_release
from casework.web import releases
from casework.web.release_page import form_in_words
from tests.services.releases.test_standing import take_back
from tests.services.releases.written import draft, log, release, submit
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.counted import log_many
from tests.support.tampering import update_raw

JSON = {"Accept": "application/json"}
FIELDS = {"unit": "incidents", "first": "2025-Q1", "last": "2025-Q4", "show_1": "city", "by_1": "", "k": "5"}


def test_a_fault_names_its_field_and_loses_nothing(founded: Founded) -> None:
    answer = founded.client(ADVOCATE).post(
        "/releases/new", data=FIELDS | {"title_fr": "Un titre à garder", "link_es": "example.org", "k": "4"}
    )
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Un titre à garder" in text
    assert "at least five cases" in text or "beginning with https://" in text


def test_a_fault_of_a_table_stands_at_its_field(founded: Founded) -> None:
    """Show equals By in the third row, the second left empty: the fault says which."""
    answer = founded.client(ADVOCATE).post(
        "/releases/new", data=FIELDS | {"show_3": "province", "by_3": "province", "title_fr": "À garder"}
    )
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Table 3: A table is made of two different questions" in text
    assert 'id="by_3-fault"' in text
    assert "À garder" in text


def test_what_few_need_is_folded_until_it_is_filled_or_at_fault(founded: Founded) -> None:
    """Two more tables, and Spanish for who does not read it."""
    client = founded.client(ADVOCATE)

    def opened(**changed: str) -> list[bool]:
        page = client.post("/releases/new", data=FIELDS | {"k": "4"} | changed).text
        folds = re.findall(r'<details class="folded"( open)?>', page.partition("<form")[2])
        return [bool(fold) for fold in folds]

    assert opened() == [False, False]
    assert opened(show_3="province") == [True, False]
    assert opened(by_4="year") == [True, False]
    assert opened(demands_es="Exigimos.") == [False, True]
    assert opened(link_es="example.org", k="5") == [False, True]
    client.post("/language", data={"language": "es"})
    assert len(opened()) == 1


def test_what_is_counted_is_chosen_once(founded: Founded) -> None:
    """Before the first release the form says that it is for good, after it offers nothing else."""
    log(founded, spvm=12, sq=12)
    client = founded.client(ADVOCATE)
    before = client.get("/releases/new").text
    assert "what your first approved release counts" in before
    assert 'value="people"' in before
    release(founded)
    after = client.get("/releases/new").text
    assert "All your releases count this" in after
    assert 'value="people"' not in after
    answer = client.post("/releases/new", data=FIELDS | {"unit": "people"})
    assert 'id="unit-fault"' in answer.text


def test_a_form_is_kept_as_one_types_and_goes_once_it_is_saved(founded: Founded) -> None:
    """An advocate has no start page: what they began stands beside the releases, for them alone."""
    client = founded.client(ADVOCATE)
    kept = client.post("/drafts?kind=release_new", data=FIELDS | {"title_fr": "Commencé"}, headers=JSON)
    assert kept.json is not None
    assert "Commencé" in client.get("/releases").text
    assert "Commencé" not in founded.client(COORDINATOR).get("/releases").text
    form = client.get(f"/releases/new?draft={kept.json['draft']}")
    assert "Commencé" in form.text
    client.post("/releases/new", data=FIELDS | {"title_fr": "Fini", "draft": kept.json["draft"]})
    assert list_drafts(founded.context(ADVOCATE)) == []


def test_a_form_that_came_too_late_is_kept(founded: Founded) -> None:
    client = founded.client(ADVOCATE)
    release_id = create_release(founded.context(ADVOCATE), draft())
    client.post("/lock")
    client.post(f"/releases/{release_id}/edit", data=FIELDS | {"version": "1", "title_fr": "En retard"})
    (kept,) = list_drafts(founded.context(ADVOCATE))
    assert (kept.kind, kept.fields["title_fr"]) == ("release_edit", ["En retard"])


def test_a_lost_race_gives_back_what_was_written(founded: Founded) -> None:
    """Somebody else saved meanwhile: the words stand on the page that says so."""
    release_id = create_release(founded.context(ADVOCATE), draft())
    change_release(founded.context(COORDINATOR), release_id, 1, draft(k=10))
    answer = founded.client(ADVOCATE).post(
        f"/releases/{release_id}/edit",
        data=FIELDS | {"version": "1", "title_fr": "Un titre à garder", "summary_fr": "Un résumé à garder."},
    )
    assert answer.status_code == 409
    assert "Un titre à garder" in unescape(answer.text)
    assert "Un résumé à garder." in unescape(answer.text)


def see(client: FlaskClient, release_id: UUID) -> str:
    """Look at the numbers, and return the page once they are there."""
    assert client.post(f"/releases/{release_id}/preview").status_code == 302
    for _ in range(6000):
        answer = client.get(f"/releases/{release_id}")
        if "Refresh" not in answer.headers:
            return answer.text
        time.sleep(0.05)
    raise AssertionError("it is still looking")


def test_too_many_looks_say_when_to_look_again(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    release_id = create_release(founded.context(ADVOCATE), draft())
    founded.app.extensions["casework"] = replace(
        founded.runtime, limits=replace(founded.runtime.limits, previews_per_hour=1)
    )
    client = founded.client(ADVOCATE)
    assert '<table class="protected">' in see(client, release_id)
    assert "Look again in 6" in see(client, release_id)


def test_an_advocate_sees_no_number_that_is_not_protected(founded: Founded) -> None:
    """Two of a service: not in the preview, nor how many are hidden of it."""
    log(founded, spvm=20, sq=18, spal=2, spvq=17, spl=19, opp=19, tps=16, vpd=15)
    page = see(founded.client(ADVOCATE), create_release(founded.context(ADVOCATE), draft()))
    cells = page.partition('<table class="protected">')[2].partition("</table>")[0]
    assert ">126<" in cells
    assert ">2<" not in cells
    assert cells.count("hid") >= 2


def test_what_is_said_to_be_hidden_is_what_is_seen(founded: Founded) -> None:
    """Services that nobody met have no line, and are not counted either."""
    log(founded, spvm=20, sq=18, spal=2, spvq=17, spl=19, opp=19, tps=16, vpd=15)
    page = see(founded.client(ADVOCATE), create_release(founded.context(ADVOCATE), draft()))
    cells = page.partition('<table class="protected">')[2].partition("</table>")[0]
    hidden, drawn = cells.count('class="hid"'), cells.count("<td")
    assert 2 <= hidden < drawn
    assert f"{hidden} numbers are hidden, of {drawn}." in page
    assert f"Without the zeros, {100 * (drawn - hidden) // drawn}% are shown." in page


def test_a_search_that_ran_out_of_time_says_so(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would seem that nothing passes."""
    for written in ("2025-02", "2025-05", "2025-08", "2025-11"):
        log(founded, written, spvm=3, spal=3, spvq=3)
    release_id = create_release(founded.context(ADVOCATE), draft([("police_service", "quarter")]))
    client = founded.client(ADVOCATE)
    page = see(client, release_id)
    assert "Take this" in page
    assert "ran out of time" not in page
    monkeypatch.setattr(previewing, "PROPOSAL_SECONDS", 0.0)
    page = see(client, release_id)
    assert "The search for coarser tables ran out of time: look again" in page
    assert "A longer period, or fewer and coarser tables, may help" not in page


def test_a_look_tells_how_far_it_is_and_can_be_stopped(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asks again by itself; stopped, there are no numbers, and the work has ended."""
    log(founded, spvm=12, sq=12)
    release_id = create_release(founded.context(ADVOCATE), draft())
    ended = threading.Event()

    def last(_composed: object, _ledger: object, keep_going: Callable[[], None]) -> None:
        try:
            while True:
                keep_going()
                time.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(previewing, "protect", last)
    client = founded.client(ADVOCATE)
    client.post(f"/releases/{release_id}/preview")
    answer = client.get(f"/releases/{release_id}")
    assert answer.headers["Refresh"] == "2"
    assert "<progress" in answer.text
    assert "Submit for approval" not in answer.text
    assert "Refresh" not in founded.client(COORDINATOR).get(f"/releases/{release_id}").headers
    client.post(f"/releases/{release_id}/stop")
    assert ended.wait(5)
    answer = client.get(f"/releases/{release_id}")
    assert "Refresh" not in answer.headers
    assert '<table class="protected">' not in answer.text


def test_a_look_that_ends_while_its_page_is_drawn_is_shown_by_the_next(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says that it is on its way and asks again: not that nobody looked."""
    log(founded, spvm=12, sq=12)
    release_id = create_release(founded.context(ADVOCATE), draft())
    client, may_end = founded.client(ADVOCATE), threading.Event()

    def wait(composed: Composed, ledger: Ledger, keep_going: Callable[[], None]) -> Protected:
        assert may_end.wait(30)
        return protect(composed, ledger, keep_going)

    def end(context: Context) -> Mapping[UUID, str]:
        may_end.set()
        while not (look := founded.runtime.looks.find(context.member_id, release_id, 0)) or not look.seen:
            time.sleep(0.01)
        return name_everybody(context)

    monkeypatch.setattr(previewing, "protect", wait)
    client.post(f"/releases/{release_id}/preview")
    monkeypatch.setattr(releases, "name_everybody", end)
    answer = client.get(f"/releases/{release_id}")
    assert answer.headers["Refresh"] == "2" and "<progress" in answer.text
    assert '<table class="protected">' in client.get(f"/releases/{release_id}").text


def test_a_look_ends_with_its_session(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever signs out leaves neither a solver at work nor numbers in memory."""
    log(founded, spvm=12, sq=12)
    release_id = create_release(founded.context(ADVOCATE), draft())
    client = founded.client(ADVOCATE)
    see(client, release_id)
    assert find_look(founded.context(ADVOCATE), release_id)
    client.post("/sign-out")
    assert find_look(founded.context(ADVOCATE), release_id) is None


def test_what_breaks_says_so_once(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    log(founded, spvm=12, sq=12)
    release_id = create_release(founded.context(ADVOCATE), draft())

    def break_(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(previewing, "protect", break_)
    client = founded.client(ADVOCATE)
    assert "could not be worked out" in see(client, release_id)
    assert "could not be worked out" not in client.get(f"/releases/{release_id}").text


def test_only_what_was_seen_can_be_submitted_and_the_page_says_so(founded: Founded) -> None:
    """Before a look there is no such button, and whoever posts even so is told; after it there is."""
    log(founded, spvm=12, sq=12)
    release_id = create_release(founded.context(ADVOCATE), draft())
    client = founded.client(ADVOCATE)
    assert "Submit for approval" not in client.get(f"/releases/{release_id}").text
    answer = client.post(f"/releases/{release_id}/submit", data={"version": "1"}, follow_redirects=True)
    assert "Look at the numbers first" in answer.text
    assert "Submit for approval" in see(client, release_id)
    client.post(f"/releases/{release_id}/edit", data=FIELDS | {"version": "1", "title_fr": "Autre"})
    page = client.get(f"/releases/{release_id}").text
    assert "What is asked changed since you looked" in page
    assert "Submit for approval" not in page


def test_who_changed_only_words_is_not_sent_to_the_numbers_again(founded: Founded) -> None:
    """Before a look, and after another question, they are."""
    log(founded, spvm=12, sq=12)
    client = founded.client(ADVOCATE)
    asked = FIELDS | {"show_1": "police_service"}
    release_id = create_release(founded.context(ADVOCATE), draft())

    def save(**changed: str) -> str:
        return client.post(f"/releases/{release_id}/edit", data=asked | changed, follow_redirects=True).text

    assert "Now look at its numbers" in save(version="1", title_fr="Avant")
    see(client, release_id)
    page = save(version="2", title_fr="Après")
    assert "The numbers that you saw stay the same" in page
    assert "Now look at its numbers" not in page
    assert "Now look at its numbers" in save(version="3", title_fr="Après", k="6")


def test_approval_ends_on_the_page_of_the_release(founded: Founded) -> None:
    """And where something changed meanwhile the page says that nothing was approved."""
    log(founded, spvm=12, sq=12)
    release_id = submit(founded)
    client = founded.client(COORDINATOR)
    page = see(client, release_id)
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', page)
    assert mark
    sent = {"version": "2", "mark": mark[1]}
    log(founded, spvm=6)
    assert "Not approved" in _approve(client, release_id, sent)
    sent["mark"] = re.search(r'name="mark" value="([0-9a-f]+)"', see(client, release_id))[1]  # type: ignore[index]
    assert "From now on it stays as it is" in _approve(client, release_id, sent)


def _approve(client: FlaskClient, release_id: UUID, sent: dict[str, str]) -> str:
    client.post(f"/releases/{release_id}/approve", data=sent)
    for _ in range(6000):
        answer = client.get(f"/releases/{release_id}")
        if "Refresh" not in answer.headers:
            return answer.text
        time.sleep(0.05)
    raise AssertionError("it is still approving")


def test_a_writer_is_told_who_can_approve(founded: Founded) -> None:
    """A coordinator who wrote part of it reads why there is no button, and how to go on."""
    log(founded, spvm=12, sq=12)
    cora = founded.context(COORDINATOR)
    release_id = create_release(cora, draft())
    preview_release(cora, release_id)
    submit_release(cora, release_id, 1)
    page = founded.client(COORDINATOR).get(f"/releases/{release_id}").text
    assert "another coordinator has to approve it" in page
    assert "Take it back to change it" in page
    assert "Throw the draft away" not in page


def test_a_damaged_release_does_not_close_the_start_page(founded: Founded) -> None:
    """What waits beside it is still told to whoever can approve it."""
    log(founded, spvm=12, sq=12)
    submit(founded)
    row = find_release(create_release(founded.context(ADVOCATE), draft([("city",)])))
    assert row
    row.content_sealed = b"torn"
    db.session.commit()
    assert "One release waits for your approval." in founded.client(COORDINATOR).get("/").text


def test_what_waits_is_changed_in_one_way(founded: Founded) -> None:
    """It is taken back first: a change beside that would take it back without saying so."""
    log(founded, spvm=12, sq=12)
    release_id = submit(founded)
    client, here = founded.client(ADVOCATE), f"/releases/{release_id}"
    page = client.get(here).text
    assert f'href="{here}/edit"' not in page
    assert "Take it back to change it" in page
    page = client.post(f"{here}/pull-back", data={"version": "2"}, follow_redirects=True).text
    assert f'href="{here}/edit"' in page
    assert "Take it back to change it" not in page


def test_a_new_version_begins_as_the_old_one(founded: Founded) -> None:
    """Its form has the words and the place; the list tells which one is current."""
    log(founded, spvm=12, sq=12)
    first = release(founded)
    client = founded.client(ADVOCATE)
    assert f"/releases/new?replaces={first.hex}" in client.get(f"/releases/{first}").text
    form = unescape(client.get(f"/releases/new?replaces={first.hex}").text)
    assert "Qui appelle" in form
    assert '<option selected value="1">' in form
    assert "Current" in client.get("/releases").text
    log(founded, spvm=6)
    release(founded, draft(replaces=1))
    listed = client.get("/releases").text
    assert "Replaced: see release 2" in listed
    assert f"/releases/new?replaces={first.hex}" not in client.get(f"/releases/{first}").text


def test_a_release_is_replaced_once(founded: Founded) -> None:
    """Only those are offered that none has replaced; a draft of before keeps its choice, and is told."""
    log(founded, spvm=12, sq=12)
    first = release(founded)
    client, late = founded.client(ADVOCATE), create_release(founded.context(ADVOCATE), draft(replaces=1))
    log(founded, spvm=6)
    release(founded, draft(replaces=1))
    page = client.get("/releases/new").text
    assert '<option value="2">Release 2</option>' in page
    assert '<option value="1">Release 1</option>' not in page
    page = client.get(f"/releases/new?replaces={first.hex}").text  # as an old page leads there
    assert '<option selected value="1">Release 1</option>' in page
    here = f"/releases/{late}/edit"
    assert '<option selected value="1">Release 1</option>' in client.get(here).text
    saved = client.post(here, data=FIELDS | {"version": "1", "replaces": "1"})
    assert saved.status_code == 422
    assert "Another release came in its place already." in saved.text


def test_a_withdrawn_release_says_when_and_who(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    first = release(founded)
    withdraw_release(founded.context(), first, 3, {"en": "A city was wrong."})
    page = unescape(founded.client(ADVOCATE).get(f"/releases/{first}").text)
    assert re.search(r"Withdrawn on [^<]+ by [^<]+\.", page)
    assert "A city was wrong." in page


def test_what_was_registered_late_stands_beside_the_numbers(founded: Founded) -> None:
    log(founded, spvm=20, sq=18)
    release(founded)
    log(founded, spvm=6, sq=7)
    page = see(founded.client(ADVOCATE), create_release(founded.context(ADVOCATE), draft()))
    assert "2025: 13 incidents registered since release 1." in page


def test_several_answers_are_offered_to_stand_alone(founded: Founded) -> None:
    """Under Show, not under By; beside something else the fault says where, and nothing is lost."""
    client = founded.client(ADVOCATE)
    form = client.get("/releases/new").text
    show, by = (form.split(f'id="{name}"')[1].split("</select>")[0] for name in ("show_1", "by_1"))
    assert 'value="reasons"' in show and 'value="cbsa_outcome"' in show
    assert 'value="cbsa_actions"' not in show and 'value="patterns"' not in show
    assert 'value="reasons"' not in by
    answer = client.post(
        "/releases/new", data=FIELDS | {"show_2": "reasons", "by_2": "city", "title_fr": "À garder"}
    )
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Table 2: What can have several answers at once stands alone" in text
    assert 'id="by_2-fault"' in text
    assert "À garder" in text


def test_what_the_form_does_not_offer_is_refused_with_what_to_choose(founded: Founded) -> None:
    answer = founded.client(ADVOCATE).post("/releases/new", data=FIELDS | {"show_2": "cbsa_actions"})
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert 'id="show_2-fault"' in text
    assert "Choose “CBSA outcome” in their place" in text


def test_a_preview_is_called_one(founded: Founded) -> None:
    """Until it is approved; then it is a table of the release."""
    log(founded, spvm=12, sq=12)
    release_id = create_release(founded.context(ADVOCATE), draft())
    page = see(founded.client(ADVOCATE), release_id)
    assert "Preview of table 1" in page
    assert "Nothing of it is published before somebody else approves it." in page
    approved = founded.client(ADVOCATE).get(f"/releases/{release(founded)}").text
    assert "Preview of table" not in approved
    assert "Nothing of it is published" not in approved


def test_signs_that_no_table_has_are_not_explained(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    client, ada = founded.client(ADVOCATE), founded.context(ADVOCATE)
    page = see(client, create_release(ada, draft()))
    assert "hidden, to protect somebody" not in page
    assert "Signs in the table" not in page
    log(founded, spvm=8, sq=6, spal=2, spvq=17, spl=19, opp=19, tps=16, vpd=15)
    assert "hidden, to protect somebody" in see(client, create_release(ada, draft()))


@pytest.mark.parametrize(("language", "order"), [("fr", "fr en es"), ("es", "es en fr"), ("en", "en fr es")])
def test_the_words_of_the_readers_language_come_first(founded: Founded, language: str, order: str) -> None:
    client = founded.client(ADVOCATE)
    client.post("/language", data={"language": language, "next": "/releases/new"})
    page = client.get("/releases/new").text
    assert sorted(("en", "fr", "es"), key=lambda code: page.index(f'name="title_{code}"')) == order.split()


def test_another_period_that_is_offered_can_be_taken(founded: Founded) -> None:
    """With its tables; a period that is none is refused, and nothing is changed."""
    log(founded, "2024-05", spvm=20, sq=20)
    log(founded, spvm=4)
    client, ada = founded.client(ADVOCATE), founded.context(ADVOCATE)
    release_id = create_release(ada, draft([("police_level",)]))
    page = unescape(see(client, release_id))
    assert "Over another period, " in page
    fields = dict(
        re.findall(r'name="(version|tables|first|last)" value="([^"]*)"', page.partition("Over another")[2])
    )
    assert fields["first"] == "2024-Q1"
    client.post(f"/releases/{release_id}/coarsen", data=fields | {"last": "soon"})
    assert get_release(ada, release_id).version == 1
    taken = client.post(f"/releases/{release_id}/coarsen", data=fields, follow_redirects=True)
    assert "Incidents, January 2024 to " in taken.text


def test_a_damaged_release_is_named_and_closes_no_list(founded: Founded) -> None:
    """Its page says what to do, as do the pages of those that are checked against it; nothing new leaves."""
    log(founded, spvm=12, sq=12)
    first = release(founded)
    waiting = submit(founded, draft([("police_level",)]))
    client, cora = founded.client(ADVOCATE), founded.client(COORDINATOR)
    row = find_release(first)
    assert row
    update_raw(ReleaseRow.__table__, {"id": first}, content_sealed=row.content_sealed[:-1] + b"?")  # type: ignore[arg-type]
    page = client.get("/releases")
    assert page.status_code == 200
    assert "Could not be opened:" in page.text and ">release 1</a>" in page.text
    assert "Until it is repaired nothing new is released." in page.text
    assert f"/releases/{waiting}" in page.text
    shown = client.get(f"/releases/{first}")
    assert shown.status_code == 500
    assert "This release cannot be shown" in shown.text and "What to do" in shown.text
    assert 'href="/backups#verify"' in cora.get(f"/releases/{first}").text
    assert client.get(f"/releases/{waiting}").status_code == 200
    assert client.get("/releases/new").status_code == 200
    assert "Let a coordinator verify the database." in client.get("/statistics").text
    cora.post(f"/releases/{waiting}/preview", follow_redirects=True)
    with pytest.raises(Tampered):
        approve_release(founded.context(COORDINATOR), waiting, 2, "any")


def test_a_damaged_draft_is_named_and_stops_nothing(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    broken = create_release(founded.context(ADVOCATE), draft())
    update_raw(ReleaseRow.__table__, {"id": broken}, content_sealed=b"?")  # type: ignore[arg-type]
    page = founded.client(ADVOCATE).get("/releases").text
    assert "a release that was not approved yet" in page
    assert "nothing new is released" not in page
    assert release(founded)


def test_an_offer_says_what_it_leaves_out(founded: Founded) -> None:
    """Two tables of three, over another year: the third is named, with how much is shown."""
    asked = draft([("city",), ("contact_group",), ("police_service",)])
    form = Alternative((("city",), ("contact_group",)), 88, left_out=(("police_service",),))
    with founded.app.test_request_context():
        assert form_in_words(form, asked.period) == (
            "All together in this form: “City”, “Contact group”; without “Police service”."
            " At least 88% of each table shown"
        )
        other = form_in_words(replace(form, period=Period((2024, 1), (2024, 4))), asked.period)
        lone = replace(form, tables=(("city",),), left_out=(), is_unreleased=True)
        alone = form_in_words(replace(lone, period=Period((2023, 1), (2023, 4))), asked.period)
    assert other.startswith("Over another period, 2024: ")
    assert other.endswith("; without “Police service”. At least 88% of each table shown")
    assert alone.endswith(
        "“City” (nothing of that time is released yet, so nothing can be subtracted). 88% shown"
    )


def test_a_withdrawn_replacement_leads_on(founded: Founded) -> None:
    """The first says that none stands, and one click writes another in the place of what was withdrawn."""
    log(founded, spvm=12, sq=12)
    first = release(founded)
    log(founded, spvm=6)
    second = release(founded, draft(replaces=1))
    coordinator = founded.client(COORDINATOR)
    assert "Release 1, which it replaced, does not come back" in unescape(
        coordinator.get(f"/releases/{second}").text
    )
    withdraw_release(founded.context(), second, 3, {"en": "A city was wrong."})
    client = founded.client(ADVOCATE)
    listed = unescape(client.get("/releases").text)
    assert "Replaced by release 2, which was withdrawn: none stands now." in listed
    page = unescape(client.get(f"/releases/{first}").text)
    assert re.search(
        r"Release 2 came in its place, and was withdrawn on [^<]+ None stands in its place now", page
    )
    onward = f"/releases/new?replaces={first.hex}"
    assert onward in listed and onward in page
    assert '<option selected value="2">' in unescape(client.get(onward).text)
    log(founded, spvm=6)
    release(founded, draft(replaces=2))
    listed = unescape(client.get("/releases").text)
    assert "Replaced: see release 3" in listed and "Withdrawn: see release 3" in listed


def test_each_language_of_a_release_is_asked_for_its_reason(founded: Founded) -> None:
    """One is enough; a reader of another language is told which it is."""
    log(founded, spvm=12, sq=12)
    first = release(founded)
    client, here = founded.client(COORDINATOR), f"/releases/{first}"
    page = client.get(here).text
    assert 'name="reason_en"' in page and 'name="reason_fr"' in page and 'name="reason_es"' not in page
    refused = client.post(f"{here}/withdraw", data={"version": "3"})
    assert refused.status_code == 422 and "Write why." in refused.text
    client.post(f"{here}/withdraw", data={"version": "3", "reason_fr": "Une ville était fausse."})
    assert "(in French) Une ville était fausse." in unescape(client.get(here).text)


def test_fewer_than_before_is_told_without_saying_why(founded: Founded) -> None:
    """Nobody corrected anything where eight withdrew: neither is said, and both may be."""
    logged = log_many(founded.context(CASEWORKER), ["spvm"] * 20 + ["sq"] * 20)
    release(founded)
    for one in logged[:8]:
        take_back(founded, one)
    page = see(founded.client(ADVOCATE), create_release(founded.context(ADVOCATE), draft(replaces=1)))
    assert "by 8 incidents, since records were corrected or withdrawn." in page
    assert "For 2025 release 1 counts 40, this one 32." in page


def _refused(founded: Founded) -> UUID:
    """Return a release that was submitted whole, and is refused now: consents went, or records did."""
    for written in ("2025-02", "2025-05", "2025-08", "2025-11"):
        log(founded, written, spvm=3, spal=3, spvq=3)
    ada = founded.context(ADVOCATE)
    release_id = create_release(ada, draft([("police_level",)]))
    preview_release(ada, release_id)
    submit_release(ada, release_id, 1)
    row = find_release(release_id)
    assert row
    waiting = open_release(ada, row)
    finer = replace(waiting, draft=replace(waiting.draft, tables=(("police_service", "quarter"),)))
    write_release(ada, row, finer)
    db.session.commit()
    return release_id


def test_whoever_can_approve_gives_back_with_an_offer_and_stays_free_to_approve(founded: Founded) -> None:
    """“Take this” would make her one of the writers, and with one coordinator nobody could approve it."""
    release_id = _refused(founded)
    cora = founded.client(COORDINATOR)
    page = unescape(see(cora, release_id))
    assert "what you change yourself, you can no longer approve" in page
    assert "Take this" not in page and "Give it back with this" in page
    assert "so there is nothing to approve" in page and "Then you can approve them" not in page
    version = str(get_release(founded.context(COORDINATOR), release_id).version)
    sneaked = cora.post(
        f"/releases/{release_id}/coarsen",
        data={"version": version, "tables": "police_level"},
        follow_redirects=True,
    )
    assert "who writes any of it cannot approve it" in unescape(sneaked.text)
    note = re.search(r'name="note" value="([^"]+)"', page.partition("What can")[2])
    assert note and note[1].startswith("This cannot be released as it is. What can: ")
    cora.post(f"/releases/{release_id}/return", data={"version": version, "note": note[1]})
    view = get_release(founded.context(ADVOCATE), release_id)
    assert (view.release.state, view.release.note) == (State.RETURNED, note[1])
    assert founded.players[COORDINATOR].id not in view.release.writers
    assert "Take this" in see(founded.client(ADVOCATE), release_id)


def test_words_that_were_written_for_other_tables_are_read_again(founded: Founded) -> None:
    """The page says so until they were saved, or until who submits ticks that they fit."""
    log(founded, spvm=12, sq=12)
    ada, client = founded.context(ADVOCATE), founded.client(ADVOCATE)
    release_id = create_release(ada, draft([("police_service",)]))
    taken = {"version": "1", "tables": "police_level"}
    page = client.post(f"/releases/{release_id}/coarsen", data=taken, follow_redirects=True).text
    assert "Read the words again." in page
    assert 'name="reread"' not in page  # nothing can be submitted yet
    assert "then submit" not in page
    page = see(client, release_id)
    assert page.count(f'action="/releases/{release_id}/submit"') == 1 and 'name="reread"' in page
    assert '<a class="button" href="#reread">Read the words, then submit</a>' in page
    where = f"/releases/{release_id}/submit"
    refused = client.post(where, data={"version": "2"}, follow_redirects=True)
    assert "Read the words again, and tick that they fit" in refused.text
    client.post(where, data={"version": "2", "reread": "1"})
    assert get_release(ada, release_id).release.state is State.SUBMITTED
    waiting = client.get(f"/releases/{release_id}").text
    assert "Read the words again." not in waiting


def test_a_release_of_another_time_is_not_replaced(founded: Founded) -> None:
    """Saved with a period that has no day in common with it, the form says so and loses nothing."""
    log(founded, spvm=12, sq=12)
    release(founded)
    other = FIELDS | {"first": "2024-Q1", "last": "2024-Q4", "replaces": "1", "title_fr": "Un titre à garder"}
    answer = founded.client(ADVOCATE).post("/releases/new", data=other)
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "That release is of another time" in text and "Un titre à garder" in text
