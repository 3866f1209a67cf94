"""Titles of the follow-ups of restricted cases, opened for one request: they are kept in no memory."""

from collections.abc import Collection, Mapping
from uuid import UUID

from casework.errors import Invalid, VaultError
from casework.services.casekeys import open_sealed_key
from casework.services.context import Context
from casework.services.followups.book import read_title
from casework.store.followups import list_sealed_follow_ups
from casework.vault.keyring import CaseKey


def open_own_titles(context: Context, case_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the titles in those of these restricted cases whose key is sealed to the member.

    One that does not open is left out: its case's page says what is wrong.
    """
    keys: dict[tuple[UUID, int], CaseKey] = {}
    titles = {}
    for row in list_sealed_follow_ups(context.member_id, case_ids):
        place = row.case_id, row.key_generation
        try:
            if place not in keys:
                keys[place] = open_sealed_key(
                    context.keyring,
                    context.secret,
                    context.member_id,
                    row.case_id,
                    row.compartment,
                    row.key_generation,
                    row.key_sealed,
                )
            titles[row.id] = read_title(keys[place], row)
        except (VaultError, Invalid):
            continue
    return titles
