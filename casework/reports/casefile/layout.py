"""A case file as the template takes it: a tree of words in one language, nothing left to decide."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any
from uuid import UUID

from casework.domain.attachment import Attachment
from casework.domain.coded import INCIDENT_FIELDS, PERSON_FIELDS, CodedField
from casework.domain.followup import DETENTION, REVIEW
from casework.domain.incident import IncidentFacts
from casework.domain.ownterm import chosen_of
from casework.domain.person import PersonFacts
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN, code_list
from casework.reports import texts as texts_of
from casework.reports.calendar import write_day, write_instant, write_moment, write_number, write_vague
from casework.reports.casefile.contents import CaseFile, FiledFollowUp, FiledIncident, FiledPerson, Part
from casework.reports.casefile.pathway import Rows, list_steps

Tree = dict[str, Any]

_IDENTITY = ("phone", "email", "birth_date", "uci", "address", "note")


def read_texts(language: str) -> Mapping[str, str]:
    """Return the words of a case file; raises KeyError for a language that is none of ours."""
    return texts_of.read_texts(__package__, language)


def lay_out(file: CaseFile, language: str) -> Tree:
    """Return the document; raises KeyError for a language that it is not made in."""
    return _Layout(file, language).document()


class _Layout:
    def __init__(self, file: CaseFile, language: str) -> None:
        self.file, self.language, self.texts = file, language, read_texts(language)
        self.names = {person.id: self._name(person, at) for at, person in enumerate(file.people, 1)}

    def document(self) -> Tree:
        file, texts = self.file, self.texts
        made = {
            "made_by": file.made_by,
            "made_on": write_instant(file.made_at, self.language),
            "made_for": file.made_for,
        }
        sections: Mapping[Part, Callable[[], list[Tree]]] = {
            Part.PEOPLE: self._people,
            Part.INCIDENTS: self._incidents,
            Part.FOLLOW_UPS: self._follow_ups,
            Part.CONSENTS: self._consents,
            Part.FILES: self._files,
        }
        empty = {Part.INCIDENTS: "no_incidents", Part.FOLLOW_UPS: "no_follow_ups", Part.FILES: "no_files"}
        return {
            "language": self.language,
            "title": texts["title"].format(reference=file.reference),
            "kind": texts["kind"],
            "organization": file.organization,
            "reference": file.reference,
            "running": texts["running"].format(**made),
            "page": texts["page"],
            "confidential": texts["confidential"].format(**made),
            "glyphs": texts["glyphs"],
            "nothing_more": texts["nothing_more"],
            "about": self._about(made),
            "sections": [
                {
                    "heading": texts[part],
                    "groups": make(),
                    "empty": texts[empty.get(part, "no_people")],
                }
                for part, make in sections.items()
                if file.has(part)
            ],
        }

    def _about(self, made: Mapping[str, str]) -> Rows:
        file, texts = self.file, self.texts
        chosen = [texts[part] for part in Part if file.has(part)]
        others = [texts[part] for part in Part if not file.has(part)]
        return [
            (texts["reference"], file.reference),
            (texts["organization"], file.organization),
            (texts["opened"], write_day(file.opened_on, self.language)),
            (texts["status"], code_list("case_status").label(file.status, self.language)),
            (texts["responsible"], file.responsible or texts["former"]),
            (texts["made"], made["made_by"]),
            (texts["made_on"], made["made_on"]),
            (texts["made_for"], made["made_for"]),
            (texts["included"], "; ".join(chosen)),
            (texts["left_out"], "; ".join(others) or texts["nothing"]),
        ]

    def _name(self, person: FiledPerson, number: int) -> str:
        """Name a person; only by their number where the people were not chosen."""
        if not self.file.has(Part.PEOPLE):
            return self.texts["person"].format(number=number)
        return person.identity.name or self.texts["unnamed"]

    def _people(self) -> list[Tree]:
        return _group("", [_block(self.names[one.id], self._about_person(one)) for one in self.file.people])

    def _about_person(self, person: FiledPerson) -> Rows:
        known = [(self.texts[name], getattr(person.identity, name)) for name in _IDENTITY]
        return [row for row in known if row[1]] + list(self._answers(PERSON_FIELDS, person.facts))

    def _incidents(self) -> list[Tree]:
        return _group("", [self._incident(one) for one in self.file.incidents])

    def _incident(self, incident: FiledIncident) -> Tree:
        facts = incident.facts
        who = [self._participant(part.person_id, part.roles) for part in facts.participations]
        rows = [(self.texts["concerned"], "; ".join(who))] if who else []
        rows += self._answers(INCIDENT_FIELDS, facts)
        if incident.narrative.exact_place:
            rows.append((self.texts["exact_place"], incident.narrative.exact_place))
        when = write_vague(facts.date, self.language, self.texts["date_unknown"])
        steps = list_steps(incident, self.language, self.texts, self.names)
        return {**_block(when, rows, incident.narrative.text), "steps": steps}

    def _participant(self, person_id: UUID, roles: tuple[str, ...]) -> str:
        name, told = self.names[person_id], self._label(roles, "role")
        return f"{name} ({told})" if told else name

    def _follow_ups(self) -> list[Tree]:
        file, texts = self.file, self.texts
        running = [
            _block(
                texts[f"review_{one.number if one.number < 3 else 'n'}"],
                [
                    *self._concerned(one.person),
                    (texts["due"], write_instant(one.due_at, self.language)),
                ],
            )
            for one in file.reviews
        ]
        return [
            *_group(texts["deadlines"], running),
            *_group(texts["ahead"], [self._follow_up(one) for one in file.ahead]),
            *_group(texts["past"], [self._follow_up(one) for one in file.past]),
        ]

    def _follow_up(self, follow_up: FiledFollowUp) -> Tree:
        facts, texts = follow_up.facts, self.texts
        kind = code_list("follow_up_kind").label(facts.kind, self.language)
        rows = self._concerned(facts.person)
        if facts.kind == DETENTION and facts.place not in (NOT_ASKED, UNKNOWN):
            rows.append((texts["held_at"], self._label((facts.place,), "cbsa_action")))
        if facts.kind == REVIEW:
            rows.append((texts["outcome"], self._label((facts.outcome,), "review_outcome")))
        if follow_up.texts.rule:
            rows.append((texts["rule"], follow_up.texts.rule))
        if facts.assigned_to:
            rows.append((texts["assigned"], self.file.members.get(facts.assigned_to, texts["former"])))
        if facts.done_on:
            rows.append((texts["done"], write_day(facts.done_on, self.language)))
        when = write_moment(facts.due or facts.when, self.language, texts["no_date"])
        heading = f"{when} · {kind}"
        if follow_up.texts.title:
            heading = f"{heading} · {follow_up.texts.title}"
        return _block(heading, rows, follow_up.texts.words)

    def _concerned(self, person: UUID | None) -> Rows:
        return [(self.texts["concerned"], self.names[person])] if person in self.names else []

    def _consents(self) -> list[Tree]:
        return _group("", [_block(self.names[one.id], self._agreed(one)) for one in self.file.people])

    def _agreed(self, person: FiledPerson) -> Rows:
        purposes, answers = code_list("consent_purpose"), code_list("consent_answer")
        rows = []
        for purpose in ("casework", "litigation", "story", "statistics"):
            consent = person.facts.consent(purpose)
            answer = answers.label(consent.answer, self.language)
            if consent.on:
                day = write_day(consent.on, self.language)
                answer = self.texts["on"].format(answer=answer, day=day)
            if consent.how != NOT_ASKED:
                how = code_list("consent_means").label(consent.how, self.language)
                answer = self.texts["how"].format(answer=answer, how=how)
            rows.append((purposes.label(purpose, self.language), answer))
        return rows

    def _files(self) -> list[Tree]:
        return _group("", [self._file(one) for one in self.file.files])

    def _file(self, one: Attachment) -> Tree:
        texts, day = self.texts, write_day(one.added_at.date(), self.language)
        by = self.file.members.get(one.added_by, texts["former"])
        size = write_number(one.original.size_bytes, self.language)
        rows = [
            (texts["added"], texts["added_by"].format(day=day, name=by)),
            (texts["size"], texts["bytes"].format(count=size)),
            (texts["sha256"], " ".join(wrap(one.original.sha256, 8))),
        ]
        return _block(one.name, rows, one.note)

    def _answers(
        self, fields: Sequence[CodedField], facts: IncidentFacts | PersonFacts
    ) -> Iterator[tuple[str, str]]:
        """Give what was asked, with its answer; what was not asked says nothing."""
        for field in fields:
            given, own = getattr(facts, field.name), chosen_of(facts.own_terms, field.name)
            said = self.file.own_terms.say(field.name, given, own, self.language)
            text = ", ".join(label for code, label in said if code != NOT_ASKED)
            if text:
                yield field.codes.labels[self.language], text

    def _label(self, codes: tuple[str, ...], list_name: str) -> str:
        """Give the labels of the answers; empty where nothing was asked."""
        listed = code_list(list_name)
        return ", ".join(listed.label(code, self.language) for code in codes if code != NOT_ASKED)


def _block(heading: str, rows: Rows, text: str = "") -> Tree:
    return {"heading": heading, "rows": rows, "text": [line for line in text.split("\n") if line.strip()]}


def _group(heading: str, blocks: list[Tree]) -> list[Tree]:
    return [{"heading": heading, "blocks": blocks}] if blocks else []
