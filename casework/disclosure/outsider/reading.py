"""Files of long form, as claims about one population."""

from collections.abc import Sequence

from casework.disclosure.longform import SUMMED, Lines, read_count
from casework.disclosure.outsider.claims import Claim, Claims, codes_of, gather
from casework.errors import Invalid


def read_claims(files: Sequence[str], count: str, nested: Sequence[tuple[str, str]]) -> Claims:
    """The claims of several files of long form about the same population.

    A column that a file does not have is summed over in it; an empty count is hidden. Raises Invalid:
    whatever `Lines` raises, with the number of the file; a count that is none; a pair of columns that no
    file has; a code whose group no line tells; too much to compare.
    """
    claims: list[Claim] = []
    for number, text in enumerate(files, 1):
        try:
            claims += _read_file(text, count, number)
        except Invalid as invalid:
            raise Invalid(
                **{at: f"file {number}: {fault}" for at, fault in invalid.faults.items()}
            ) from invalid
    columns = list(dict.fromkeys(column for claim in claims for column, _code in claim.named))
    for pair in nested:
        missing = next((column for column in pair if column not in columns), None)
        if missing:
            raise Invalid(nested=f"no file has a column {missing!r} with codes")
    coarse = {coarser for _finer, coarser in nested}
    axes = tuple((root, tuple(codes_of(root, claims))) for root in columns if root not in coarse)
    return gather(claims, axes, nested)


def _read_file(text: str, count: str, number: int) -> list[Claim]:
    found = []
    for line, named, value in Lines(text, count).rows:
        codes = tuple((column, code) for column, code in named.items() if code != SUMMED)
        found.append(Claim(codes, read_count(value, line) if value else None, number))
    return found
