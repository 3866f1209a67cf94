"""One of each deed on many cases, and its way back, for the tests that break deeds."""

from collections.abc import Callable
from datetime import date

from casework.domain.person import Consent
from casework.services import incidents
from casework.services.bundles import doing, foreseeing, keeping
from casework.services.bundles.binning import Binning
from casework.services.bundles.consenting import Consenting
from casework.services.bundles.deeds import Deed as BundleDeed
from casework.services.bundles.handing import Handing
from casework.services.context import Context
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import incident_draft

Make = Callable[[Founded, Context], BundleDeed]


def _prepared(founded: Founded, make: Make, tables: set[str]) -> tuple[Deed, Callable[[], None]]:
    """Choose two cases; returns the deed on them, and what takes it back."""
    logged = [incidents.log_incident(founded.context(CASEWORKER), incident_draft()) for _ in range(2)]
    context = founded.context(CASEWORKER)
    bundle_id = keeping.choose(context, [one.case_id for one in logged], {})
    made = make(founded, context)
    seen = foreseeing.foresee(context, keeping.get_bundle(context, bundle_id), made).generation
    deed = Deed(lambda: doing.do(context, bundle_id, made, seen), CASEWORKER, tables | {"bundle"})
    return deed, lambda: doing.undo(context, bundle_id)


def _reversed(founded: Founded, make: Make, tables: set[str]) -> Deed:
    deed, undo = _prepared(founded, make, tables)
    deed.act()
    return Deed(undo, CASEWORKER, deed.tables)


def _handing(founded: Founded, context: Context) -> BundleDeed:
    return Handing(founded.players[COLLEAGUE].id, context.roster)


def _consenting(_founded: Founded, _context: Context) -> BundleDeed:
    return Consenting("story", Consent("given", date(2026, 5, 12)))


def _binning(_founded: Founded, _context: Context) -> BundleDeed:
    return Binning()


def hand_over(founded: Founded) -> Deed:
    """Hand cases over."""
    return _prepared(founded, _handing, {"case", "revision"})[0]


def hand_back(founded: Founded) -> Deed:
    """Take that back."""
    return _reversed(founded, _handing, {"case", "revision"})


def set_consent(founded: Founded) -> Deed:
    """Record a consent for everybody."""
    return _prepared(founded, _consenting, {"case", "person", "revision"})[0]


def take_consent_back(founded: Founded) -> Deed:
    """Take that back."""
    return _reversed(founded, _consenting, {"case", "person", "revision"})


def bin_cases(founded: Founded) -> Deed:
    """Move cases to the bin."""
    return _prepared(founded, _binning, {"case", "revision"})[0]


def restore_cases(founded: Founded) -> Deed:
    """Take that back."""
    return _reversed(founded, _binning, {"case", "revision"})
