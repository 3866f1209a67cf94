"""The first rows of a list as they would come in, told in a few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.domain.dates import VagueDate
from casework.domain.languages import WRITTEN_IN
from casework.domain.ownterm import OwnTerm, TermBook
from casework.services.importing.answers import ReadPerson, ReadRow
from casework.services.importing.newterms import list_carried_by
from casework.services.importing.sentlist import Upload

SHOWN_READY = 5
_LONGEST_SHOWN = 160
_TOLD = ("contact_type", "police_service")


@dataclass(frozen=True, slots=True, repr=False)
class ReadyPerson:
    """Somebody of a row: name, codes, and what they answered by purpose."""

    name: str
    age_band: str
    gender: str
    consents: Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class ReadyRow:
    """A row as it would come in. `terms` are its own terms: of which field, and what they are called."""

    number: int
    date: VagueDate
    contact_type: str
    police_service: str
    people: Sequence[ReadyPerson]
    words: str
    terms: Sequence[tuple[str, Mapping[str, str]]] = ()

    def term(self, field_name: str, language: str) -> str:
        """Return what the own terms of a field are called; empty where it has none."""
        return ", ".join(labels[language] for name, labels in self.terms if name == field_name)

    def further(self, language: str) -> list[tuple[str, str]]:
        """Return the own terms of the fields that are not told otherwise, by field."""
        names = dict.fromkeys(name for name, _labels in self.terms if name not in _TOLD)
        return [(name, self.term(name, language)) for name in names]


def list_ready(upload: Upload) -> list[ReadyRow]:
    """Return the first rows that the last dry run would bring in; none of one from before they were kept."""
    kept = upload.report.get("ready_rows", []) if upload.report else []
    return [
        ReadyRow(
            **{
                **row,
                "date": VagueDate.parse(row["date"]),
                "people": [ReadyPerson(*person) for person in row["people"]],
                "terms": [(name, labels) for name, labels in row["terms"]],
            }
        )
        for row in kept
    ]


def tell_row(row: ReadRow, book: TermBook) -> dict[str, Any]:
    """Tell a row in a few words, as they are kept with a dry run."""
    people = (ReadPerson(row.person, row.identity, row.roles), *row.others)
    return {
        "number": row.number,
        "date": row.incident.date.encode(),
        "contact_type": row.incident.contact_type,
        "police_service": row.incident.police_service,
        "people": [_tell_person(one) for one in people],
        "words": " · ".join(row.narrative.text.splitlines())[:_LONGEST_SHOWN],
        "terms": [
            [name, name_term(term)]
            for name, one in list_carried_by(row)
            if (term := book.find(one)) is not None
        ],
    }


def name_term(term: OwnTerm) -> dict[str, str]:
    """Say what an own term is called, by language."""
    return {language: term.label(language) for language in WRITTEN_IN}


def _tell_person(one: ReadPerson) -> list[Any]:
    said = {purpose: consent.answer for purpose, consent in one.person.consents.items()}
    return [one.identity.name, one.person.age_band, one.person.gender, said]
