"""The pages of the official counts and of requests for access."""

import io
import re
from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.services import drafts
from casework.services.official import counts, listing, requests
from casework.web.forms.officiallists import name_word
from tests.services.official.written import asked, count
from tests.services.releases.written import log, release
from tests.support.application import ADVOCATE, COORDINATOR, Founded
from tests.web.incidents import parse_unsaved
from tests.web.pages import text_of

FIGURE = {
    "service": "spvm",
    "first": "2022-01-01",
    "last": "2022-12-31",
    "measure": "status_check",
    "unit": "check",
    "bound": "exact",
    "value": "1 012",
    "publisher": "CBSA",
    "published": "2023-05",
    "number": "A-2023-00417",
}


def add(founded: Founded) -> UUID:
    return counts.add_count(founded.context(), count())


def test_figures_stand_by_service_with_their_sources(founded: Founded) -> None:
    """Montréal's 945 and 426 of 2021 side by side; the quoted 7.1% beside the computed 5.0%."""
    page = text_of(founded.client(ADVOCATE).get("/official-counts"))
    assert "3,278 Calls 13.8 96.8 5,048" in page
    assert "November 2014 to October 2015 Requests for a photograph 47 Requests 0.13 0.90 47" in page
    assert "2016 and 2017: +25.6% (HuffPost Québec)" in page
    assert "2016 and 2017: −31.2% (HuffPost Québec)" in page
    assert "differs The source says 7.1%; by its own counts it is about 5.0%." in page
    beside = re.search(
        r"not the same number 426 · Calls · [^.]*?November 28, 2020 to November 28, 2021 · Journal Métro, "
        r"January 2022 945 · Checks · Checks of immigration status · 2021 · Journal Métro",
        page,
    )
    assert beside, page
    assert "Communications with the CBSA, 2017: 12,095 together (HuffPost Québec)" in page
    assert "SPVM Montréal 3,608 29.8%" in page
    assert "Enter a figure" not in page  # an advocate reads
    assert page.count("added here") == 1  # said once, how such a figure is marked
    assert "Left out: Ottawa Police Service, 87. Not additive: the source does not say" in page


def test_a_service_unfolds_with_what_is_asked_of_it(founded: Founded) -> None:
    """Folded, each says how much there is and what contradicts what; a year and a service narrow all."""
    client = founded.client(ADVOCATE)
    page = client.get("/official-counts").text
    assert page.count('<details class="service"') == 12 and "open>" not in page
    assert "SPVM Montréal 8 figures, 2015 to 2021 2 contradictions" in text_of(client.get("/official-counts"))
    asked = client.get("/official-counts?service=spvm&year=2017")
    assert asked.text.count('<details class="service"') == asked.text.count(" open>") == 1
    text = text_of(asked).partition("By service")[2]
    assert "3,608 Calls" in text and "2,872 Calls" not in text
    assert "2016 and 2017: +25.6%" in text  # with what came before
    doubtful = text_of(client.get("/official-counts?which=doubtful")).partition("By service")[2]
    assert "178 Requests" in doubtful and "1,250 Checks" not in doubtful
    nothing = text_of(client.get("/official-counts?service=nowhere&year=20x7"))
    assert "3,608 Calls" in nothing  # an answer that is none narrows nothing
    assert "No figure fits these filters." in text_of(client.get("/official-counts?year=1990"))


def test_the_words_of_a_service_stand_in_no_address(founded: Founded) -> None:
    """One that is not listed is asked for by the id of a figure; saved, it stands unfolded."""
    sent = FIGURE | {"service": "", "service_words": "Campus Guards"}
    client = founded.client(COORDINATOR)
    saved = client.post("/official-counts/new", data=sent)
    (view,) = counts.list_counts(founded.context())
    assert view.id is not None
    assert saved.location == f"/official-counts?service={view.id.hex}#count-{view.id.hex}"
    page = client.get(saved.location)
    assert page.text.count('<details class="service"') == 1
    assert page.text.count("added here") == 2
    assert f'<option selected value="{view.id.hex}">Campus Guards' in page.text
    assert 'value="Campus' not in page.text


def test_a_figure_is_entered_in_any_notation(founded: Founded) -> None:
    client = founded.client(COORDINATOR)
    assert client.post("/official-counts/new", data=FIGURE).status_code == 302
    (view,) = counts.list_counts(founded.context())
    assert (str(view.count.amount.value), view.count.source.number) == ("1012", "A-2023-00417")
    page = text_of(client.get("/official-counts"))
    assert "1,012 Checks" in page
    assert page.count("added here") == 2
    assert "CBSA, May 2023, request A-2023-00417" in page


def test_each_fault_stands_at_its_field_and_nothing_entered_is_lost(founded: Founded) -> None:
    """Days, numbers, a missing source, a strange address, all at once."""
    sent = FIGURE | {"first": "", "value": "some", "published": "spring", "note": "kept words"}
    page = founded.client(COORDINATOR).post("/official-counts/new", data=sent)
    assert page.status_code == 422
    for name in ("first", "value", "published"):
        assert f'id="{name}-fault"' in page.text
    assert "kept words" in page.text
    page = founded.client(COORDINATOR).post("/official-counts/new", data=FIGURE | {"publisher": ""})
    assert 'id="publisher-fault"' in page.text
    page = founded.client(COORDINATOR).post("/official-counts/new", data=FIGURE | {"last": "2021-01-01"})
    assert 'id="last-fault"' in page.text
    assert not counts.list_counts(founded.context())


def test_a_quoted_share_is_held_against_its_own_counts(founded: Founded) -> None:
    sent = FIGURE | {"quoted": "share", "quoted_value": "40", "quoted_whole": "2 024"}
    client = founded.client(COORDINATOR)
    client.post("/official-counts/new", data=sent)
    assert "The source says 40%; by its own counts it is 50.0%." in text_of(client.get("/official-counts"))


def test_a_lost_race_shows_both_and_keeps_mine(founded: Founded) -> None:
    count_id = add(founded)
    client = founded.client(COORDINATOR)
    counts.change_count(founded.context(), count_id, 1, count(note="theirs"))
    sent = FIGURE | {"version": "1", "note": "mine"}
    page = client.post(f"/official-counts/{count_id}", data=sent)
    assert page.status_code == 409
    assert "theirs" in page.text
    assert "mine" in page.text
    assert counts.get_count(founded.context(), count_id).count.note == "theirs"
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert version
    assert client.post(f"/official-counts/{count_id}", data=sent | {"version": version[1]}).status_code == 302
    assert counts.get_count(founded.context(), count_id).count.note == "mine"


def test_a_figure_is_retired_and_comes_back(founded: Founded) -> None:
    count_id, client = add(founded), founded.client(COORDINATOR)
    client.post(f"/official-counts/{count_id}/retire", data={"version": "1", "retired": "1"})
    assert "Retired shown nowhere else" in text_of(client.get("/official-counts"))
    client.post(f"/official-counts/{count_id}/retire", data={"version": "2", "retired": "0"})
    assert counts.get_count(founded.context(), count_id).count.state == "active"


def test_a_form_is_kept_as_a_draft(founded: Founded) -> None:
    client = founded.client(COORDINATOR)
    client.post("/official-counts/new", data=FIGURE | {"save_draft": "1", "title": "half"})
    (draft,) = drafts.list_drafts(founded.context())
    page = client.get(f"/drafts/{draft.id}", follow_redirects=True)
    assert 'value="half"' in page.text
    client.post("/official-counts/new", data=FIGURE | {"draft": draft.id.hex})
    assert not drafts.list_drafts(founded.context())


def test_a_request_proposes_its_deadline_and_its_answer_fills_the_form(founded: Founded) -> None:
    client = founded.client(COORDINATOR)
    sent = {"body": "SPVM", "law": "quebec", "sent_on": "2026-03-02", "number": "AI-7", "subject": "Calls"}
    assert client.post("/access-requests/new", data=sent).status_code == 302
    (view,) = requests.list_requests(founded.context())
    assert view.request.due_on.isoformat() == "2026-03-22"
    page = client.post("/access-requests/new", data=sent | {"law": "other"})
    assert page.status_code == 422
    assert 'id="due_on-fault"' in page.text
    answered = sent | {"version": "1", "due_on": "2026-03-22", "received_on": "2026-03-20"}
    assert client.post(f"/access-requests/{view.id}", data=answered).status_code == 302
    filled = client.get(f"/official-counts/new?request={view.id.hex}").text
    assert 'value="SPVM"' in filled
    assert 'value="AI-7"' in filled


def test_an_overdue_request_waits_on_today(founded: Founded) -> None:
    today = founded.runtime.today()
    late = asked(sent_on=today - timedelta(days=40), due_on=today - timedelta(days=10))
    requests.add_request(founded.context(), late)
    assert "CBSA should have answered by" in text_of(founded.client(COORDINATOR).get("/"))
    assert "10 days late" in text_of(founded.client(ADVOCATE).get("/access-requests"))


LIST = (
    "Corps policier;Période;Catégorie;Nombre;Source\n"
    "SPVM;2015;Appels;2 632;S3\nPolice d’Ailleurs;2015;Télécopies;12;S3\nPeel;2017;Appels;s.o.;S3\n"
)


def send(client: FlaskClient, text: str = LIST, **fields: str) -> TestResponse:
    file = (io.BytesIO(text.encode()), "liste.csv")
    return client.post("/official-counts/lists/file", data={"file": file, **fields})


def fields_of(page: TestResponse) -> dict[str, list[str]]:
    return parse_unsaved(page.text, "/official-counts/lists")


def test_a_list_is_tried_corrected_imported_and_taken_out(founded: Founded) -> None:
    """Nothing is written by trying; the page carries the list; each refused row says why."""
    client = founded.client(COORDINATOR)
    page = send(client)
    assert "2 rows can be imported. 1 row is refused." in text_of(page)
    assert "Figure – There is no number in this row." in text_of(page)
    assert not counts.list_counts(founded.context())
    form = fields_of(page)
    form |= {"column-2": [""], name_word("publisher", "S3"): ["HuffPost"]}
    page = client.post("/official-counts/lists", data=form | {"try": "1"})
    assert "No row can be imported" in text_of(page)  # nothing says what was counted
    form["column-2"] = ["measure"]
    page = client.post("/official-counts/lists", data=form | {"try": "1"})
    assert "HuffPost" in text_of(page)
    form |= {name_word("service", "Police d’Ailleurs"): ["sq"]}
    assert client.post("/official-counts/lists", data=form | {"import": "1"}).status_code == 302
    kept = [(view.count.who, view.count.source.publisher) for view in counts.list_counts(founded.context())]
    assert sorted(kept) == [("spvm", "HuffPost"), ("sq", "HuffPost")]
    again = client.post("/official-counts/lists", data=form | {"import": "1"})
    assert again.status_code == 422
    assert "This figure is here already" in text_of(again)
    (batch,) = listing.list_batches(founded.context())
    client.post(f"/official-counts/lists/{batch.id}/undo")
    assert not counts.list_counts(founded.context())


def test_what_is_no_list_is_refused_on_the_page_that_asks(founded: Founded) -> None:
    client = founded.client(COORDINATOR)
    assert send(client, "%PDF-1.7").status_code == 422
    assert client.post("/official-counts/lists/file", data={}).status_code == 422
    assert client.post("/official-counts/lists", data={"listed": "[1]", "import": "1"}).status_code == 422


def test_an_answer_brings_its_source_along(founded: Founded) -> None:
    """The list of an answer has the body and number of its request, and its figures name it."""
    request_id = requests.add_request(founded.context(), asked(number="A-77"))
    client = founded.client(COORDINATOR)
    page = send(client, "service,year,measure,count\nspvm,2015,calls,9\n", asked=request_id.hex)
    form = fields_of(page)
    client.post("/official-counts/lists", data=form | {"import": "1"})
    (view,) = counts.list_counts(founded.context())
    assert (view.count.request, view.count.source.publisher) == (request_id, "CBSA")
    assert view.count.source.number == "A-77"


def test_charts_are_of_one_source_each_and_ours_has_a_scale_of_its_own(founded: Founded) -> None:
    """Services by year, measures by service; theirs and ours are two drawings, each with its longest bar."""
    log(founded, spvm=37, sq=12)
    release(founded)
    log(founded, spvm=30)  # published nowhere yet
    page = founded.client(ADVOCATE).get("/official-counts/charts")
    text = text_of(page)
    assert "Communications with the CBSA, by service and year" in text
    assert "What was counted of Toronto Police Service, November 2014 to October 2015" in text
    assert "Theirs: Communications with the CBSA, 2017" in text
    assert "a bar of one drawing cannot be measured with a bar of the other" in text
    drawings = [find_bars(page.text, name) for name in ("theirs", "ours")]
    assert min(max(bars) for bars in drawings) > 400  # of 720: each fills its own drawing
    ours = text.partition("Ours: Police service")[2].partition("by service and year")[0]
    assert "37" in ours and "67" not in ours


def test_without_a_release_theirs_stands_alone(founded: Founded) -> None:
    """What was logged is not what was published."""
    log(founded, spvm=37)
    text = text_of(founded.client(ADVOCATE).get("/official-counts/charts"))
    assert "None of your releases has a table of incidents by police service yet" in text
    assert "37" not in text
    assert "Theirs: Communications" in text


def find_bars(text: str, name: str) -> list[float]:
    """Return how long the bars of the wide drawing of a figure are."""
    figure = text.partition(f'id="{name}"')[2].partition("</svg>")[0]
    return [float(length) for length in re.findall(r'<rect class="f\d" [^>]*width="([\d.]+)"', figure)]
