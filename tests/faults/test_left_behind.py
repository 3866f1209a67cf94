"""A restricted case whose only named member has left, after new shares: read from the file alone."""

import shutil
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest

from casework.domain.quorum import USUAL
from casework.errors import VaultError
from casework.services import drafts, incidents
from casework.services.membership.leaving import revoke_member
from casework.services.recovery import renewals
from casework.services.recovery.sharing import Sharing
from casework.vault.compartments import RECOVERY_ID
from casework.vault.draft import MEMBER_INDEX, RECOVERY_INDEX, open_draft
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.restricted import open_wrapped_key
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft


@pytest.fixture
def sharing(founded: Founded) -> Sharing:
    """New shares, drawn with a quorum of the old ones after the only one who was named has left."""
    named = founded.context(CASEWORKER)
    draft = incident_draft(restricted=True, team=frozenset({named.member_id}))
    incidents.log_incident(named, draft)
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/incidents/new", {"text": ["Half"]})
    revoke_member(founded.context(), named.member_id, founded.players[COLLEAGUE].id)
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    drawn = renewals.get_sharing(context, cookie)
    for share in drawn.shares:
        renewals.confirm_share(context, cookie, share)
    for share in founded.players[COORDINATOR].recovery_shares[:2]:
        renewals.enter_earlier(context, cookie, share)
    assert renewals.finish_renewal(context, cookie).total == 0
    return drawn


def _rows(founded: Founded, folder: Path, query: str) -> list[sqlite3.Row]:
    """Read a copy of the file without its log: nothing of this waits in there."""
    copy = folder / "copy.sqlite"
    shutil.copy(founded.runtime.data_folder / "casework.sqlite", copy)
    connection = sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def test_the_new_shares_open_it_and_nobody_else(founded: Founded, sharing: Sharing, tmp_path: Path) -> None:
    """Neither the old shares, nor the coordinator who drew the new ones, nor who has left."""
    seals = _rows(founded, tmp_path, "SELECT * FROM case_key_seal")
    assert len(seals) == 2 and {row["recipient_id"] for row in seals} == {RECOVERY_ID.hex}
    new, old = MemberSecret(sharing.seed), MemberSecret(founded.players[COORDINATOR].recovery_seed)
    others = [old, *(MemberSecret(founded.players[login].seed) for login in (COORDINATOR, CASEWORKER))]
    for row in seals:
        place = UUID(row["case_id"]), Compartment(row["compartment"]), row["generation"], row["key_sealed"]
        assert open_wrapped_key(new, RECOVERY_ID, *place)
        for other in others:
            with pytest.raises(VaultError):
                open_wrapped_key(other, RECOVERY_ID, *place)


def test_the_draft_too(founded: Founded, sharing: Sharing, tmp_path: Path) -> None:
    """A copy from now on says nothing to who wrote it and has left."""
    (row,) = _rows(founded, tmp_path, "SELECT * FROM draft")
    place, version = (UUID(row["id"]), row["content_sealed"]), row["version"]
    assert open_draft(MemberSecret(sharing.seed), RECOVERY_INDEX, *place, version=version)
    for seed in (founded.players[CASEWORKER].seed, founded.players[COORDINATOR].recovery_seed):
        for index in (MEMBER_INDEX, RECOVERY_INDEX):
            with pytest.raises(VaultError):
                open_draft(MemberSecret(seed), index, *place, version=version)
