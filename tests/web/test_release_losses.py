"""Records that a release counts, taken out: said at the button before, and on the pages of releases after."""

from uuid import UUID

from casework.services.importing.batches import list_batch_lines, list_batches
from casework.services.importing.wizard import import_some
from tests.services.importing.lists import bring_in
from tests.services.releases.written import log, release
from tests.support.application import ADVOCATE, COORDINATOR, Founded
from tests.web.pages import text_of
from tests.web.test_statistics import ask

_GONE = "It no longer agrees with the records."


def bring_in_rows(founded: Founded, count: int = 12) -> UUID:
    """Bring a list of invented incidents in, everybody agreeing to be counted."""
    rows = "".join(f"2025-05-{day + 1:02},Invented {day},yes\n" for day in range(count))
    batch_id = bring_in(
        founded.context(),
        f"Date,Nom,Consent statistics\n{rows}".encode(),
        contact_type="traffic_stop",
        police_service="spvm",
    )
    assert [one.here for one in list_batches(founded.context())] == [count]
    return batch_id


def test_a_list_that_a_release_counts_is_taken_out(founded: Founded) -> None:
    """Before, the page names the release; after, everybody sees that it no longer agrees."""
    log(founded, spvm=12, sq=12)
    batch_id = bring_in_rows(founded)
    coordinator, advocate = founded.client(COORDINATOR), founded.client(ADVOCATE)
    undo = f"/imports/batches/{batch_id}/undo"
    assert "may count what goes" not in coordinator.get(undo).text
    release_id = release(founded)
    assert "A release may count what goes: release 1" in text_of(coordinator.get(undo))
    assert _GONE not in advocate.get("/releases").text
    coordinator.post(undo)
    while import_some(founded.context()):
        pass
    for here in ("/releases", f"/releases/{release_id}"):
        assert "Records of 12 cases or more that it counts" in text_of(coordinator.get(here))
        assert "Records of 5 cases or more that it counts" in text_of(advocate.get(here))


def test_few_cases_are_no_matter_of_an_advocate(founded: Founded) -> None:
    """No page of hers differs from one of a release that nothing was taken from."""
    log(founded, spvm=12, sq=12)
    batch_id = bring_in_rows(founded, 4)
    release_id = release(founded)
    advocate, coordinator = founded.client(ADVOCATE), founded.client(COORDINATOR)
    before = [text_of(advocate.get(here)) for here in ("/releases", f"/releases/{release_id}")]
    coordinator.post(f"/imports/batches/{batch_id}/undo")
    while import_some(founded.context()):
        pass
    assert [text_of(advocate.get(here)) for here in ("/releases", f"/releases/{release_id}")] == before
    assert "Records of 4 cases or more" in text_of(coordinator.get("/releases"))


def test_one_number_does_not_send_to_what_is_gone(founded: Founded) -> None:
    """The release is cited, and beside it stands that it no longer agrees."""
    log(founded, spvm=12, sq=12)
    batch_id = bring_in_rows(founded)
    release(founded)
    page = ask(founded, what="", by="")
    assert "so it is the one to tell" in page
    assert _GONE not in page
    founded.client(COORDINATOR).post(f"/imports/batches/{batch_id}/undo")
    while import_some(founded.context()):
        pass
    page = ask(founded, what="", by="")
    assert _GONE in page
    assert "so it is the one to tell" not in page


def test_erasing_says_which_release_may_count_it(founded: Founded) -> None:
    log(founded, spvm=11, sq=12)
    batch_id = bring_in_rows(founded, 1)
    release(founded)
    client = founded.client(COORDINATOR)
    [case_id] = {line.case_id for line in list_batch_lines(founded.context(), batch_id, 0)}
    client.post(f"/cases/{case_id}/bin", data={"version": "1"})
    assert "A release may count what goes: release 1" in text_of(client.get(f"/cases/{case_id}/erase"))
