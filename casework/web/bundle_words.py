"""Why something stays as it is, in words; what the pages of deeds on many cases group by."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from casework.services.bundles import binning, consenting, handing, tagging
from casework.services.bundles.deeds import Stay

_EVERYWHERE: Mapping[Stay, Any] = {
    Stay.CHANGED: _l("Somebody changed it meanwhile."),
    Stay.GONE: _l("It is no longer there, or no longer yours to open."),
    Stay.NOBODY: _l("Nobody is in the case yet."),
    Stay.NO_INCIDENT: _l("There is no incident in the case yet."),
    Stay.NOT_IN_TEAM: _l(
        "Only a team may open it, and they are not in it. "
        "Hand it over from its own page: there they join the team."
    ),
    Stay.NOT_NAMED: _l("It is restricted, and they are not named in it. Name them first."),
    Stay.ON_HOLD: _l("It is on legal hold: nobody may delete it until a coordinator lifts the hold."),
    Stay.UNABLE: _l("Whoever accompanied it before may not open it any more."),
}
_OF_KIND: Mapping[tuple[str, Stay], Any] = {
    (handing.KIND, Stay.ALREADY): _l("They accompany it already."),
    (consenting.KIND, Stay.ALREADY): _l("The same answer of the same day is there already."),
    (consenting.KIND, Stay.ANSWERED): _l(
        "An answer is there already. To replace it, tick “Also replace answers that are there”."
    ),
    (consenting.KIND, Stay.LATER): _l("They gave another answer later than that day: it stands."),
    (consenting.KIND, Stay.SAID_NO): _l(
        "They refused or withdrew. A yes after that is recorded with the person, one by one."
    ),
    (tagging.KIND, Stay.ALREADY): _l("The incident is like that already."),
}
KINDS = (handing.KIND, consenting.KIND, tagging.KIND, binning.KIND)


def explain(kind: str, stay: Stay) -> str:
    """Say why something stays as it is."""
    return str(_OF_KIND.get((kind, stay)) or _EVERYWHERE[stay])
