"""The words of publications that no code list has: the file texts.toml beside this module."""

from collections.abc import Mapping
from typing import Any

from casework.domain.period import Period
from casework.domain.releasedraft import Names
from casework.reports import texts as texts_of
from casework.reports.labels import Labels


def read_texts(language: str) -> Mapping[str, Any]:
    """Return the words of a publication; raises KeyError for a language that is none of ours."""
    return texts_of.read_texts(__package__, language)


def name_table(names: Names, labels: Labels) -> str:
    """Say what a table crosses: "Contact group, by year"."""
    if len(names) == 1:
        return labels.dimension(names[0])
    crossed: str = read_texts(labels.language)["crossed"]
    return crossed.format(show=labels.dimension(names[0]), by=labels.inner(names[1]))


def say_clause(name: str, code: str, labels: Labels) -> str:
    """Say what an answer means, inside a sentence: "the city was “Laval”"."""
    clause: str = read_texts(labels.language)["clause"][name]
    return clause.format(label=labels.code(name, code))


def ask(unit: str, period: Period, language: str) -> str:
    """Say what is counted, and over which period: "Incidents, 2024 to 2025"."""
    return f"{Labels(language, period, {}).text(unit)}, {write_period(period, language)}"


def write_period(period: Period, language: str) -> str:
    """Write a period by its years where these are whole, else by its first and its last month."""
    labels = Labels(language, period, {})
    if period.first[1] == 1 and period.last[1] == 4:
        first, last = str(period.first[0]), str(period.last[0])
        if first == last:
            return first
    else:
        first, last = labels.month(period.first_day), labels.month(period.last_day)
    span: str = read_texts(language)["span"]
    return span.format(first=first, last=last)
