"""One answer about consent for everybody in many cases: as after a meeting where all were asked the same.

Consent is each person's own, so little is overwritten: an answer that is there stays unless the member says
otherwise, a later one always, and a yes never takes the place of a no. That is recorded with the person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from casework.domain.documents import Document, read_uuid
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.domain.person import GIVEN, REFUSED, WITHDRAWN, Consent, PersonFacts
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.errors import Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row
from casework.services.books import FactBook, OpenedCase
from casework.services.bundles.deeds import Item, Reverse, Stay
from casework.services.context import Context
from casework.services.transactions import Transaction
from casework.store.cases import Case, Person, find_person, find_record

KIND = "consent"
ANSWERS = (GIVEN, REFUSED, WITHDRAWN)


@dataclass(frozen=True)
class Consenting:
    """Record one consent, whole as it is, for everybody in the cases; `replaces`: also where one is there."""

    purpose: str
    consent: Consent
    replaces: bool = False
    kind = KIND
    event = "consents.set"
    permission = Permission.EDIT_CASES

    @property
    def about(self) -> Mapping[str, str]:
        """What was answered, to which purpose."""
        return {"purpose": self.purpose, "answer": self.consent.answer}

    def check(self, context: Context) -> None:
        """Raise Invalid naming `purpose`, `answer`, `on` or `how`."""
        faults: dict[str, str] = {}
        if self.purpose not in code_list("consent_purpose"):
            faults["purpose"] = N_("Choose what the consent is for.")
        if self.consent.answer not in ANSWERS:
            faults["answer"] = N_("Choose the answer.")
        if self.consent.on is not None and self.consent.on > context.runtime.today():
            faults["on"] = N_("This day has not come yet. Write the day of the answer.")
        if self.consent.how not in code_list("consent_means"):
            faults["how"] = N_("Choose one of the listed answers.")
        if faults:
            raise Invalid(**faults)

    def weigh(self, facts: FactBook, case: OpenedCase) -> Iterable[tuple[Item, Stay | None]]:
        """Go through the people of the case."""
        people = facts.people_by_case.get(case.id, ())
        if not people:
            yield Item(case), Stay.NOBODY
        for person in people:
            yield Item(case, person), self._stay(person.facts.consent(self.purpose))

    def _stay(self, now: Consent) -> Stay | None:
        if now == self.consent:
            return Stay.ALREADY
        if now.answer == NOT_ASKED:
            return None
        if now.answer in (REFUSED, WITHDRAWN) and self.consent.answer == GIVEN:
            return Stay.SAID_NO
        if now.on and self.consent.on and now.on > self.consent.on:
            return Stay.LATER
        return None if self.replaces else Stay.ANSWERED

    def write(self, context: Context, opened: Transaction, row: Case, item: Item) -> Document:
        """Record it: new content of the case, as where it is recorded with the person."""
        assert item.person is not None  # noqa: S101 - what it would change is a person
        person = _get_person(item.person.id, row.id)
        facts = records.open_person_facts(context, person)
        _touch(context, opened, row)
        _write(context, opened.generation, person, facts, {**facts.consents, self.purpose: self.consent})
        return {
            "case": row.id.hex,
            "reference": item.case.facts.reference,
            "person": person.id.hex,
            "version": person.version,
            "purpose": self.purpose,
            # As the document has it, whatever a consent holds.
            "was": facts.to_document()["consents"].get(self.purpose),
        }

    def fields(self, records: int, cases: int) -> Mapping[str, UUID | int]:
        """Return what the audit entry declares."""
        return {"people": records, "cases": cases}


def _put_back(context: Context, opened: Transaction, before: Document) -> Stay | None:
    case = get_case_row(context, read_uuid(before["case"]))
    person = find_record(Person, read_uuid(before["person"]))
    if person is None:
        raise NotFound("person")
    if person.version != before["version"]:
        return Stay.CHANGED
    document = records.open_person_facts(context, person).to_document()
    document["consents"].pop(before["purpose"], None)
    if before["was"] is not None:
        # A deed from before it was asked how somebody answered did not keep it.
        document["consents"][before["purpose"]] = {"how": NOT_ASKED, **before["was"]}
    facts = PersonFacts.from_document(document)
    _touch(context, opened, case)
    _write(context, opened.generation, person, facts, facts.consents)
    return None


def _get_person(person_id: UUID, case_id: UUID) -> Person:
    person = find_person(person_id)
    if person is None or person.case_id != case_id:
        raise NotFound("person")
    return person


def _touch(context: Context, opened: Transaction, row: Case) -> None:
    if row.generation != opened.generation:  # once, however many people there are
        records.touch_case(context, opened.generation, row)


def _write(
    context: Context, generation: int, row: Person, facts: PersonFacts, consents: Mapping[str, Consent]
) -> None:
    records.change_person_facts(context, generation, row, replace(facts, consents=dict(consents)))


REVERSE = Reverse(
    "consents.taken_back",
    Permission.EDIT_CASES,
    _put_back,
    lambda _about, records, cases: {"people": records, "cases": cases},
)
