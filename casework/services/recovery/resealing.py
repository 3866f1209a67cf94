"""A quorum of earlier shares seals what only they open to those in force: nobody named has to sign in."""

from contextlib import suppress
from dataclasses import dataclass

from casework.errors import Invalid, VaultError
from casework.services.context import Context
from casework.services.draftseals import open_for_recovery, seal_content
from casework.services.restricted.rekeying import rekey
from casework.services.restricted.renewal import open_as_recovery
from casework.store import drafts as drafts_store
from casework.store import restricted as restricted_store
from casework.vault.draft import RECOVERY_INDEX, replace_recipient
from casework.vault.identity import MemberSecret


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many restricted cases and drafts are now sealed to the shares in force."""

    cases: int
    drafts: int


def reseal(context: Context, earlier: MemberSecret, generation: int) -> Resealed:
    """Seal what this earlier recovery key opens to the one in force; the caller's transaction commits it.

    A restricted case gets new keys, for who is named and still a member, and for recovery: the coordinator
    who does this reads nothing more than before. A draft goes to the writer whom its content names, whatever
    its row says, under the key that they have now, and to recovery alone where they are no member any more.
    One from before drafts named their writer goes to recovery, and stays sealed to whom it was: nobody opens
    it who did not before. What does not open is left as it is.
    """
    cases = drafts = 0
    for row in restricted_store.list_restricted_rows():
        if (row.recovery_number or 0) < context.roster.recovery_number:
            with suppress(VaultError, Invalid):
                keys, naming = open_as_recovery(context.keyring, earlier, row)
                rekey(context, row, keys, naming)
                row.generation = generation
                cases += 1
    for draft in drafts_store.list_all_drafts():
        if draft.recovery_number < context.roster.recovery_number:
            with suppress(VaultError):
                _reseal_draft(context, earlier, draft)
                drafts += 1
    return Resealed(cases, drafts)


def _reseal_draft(context: Context, earlier: MemberSecret, row: drafts_store.Draft) -> None:
    content, recovery = open_for_recovery(earlier, row), context.roster.recovery_public
    writer = context.roster.active.get(content.writer or row.member_id)
    if content.writer is None and writer is not None:
        # The row's member may have been put there to be handed another's draft.
        place = row.id, row.content_sealed
        row.content_sealed = replace_recipient(earlier, RECOVERY_INDEX, recovery, *place, version=row.version)
        row.recovery_number = context.roster.recovery_number
        return
    row.version += 1
    seal_content(row, writer.public if writer else recovery, context.roster, content)
