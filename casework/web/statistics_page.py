"""What the statistics page says of an answer: in words, as a table, as bars; only from what is published."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from casework.disclosure import ProtectedTable
from casework.errors import DisclosureRefused
from casework.reports.labels import Labels, list_dimensions
from casework.reports.layout import Layout, Line, lay_out
from casework.services.statistics.compose import Composed
from casework.services.statistics.dimensions import Unit
from casework.services.statistics.selection import Selection
from casework.services.statistics.tables import AS_COMPOSED, SEPARATOR
from casework.web.language import format_number, language

Bar = tuple[str, int | None, str] | tuple[str, int | None, str, str]

# With more than these the small drawings stop being readable: then the totals are drawn.
MOST_GROUPS = 12
MOST_BARS = 16


@dataclass(frozen=True)
class Chart:
    """Bars on one scale: one drawing, or where `groups` has entries one for each."""

    title: str
    bars: list[Bar]
    groups: list[tuple[str, list[Bar]]]


@dataclass(frozen=True)
class Page:
    """A protected table, ready to be drawn."""

    counted: str
    hidden: str
    layout: Layout
    chart: Chart
    source: str
    is_tags: bool
    asked_for: str = ""
    refused: tuple[str, ...] = ()


def present(composed: Composed, organization_name: str) -> Page | None:
    """Describe the answer; None where there is no table."""
    table, selection = composed.table, composed.selection
    if table is None or selection is None:
        return None
    labels = make_labels(composed, selection)
    names = list_dimensions(table)
    unit, period = unit_in_words(selection.unit), period_in_words(selection)
    layout = lay_out(
        table, labels, name_table(names, labels), _("%(unit)s, %(period)s", unit=unit, period=period)
    )
    coarser = names != selection.names
    return Page(
        counted=count_in_words(selection.unit, table.total),
        hidden=_hidden_in_words(table),
        layout=layout,
        chart=_draw(table, layout),
        source=_source(selection, organization_name),
        is_tags=table.dimensions[0].multi_valued,
        asked_for=name_table(selection.names, labels) if coarser else "",
        refused=tuple(_refused_in_words(table, selection, labels)),
    )


def make_labels(composed: Composed, selection: Selection) -> Labels:
    """Return the names of dimensions and codes in the page's language."""
    return Labels(language(), selection.period, composed.pattern_names(language()))


def name_table(names: tuple[str, ...], labels: Labels) -> str:
    """Say what is crossed: "Contact group, by year"."""
    if len(names) == 1:
        return labels.dimension(names[0])
    return str(_("%(show)s, by %(by)s", show=labels.dimension(names[0]), by=labels.inner(names[1])))


def name_question(selection: Selection) -> str:
    """Say what is asked: "Contact group, by year", "Incidents, by contact group"."""
    labels = Labels(language(), selection.period, {})
    if selection.by:
        return name_table(selection.names, labels)
    show = labels.inner(selection.show)
    return str(_("%(show)s, by %(by)s", show=unit_in_words(selection.unit), by=show))


def unit_in_words(unit: Unit) -> str:
    """Name what is counted."""
    return str(_("People") if unit is Unit.PEOPLE else _("Incidents"))


def count_in_words(unit: Unit, count: int) -> str:
    """Write a published total with its unit."""
    number = format_number(count)
    if unit is Unit.PEOPLE:
        return str(ngettext("%(number)s person", "%(number)s people", count, number=number))
    return str(ngettext("%(number)s incident", "%(number)s incidents", count, number=number))


def period_in_words(selection: Selection) -> str:
    """Write the period by its first and last month, or by its years where these are whole."""
    period, labels = selection.period, Labels(language(), selection.period, {})
    if period.first[1] == 1 and period.last[1] == 4:
        first, last = str(period.first[0]), str(period.last[0])
        return first if first == last else str(_("%(first)s to %(last)s", first=first, last=last))
    first, last = labels.month(period.first_day), labels.month(period.last_day)
    return str(_("%(first)s to %(last)s", first=first, last=last))


def explain_refusal(refusal: DisclosureRefused, threshold: int) -> str:
    """Say why there is no table at all; what no reader can help has one sentence for all.

    None and few have one sentence too: the difference would tell when the only case was.
    """
    few = _("Fewer than %(threshold)s cases stand behind it, or none.", threshold=threshold)
    reasons = {
        "too_few_cases": few,
        "too_much_hidden": _("Too many of its numbers would have to be hidden, in every form that we tried."),
        "cannot_protect": _("A small number could be worked out from the others, even if we hid them."),
        "time_limit": _("Checking it took too long. Smaller tables are checked faster."),
        "too_large": _("It has more lines and columns than can be checked."),
        "empty": few,
        "damaged": _(
            "A record could not be opened: it was changed outside casework. "
            "Until it is repaired nothing is counted. Tell whoever looks after the server."
        ),
    }
    return str(
        reasons.get(refusal.reason) or _("It could not be checked, and what is not checked is not shown.")
    )


def _hidden_in_words(table: ProtectedTable) -> str:
    if not table.hidden_cells:
        return str(_("nothing"))
    hidden, among = format_number(table.hidden_cells), format_number(table.nonzero_cells)
    return str(_("%(hidden)s of %(among)s numbers", hidden=hidden, among=among))


def _refused_in_words(table: ProtectedTable, selection: Selection, labels: Labels) -> Iterator[str]:
    """The finer tables that were tried, each with its reason; no figure of theirs is told."""
    reasons = {
        "too_much_hidden": _("too much would have to be hidden"),
        "cannot_protect": _("a small number could be worked out"),
    }
    for attempt in table.refused:
        whole = attempt.label == AS_COMPOSED
        names = selection.names if whole else tuple(attempt.label.split(SEPARATOR))
        reason = reasons.get(attempt.reason, _("too few cases stand behind it"))
        yield str(_("%(table)s: %(reason)s", table=name_table(names, labels), reason=reason))


def _source(selection: Selection, organization_name: str) -> str:
    words = {"organization": organization_name, "period": period_in_words(selection)}
    if selection.unit is Unit.PEOPLE:
        return str(
            _(
                "Source: %(organization)s, people in incidents of %(period)s. They are no random sample.",
                **words,
            )
        )
    return str(_("Source: %(organization)s, incidents of %(period)s. They are no random sample.", **words))


def _draw(table: ProtectedTable, layout: Layout) -> Chart:
    rows = [row for row in layout.rows if row.kind != "total"]
    columns = [column for column in layout.columns if column.kind != "total"]
    title = _finding(layout, rows, table)
    small = len(rows) <= MOST_GROUPS and len(columns) <= MOST_BARS
    if len(table.dimensions) == 1 or not small:
        at = 0 if table.dimensions[0].multi_valued else -1
        return Chart(title, [_bar(row.label, row.kind, row.cells[at].value) for row in rows], [])
    groups = []
    for row in rows:
        cells = zip(columns, row.cells, strict=False)
        bars = [
            _bar(column.label, column.kind, cell.value)
            for column, cell in cells
            if cell.state != "structural"
        ]
        groups.append((row.label, bars))
    return Chart(title, [], groups)


def _bar(label: str, kind: str, value: int | None) -> Bar:
    text = str(_("hidden")) if value is None else format_number(value)
    return (label, value, text, "aside") if kind == "aside" else (label, value, text)


def _finding(layout: Layout, rows: list[Line], table: ProtectedTable) -> str:
    """Say what comes first, where the published totals prove it; a hidden one might be the highest."""
    first = table.dimensions[0]
    at = 0 if first.multi_valued else -1
    answers = [row for row in rows if row.kind != "aside" and row.code not in first.exclusive]
    counts = sorted(value for row in answers if (value := row.cells[at].value) is not None)
    if first.name in ("year", "quarter") or len(counts) < max(2, len(answers)) or counts[-1] == counts[-2]:
        return layout.caption
    answer = next(row.label for row in answers if row.cells[at].value == counts[-1])
    number, total = format_number(counts[-1]), format_number(table.total)
    return str(
        _("%(answer)s comes first: %(number)s of %(total)s", answer=answer, number=number, total=total)
    )
