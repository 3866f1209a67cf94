"""A page before a deed on many cases: it asks, counts what would change, and does it once that was seen."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.errors import Invalid
from casework.services.bundles import doing, keeping
from casework.services.bundles.foreseeing import Forecast, foresee
from casework.services.bundles.keeping import Bundle, State
from casework.services.context import Context
from casework.web import filters
from casework.web.bundle_words import explain
from casework.web.faults import show_faults
from casework.web.forms.bundles import BinningForm, DeedForm

Answer = Response | tuple[str, int]
SHOWN = 8
"""So many lines of a group are in sight; the others are folded away."""


def serve(context: Context, bundle_id: UUID, kind: str, form: DeedForm, **shown: Any) -> Answer:
    """Show what is asked, the count, or what was done; what cannot be done comes back with why.

    Nothing is done without the number of the count that the member saw. A deed that asks nothing is counted
    at once.
    """
    bundle = keeping.get_bundle(context, bundle_id)
    if bundle.state is not State.CHOSEN or bundle.is_busy:
        return redirect(url_for("bundles.show", bundle_id=bundle_id))
    forecast: Forecast | None = None
    if form.validate_on_submit() or (request.method == "GET" and isinstance(form, BinningForm)):
        try:
            deed = form.to_deed(context)
            seen = request.form.get("seen", "")
            if seen.isascii() and seen.isdigit():
                doing.do(context, bundle_id, deed, int(seen))
                return redirect(url_for("bundles.show", bundle_id=bundle_id))
            forecast = foresee(context, bundle, deed)
        except Invalid as invalid:
            show_faults(form, invalid)
    page = render_template(
        f"bundles/{kind}.html",
        kind=kind,
        bundle=bundle,
        form=form,
        forecast=forecast,
        asks=not isinstance(form, BinningForm),
        explain=explain,
        in_sight=SHOWN,
        back=way_back(bundle),
        **shown,
    )
    return page, 422 if form.errors else 200


def way_back(bundle: Bundle) -> str:
    """Return the address of the list in which the cases were chosen."""
    return filters.address_of("cases.index", bundle.wanted)
