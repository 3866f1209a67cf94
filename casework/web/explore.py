"""The explorer: a question, its exact answer with charts, and the incidents behind every number."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import sheets
from casework.services.context import Context
from casework.services.exploring import funnels, listing, views
from casework.services.exploring.asking import ask
from casework.services.exploring.questions import Question
from casework.services.exploring.views import View
from casework.services.lists import Filter
from casework.services.membership.members import name_everybody
from casework.services.organization import get_organization_profile
from casework.services.patterns import list_patterns
from casework.web import explore_page, explore_words, pathway_page
from casework.web.access import requires
from casework.web.casefile import send
from casework.web.confirming import confirmed
from casework.web.explore_bar import lay_out_bar, list_removable
from casework.web.explore_words import Words
from casework.web.faults import show_faults
from casework.web.filters import Listing, Way
from casework.web.forms.explore import Fields, QuestionForm, ViewForm, read_question, write_question
from casework.web.forms.lists import FilterForm
from casework.web.forms.posted import read_optional_id
from casework.web.forms.sheets import SheetForm
from casework.web.identity import get_context
from casework.web.language import language
from casework.web.sheets import CONTENT_TYPES

pages = Blueprint("explore", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/explore")
@requires(Permission.READ_CASES)
def index() -> Answer:
    """Ask, and see the exact table with its charts."""
    return show_explorer(get_context(), request.args, find_view(get_context()))


@pages.get("/explore/pathway")
@requires(Permission.READ_CASES)
def pathway() -> Answer:
    """See how many incidents reach each step of the pathway."""
    return show_pathway(get_context(), request.args, find_view(get_context()))


@pages.get("/explore/incidents")
@requires(Permission.READ_CASES)
def behind() -> Answer:
    """List the incidents behind a number."""
    context, question = get_context(), read_question(request.args)
    words, number = read_words(context), request.args.get("page", "")
    page = listing.list_behind(context, question, int(number) if number.isascii() and number.isdigit() else 1)
    shown = _lay_out_list(question, words, page)
    return render_template("explore/incidents.html", listing=shown, **_about(question, words))


@pages.route("/explore/incidents/sheet", methods=["GET", "POST"])
@requires(Permission.EXPORT_RECORDS)
def sheet() -> Answer:
    """Take the incidents behind a number along."""
    context, question, form = get_context(), read_question(request.args), SheetForm()
    form.ask(context)
    words = read_words(context)
    shown = _lay_out_list(question, words, listing.list_behind(context, question))
    if form.validate_on_submit():
        said = tuple(way.label for way in shown.removable)
        try:
            wanted = sheets.Request(form.kind.data or "", language(), said)
            file = sheets.export_found(confirmed(form), question, wanted)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return send(file, CONTENT_TYPES[form.kind.data])
    about = {"back": explore_page.address("explore.behind", question), "action": request.full_path}
    page = render_template("sheets/export.html", form=form, listing=shown, of_cases=False, **about)
    return page, 422 if form.errors else 200


def show_explorer(context: Context, fields: Fields, view: View | None = None) -> Answer:
    """Return the page of the question that these fields ask."""
    form, question = QuestionForm.read(fields)
    answer, words = ask(context, question), read_words(context)
    page = explore_page.present(answer, words)
    return _show(context, "explore/index.html", form, question, view, answer=answer, page=page, words=words,
                 overlaps=explore_page.is_overlapping(answer))  # fmt: skip


def show_pathway(context: Context, fields: Fields, view: View | None = None) -> Answer:
    """Return the page of the funnel that these fields ask for."""
    form, question = QuestionForm.read(fields, of_pathway=True)
    answer, words = funnels.ask_funnel(context, question), read_words(context)
    page = pathway_page.present(answer, words)
    return _show(context, "explore/pathway.html", form, question, view, answer=answer, page=page, words=words)


def find_view(context: Context) -> View | None:
    """Return the view that the question was begun from, if it is still there."""
    view_id = read_optional_id(request.args.get("view"))
    return next((view for view in views.list_views(context) if view.id == view_id), None)


def read_words(context: Context) -> Words:
    """Return what codes are called, the patterns too."""
    return Words({view.id.hex: view.definition.name(language()) for view in list_patterns(context)})


def _show(
    context: Context, template: str, form: QuestionForm, question: Question, view: View | None, **shown: Any
) -> Answer:
    endpoint = "explore.pathway" if template.endswith("pathway.html") else "explore.index"
    bar = lay_out_bar(question, shown["answer"].offered, shown["words"], endpoint)
    page = render_template(
        template,
        form=form,
        question=question,
        view=view,
        is_changed=view is not None and view.question != question,
        bar=bar,
        saved=views.list_views(context),
        closed_views=views.list_closed(context),
        member_names=name_everybody(context),
        view_form=ViewForm(formdata=None),
        removed=read_optional_id(request.args.get("removed")),
        organization_name=get_organization_profile(context).name,
        **_about(question, shown.pop("words")),
        **shown,
    )
    return page, 422 if form.has_faults else 200


def _about(question: Question, words: Words) -> dict[str, Any]:
    return {
        "asked": write_question(question),
        "names": explore_words,
        "patterns": words.patterns,
        "explorer_url": explore_page.address("explore.index", question),
        "behind_url": explore_page.address("explore.behind", question),
        "taking": explore_page.address("explore.sheet", question),
    }


def _lay_out_list(question: Question, words: Words, page: Any) -> Listing:
    def turn(number: int) -> Way:
        return Way(explore_page.address("explore.behind", question, page=str(number)))

    return Listing(
        form=FilterForm(formdata=None),
        wanted=Filter(mine=False),
        page=page,
        url=explore_page.address("explore.behind", question),
        taking=explore_page.address("explore.sheet", question),
        removable=list_removable(question, words, "explore.behind"),
        previous=turn(page.number - 1) if page.number > 1 else None,
        following=turn(page.number + 1) if page.number < page.page_count else None,
    )
