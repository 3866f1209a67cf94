"""What stands under the numbers: how they were counted, what the signs mean, and what they are not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.period import Period
from casework.reports.calendar import write_day, write_number
from casework.reports.labels import label_dimension
from casework.reports.publication import words

Note = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the notes tell. `zeros_published` tells whether a hidden number is never zero.

    `several` are the dimensions that a unit can have several answers to, `has_another` tells whether some of
    these have no line of their own.
    """

    organization: str
    number: int
    made_on: date
    checksum: str
    unit: str
    period: Period
    threshold: int
    zeros_published: bool
    has_impossible: bool
    has_official: bool
    several: tuple[str, ...] = ()
    has_another: bool = False


def write_notes(facts: Facts, language: str) -> tuple[Note, ...]:
    """Write the notes, each a heading and a text."""
    return tuple(_write(facts, language, words.read_texts(language)["note"]))


def write_notice(reason: str, withdrawn_on: date | None, replaced_by: int, language: str) -> str:
    """Say what became of a release: that it was withdrawn, when and why, and what came in its place."""
    texts, said = words.read_texts(language), []
    if reason and withdrawn_on:
        said.append(texts["withdrawn"].format(day=write_day(withdrawn_on, language), reason=reason))
    elif reason:
        said.append(texts["withdrawn_once"].format(reason=reason))
    if replaced_by:
        said.append(texts["replaced"].format(number=replaced_by))
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
    yield texts["symbols"]["heading"], "\n".join(_explain(facts, texts["symbols"]))
    told = texts["sample"]
    of = told[facts.unit].format(organization=facts.organization)
    yield told["heading"], f"{of} {told['text']}"
    told = texts["official"]
    yield told["heading"], told["text" if facts.has_official else "none"]
    told = texts["authentic"]
    yield (
        told["heading"],
        told["text"].format(
            number=facts.number, organization=facts.organization, day=day, checksum=facts.checksum
        ),
    )


def _tell_several(facts: Facts, texts: Mapping[str, str], language: str) -> Iterator[str]:
    if facts.several:
        named = ", ".join(label_dimension(name, language) for name in facts.several)
        yield texts[f"several_{facts.unit}"].format(dimensions=named)
    if facts.has_another:
        yield texts["another"]


def _explain(facts: Facts, texts: Mapping[str, str]) -> Iterator[str]:
    yield texts["hidden" if facts.zeros_published else "hidden_zero"]
    yield texts["zero"]
    if facts.has_impossible:
        yield texts["impossible"]
    yield texts["not_asked"]
    yield texts["left_out"]
