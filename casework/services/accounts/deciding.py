"""One incident or two: said by a member, in the incidents' sealed answers, and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from casework.domain.incident import IncidentFacts
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row, get_incident_row, list_readers
from casework.services.accounts.grouping import last_account, list_accounts_of
from casework.services.context import Context
from casework.services.history.recording import record_coded_change
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store

_CLOSED = N_(
    "This account cannot count: not everybody who may open the case of the other one may open its case, and "
    "they would learn that there is one. Let the other account count, or let the same people open both cases."
)


def tell_one(context: Context, main: UUID, other: UUID) -> None:
    """Note that both are accounts of one incident, which counts as `main` tells it from now on.

    What either was linked with before comes along. Raises NotFound unless the member may open every case in
    which something is written; Invalid naming `main` where somebody who may open the case of another account
    may not open that of `main`: that theirs does not count would tell them of it.
    """
    with _notes(context, "incident.linked", main, other) as notes:
        notes.require_shown(main, other)
        hanging = [one for one in (main, other) if notes.main_of(one) != main]
        for earlier in {leading for one in hanging for leading in notes.list_leading(one)} - {main}:
            notes.change(earlier, account_of=main)
        # What is in the bin comes back as an account of this incident, so its place is kept.
        notes.change(main, account_of=notes.last_away(main) or notes.last_away(other))
        notes.forget_difference(main, other)


def tell_two(context: Context, one: UUID, other: UUID) -> None:
    """Note that these are two incidents, so that nobody is asked again; a link goes. Raises NotFound."""
    with _notes(context, "incident.told_apart", one, other) as notes:
        notes.unlink(one, other)
        first, second = sorted((one, other))
        notes.change(first, told_apart=tuple(dict.fromkeys((*notes.read(first).told_apart, second))))


def undecide(context: Context, one: UUID, other: UUID) -> None:
    """Take back what was said of them; raises NotFound, also where nothing was."""
    with _notes(context, "incident.undecided", one, other) as notes:
        unlinked, forgotten = notes.unlink(one, other), notes.forget_difference(one, other)
        if not unlinked and not forgotten:
            raise NotFound("link")


class _Notes:
    """What incidents say of one another, read and written under the lock."""

    def __init__(self, context: Context, opened: Transaction) -> None:
        self._context = context
        self._generation = opened.generation
        casebook, now = context.runtime.casebook, context.runtime.now_seconds()
        self._before = casebook.facts(context.keyring, now, as_of=opened.generation - 1)

    def read(self, incident_id: UUID) -> IncidentFacts:
        return records.open_incident(self._context, get_incident_row(self._context, incident_id))

    def require_shown(self, main: UUID, other: UUID) -> None:
        """Raise Invalid unless whoever may read any account of these two may read that of `main`."""
        accounts = list_accounts_of(self._before)
        told = {other} | {one.id for each in (main, other) for one in accounts.get(each, ())}
        cases = {row.case_id for one in told if (row := store.find_record(store.Incident, one))}
        mine = get_case_row(self._context, get_incident_row(self._context, main).case_id)
        shown = list_readers(self._context, mine)
        for case_id in cases - {mine.id}:
            case = store.find_record(store.Case, case_id)
            if case is not None and not list_readers(self._context, case) <= shown:
                raise Invalid(main=_CLOSED)

    def change(
        self, incident_id: UUID, account_of: UUID | None = None, told_apart: tuple[UUID, ...] | None = None
    ) -> None:
        row = get_incident_row(self._context, incident_id)
        before = records.open_incident(self._context, row)
        wanted = replace(before, account_of=account_of)
        if told_apart is not None:
            wanted = replace(before, told_apart=told_apart)
        if wanted != before:
            record_coded_change(self._context, self._generation, row, [before], [wanted])
            records.write_incident_facts(self._context, self._generation, row, wanted)

    def main_of(self, incident_id: UUID) -> UUID:
        """Return the account that counted for this one before anything was written here."""
        accounts = list_accounts_of(self._before).get(incident_id)
        return accounts[0].id if accounts else incident_id

    def last_away(self, incident_id: UUID) -> UUID | None:
        """Return what the notes led to from here, where that is in the bin or gone."""
        last = last_account(self._before, incident_id)
        return None if last in self._before.incidents else last

    def list_leading(self, incident_id: UUID) -> set[UUID]:
        """Return what the other accounts hang on: the main one, or all that are accounts of one away."""
        away = self.last_away(incident_id)
        accounts = list_accounts_of(self._before).get(incident_id, ())
        return {self.main_of(incident_id)} | {
            one.id for one in accounts if away and one.facts.account_of == away
        }

    def unlink(self, one: UUID, other: UUID) -> bool:
        """Let them be two again: the one that is not the main account stands for itself."""
        if self.main_of(one) != self.main_of(other):
            return False
        self.change(other if self.main_of(one) == one or self.read(other).account_of == one else one)
        return True

    def forget_difference(self, one: UUID, other: UUID) -> bool:
        first, second = sorted((one, other))
        told = self.read(first).told_apart
        if second in told:
            self.change(first, told_apart=tuple(each for each in told if each != second))
        return second in told


@contextmanager
def _notes(context: Context, event: str, one: UUID, other: UUID) -> Iterator[_Notes]:
    """Open both, in one transaction; raises NotFound unless the member may."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, event) as opened:
        row = get_incident_row(context, one)
        get_incident_row(context, other)
        if one == other:
            raise NotFound("incident")
        opened.note(case=row.case_id, incident=one, other=other)
        yield _Notes(context, opened)
