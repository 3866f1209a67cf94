"""Pages of releases: what was entered is not lost, and a look has its end."""

from dataclasses import replace
from html import unescape

from casework.services.drafts import list_drafts
from casework.services.releases.drafting import change_release, create_release
from tests.services.releases.written import draft, log, release, submit
from tests.support.application import ADVOCATE, COORDINATOR, Founded

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


def test_too_many_looks_say_when_to_look_again(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    release_id = submit(founded)
    founded.app.extensions["casework"] = replace(
        founded.runtime, limits=replace(founded.runtime.limits, previews_per_hour=1)
    )
    client = founded.client(ADVOCATE)
    assert "table" in client.post(f"/releases/{release_id}/preview").text
    answer = client.post(f"/releases/{release_id}/preview", follow_redirects=True)
    assert "Look again in 6" in answer.text


def test_an_advocate_sees_no_number_that_is_not_protected(founded: Founded) -> None:
    """Two of a service: not in the preview, nor how many are hidden of it."""
    log(founded, spvm=20, sq=18, spal=2, spvq=17, spl=19, opp=19, tps=16, vpd=15)
    page = founded.client(ADVOCATE).post(f"/releases/{submit(founded)}/preview").text
    cells = page.partition('<table class="protected">')[2].partition("</table>")[0]
    assert ">126<" in cells
    assert ">2<" not in cells
    assert cells.count("hid") >= 2
