"""What stands under the numbers: how they were counted, what the signs mean, and what they are not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.earlier import Earlier
from casework.domain.period import Period
from casework.domain.release import find_reason
from casework.domain.timelabels import read_label
from casework.domain.vocabulary import ANOTHER, NOT_ASKED, UNKNOWN
from casework.reports.calendar import write_day, write_number
from casework.reports.labels import label_dimension
from casework.reports.layout import Layout
from casework.reports.publication import words
from casework.reports.publication.edition import DataTable, Standing

Note = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the notes tell. `zeros_published` tells whether a hidden number is never zero.

    `signs` are those that some table has: nothing else is explained. `several` are the dimensions that a unit
    can have several answers to.
    """

    organization: str
    number: int
    made_on: date
    checksum: str
    unit: str
    period: Period
    threshold: int
    zeros_published: bool
    has_official: bool
    signs: frozenset[str]
    several: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()


def write_earlier(earlier: Sequence[Earlier], language: str) -> tuple[str, ...]:
    """Say which earlier releases are of the same time, and what they count otherwise, and why in general."""
    if not earlier:
        return ()
    texts = words.read_texts(language)["note"]["earlier"]
    return (*(_compare(one, texts, language) for one in earlier), texts["why"])


def write_notes(facts: Facts, language: str) -> tuple[Note, ...]:
    """Write the notes, each a heading and a text."""
    return tuple(_write(facts, language, words.read_texts(language)["note"]))


def write_notice(standing: Standing, language: str) -> str:
    """Say what became of a release: that it was withdrawn, when and why, and what came in its place."""
    texts, said = words.read_texts(language), []
    reason, written_in = find_reason(standing.reasons, language)
    if reason and written_in not in ("", language):
        reason = texts["in_language"][written_in].format(reason=reason)
    if reason and standing.withdrawn_on:
        day = write_day(standing.withdrawn_on, language)
        said.append(texts["withdrawn"].format(day=day, reason=reason))
    elif reason:
        said.append(texts["withdrawn_once"].format(reason=reason))
    if standing.replaced_by and standing.alone_since:
        day = write_day(standing.alone_since, language)
        said.append(texts["alone"].format(number=standing.replaced_by, day=day))
    elif standing.replaced_by:
        kind = "alone_once" if standing.is_left_alone else "replaced"
        said.append(texts[kind].format(number=standing.replaced_by))
    return "\n".join(said)


def _write(facts: Facts, language: str, texts: Mapping[str, Any]) -> Iterator[Note]:
    day, period = write_day(facts.made_on, language), facts.period
    unit, first, last = (
        texts["period"][facts.unit],
        write_day(period.first_day, language),
        write_day(period.last_day, language),
    )
    told = texts["period"]
    yield told["heading"], told["text"].format(first=first, last=last, unit=unit)
    told = texts["method"]
    threshold = write_number(facts.threshold, language)
    dated, protected = told["dated"].format(day=day), told["protected"].format(threshold=threshold)
    several = _tell_several(facts, told, language)
    yield told["heading"], "\n".join((told[facts.unit], dated, protected, *several))
    if explained := "\n".join(_explain(facts, texts["symbols"])):
        yield texts["symbols"]["heading"], explained
    told = texts["sample"]
    of = told[facts.unit].format(organization=facts.organization)
    yield told["heading"], f"{of} {told['text']}"
    if facts.earlier:
        yield texts["earlier"]["heading"], "\n".join(write_earlier(facts.earlier, language))
    told = texts["official"]
    yield told["heading"], told["text" if facts.has_official else "none"]
    told = texts["authentic"]
    yield (
        told["heading"],
        told["text"].format(
            number=facts.number, organization=facts.organization, day=day, checksum=facts.checksum
        ),
    )


def _compare(earlier: Earlier, texts: Mapping[str, str], language: str) -> str:
    period = words.write_period(earlier.period, language)
    of = texts["replaced" if earlier.replaced else "of_time"].format(number=earlier.number, period=period)
    differing = (
        texts["differs"].format(
            number=earlier.number,
            period=words.write_period(read_label(one.period), language),
            then=write_number(one.then, language),
            now=write_number(one.now, language),
        )
        for one in earlier.differing
    )
    return " ".join((of, *differing))


def _tell_several(facts: Facts, texts: Mapping[str, str], language: str) -> Iterator[str]:
    if facts.several:
        named = ", ".join(label_dimension(name, language) for name in facts.several)
        yield texts[f"several_{facts.unit}"].format(dimensions=named)
    if ANOTHER in facts.signs:
        yield texts["another"]


def _explain(facts: Facts, texts: Mapping[str, str]) -> Iterator[str]:
    for sign in ("hidden", "zero", "impossible", "not_asked", "left_out"):
        if sign in facts.signs:
            yield texts["hidden_zero" if sign == "hidden" and not facts.zeros_published else sign]


def list_signs(tables: Sequence[Layout], data: Sequence[DataTable]) -> frozenset[str]:
    """List what has to be explained of tables as they are drawn, and of what their data have besides.

    The states of cells, answers that are none, another answer, and that lines were left out.
    """
    found: set[str] = set()
    for table, lines in zip(tables, data, strict=True):
        cells = [cell for row in table.rows for cell in row.cells]
        codes = {row.code for row in table.rows} | {column.code for column in table.columns}
        found |= {"hidden"} if any(cell.state == "hidden" for cell in cells) else set()
        found |= {"zero"} if any(cell.value == 0 for cell in cells) else set()
        found |= {"impossible"} if any(cell.state == "structural" for cell in cells) else set()
        found |= {"not_asked"} if codes & {UNKNOWN, NOT_ASKED} else set()
        found |= {ANOTHER} if ANOTHER in codes else set()
        found |= {"left_out"} if len(cells) < len(lines.lines) else set()
    return frozenset(found)
