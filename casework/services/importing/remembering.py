"""Mappings that are remembered under a name, and proposed when a list with the same headings comes again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from casework.domain.documents import Document
from casework.domain.folding import clean_line, fold
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services.context import Context
from casework.services.importing.finer import NO_WORDS, TermWords
from casework.services.importing.plan import Plan, add_guesses, settle_order
from casework.services.importing.profiles import Column
from casework.services.transactions import transaction
from casework.store import imports as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import IMPORT_MAPPING

_NO_NAME = N_("Give the mapping a name.")


@dataclass(frozen=True, slots=True, repr=False)
class Remembered:
    """A mapping with its name, and the headings of the list that it was made for."""

    id: UUID
    name: str
    headings: tuple[str, ...]
    plan: Plan

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        plan = self.plan.to_document()
        return {"schema": 1, "name": self.name, "headings": list(self.headings), "plan": plan}


def remember_mapping(context: Context, name: str, headings: Sequence[str], plan: Plan) -> UUID:
    """Keep a mapping under a name, over an earlier one of that name; raises Invalid naming `name`."""
    context.require(Permission.IMPORT_INCIDENTS)
    name = clean_line(name, "name", 80)
    if not name:
        raise Invalid(name=_NO_NAME)
    with transaction(context, "import.mapping_kept") as opened:
        before = {fold(one.name): one.id for one in list_mappings(context)}
        row = store.find_mapping(before[fold(name)]) if fold(name) in before else None
        if row is None:
            row = store.ImportMapping(id=uuid4(), version=0, mapping_version=0)
        row.version, row.mapping_version = row.version + 1, row.mapping_version + 1
        # The name of a list is that list's alone: it says which rows are in already.
        kept = Remembered(row.id, name, tuple(headings), replace(plan, source=""))
        row.mapping_sealed = context.keyring.seal(
            IMPORT_MAPPING, row.id, row.mapping_version, documents.encode(kept.to_document())
        )
        db.session.add(row)
        opened.note(mapping=row.id)
        return row.id


def forget_mapping(context: Context, mapping_id: UUID) -> None:
    """Forget a mapping; raises NotFound."""
    context.require(Permission.IMPORT_INCIDENTS)
    with transaction(context, "import.mapping_forgotten") as opened:
        row = store.find_mapping(mapping_id)
        if row is None:
            raise NotFound("mapping")
        db.session.delete(row)
        opened.note(mapping=mapping_id)


def list_mappings(context: Context) -> list[Remembered]:
    """Return every mapping that is remembered, by name."""
    context.require(Permission.IMPORT_INCIDENTS)
    return sorted((_open(context, row) for row in store.list_mappings()), key=lambda one: fold(one.name))


def find_fitting(
    context: Context, headings: Sequence[str], columns: Sequence[Column], words: TermWords = NO_WORDS
) -> Remembered | None:
    """Return the mapping whose columns all are in this list, the one that leaves out fewest.

    Values that the list has for the first time are guessed; what its dates say of their order goes before
    what was remembered.
    """
    fitting = [one for one in list_mappings(context) if set(one.plan.targets) <= set(headings)]
    if not fitting:
        return None
    best = max(fitting, key=lambda one: (set(one.headings) == set(headings), len(one.plan.targets)))
    return Remembered(
        best.id, best.name, best.headings, settle_order(add_guesses(best.plan, columns, words), columns)
    )


def _open(context: Context, row: store.ImportMapping) -> Remembered:
    plain = context.keyring.open(IMPORT_MAPPING, row.id, row.mapping_version, row.mapping_sealed)
    document = documents.decode(plain)
    plan = Plan.from_document(document["plan"])
    return Remembered(row.id, document["name"], tuple(document["headings"]), plan)
