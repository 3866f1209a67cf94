"""Pages of an organization's own terms: their lists, and what coordinators do with one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.folding import fold
from casework.domain.ownterm import LISTS, TermBook
from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.services import ownterms
from casework.services.context import Context
from casework.services.ownterms import OwnTermView
from casework.web import conflicts
from casework.web.access import requires
from casework.web.faults import flash_faults, show_faults
from casework.web.forms.ownterms import (
    LABELS,
    AddForm,
    MergeTermForm,
    RenameForm,
    RetireTermForm,
    offer_lists,
)
from casework.web.forms.posted import read_version
from casework.web.identity import get_context
from casework.web.language import language

pages = Blueprint("ownterms", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/terms")
@requires(Permission.MANAGE_TERMS)
def index() -> str:
    """List the own terms by list, with how many of the member's records carry each."""
    context = get_context()
    views = sorted(ownterms.list_terms(context), key=lambda view: fold(view.term.label(language())))
    return render_template(
        "ownterms/index.html",
        lists={name: [view for view in views if view.term.list_name == name] for name in LISTS},
        choices=offer_lists(),
        names={view.id: view.term.label(language()) for view in views},
        counts=_count(context, views),
    )


@pages.route("/terms/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_TERMS)
def add() -> Answer:
    """Add a term to a list: its answer in words, and which shipped one it counts as."""
    form = AddForm()
    if request.method == "GET":
        form.list_name.data = request.args.get("list", "")
    form.offer()
    if form.validate_on_submit():
        try:
            ownterms.add_term(get_context(), form.list_name.data, form.parent.data or "", form.texts)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_("Term added. It can be chosen now."), "good")
            return redirect(url_for("ownterms.index", _anchor=form.list_name.data))
    return render_template("ownterms/add.html", form=form), 422 if form.errors else 200


@pages.route("/terms/<uuid:term_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_TERMS)
def edit(term_id: UUID) -> Answer:
    """Call a term otherwise, or retire it."""
    context = get_context()
    view, theirs = ownterms.get_term(context, term_id), []
    form = RenameForm() if request.method == "POST" else RenameForm(formdata=None).fill(view)
    if request.form.get("resolve") == "edit":
        theirs = _compare(form, view)
    elif form.validate_on_submit():
        try:
            return _save(context, form, view)
        except Invalid as invalid:
            show_faults(form, invalid)
    return render_template("ownterms/edit.html", form=form, view=view, theirs=theirs), (
        422 if form.errors else 200
    )


@pages.post("/terms/<uuid:term_id>/retire")
@requires(Permission.MANAGE_TERMS)
def retire(term_id: UUID) -> Answer:
    """Retire a term, or bring a retired or merged one back."""
    form, context = RetireTermForm(), get_context()
    retired = form.retired.data == "1"
    try:
        ownterms.retire_term(context, term_id, read_version(form.version.data), retired)
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(_("Term retired. It stays where it was chosen.") if retired else _("Term back in use."), "good")
    return _back_to(ownterms.get_term(context, term_id))


@pages.route("/terms/<uuid:term_id>/merge", methods=["GET", "POST"])
@requires(Permission.MANAGE_TERMS)
def merge(term_id: UUID) -> Answer:
    """Let a term read as another one."""
    context, form = get_context(), MergeTermForm()
    view, views = ownterms.get_term(context, term_id), ownterms.list_terms(context)
    form.offer(view, views)
    if form.validate_on_submit():
        try:
            ownterms.merge_term(context, term_id, read_version(form.version.data), form.into_id)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_("Terms merged. Nothing was rewritten: you can take it back in this list."), "good")
            return _back_to(view)
    count = _count(context, views).get(term_id, 0)
    page = render_template("ownterms/merge.html", form=form, view=view, count=count)
    return page, 422 if form.errors else 200


def _back_to(view: OwnTermView) -> Response:
    return redirect(url_for("ownterms.index", _anchor=view.term.list_name))


def _count(context: Context, views: list[OwnTermView]) -> dict[UUID, int]:
    """Count the records of each term with those of the terms that read as it."""
    book, counts = TermBook({view.id: view.term for view in views}), dict[UUID, int]()
    for term_id, number in ownterms.count_records(context).items():
        standing = book.stands_for(term_id)
        counts[standing] = counts.get(standing, 0) + number
    return counts


def _save(context: Context, form: RenameForm, view: OwnTermView) -> Answer:
    """Save changed labels, or show both versions; raises Invalid."""
    version = read_version(form.version.data)
    try:
        ownterms.rename_term(context, view.id, version, form.texts)
    except Conflict:
        now = ownterms.get_term(context, view.id)
        if now.version == version:
            raise
        return conflicts.show(_meeting(form, now))
    flash(_("Term saved."), "good")
    return _back_to(view)


def _meeting(form: RenameForm, now: OwnTermView) -> conflicts.Meeting:
    return conflicts.Meeting(
        what=now.term.label(language()),
        rows=_compare(form, now),
        action_url=request.path,
        fields=[(name, form[name].data or "") for name in LABELS],
        version=now.version,
        theirs_url=url_for("ownterms.index"),
    )


def _compare(form: RenameForm, theirs: OwnTermView) -> list[tuple[str, str, str]]:
    return [
        (str(form[name].label.text), form[name].data or "", getattr(theirs.term, name)) for name in LABELS
    ]
