"""What the follow-ups of restricted cases say, opened for one request: it is kept in no memory."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from casework.domain.followup import FollowUpTexts
from casework.errors import Invalid, VaultError
from casework.services.books import FactBook
from casework.services.casekeys import open_sealed_key
from casework.services.context import Context
from casework.services.followups.book import open_texts, searched_words, title_of
from casework.store.followups import list_sealed_follow_ups
from casework.vault.keyring import CaseKey


def open_own_titles(context: Context, case_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the titles in those of these restricted cases whose key is sealed to the member."""
    return {row.id: title_of(texts) for row, texts in _open_own(context, case_ids)}


def listen(context: Context, facts: FactBook) -> Callable[[str], set[int]]:
    """Return what tells the numbers of the cases with a follow-up, not a deleted one, that has a word.

    Of restricted cases those that the member is named in. Whoever asks leaves out other hidden cases.
    """
    book = context.runtime.casebook.follow_ups(context.keyring, context.runtime.now_seconds())
    own = {case.id for case in facts.restricted if context.member_id in case.team}
    opened = _open_own(context, own) if own else ()
    there = ((row, texts) for row, texts in opened if row.id in book.follow_ups)
    of_own = [(row.case_id.int, searched_words(texts)) for row, texts in there]

    def find(word: str) -> set[int]:
        cases = {book.follow_ups[id_].case_id.int for id_ in book.said.find(word)}
        return cases | {case for case, words in of_own if word in words}

    return find


def _open_own(context: Context, case_ids: Collection[UUID]) -> Iterator[tuple[Any, FollowUpTexts]]:
    """Yield the follow-ups that open. One that does not is left out: its case's page says what is wrong."""
    keys: dict[tuple[UUID, int], CaseKey] = {}
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
            texts = open_texts(keys[place], row)
        except (VaultError, Invalid):
            continue
        yield row, texts
