"""What the pages of releases say of them, and how far they are."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from casework.domain.approval import State
from casework.domain.earlier import Earlier
from casework.domain.period import Period, write_quarter
from casework.domain.release import Release, find_reason
from casework.domain.releasedraft import Names
from casework.domain.timelabels import read_label
from casework.reports.labels import Labels
from casework.reports.layout import Layout, percent_shown
from casework.reports.publication import words
from casework.reports.publication.formats import File
from casework.reports.publication.notes import write_earlier
from casework.services.releases.late import Late
from casework.services.releases.looks import Alternative
from casework.services.releases.reading import Published
from casework.services.releases.shelf import ClosedRelease, Shelf
from casework.services.statistics.dimensions import Unit
from casework.services.statistics.withdrawals import Withdrawn, WithdrawnCase
from casework.web.figures import count_in_words
from casework.web.language import before_stop, language, write_day

STATES = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("Waits for approval"),
    State.RETURNED: _l("Given back"),
    State.APPROVED: _l("Approved"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.REPLACED: _l("Replaced"),
}


# What a file is called that has no entry here: by its name.
KINDS = {
    "pdf": _l("Document (PDF)"),
    "html": _l("Web page (HTML)"),
    "xlsx": _l("Workbook (XLSX)"),
    "official": _l("Official counts (CSV)"),
    "csv": _l("CSV"),
    "png-column": _l("chart for a column (PNG)"),
    "svg-column": _l("chart for a column (SVG)"),
    "png-page": _l("chart for a page (PNG)"),
    "svg-page": _l("chart for a page (SVG)"),
    "png-landscape": _l("wide card (PNG)"),
    "png-square": _l("square card (PNG)"),
    "png-portrait": _l("tall card (PNG)"),
    "json": _l("Release (JSON)"),
    "codebook": _l("Codebook (CSV)"),
    "datapackage": _l("Data package (JSON)"),
}


def file_in_words(file: File) -> str:
    """Say what a file is."""
    kind = str(KINDS.get(file.kind, file.name))
    if file.table is None or file.is_chart:
        return kind
    return str(_("Table %(number)s (%(kind)s)", number=file.table + 1, kind=kind))


def state_in_words(release: Release) -> str:
    """Say how far a release is."""
    return str(STATES[release.state])


def standing_in_words(release: Release, shelf: Shelf) -> str:
    """Say of an approved release whether it stands, or which of all came in its place, and stands."""
    last = shelf.find_last(release)
    number = last.release.frozen.number if last and last.release.frozen else release.replaced_by
    if last and last.release.state is State.WITHDRAWN:
        return str(_("Replaced by release %(number)s, which was withdrawn: none stands now.", number=number))
    if number:
        return str(_("%(state)s: see release %(number)s", state=state_in_words(release), number=number))
    return str(_("Current")) if release.state is State.APPROVED else state_in_words(release)


def successor_in_words(published: Published) -> str:
    """Say which release came in the place of one, and whether that was withdrawn as well."""
    number, last = published.replaced_by, published.successors[-1]
    if last.is_withdrawn and last.withdrawn_on:
        day = write_day(last.withdrawn_on, "medium")
        said = _(
            "Release %(number)s came in its place, and was withdrawn on %(day)s.", number=number, day=day
        )
    elif last.is_withdrawn:
        said = _("Release %(number)s came in its place, and was withdrawn.", number=number)
    else:
        return str(_("Release %(number)s came in its place.", number=number))
    alone = _("None stands in its place now.")
    return f"{said} {alone}"


def reason_in_words(published: Published) -> str:
    """Give the reason of a withdrawal in the reader's language, else in another one, which is named."""
    reason, written_in = find_reason(published.reasons, language())
    if written_in in ("", language()):
        return reason
    said: str = words.read_texts(language())["in_language"][written_in]
    return said.format(reason=reason)


def withdrawal_in_words(release: Release, names: Mapping[UUID, str]) -> str:
    """Say when a release was withdrawn, and by whom."""
    if release.withdrawn_by is None or release.withdrawn_on is None:
        return str(_("Withdrawn."))
    day = write_day(release.withdrawn_on, "medium")
    name = names.get(release.withdrawn_by, _("somebody"))
    return str(_("Withdrawn on %(day)s by %(name)s.", day=day, name=before_stop(name)))


def withdrawals_in_words(case: WithdrawnCase) -> str:
    """Say of how many people of a case the agreement went, and when: each day once."""
    days = ", ".join(dict.fromkeys(map(_say_withdrawal, case.people)))
    count = len(case.people)
    if count == 1:
        return days
    return f"{ngettext('%(num)d person', '%(num)d people', count)}: {days}"


def _say_withdrawal(one: Withdrawn) -> str:
    noted = write_day(one.noted_at, "medium") if one.noted_at else ""
    on = write_day(one.on, "medium") if one.on else ""
    if on and noted and on != noted:
        return str(_("answer of %(on)s, written down %(day)s", on=on, day=noted))
    if noted and not on:
        return str(_("day not known, written down %(day)s", day=noted))
    return on or str(_("day not known"))


def hidden_in_words(table: Layout) -> str:
    """Say how much of a table is hidden, of the numbers that are drawn, and what that leaves."""
    drawn = [cell for row in table.rows for cell in row.cells if cell.state != "structural"]
    count = sum(cell.state == "hidden" for cell in drawn)
    if not count:
        return str(_("All numbers are shown."))
    return str(
        _(
            "%(hidden)s, of %(cells)s. Without the zeros, %(share)s%% are shown.",
            hidden=ngettext("%(num)d number is hidden", "%(num)d numbers are hidden", count),
            cells=len(drawn),
            share=percent_shown(drawn),
        )
    )


def late_in_words(late: Late, unit: str) -> str:
    """Say what was registered late into a period."""
    names = {"period": words.write_period(read_label(late.period), language()), "number": late.since}
    if late.more is None:
        return str(_("%(period)s: not shown, to protect somebody (release %(number)s counted it).", **names))
    if late.more < 0:
        return str(
            _(
                "%(period)s: fewer than in release %(number)s, by %(count)s, since records were corrected"
                " or withdrawn.",
                **names,
                count=count_in_words(Unit(unit), -late.more),
            )
        )
    counted = count_in_words(Unit(unit), late.more)
    return str(_("%(period)s: %(count)s registered since release %(number)s.", **names, count=counted))


def earlier_in_words(earlier: Sequence[Earlier]) -> Sequence[str]:
    """Say of earlier releases of the same time what the files of a release say, in the reader's language."""
    return write_earlier(earlier, language())


def form_in_words(form: Alternative, period: Period) -> str:
    """Say what a coarser form changes and leaves out, and how much it shows."""
    said = _say_form(form, period)
    if form.left_out:
        said = str(_("%(form)s; without %(tables)s", form=said, tables=_name_tables(form.left_out, period)))
    if form.is_unreleased:
        said = str(
            _("%(form)s (nothing of that time is released yet, so nothing can be subtracted)", form=said)
        )
    if len(form.tables) > 1:
        return str(
            _("%(form)s. At least %(share)s%% of each table shown", form=said, share=form.percent_shown)
        )
    return str(_("%(form)s. %(share)s%% shown", form=said, share=form.percent_shown))


def ask_for_form(form: Alternative, period: Period) -> str:
    """Ask the writers of a release for a form that passes, in the words of who gives it back."""
    return str(_("This cannot be released as it is. What can: %(form)s.", form=form_in_words(form, period)))


def _say_form(form: Alternative, period: Period) -> str:
    tables = _name_tables(form.tables, form.period or period)
    if form.period:
        when = words.write_period(form.period, language())
        return str(_("Over another period, %(period)s: %(tables)s", period=when, tables=tables))
    if form.names:
        table = _name_tables([form.names], period)
        if not form.instead:
            return str(_("Without %(table)s", table=table))
        instead = _name_tables([form.instead], period)
        return str(_("%(instead)s in the place of %(table)s", instead=instead, table=table))
    if len(form.tables) == 1:
        return str(_("%(table)s alone", table=tables))
    return str(_("All together in this form: %(tables)s", tables=tables))


def _name_tables(tables: Sequence[Names], period: Period) -> str:
    return ", ".join(str(_("“%(table)s”", table=table_in_words(names, period))) for names in tables)


def spell_form(form: Alternative, version: int) -> dict[str, str]:
    """Spell a form for hidden fields: tables as "city+year police_level", quarters where they change."""
    fields = {"version": str(version), "tables": " ".join("+".join(names) for names in form.tables)}
    if form.period:
        fields |= {"first": write_quarter(form.period.first), "last": write_quarter(form.period.last)}
    return fields


def closed_in_words(closed: ClosedRelease) -> str:
    """Name a release that does not open."""
    if closed.number is None:
        return str(_("a release that was not approved yet"))
    return str(_("release %(number)s", number=closed.number))


def title_of(release: Release) -> str:
    """Return its title in the reader's language, or the first that has one; else what it is of."""
    draft = release.draft
    title = draft.text("title", language())
    if title or not draft.tables:
        return title or str(_("Release without a title"))
    return str(_("Without a title: %(table)s", table=table_in_words(draft.tables[0], draft.period)))


def table_in_words(names: Names, period: Period) -> str:
    """Say what a table crosses."""
    return words.name_table(names, Labels(language(), period, {}))


def question_in_words(release: Release) -> str:
    """Say what is counted, and over which period."""
    return words.ask(release.draft.unit, release.draft.period, language())
