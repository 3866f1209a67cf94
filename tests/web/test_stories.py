"""Pages of stories: from the page of a case to an approved story and its withdrawal."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from uuid import UUID

from casework.domain.storychecks import ITEMS, key_of
from casework.services.cases import change_person, get_case
from casework.services.drafts import list_drafts
from casework.services.membership.members import name_everybody
from casework.services.stories.reading import get_story
from casework.services.stories.writing import change_story, create_story, submit_story
from casework.store import stories as store
from casework.store.database import db
from casework.store.restoration import doubt_ledger
from tests.services.stories.written import CHECKS, TEXTS, answer, approve, draft, log, publish, submit
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded

JSON = {"Accept": "application/json"}
FIELDS = {"title_en": "A drive home", "account_en": "One evening a car was stopped.", "season": "2026-spring"}
DECIDED = {f"check_{item}": decision for item, decision in CHECKS.items()}


def _text(founded: Founded, login: str, path: str) -> str:
    return unescape(founded.client(login).get(path).text)


def test_the_case_says_whom_to_ask(founded: Founded) -> None:
    """Before everybody agrees there is no way to a story; after that there is."""
    case_id = log(founded, answer="not_asked")
    before = _text(founded, CASEWORKER, f"/cases/{case_id}")
    assert "has to agree before its story is told" in before and "Write an anonymised story" not in before
    answer(founded, case_id, "given")
    assert "Write an anonymised story" in _text(founded, CASEWORKER, f"/cases/{case_id}")


def test_from_the_form_to_the_files(founded: Founded) -> None:
    """Written by a caseworker, approved by a coordinator, read and taken along by an advocate."""
    case_id = log(founded)
    writer = founded.client(CASEWORKER)
    saved = writer.post(f"/cases/{case_id}/stories/new", data=FIELDS)
    story = saved.location.rpartition("/")[2]
    here = f"/cases/{case_id}/stories/{story}"
    assert writer.post(f"{here}/submit", data=DECIDED | {"version": "1"}).status_code == 302
    page = _text(founded, COORDINATOR, here)
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert mark and "Names: Nothing of it is told" in page
    seen = {"version": "2", "mark": mark[1]}
    half = founded.client(COORDINATOR).post(f"{here}/approve", data=seen | {"looked": list(ITEMS[:3])})
    assert half.status_code == 422 and "Go through the whole list" in unescape(half.text)
    approved = founded.client(COORDINATOR).post(f"{here}/approve", data=seen | {"looked": list(ITEMS)})
    assert approved.location.endswith(f"/stories/{story}")
    told = _text(founded, ADVOCATE, f"/stories/{story}")
    assert "One evening a car was stopped." in told and "Spring 2026" in told
    assert str(case_id) not in told
    files = [
        founded.client(ADVOCATE).get(f"/stories/{story}/files/story-1-en.{k}") for k in ("pdf", "html", "txt")
    ]
    assert [file.status_code for file in files] == [200, 200, 200]
    assert "Story 1" in _text(founded, CASEWORKER, f"/cases/{case_id}")


def test_what_was_found_is_marked_and_a_name_keeps_it_back(founded: Founded) -> None:
    """With what to do, before anything else."""
    case_id = log(founded)
    told = draft(texts={"en": TEXTS["en"].__class__("Home", "On May 4 Teodor <b>waited</b>.")})
    story_id = create_story(founded.context(CASEWORKER), case_id, told)
    here = f"/cases/{case_id}/stories/{story_id}"
    page = founded.client(CASEWORKER).get(here).text
    assert re.search(r"<mark>Teodor<span[^>]*> \(a name of the case\)", page)
    assert "<mark>May 4" in page and "&lt;b&gt;waited" in page
    refused = founded.client(CASEWORKER).post(f"{here}/submit", data=DECIDED | {"version": "1"})
    text = unescape(refused.text)
    assert refused.status_code == 422 and "What has to go still stands in the text" in text
    # The list comes once nothing has to go: whoever went through it before would do so twice.
    for shown in (page, text):
        assert "First change what has to go" in unescape(shown) and 'name="check_names"' not in shown


def test_a_missing_decision_is_named_and_nothing_lost(founded: Founded) -> None:
    case_id = log(founded)
    story_id = create_story(founded.context(CASEWORKER), case_id, draft())
    sent = {**DECIDED, "check_work": "", "version": "1"}
    refused = founded.client(CASEWORKER).post(f"/cases/{case_id}/stories/{story_id}/submit", data=sent)
    assert refused.status_code == 422 and 'id="check_work-fault"' in refused.text


def test_a_detail_that_was_corrected_meanwhile_says_what_to_do(founded: Founded) -> None:
    """On the page of the story, where no list of answers stands."""
    case_id = log(founded)
    story_id = create_story(founded.context(CASEWORKER), case_id, draft())
    context = founded.context(CASEWORKER)
    person = get_case(context, case_id).people[0]
    facts = replace(person.facts, region_of_origin="eastern_asia")
    change_person(context, case_id, person.id, person.version, facts, person.identity)
    sent = DECIDED | {"version": "1"}
    refused = founded.client(CASEWORKER).post(f"/cases/{case_id}/stories/{story_id}/submit", data=sent)
    assert refused.status_code == 422 and "Change the story, or give it back" in unescape(refused.text)


def test_a_fault_of_the_form_loses_nothing(founded: Founded) -> None:
    """An answer that the case does not give; consent that went meanwhile."""
    case_id = log(founded)
    form = FIELDS | {"region": "asia"}
    refused = founded.client(CASEWORKER).post(f"/cases/{case_id}/stories/new", data=form)
    assert refused.status_code == 422 and "One evening a car was stopped." in refused.text
    answer(founded, case_id, "withdrawn")
    refused = founded.client(CASEWORKER).post(f"/cases/{case_id}/stories/new", data=FIELDS)
    text = unescape(refused.text)
    assert refused.status_code == 422 and "One evening a car was stopped." in text
    assert "Not everybody in the case agrees" in text


def test_who_saves_over_somebody_else_s_words_is_asked(founded: Founded) -> None:
    case_id = log(founded)
    story_id = create_story(founded.context(CASEWORKER), case_id, draft())
    change_story(founded.context(COORDINATOR), case_id, story_id, 1, draft())
    here = f"/cases/{case_id}/stories/{story_id}"
    met = founded.client(CASEWORKER).post(f"{here}/edit", data=FIELDS | {"version": "1"})
    assert met.status_code == 409 and "One evening a car was stopped." in met.text
    saved = founded.client(CASEWORKER).post(f"{here}/edit", data=FIELDS | {"version": "2"})
    assert saved.status_code == 302
    assert get_story(founded.context(), case_id, story_id).story.draft.texts["en"].title == "A drive home"


def test_a_form_is_kept_as_one_types(founded: Founded) -> None:
    """It stands on the page of its case, and goes once it is saved; one that came too late is kept too."""
    case_id, client = log(founded), founded.client(CASEWORKER)
    path = f"/drafts?kind=story_new&case_id={case_id.hex}"
    kept = client.post(path, data=FIELDS | {"title_en": "Begun"}, headers=JSON)
    assert kept.json is not None
    assert "Begun" in client.get(f"/cases/{case_id}").text
    assert "Begun" in client.get(f"/cases/{case_id}/stories/new?draft={kept.json['draft']}").text
    client.post(f"/cases/{case_id}/stories/new", data=FIELDS | {"draft": kept.json["draft"]})
    assert list_drafts(founded.context(CASEWORKER)) == []
    client.post("/lock")
    client.post(f"/cases/{case_id}/stories/new", data=FIELDS | {"title_en": "Too late"})
    assert [one.kind for one in list_drafts(founded.context(CASEWORKER))] == ["story_new"]


def test_given_back_taken_back_thrown_away(founded: Founded) -> None:
    case_id = log(founded)
    story_id = submit(founded, case_id)
    here, client = f"/cases/{case_id}/stories/{story_id}", founded.client(COORDINATOR)
    empty = client.post(f"{here}/return", data={"version": "2", "note": " "})
    assert empty.status_code == 422 and "Write what should be changed" in unescape(empty.text)
    client.post(f"{here}/return", data={"version": "2", "note": "Which car?"})
    page = _text(founded, CASEWORKER, here)
    assert "Which car?" in page and '<option selected value="changed">' in page
    writer = founded.client(CASEWORKER)
    writer.post(f"{here}/submit", data=DECIDED | {"version": "3"})
    page = _text(founded, CASEWORKER, here)
    assert "Take the story back" in page and f"{here}/edit" not in page
    writer.post(f"{here}/pull-back", data={"version": "4"})
    assert f"{here}/edit" in _text(founded, CASEWORKER, here)
    gone = writer.post(f"{here}/discard", data={"version": "5"})
    assert gone.location.endswith("#stories")
    assert writer.get(here).status_code == 404


def test_consent_that_went_and_the_withdrawal(founded: Founded) -> None:
    """Listed for the advocate and in its case until a coordinator withdraws it; then its words are gone."""
    case_id, story_id = publish(founded)
    answer(founded, case_id, "withdrawn")
    assert "To be withdrawn" in _text(founded, ADVOCATE, "/stories")
    assert "tell a coordinator" in _text(founded, ADVOCATE, f"/stories/{story_id}")
    assert "To be withdrawn" in _text(founded, CASEWORKER, f"/cases/{case_id}")
    client = founded.client(COORDINATOR)
    empty = client.post(f"/stories/{story_id}/withdraw", data={"version": "1", "reason": ""})
    assert empty.status_code == 422 and "A drive home" in empty.text
    client.post(f"/stories/{story_id}/withdraw", data={"version": "1", "reason": "Asked for."})
    page = _text(founded, ADVOCATE, f"/stories/{story_id}")
    assert "Asked for." in page and "A drive home" not in page
    assert "Withdrawn story" in _text(founded, ADVOCATE, "/stories")
    assert "A drive home" not in _text(founded, CASEWORKER, f"/cases/{case_id}")


def test_who_can_approve_a_story_reads_so_on_the_start_page(founded: Founded) -> None:
    """Not who wrote it, and no more once it is approved; one that does not open is counted there."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    told = "One story waits for your approval."
    page = _text(founded, COORDINATOR, "/")
    assert told in page and "Nothing waits for you." not in page
    assert told not in _text(founded, CASEWORKER, "/")
    approve(founded, case_id, story_id)
    assert told not in _text(founded, COORDINATOR, "/")
    own = create_story(founded.context(COORDINATOR), case_id, draft())
    submit_story(founded.context(COORDINATOR), case_id, own, 1, CHECKS)
    assert told not in _text(founded, COORDINATOR, "/")
    story = store.find_story(own)
    assert story
    story.narrative_sealed = b"torn"
    db.session.commit()
    assert "1 record could not be opened" in _text(founded, COORDINATOR, "/")


def test_after_a_restore_the_page_of_stories_says_so(founded: Founded) -> None:
    doubt_ledger(datetime(2026, 11, 3, 12, tzinfo=UTC))
    db.session.commit()
    assert "Stories may be missing here." in _text(founded, ADVOCATE, "/stories")
    founded.client(COORDINATOR).post("/releases/ledger")
    assert "Stories may be missing here." not in _text(founded, ADVOCATE, "/stories")


def test_a_damaged_story_is_named_beside_the_others(founded: Founded) -> None:
    case_id, story_id = publish(founded)
    torn = submit(founded, case_id)
    published, story = store.find_published(story_id), store.find_story(torn)
    assert published and story
    published.content_sealed, story.narrative_sealed = b"torn", b"torn"
    db.session.commit()
    page = _text(founded, COORDINATOR, "/stories")
    reference = get_case(founded.context(), case_id).facts.reference
    assert f"Could not be opened:</strong> story 1, a story of the case {reference}." in page
    assert "There is no story yet" not in page
    assert "1 record could not be opened" in _text(founded, COORDINATOR, f"/cases/{case_id}")


def test_lists_that_are_empty_say_so(founded: Founded) -> None:
    assert "There is no story yet." in _text(founded, ADVOCATE, "/stories")
    case_id = log(founded)
    story_id: UUID = submit(founded, case_id)
    assert "A drive home" not in _text(founded, ADVOCATE, "/stories")
    assert "Waits for approval" in _text(founded, COORDINATOR, "/stories")
    approve(founded, case_id, story_id)
    assert founded.client(COORDINATOR).get(f"/cases/{case_id}/stories/{story_id}/edit").status_code == 409


ASKED = draft(
    texts={"en": TEXTS["en"].__class__("Home", "In Toronto somebody like Vulcain waited. Toronto!")}
)


def test_words_that_may_be_plain_are_asked_about_one_by_one(founded: Founded) -> None:
    """Of the writer, and again of the approver: no click on “submit” or “approve” alone passes them."""
    case_id = log(founded)
    story_id = create_story(founded.context(CASEWORKER), case_id, ASKED)
    here = f"/cases/{case_id}/stories/{story_id}"
    page = unescape(founded.client(CASEWORKER).get(here).text)
    assert "“Toronto”: a town that is not in the case" in page and page.count('name="why_') == 2
    town, near = (f"why_{key_of(*one)}" for one in (("town", "toronto"), ("near_name", "vulcain")))
    for version, reasons in enumerate(({}, {town: "public"}), 1):
        sent = DECIDED | {"version": str(version)} | reasons
        refused = founded.client(CASEWORKER).post(f"{here}/submit", data=sent)
        assert refused.status_code == 422 and f'id="{near}-fault"' in refused.text
    assert f'id="{town}-fault"' not in refused.text and 'selected value="public"' in refused.text
    sent |= {"version": "3", near: "others"}
    assert founded.client(CASEWORKER).post(f"{here}/submit", data=sent).status_code == 302
    page = _text(founded, COORDINATOR, here)
    name = name_everybody(founded.context())[founded.players[CASEWORKER].id]
    said = f"{name}: “It tells of something else than the case.”"
    assert f"It may stay: “Vulcain”: perhaps a name of the case, misspelt. {said}" in page
    assert f"“Vulcain”: perhaps a name of the case, misspelt. {said}" in _text(founded, CASEWORKER, here)
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert mark
    keys = [name.removeprefix("why_") for name in (town, near)]
    seen = {"version": "4", "mark": mark[1]}
    half = founded.client(COORDINATOR).post(f"{here}/approve", data=seen | {"looked": [*ITEMS, keys[0]]})
    assert half.status_code == 422 and store.list_published() == []
    whole = founded.client(COORDINATOR).post(f"{here}/approve", data=seen | {"looked": [*ITEMS, *keys]})
    assert whole.location.endswith(f"/stories/{story_id}")
    assert "agreed, and approved the story" in _text(founded, CASEWORKER, here)


def test_all_that_is_missing_is_said_at_once(founded: Founded) -> None:
    """Each line that is not decided, and each word of which nothing is said."""
    case_id = log(founded)
    story_id = create_story(founded.context(CASEWORKER), case_id, ASKED)
    refused = founded.client(CASEWORKER).post(
        f"/cases/{case_id}/stories/{story_id}/submit", data={"version": "1"}
    )
    assert refused.status_code == 422
    assert len(re.findall(r'id="(?:check|why)_\w+-fault"', refused.text)) == len(ITEMS) + 2
