"""The form of a release, from its first showing to its saving; kept as somebody types, like other forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from casework.domain.period import Period, read_quarter
from casework.domain.releasedraft import ReleaseDraft
from casework.services.context import Context
from casework.services.releases import drafting
from casework.services.releases.drafting import ReleaseView
from casework.services.releases.offering import offer
from casework.web import drafts, kept_form
from casework.web.forms.posted import read_optional_id
from casework.web.forms.releases import ReleaseForm
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.once import KeptAs


def begin(context: Context, view: ReleaseView | None = None) -> ReleaseForm:
    """Return the form as it was posted or kept, else filled from a release, or with what is proposed."""
    fields = drafts.posted_or_kept()
    proposed = _propose(context) if fields is None and view is None else None
    draft = view.release.draft if view else proposed
    numbers = _list_replaceable(context, draft.replaces if draft else 0)
    offered = offer(context)
    form = ReleaseForm(formdata=fields).offer(offered.years, numbers, offered.unit)
    if fields is None and view is not None:
        form.fill(view.release.edited_draft(), view.version)
    elif proposed is not None:
        form.fill(proposed)
    return form


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


def _list_replaceable(context: Context, chosen: int) -> list[int]:
    """List the releases that none has replaced. What is chosen already stays: saving says what is wrong."""
    releases = (each.release for each in drafting.list_releases(context))
    return [
        one.frozen.number
        for one in releases
        if one.frozen and (one.may_be_replaced or one.frozen.number == chosen)
    ]


def _meet(form: ReleaseForm, release_id: UUID) -> ReleaseView:
    """Give back what was written, to be saved over what somebody else saved meanwhile."""
    view = drafting.get_release(get_context(), release_id)
    form.version.data = str(view.version)
    form.form_errors.append(
        _("Somebody else changed it meanwhile. Below stands what you wrote: look at theirs, then save.")
    )
    return view


def _propose(context: Context) -> ReleaseDraft:
    """Propose a new version of the release that the address names, else the last whole year."""
    replaced = read_optional_id(request.args.get("replaces"))
    if replaced is not None:
        release = drafting.get_release(context, replaced).release
        return replace(release.draft, replaces=release.frozen.number if release.frozen else 0)
    return _first_draft(context)


def _first_draft(context: Context) -> ReleaseDraft:
    """Propose the last whole year, or the first that there is."""
    offered = offer(context)
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
