"""One of each deed on official counts and requests for access, for the tests that break deeds."""

from casework.services.official import counts, listing, requests
from tests.services.deed import Deed
from tests.services.official.written import a_list, asked, count
from tests.support.application import COORDINATOR, Founded

_COUNT, _REQUEST = {"official_count"}, {"access_request"}


def add(founded: Founded) -> Deed:
    """Enter a figure."""
    context = founded.context()
    return Deed(lambda: counts.add_count(context, count()), COORDINATOR, _COUNT)


def change(founded: Founded) -> Deed:
    """Change it."""
    context = founded.context()
    count_id = counts.add_count(context, count())
    changed = count(service="sq")
    return Deed(lambda: counts.change_count(context, count_id, 1, changed), COORDINATOR, _COUNT)


def retire(founded: Founded) -> Deed:
    """Retire it."""
    context = founded.context()
    count_id = counts.add_count(context, count())
    return Deed(lambda: counts.retire_count(context, count_id, 1, True), COORDINATOR, _COUNT)


def restore(founded: Founded) -> Deed:
    """Bring it back."""
    context = founded.context()
    count_id = counts.add_count(context, count())
    return Deed(lambda: counts.retire_count(context, count_id, 1, False), COORDINATOR, _COUNT)


def ask(founded: Founded) -> Deed:
    """Note a request."""
    context = founded.context()
    return Deed(lambda: requests.add_request(context, asked()), COORDINATOR, _REQUEST)


def follow(founded: Founded) -> Deed:
    """Change it."""
    context = founded.context()
    request_id = requests.add_request(context, asked())
    changed = asked(received_on=asked().due_on)
    return Deed(lambda: requests.change_request(context, request_id, 1, changed), COORDINATOR, _REQUEST)


def bring_in(founded: Founded) -> Deed:
    """Import a list."""
    context, (sent, plan) = founded.context(), a_list()
    return Deed(lambda: listing.import_list(context, sent, plan), COORDINATOR, _COUNT)


def take_out(founded: Founded) -> Deed:
    """Take a list out again."""
    context = founded.context()
    batch, _total = listing.import_list(context, *a_list())
    return Deed(lambda: listing.undo_batch(context, batch), COORDINATOR, _COUNT)
