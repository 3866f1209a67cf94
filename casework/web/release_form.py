"""The form of a release, from its first showing to its saving; kept as somebody types, like other forms."""

from collections.abc import Callable, Collection, Iterator, Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from casework.domain.approval import State
from casework.domain.period import Period, read_quarter
from casework.domain.releasedraft import ReleaseDraft
from casework.services.context import Context
from casework.services.releases import drafting
from casework.services.releases.offering import Offer, offer
from casework.services.releases.shelf import ReleaseView, Shelf, open_shelf
from casework.services.releases.versions import begin_version
from casework.web import drafts, kept_form
from casework.web.forms.posted import read_optional_id
from casework.web.forms.releases import ReleaseForm
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.once import KeptAs


def begin(context: Context, view: ReleaseView | None = None) -> ReleaseForm:
    """Return the form as it was posted or kept, else filled from a release, or with what is proposed."""
    fields, shelf, offered = drafts.posted_or_kept(), open_shelf(context), offer(context)
    form = ReleaseForm(formdata=fields)
    if fields is None and view is not None:
        form.fill(view.release.edited_draft(), view.version)
    elif fields is None:
        form.fill(_propose(context, shelf, offered))
    chosen = {form.replaced, view.release.draft.replaces if view else 0}
    form.told = _tell(form, shelf, offered)
    return form.offer(offered.years, _list_replaceable(shelf, chosen), offered.unit)


def serve(
    form: ReleaseForm, kept_as: KeptAs, save: Callable[[], UUID], view: ReleaseView | None = None
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why."""

    def save_and_lead() -> Answer:
        release_id = save()
        is_seen = drafting.has_seen(get_context(), release_id)
        same, look = _("Saved. The numbers that you saw stay the same."), _("Saved. Now look at its numbers.")
        flash(same if is_seen else look, "good")
        return redirect(url_for("releases.show", release_id=release_id))

    def meet() -> dict[str, ReleaseView]:
        return {"view": _meet(form, kept_as[1]["release_id"])}

    begun = None if view else drafts.list_of_releases()
    page = "releases/write.html"
    return kept_form.serve(page, form, kept_as, save_and_lead, meet=meet, view=view, begun=begun)


def _list_replaceable(shelf: Shelf, chosen: Collection[int]) -> list[int]:
    """List the releases that none has replaced. What is chosen already stays: saving says what is wrong."""
    numbered = shelf.numbered.items()
    return [number for number, one in numbered if one.release.may_be_replaced or number in chosen]


def _tell(form: ReleaseForm, shelf: Shelf, offered: Offer) -> list[str]:
    """Say what a new version begins with, and of which period nothing can be counted."""
    return [*_tell_begun(form, shelf), *_tell_empty(form, shelf, offered)]


def _tell_begun(form: ReleaseForm, shelf: Shelf) -> Iterator[str]:
    asked = read_optional_id(request.args.get("replaces"))
    begun = shelf.by_id.get(asked) if asked else None
    number = begun.release.frozen.number if begun and begun.release.frozen else 0
    if number and form.replaced not in (0, number):
        yield _(
            "It begins as release %(number)s was, and comes in the place of release %(place)s.",
            number=number,
            place=form.replaced,
        )


def _tell_empty(form: ReleaseForm, shelf: Shelf, offered: Offer) -> Iterator[str]:
    if form.period is None or not offered.is_empty(form.period):
        return
    yield _(
        "Nothing of this period can be released now: fewer than %(threshold)s cases are counted up to its"
        " end, or none.",
        threshold=offered.threshold,
    )
    place = shelf.numbered.get(form.replaced)
    if place and place.release.state is State.APPROVED:
        yield _(
            "Release %(number)s stays as it left. If it no longer holds, a coordinator can withdraw it.",
            number=form.replaced,
        )


def _meet(form: ReleaseForm, release_id: UUID) -> ReleaseView:
    """Give back what was written, to be saved over what somebody else saved meanwhile."""
    view = drafting.get_release(get_context(), release_id)
    form.version.data = str(view.version)
    form.form_errors.append(
        _("Somebody else changed it meanwhile. Below stands what you wrote: look at theirs, then save.")
    )
    return view


def _propose(context: Context, shelf: Shelf, offered: Offer) -> ReleaseDraft:
    """Propose a new version of the release that the address names, else the last whole year."""
    replaced = read_optional_id(request.args.get("replaces"))
    if replaced is not None:
        return begin_version(context, shelf, replaced)
    return ReleaseDraft(
        unit=offered.unit or "incidents",
        period=offered.whole_year,
        texts={},
        tables=(("contact_group",),),
        k=offered.threshold,
    )


def read_period(posted: Mapping[str, str]) -> Period | None:
    """Read another period that was chosen, None where none was; raises Invalid naming a quarter or `last`."""
    if not posted.get("first"):
        return None
    return Period(read_quarter(posted["first"]), read_quarter(posted.get("last", "")))
