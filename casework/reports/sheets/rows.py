"""Lists as columns and rows of text. Names and order of the columns are stable: programs rely on them.

A coded answer has two columns, the code and beside it (`…_label`) what it is called in the reader's language:
there own terms stand in the place of their parents. Several answers stand in one cell, with semicolons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casework.domain.case import CaseFacts
from casework.domain.coded import FIELDS, INCIDENT_FIELDS
from casework.domain.counting import Counted
from casework.domain.incident import IncidentFacts
from casework.domain.ownterm import NO_TERMS, TermBook, chosen_of
from casework.domain.vocabulary import code_list
from casework.reports import texts as texts_of
from casework.reports.calendar import write_vague

BETWEEN = "; "


@dataclass(frozen=True, slots=True, repr=False)
class CaseEntry:
    """A case of a list; `open_to` is "all", "team" or "named", `counted` None where there is no incident."""

    facts: CaseFacts
    names: tuple[str, ...]
    latest: IncidentFacts | None
    responsible: str
    open_to: str
    counted: Counted | None


@dataclass(frozen=True, slots=True, repr=False)
class IncidentEntry:
    """An incident of a list; `patterns` are names in the reader's language."""

    facts: IncidentFacts
    reference: str
    names: tuple[str, ...]
    patterns: tuple[str, ...]
    counted: Counted | None


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A list: `columns` are stable names with what they are called, `name` is "cases" or "incidents"."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Sequence[str]]


def read_texts(language: str) -> Mapping[str, str]:
    """Return the words of a list as a file; raises KeyError for a language that is none of ours."""
    return texts_of.read_texts(__package__, language)


def list_cases(entries: Iterable[CaseEntry], language: str, own: TermBook = NO_TERMS) -> Sheet:
    """Lay out a list of cases."""
    texts = read_texts(language)
    columns = {
        "case": texts["case"],
        **_coded("status", texts["status"], language),
        "opened_on": texts["opened_on"],
        "responsible": texts["responsible"],
        "people": texts["people"],
        **_coded("open_to", texts["open_to"], language),
        "last_date": texts["last_date"],
        "last_date_label": texts["last_date_label"],
        **_coded("last_contact_type", texts["last_contact_type"], language),
        **_coded("last_police_service", texts["last_police_service"], language),
        **_coded("in_statistics", texts["in_statistics"], language),
    }
    return Sheet("cases", columns, [_write_case(one, language, own) for one in entries])


def list_incidents(entries: Iterable[IncidentEntry], language: str, own: TermBook = NO_TERMS) -> Sheet:
    """Lay out a list of incidents: their coded answers; what happened in words stays in the case."""
    texts = read_texts(language)
    columns = {"case": texts["case"], "date": texts["date"], "date_label": texts["date_label"]}
    columns["people"] = texts["people"]
    for field in INCIDENT_FIELDS:
        columns |= _coded(field.name, field.codes.labels[language], language)
    columns |= {"patterns": texts["patterns"], "logged_on": texts["logged_on"]}
    columns |= _coded("in_statistics", texts["in_statistics"], language)
    return Sheet("incidents", columns, [_write_incident(one, language, own) for one in entries])


def _coded(name: str, label: str, language: str) -> dict[str, str]:
    return {name: read_texts(language)["code"].format(label=label), f"{name}_label": label}


def _write_case(entry: CaseEntry, language: str, own: TermBook) -> list[str]:
    facts, latest, texts = entry.facts, entry.latest, read_texts(language)
    last = ["", "", "", "", "", ""]
    if latest is not None:
        last = [
            latest.date.encode(),
            write_vague(latest.date, language, texts["date_unknown"]),
            *_answer("contact_type", latest, language, own),
            *_answer("police_service", latest, language, own),
        ]
    return [
        facts.reference,
        facts.status,
        code_list("case_status").label(facts.status, language),
        facts.opened_on.isoformat(),
        entry.responsible or texts["former"],
        _join(entry.names),
        entry.open_to,
        texts[entry.open_to],
        *last,
        *_counted(entry.counted, language),
    ]


def _write_incident(entry: IncidentEntry, language: str, own: TermBook) -> list[str]:
    facts = entry.facts
    answers = [text for field in INCIDENT_FIELDS for text in _answer(field.name, facts, language, own)]
    return [
        entry.reference,
        facts.date.encode(),
        write_vague(facts.date, language, read_texts(language)["date_unknown"]),
        _join(entry.names),
        *answers,
        _join(entry.patterns),
        facts.logged_on.isoformat(),
        *_counted(entry.counted, language),
    ]


def _counted(counted: Counted | None, language: str) -> tuple[str, str]:
    """Give whether it may be counted, as a code and in words; nothing of a case without any incident."""
    return ("", "") if counted is None else (counted, read_texts(language)[f"counted_{counted}"])


def _answer(name: str, facts: IncidentFacts, language: str, own: TermBook) -> tuple[str, str]:
    """Give the codes of an answer, and their labels: of own terms where there are any below a code."""
    given = getattr(facts, name)
    codes, labels = _label(name, given if FIELDS[name].multiple else (given,), language)
    if chosen := chosen_of(facts.own_terms, name):
        labels = BETWEEN.join(text for _code, text in own.say(name, given, chosen, language))
    return codes, labels


@lru_cache(maxsize=4096)
def _label(name: str, codes: tuple[str, ...], language: str) -> tuple[str, str]:
    field = FIELDS[name]
    return BETWEEN.join(codes), BETWEEN.join(field.codes.label(code, language) for code in codes)


def _join(names: Iterable[str]) -> str:
    return BETWEEN.join(name for name in names if name)
