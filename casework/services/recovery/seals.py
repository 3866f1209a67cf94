"""After new recovery shares: what only some can open is sealed to them by who can, once signed in.

That is everybody's own drafts, and restricted cases, whose named members give them new keys.

What waits is read off the rows, which say which recovery key they are sealed to.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from casework.domain.draft import DraftContent
from casework.errors import Tampered, UnknownKey, VaultError
from casework.services.casekeyring import open_case_keys_to_write
from casework.services.context import Context
from casework.services.draftseals import open_for_writer, seal_content
from casework.services.transactions import transaction
from casework.store import cases as cases_store
from casework.store import drafts as drafts_store
from casework.store import restricted as restricted_store


def count_waiting_drafts(context: Context) -> int:
    """Return how many drafts, whoever's, the shares in force do not open yet."""
    return drafts_store.count_drafts_before(context.roster.recovery_number)


def count_waiting_cases(context: Context) -> int:
    """Return how many restricted cases the shares in force do not open yet."""
    return restricted_store.count_cases_before(context.roster.recovery_number)


def seal_restricted_case(context: Context) -> bool:
    """Give one restricted case that the member is named in new keys; returns whether there was one.

    One that does not open is left as it is.
    """
    for case_id in restricted_store.list_cases_before(context.member_id, context.roster.recovery_number):
        with suppress(VaultError), transaction(context, "recovery.case_sealed") as opened:
            open_case_keys_to_write(context, case_id)
            row = cases_store.find_record(cases_store.Case, case_id)
            if row is not None and row.recovery_number == context.roster.recovery_number:
                row.generation = opened.generation
                opened.note(case=case_id)
                return True
            raise UnknownKey("the case got no new keys")
    return False


def seal_own_drafts(context: Context) -> bool:
    """Seal the member's own drafts to the recovery key in force; returns whether there were any.

    One that does not open is left as it is. One from before drafts named their writer names the member now:
    it was sealed to them.
    """
    if context.is_pending or not _openable(context):
        return False
    with transaction(context, "recovery.sealed") as opened:
        rows = _openable(context)
        for row, content in rows:
            row.version += 1
            mine = replace(content, writer=context.member_id)
            seal_content(row, context.secret.public, context.roster, mine)
        opened.note(count=len(rows))
    return True


def _openable(context: Context) -> Sequence[tuple[drafts_store.Draft, DraftContent]]:
    rows = drafts_store.list_drafts_before(context.member_id, context.roster.recovery_number)
    found = []
    for row in rows:
        with suppress(Tampered):
            found.append((row, open_for_writer(context.secret, row)))
    return found
