"""What follows from the published figures that ship: no database, no signing in."""

import json
from collections.abc import Iterator

import click

from casework.domain.shippedcounts import list_shipped
from casework.domain.vocabulary import code_list
from casework.reports.officialcheck import Tree, check

_KINDS = {"per_day": "a day", "per_week": "a week", "per_year": "a year", "share": "%"}
_LARGE = 1000
_NOT_SMALL = 100


@click.group("official-counts")
def official_counts_command() -> None:
    """Published counts of contacts between police and the CBSA."""


@official_counts_command.command("check")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check_command(as_json: bool) -> None:
    """Print every published figure that ships, what follows from it, and where its source disagrees."""
    found = check(list_shipped())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    parts = (_tell_figures, _tell_quoted, _tell_changes, _tell_sums, _tell_side_by_side)
    click.echo("\n\n".join("\n".join(part(found)) for part in parts))


def _tell_figures(found: Tree) -> Iterator[str]:
    yield "FIGURES, and their averages"
    for one in found["figures"]:
        yield f"{_name(one)}: {_say(one)} {_unit(one)} ({_source(one)})"
        if averages := one["rates"]:
            told = ", ".join(f"{_say(averages[kind])} {_KINDS[kind]}" for kind in averages)
            yield f"    {one['days']} days: {told}"
        if one["note"]:
            yield f"    {one['note']}"


def _tell_quoted(found: Tree) -> Iterator[str]:
    yield "QUOTED, beside what the source’s own counts make"
    for one in found["quoted"]:
        kind, computed, figure = _KINDS[one["kind"]], one["computed"], one["figure"]
        flag = "DIFFERS" if one["differs"] else "agrees" if computed else "cannot be computed"
        made = f", computed {_say(computed)} {kind}" if computed else ""
        whole = f" ({_say(figure)} of {_say(one['whole'])})" if one["whole"] else ""
        yield f"{flag}: quoted {_say(one['quoted'])} {kind}{made}{whole}"
        yield f"    {_name(figure)} ({_source(figure)})"


def _tell_changes(found: Tree) -> Iterator[str]:
    yield "CHANGES, each within one source"
    for one in found["changes"]:
        before, after, change = one["before"], one["after"], one["per_cent"]
        sign = "+" if change["value"] > 0 else "\N{MINUS SIGN}" if change["value"] < 0 else ""
        near = "" if change["bound"] == "exact" else f"{_bound(change)} "
        rates = " (by the rates a day)" if one["by_day"] else ""
        yield (
            f"{after['service_label']}, {_days(before)} to {_days(after)}: "
            f"{near}{sign}{abs(change['value'])} %{rates}, {_say(before)} to {_say(after)} ({_source(after)})"
        )


def _tell_sums(found: Tree) -> Iterator[str]:
    yield "SUMS, of figures that one source says may be added"
    for one in found["sums"]:
        yield f"{one['measure_label']}, {_days(one)}: {_say(one['whole'])} ({one['publisher']})"
        for part in one["parts"]:
            share = f", {part['per_cent']} %" if "per_cent" in part else ""
            yield f"    {part['service_label']}: {_say(part)}{share}"
        for other in one["left_out"]:
            yield f"    left out, {other['service_label']}: {_say(other)}. {other['note']}".rstrip()


def _tell_side_by_side(found: Tree) -> Iterator[str]:
    yield "SIDE BY SIDE: told more than once, never averaged"
    for group in found["side_by_side"]:
        yield f"{group['service']}: {'the accounts agree' if group['agree'] else 'the accounts differ'}"
        for one in group["figures"]:
            yield f"    {_say(one)} {_unit(one)}, {_days(one)}: {one['measure_label']} ({_source(one)})"


def _name(one: Tree) -> str:
    return f"{one['service_label']}, {_days(one)}, {one['measure_label']}"


def _days(one: Tree) -> str:
    """Write whole years as years."""
    first, last = one["first"], one["last"]
    if first.endswith("-01-01") and last.endswith("-12-31"):
        first, last = first[:4], last[:4]
    return first if first == last else f"{first} to {last}"


def _say(one: Tree) -> str:
    value = one["value"]
    is_whole = value >= _LARGE or (value >= _NOT_SMALL and value == int(value))
    number = f"{round(value):,}" if is_whole else f"{value:,}"
    return number if one["bound"] == "exact" else f"{_bound(one)} {number}"


def _bound(one: Tree) -> str:
    return code_list("official_bound").label(one["bound"], "en").lower()


def _unit(one: Tree) -> str:
    return code_list("official_unit").label(one["unit"], "en").lower()


def _source(one: Tree) -> str:
    published = "" if one["published"] == "unknown" else one["published"]
    return ", ".join(filter(None, (one["publisher"], one["title"], published)))
