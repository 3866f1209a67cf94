"""Pages of patterns: their list, and what coordinators do with one."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from casework.domain.folding import fold
from casework.domain.pattern import PatternDefinition
from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.services import patterns
from casework.services.context import Context
from casework.services.patterns import PatternView
from casework.web import conflicts, pattern_board
from casework.web.access import requires
from casework.web.faults import flash_faults, show_faults, words_of
from casework.web.forms.patterns import TEXTS, MergeForm, PatternForm, RetireForm
from casework.web.forms.posted import read_version
from casework.web.forms.rules import RuleFields
from casework.web.identity import get_context
from casework.web.language import format_number, language
from casework.web.rules import rule_in_words

pages = Blueprint("patterns", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/patterns")
@requires(Permission.READ_CASES)
def index() -> str:
    """Show the board: each pattern with its quarters, its newest incidents, and what its rule proposes."""
    context = get_context()
    views = sorted(patterns.list_patterns(context), key=lambda view: fold(view.definition.name(language())))
    return render_template(
        "patterns/index.html",
        views=views,
        names={view.id: view.definition.name(language()) for view in views},
        board=pattern_board.read(context, views),
        rule_in_words=rule_in_words,
        may_manage=context.may(Permission.MANAGE_PATTERNS),
        may_add_terms=context.may(Permission.MANAGE_TERMS),
    )


@pages.route("/patterns/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PATTERNS)
def define() -> Answer:
    """Define a pattern of the organization's own."""
    context, form = get_context(), PatternForm()
    if request.method == "POST" and not form.change_conditions() and form.validate():
        try:
            patterns.define_pattern(context, form.draft())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_("Pattern defined. It can be set on incidents now."), "good")
            return redirect(url_for("patterns.index"))
    matching = form.count_fitting(partial(patterns.count_matches, context))
    return render_template("patterns/define.html", form=form, matching=matching), 422 if form.errors else 200


@pages.route("/patterns/<uuid:pattern_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PATTERNS)
def edit(pattern_id: UUID) -> Answer:
    """Rename or redefine a pattern."""
    context = get_context()
    view, theirs = patterns.get_pattern(context, pattern_id), []
    form = PatternForm() if request.method == "POST" else PatternForm(formdata=None).fill(view)
    if request.form.get("resolve") == "edit":
        theirs = _compare(form, view.definition)
    elif request.method == "POST" and not form.change_conditions() and form.validate():
        try:
            return _save(context, form, view)
        except Invalid as invalid:
            show_faults(form, invalid)
    matching = form.count_fitting(partial(patterns.count_matches, context))
    shown = {"view": view, "theirs": theirs, "matching": matching}
    return render_template("patterns/edit.html", form=form, **shown), 422 if form.errors else 200


@pages.post("/patterns/<uuid:pattern_id>/retire")
@requires(Permission.MANAGE_PATTERNS)
def retire(pattern_id: UUID) -> Answer:
    """Retire a pattern, or bring it back."""
    form = RetireForm()
    retired = form.retired.data == "1"
    try:
        patterns.retire_pattern(get_context(), pattern_id, read_version(form.version.data), retired)
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(
            _("Pattern retired. It stays where it is set.") if retired else _("Pattern back in use."), "good"
        )
    return redirect(url_for("patterns.index"))


@pages.route("/patterns/<uuid:pattern_id>/merge", methods=["GET", "POST"])
@requires(Permission.MANAGE_PATTERNS)
def merge(pattern_id: UUID) -> Answer:
    """Put another pattern in the place of this one, on all its incidents."""
    context, form = get_context(), MergeForm()
    view = patterns.get_pattern(context, pattern_id)
    form.offer(view, patterns.list_patterns(context), language())
    if form.validate_on_submit():
        try:
            changed = patterns.merge_pattern(
                context, pattern_id, read_version(form.version.data), form.into_id
            )
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_merged(changed), "good")
            return redirect(url_for("patterns.index"))
    count = patterns.count_incidents(context).get(pattern_id, 0)
    page = render_template("patterns/merge.html", form=form, view=view, count=count)
    return page, 422 if form.errors else 200


@pages.post("/patterns/rule")
@requires(Permission.MANAGE_PATTERNS)
def count_rule() -> tuple[str, int]:
    """Say of how many incidents the rule of a form holds, while it is being written."""
    form = RuleFields()
    try:
        number = patterns.count_matches(get_context(), form.read_rule(), once="once" in request.args)
    except Invalid:
        return "", 200
    return render_template("patterns/_count.html", number=number), 200


def _merged(changed: int) -> str:
    number = format_number(changed)
    return str(
        ngettext(
            "Patterns merged. %(number)s incident was changed.",
            "Patterns merged. %(number)s incidents were changed.",
            changed,
            number=number,
        )
    )


def _save(context: Context, form: PatternForm, view: PatternView) -> Answer:
    """Save a changed pattern, or show both versions; raises Invalid."""
    version = read_version(form.version.data)
    try:
        patterns.change_pattern(context, view.id, version, form.draft(view.definition))
    except Conflict:
        now = patterns.get_pattern(context, view.id)
        if now.version == version:
            raise
        return conflicts.show(_meeting(form, now))
    flash(_("Pattern saved."), "good")
    return redirect(url_for("patterns.index"))


def _meeting(form: PatternForm, now: PatternView) -> conflicts.Meeting:
    return conflicts.Meeting(
        what=now.definition.name(language()),
        rows=_compare(form, now.definition),
        action_url=request.path,
        fields=[*((name, form[name].data or "") for name in TEXTS), *form.posted_conditions()],
        version=now.version,
        theirs_url=url_for("patterns.index"),
    )


def _compare(form: PatternForm, theirs: PatternDefinition) -> list[tuple[str, str, str]]:
    headings = {
        "name_en": _("Name in English"),
        "definition_en": _("Meaning in English"),
        "name_fr": _("Name in French"),
        "definition_fr": _("Meaning in French"),
        "name_es": _("Name in Spanish"),
        "definition_es": _("Meaning in Spanish"),
    }
    rows = [(str(headings[name]), form[name].data or "", getattr(theirs, name)) for name in TEXTS]
    if form.asks_rule:
        rows.append((str(_("What proposes it")), _rule_of(form), " · ".join(rule_in_words(theirs.rule))))
    return rows


def _rule_of(form: PatternForm) -> str:
    try:
        return " · ".join(rule_in_words(form.read_rule()))
    except Invalid as invalid:
        return words_of(invalid)
