"""Files of long form, as claims about one population."""

from collections.abc import Mapping, Sequence

from casework.disclosure.longform import SUMMED, Lines, read_count
from casework.disclosure.outsider.claims import Claim, Claims, Percent, codes_of, gather
from casework.disclosure.outsider.tagging import Tags, fit_tags, list_sets
from casework.errors import Invalid

Percents = Mapping[str, tuple[str, ...]]
"""The columns of per cents, each with the columns that are summed in what it is of: none means all."""


def read_claims(
    files: Sequence[str],
    count: str,
    nested: Sequence[tuple[str, str]],
    percents: Percents | None = None,
    tags: Tags | None = None,
) -> Claims:
    """The claims of several files of long form about the same population.

    A column that a file does not have is summed over in it; an empty count is hidden. A file with a column of
    per cents may be without counts. Raises Invalid: whatever `Lines` raises, with the number of the file; a
    count or a per cent that is none; columns that no file has; a code whose group no line tells; too much to
    compare.
    """
    percents = percents or {}
    claims: list[Claim] = []
    for number, text in enumerate(files, 1):
        try:
            claims += _read_file(text, count, percents, number)
        except Invalid as invalid:
            raise Invalid(
                **{at: f"file {number}: {fault}" for at, fault in invalid.faults.items()}
            ) from invalid
    _check_columns(claims, nested, percents, [Lines(text, count, list(percents)).columns for text in files])
    columns = list(dict.fromkeys(column for claim in claims for column, _code in claim.named))
    coarse = {coarser for _finer, coarser in nested}
    axes = {root: tuple(codes_of(root, claims)) for root in columns if root not in coarse}
    overlapping = {}
    if tags:
        if tags.column not in columns or any(tags.column in pair for pair in nested):
            raise Invalid(tags=f"{tags.column!r} is no column with codes that are not nested")
        sets = list_sets(tags, claims)
        axes[tags.column] = tuple(" and ".join(some) for some in sets)
        overlapping[tags.column] = fit_tags(tags, sets)
    return gather(claims, tuple(axes.items()), nested, overlapping)


def _check_columns(
    claims: Sequence[Claim],
    nested: Sequence[tuple[str, str]],
    percents: Percents,
    headings: Sequence[Sequence[str]],
) -> None:
    """Whether the files have the columns that are spoken of."""
    columns = {column for claim in claims for column, _code in claim.named}
    for option, named in (
        ("nested", [column for pair in nested for column in pair]),
        ("percent", [column for summed in percents.values() for column in summed]),
    ):
        missing = next((column for column in named if column not in columns), None)
        if missing:
            raise Invalid(**{option: f"no file has a column {missing!r} with codes"})
    for column in percents:
        if not any(column in heading for heading in headings):
            raise Invalid(percent=f"no file has a column {column!r}")


def _read_file(text: str, count: str, percents: Percents, number: int) -> list[Claim]:
    lines = Lines(text, count, list(percents))
    found = []
    for line, fields, value in lines.rows:
        codes = tuple(
            (column, code) for column, code in fields.items() if code != SUMMED and column not in percents
        )
        told = tuple(
            Percent(_read_percent(fields[column], line), of)
            for column, of in percents.items()
            if fields.get(column)
        )
        known = read_count(value, line) if value else None
        without = not lines.has_counts
        found.append(Claim(codes, known, number, may_be_zero=without, is_counted=not without, percents=told))
    return found


def _read_percent(value: str, line: int) -> int:
    """A whole per cent from 0 to 100, with its sign or without; raises Invalid."""
    digits = value.removesuffix("%").strip()
    if not (digits.isascii() and digits.isdecimal() and int(digits) <= 100):
        raise Invalid(table=f"line {line}: {value!r} is no whole per cent from 0 to 100")
    return int(digits)
