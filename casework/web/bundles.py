"""One deed for many cases: chosen in their list, counted, done, taken back. No address says which."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.bundles import binning, consenting, doing, handing, keeping, tagging
from casework.services.bundles.foreseeing import name_people
from casework.services.bundles.keeping import Bundle
from casework.services.context import Context
from casework.services.membership.members import name_everybody
from casework.services.offers import get_offers, list_accompaniers
from casework.services.patterns import list_patterns
from casework.web import filters
from casework.web.access import requires
from casework.web.bundle_page import SHOWN, Answer, serve, way_back
from casework.web.bundle_words import KINDS, explain
from casework.web.faults import flash_faults
from casework.web.forms.bundles import BinningForm, ChoosingForm, ConsentingForm, HandingForm, TaggingForm
from casework.web.forms.offers import offer_patterns
from casework.web.identity import get_context, runtime
from casework.web.language import language

pages = Blueprint("bundles", __name__)

LOST = N_("The screen had locked: nothing was changed. Sign in, and choose the cases again.")


@pages.post("/cases/together")
@requires(Permission.EDIT_CASES, lost=LOST)
def choose() -> Response:
    """Take the cases that were chosen in a list to the page before the deed."""
    context, form = get_context(), ChoosingForm()
    _form, wanted = filters.read_filter(context)
    fields = filters.fields_of(wanted)
    try:
        if form.every.data:
            bundle_id = keeping.choose_all(context, wanted, fields)
        else:
            bundle_id = keeping.choose(context, form.cases(), fields)
    except Invalid as invalid:
        flash_faults(invalid)
        return redirect(filters.address("cases.index", wanted))
    kind = request.form.get("deed", "")
    return redirect(url_for(f"bundles.{kind if kind in KINDS else handing.KIND}", bundle_id=bundle_id))


@pages.route("/cases/together/<uuid:bundle_id>/hand-over", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, lost=LOST)
def hand_over(bundle_id: UUID) -> Answer:
    """Let one member accompany the chosen cases."""
    context, form = get_context(), HandingForm()
    form.offer(list_accompaniers(context))
    return serve(context, bundle_id, handing.KIND, form)


@pages.route("/cases/together/<uuid:bundle_id>/consent", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, lost=LOST)
def consent(bundle_id: UUID) -> Answer:
    """Record one answer for everybody in the chosen cases."""
    form = ConsentingForm(data={"on": runtime().today().isoformat()})
    return serve(get_context(), bundle_id, consenting.KIND, form)


@pages.route("/cases/together/<uuid:bundle_id>/pattern", methods=["GET", "POST"])
@requires(Permission.TAG_INCIDENTS, lost=LOST)
def tag(bundle_id: UUID) -> Answer:
    """Set a pattern on every incident of the chosen cases, or take it off."""
    context, form = get_context(), TaggingForm()
    form.offer(offer_patterns(get_offers(context), ()))
    return serve(context, bundle_id, tagging.KIND, form)


@pages.route("/cases/together/<uuid:bundle_id>/bin", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, lost=LOST)
def bin(bundle_id: UUID) -> Answer:
    """Move the chosen cases to the bin."""
    days = runtime().limits.bin_days
    return serve(get_context(), bundle_id, binning.KIND, BinningForm(), bin_days=days)


@pages.get("/cases/together/<uuid:bundle_id>")
@requires(Permission.EDIT_CASES)
def show(bundle_id: UUID) -> Answer:
    """Say what was done, what stayed and why, with the way back."""
    context = get_context()
    bundle = keeping.get_bundle(context, bundle_id)
    page = render_template(
        "bundles/show.html",
        bundle=bundle,
        explain=explain,
        in_sight=SHOWN,
        back=way_back(bundle),
        about={"name": _name(context, bundle)},
        names=name_people(context, bundle.outcome) if bundle.outcome else {},
    )
    return page, 200


def _name(context: Context, bundle: Bundle) -> str:
    """Return to whom the cases went, or which pattern was set or taken off."""
    about = bundle.outcome.about if bundle.outcome else {}
    members = {member_id.hex: name for member_id, name in name_everybody(context).items()}
    patterns = {view.id.hex: view.definition.name(language()) for view in list_patterns(context)}
    return members.get(about.get("to", "")) or patterns.get(about.get("pattern", "")) or "?"


@pages.post("/cases/together/<uuid:bundle_id>/undo")
@requires(Permission.EDIT_CASES, lost=N_("The screen had locked: nothing was put back. Sign in to undo it."))
def undo(bundle_id: UUID) -> Response:
    """Put back what was before."""
    doing.undo(get_context(), bundle_id)
    return redirect(url_for("bundles.show", bundle_id=bundle_id))
