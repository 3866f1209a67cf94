"""Two records of one person: side by side, made into one, taken back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.services.cases import get_case
from casework.services.membership.members import name_everybody
from casework.services.merging.already import MergedBefore, find_merge
from casework.services.merging.choosing import find_people, get_choice
from casework.services.merging.merging import MergeView, get_merge, merge
from casework.services.merging.undoing import undo_merge
from casework.web.access import requires
from casework.web.faults import flash_faults, show_faults
from casework.web.forms.merging import MergeForm, SearchPersonForm, merge_form
from casework.web.identity import get_context

pages = Blueprint("merging", __name__)

Answer = str | Response | tuple[str, int]


@pages.route("/cases/<uuid:case_id>/people/<uuid:person_id>/merge", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES)
def choose(case_id: UUID, person_id: UUID) -> Answer:
    """Choose which other record somebody has: of this case, where they also stand, or searched for.

    What is searched for stands in no address.
    """
    context, form = get_context(), SearchPersonForm()
    choice, found = get_choice(context, case_id, person_id), None
    if form.validate_on_submit():
        found = find_people(context, form.text.data or "", but_for=person_id)
    page = render_template("merging/choose.html", form=form, choice=choice, found=found)
    return page, 422 if form.errors else 200


@pages.route("/people/<uuid:person_id>/merge/<uuid:other_person_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES)
def compare(person_id: UUID, other_person_id: UUID) -> Answer:
    """Show two records side by side, with a choice wherever they differ; make one of them."""
    if merged := find_merge(get_context(), person_id, other_person_id):
        return _show_merged(merged)
    view = get_merge(get_context(), person_id, other_person_id)
    form = merge_form(view)
    if form.validate_on_submit() and _merge(form, view, (person_id, other_person_id)):
        flash(gettext("Merged. Beside the person stands how to undo it."), "good")
        return redirect(url_for("cases.show", case_id=view.left.case_id))
    days = get_context().runtime.limits.bin_days
    page = render_template("merging/compare.html", form=form, view=view, bin_days=days)
    return page, 422 if form.errors else 200


@pages.post("/cases/<uuid:case_id>/people/<uuid:person_id>/unmerge")
@requires(Permission.EDIT_CASES)
def undo(case_id: UUID, person_id: UUID) -> Response:
    """Take a merge back: both records are as they were."""
    try:
        undo_merge(get_context(), case_id, person_id)
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(gettext("Taken back. Both records are as they were."), "good")
    return redirect(url_for("cases.show", case_id=case_id))


def _show_merged(merged: MergedBefore) -> Answer:
    """Say that somebody was quicker, and lead to who stands for the two now."""
    by = name_everybody(get_context()).get(merged.by, gettext("a former member"))
    case = get_case(get_context(), merged.left_case)
    page = render_template("merging/already.html", merged=merged, by=by, case=case)
    return page, 409


def _merge(form: MergeForm, view: MergeView, people: tuple[UUID, UUID]) -> bool:
    """Merge as the form says; what cannot be taken is said on it."""
    try:
        merge(get_context(), people, form.versions, *form.merged(), form.own)
    except Invalid as invalid:
        show_faults(form, invalid)
        return False
    except Conflict:
        form.left_version.data, form.right_version.data = (
            str(side.told.person.version) for side in (view.left, view.right)
        )
        changed = gettext("Somebody changed one of both meanwhile. Here is how they stand: choose again.")
        form.form_errors.append(changed)
        return False
    return True
