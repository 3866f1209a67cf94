"""Pages of policy events: a timeline for each service, one event with its figures, and its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.domain.policy import ACTIVE, TEXTS, PolicyEvent
from casework.errors import Conflict, Invalid
from casework.services import patterns
from casework.services.context import Context
from casework.services.policies.comparing import MONTHS, Breaches, Policies
from casework.services.policies.reading import PolicyView, get_event, list_events
from casework.services.policies.writing import add_event, change_event, retire_event
from casework.web import conflicts
from casework.web.access import requires
from casework.web.faults import flash_faults
from casework.web.forms.policies import PolicyForm, RetirePolicyForm
from casework.web.forms.posted import read_optional_id, read_version
from casework.web.identity import get_context
from casework.web.language import label, labels, language, vague_date
from casework.web.rules import rule_in_words

pages = Blueprint("policies", __name__)

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Line:
    """An event in a timeline."""

    view: PolicyView
    breaches: Breaches


@pages.get("/policies")
@requires(Permission.READ_CASES)
def index() -> str:
    """Show the policy events of each police service, or city, in the order of time."""
    context = get_context()
    views, policies = list_events(context), Policies(context)
    lines = [Line(view, policies.find_breaches(view)) for view in views if view.event.status == ACTIVE]
    return render_template(
        "policies/index.html",
        timelines=_by_whose(lines),
        retired=[view for view in views if view.event.status != ACTIVE],
        may_manage=context.may(Permission.MANAGE_POLICIES),
    )


@pages.get("/policies/<uuid:event_id>")
@requires(Permission.READ_CASES)
def show(event_id: UUID) -> str:
    """Show an event with the rates before and after it, and the incidents that contradict it."""
    context = get_context()
    view, policies = get_event(context, event_id), Policies(context)
    months = read_version(request.args.get("months", "12"))
    return render_template(
        "policies/show.html",
        view=view,
        whose=name_whose(view.event),
        rule=rule_in_words(view.event.rule),
        comparison=policies.compare(view.event, months if months in MONTHS else None),
        months=months if months in MONTHS else 0,
        offered=(*MONTHS, 0),
        breaches=policies.find_breaches(view),
        may_manage=context.may(Permission.MANAGE_POLICIES),
    )


@pages.route("/policies/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_POLICIES)
def add() -> Answer:
    """Add a policy event of the organization's own."""
    context, form = get_context(), PolicyForm()
    form.once.data = form.once.data or uuid4().hex
    if request.method == "POST" and not form.change_conditions() and form.validate():
        try:
            event_id = add_event(context, form.read(), read_optional_id(form.once.data))
        except Invalid as invalid:
            form.show(invalid)
        except Conflict:
            return _lead_to_saved(form)
        else:
            flash(_("Policy date added."), "good")
            return redirect(url_for("policies.show", event_id=event_id))
    return _show_form(context, form, "policies/add.html")


@pages.route("/policies/<uuid:event_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_POLICIES)
def edit(event_id: UUID) -> Answer:
    """Change a policy event."""
    context = get_context()
    view, theirs = get_event(context, event_id), []
    form = PolicyForm() if request.method == "POST" else PolicyForm(formdata=None).fill(view)
    if request.form.get("resolve") == "edit":
        theirs = _compare(form, view.event)
    elif request.method == "POST" and not form.change_conditions() and form.validate():
        try:
            return _save(context, form, view)
        except Invalid as invalid:
            form.show(invalid)
    return _show_form(context, form, "policies/edit.html", view=view, theirs=theirs)


@pages.post("/policies/<uuid:event_id>/retire")
@requires(Permission.MANAGE_POLICIES)
def retire(event_id: UUID) -> Answer:
    """Retire a policy event, or bring it back."""
    form = RetirePolicyForm()
    retired = form.retired.data == "1"
    try:
        event_id = retire_event(get_context(), event_id, read_version(form.version.data), retired)
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(_("Policy date retired.") if retired else _("Policy date back in use."), "good")
    return redirect(url_for("policies.show", event_id=event_id))


def _lead_to_saved(form: PolicyForm) -> Response:
    flash(_("This form was saved before. Here it is: nothing was saved twice."), "info")
    return redirect(url_for("policies.show", event_id=read_optional_id(form.once.data)))


def name_whose(event: PolicyEvent) -> str:
    """Return whose policy it is, in words."""
    return labels(event.services, "police_service") if event.services else label(event.city, "city")


def _by_whose(lines: Sequence[Line]) -> Mapping[str, list[Line]]:
    timelines: dict[str, list[Line]] = {}
    for line in lines:
        event = line.view.event
        names = [label(code, "police_service") for code in event.services] or [label(event.city, "city")]
        for name in names:
            timelines.setdefault(name, []).append(line)
    return dict(sorted(timelines.items()))


def _show_form(context: Context, form: PolicyForm, template: str, **shown: object) -> Answer:
    """Show the form; with the number of incidents that its rule holds of, where that was asked for."""
    matching = form.count_fitting(partial(patterns.count_matches, context, once=True))
    return render_template(template, form=form, matching=matching, **shown), 422 if form.errors else 200


def _save(context: Context, form: PolicyForm, view: PolicyView) -> Answer:
    """Save a changed event, or show both versions; raises Invalid."""
    version = read_version(form.version.data)
    try:
        event_id = change_event(context, view.id, version, form.read())
    except Conflict:
        now = get_event(context, view.id)
        if now.version == version:
            raise
        return conflicts.show(_meeting(form, now))
    flash(_("Policy date saved."), "good")
    return redirect(url_for("policies.show", event_id=event_id))


def _meeting(form: PolicyForm, now: PolicyView) -> conflicts.Meeting:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_WRITTEN]
    return conflicts.Meeting(
        what=now.event.name(language()),
        rows=_compare(form, now.event),
        action_url=url_for("policies.edit", event_id=now.id),
        fields=kept,
        version=now.version,
        theirs_url=url_for("policies.show", event_id=now.id),
    )


_NOT_WRITTEN = {"csrf_token", "version", "resolve", "new_field"}


def _compare(form: PolicyForm, theirs: PolicyEvent) -> list[tuple[str, str, str]]:
    """Return what both versions say, answer by answer; of a form with faults what was typed."""
    rows = [_row(form, name, theirs) for name in (*TEXTS, "source", "url")]
    try:
        mine = form.read()
    except Invalid:
        return rows
    return [
        *rows,
        (_("Whose policy"), name_whose(mine), name_whose(theirs)),
        (_("Since when"), vague_date(mine.date), vague_date(theirs.date)),
        (
            _("What contradicts it"),
            " · ".join(rule_in_words(mine.rule)),
            " · ".join(rule_in_words(theirs.rule)),
        ),
    ]


def _row(form: PolicyForm, name: str, theirs: PolicyEvent) -> tuple[str, str, str]:
    written = {"en": _("In English"), "fr": _("In French"), "es": _("In Spanish")}.get(name[-2:], "")
    heading = f"{form[name].label.text} · {written}" if name in TEXTS else str(form[name].label.text)
    return heading, form[name].data or "", getattr(theirs, name)
