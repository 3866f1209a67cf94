"""Who has a copy of the SQLite database, and tries with it what keys and passphrases they may have."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from casework.domain.incident import IncidentNarrative
from casework.errors import UnknownKey, VaultError
from casework.vault import documents, roster
from casework.vault.casekey import CaseKey
from casework.vault.compartments import RECOVERY_ID, open_epoch_key
from casework.vault.envelope import read_epoch
from casework.vault.fields import INCIDENT_NARRATIVE, Compartment
from casework.vault.hostkey import HostKey
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.passphrase import open_seed
from casework.vault.rosterentry import Entry

Keys = dict[tuple[Compartment, int], bytes]
CaseKeys = dict[tuple[str, int], CaseKey]


class Dump:
    """A copy of the database, read from the file alone: no session, no running casework."""

    def __init__(self, database: Path) -> None:
        self.file = database
        self._rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self._rows.row_factory = sqlite3.Row
        entries = self._all("SELECT number, body, signature FROM roster_entry ORDER BY number")
        self.roster = roster.verify([Entry(*entry) for entry in entries])

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def open_by_passphrases(self, host_key: HostKey, passphrases: Iterable[str]) -> Keys:
        """Return every epoch key that one of the passphrases leads to, whoever it belongs to."""
        keys: Keys = {}
        for row in self._all("SELECT id, seed_sealed, seed_version FROM member"):
            member_id = UUID(row["id"])
            for passphrase in passphrases:
                try:
                    secret = open_seed(
                        passphrase, member_id, host_key, row["seed_sealed"], version=row["seed_version"]
                    )
                except VaultError:
                    continue
                keys |= self.open_by_seed(member_id, secret)
        return keys

    def roster_ids(self, status: str) -> list[UUID]:
        """Return who has this status in the roster."""
        return [id_ for id_, member in self.roster.members.items() if member.status == status]

    def find_seed(self, host_key: HostKey, passphrase: str) -> MemberSecret:
        """Return the seed that a passphrase opens."""
        for row in self._all("SELECT id, seed_sealed, seed_version FROM member"):
            try:
                return open_seed(
                    passphrase, UUID(row["id"]), host_key, row["seed_sealed"], version=row["seed_version"]
                )
            except VaultError:
                continue
        raise AssertionError("nobody's")

    def open_by_seed(self, member_id: UUID, secret: MemberSecret) -> Keys:
        """Return every epoch key that a member's seed leads to."""
        return self._open_seals("epoch_seal WHERE member_id = ?", secret, member_id, member_id.hex)

    def knows_login(self, login_hmac: bytes) -> bool:
        """Return whether a member signs in with the name that this stands for."""
        return bool(self._all("SELECT 1 FROM member WHERE login_hmac = ?", login_hmac))

    def open_by_quorum(self, recovery_seed: bytes) -> Keys:
        """Return every epoch key that the recovery shares lead to."""
        return self._open_seals("recovery_seal", MemberSecret(recovery_seed), RECOVERY_ID)

    def read_narratives(self, keys: Keys) -> list[str]:
        """Return what every incident says."""
        texts = self.read_narratives_with(self.open_case_keys(keys))
        if len(texts) < len(self._all("SELECT id FROM incident")):
            raise UnknownKey("a narrative stays closed")
        return texts

    def open_case_keys(self, keys: Keys) -> CaseKeys:
        """Return every case key of the narratives; raises where one does not open."""
        keyring = Keyring(keys, {compartment: epoch for compartment, epoch in sorted(keys)})
        return {
            (row["case_id"], row["generation"]): keyring.open_case_key(
                UUID(row["case_id"]), Compartment.NARRATIVE, row["generation"], row["key_sealed"]
            )
            for row in self._all("SELECT * FROM case_key WHERE compartment = 'narrative'")
        }

    def read_narratives_with(self, case_keys: CaseKeys) -> list[str]:
        """Return what those incidents say whose case key is among these."""
        texts = []
        for row in self._all("SELECT * FROM incident"):
            case_key = case_keys.get((row["case_id"], read_epoch(row["narrative_sealed"])))
            if case_key is None:
                continue
            plain = case_key.open(
                INCIDENT_NARRATIVE, UUID(row["id"]), row["narrative_version"], row["narrative_sealed"]
            )
            texts.append(IncidentNarrative.from_document(documents.decode(plain)).text)
        return texts

    def _open_seals(self, where: str, secret: MemberSecret, recipient: UUID, *arguments: str) -> Keys:
        keys: Keys = {}
        for row in self._all(f"SELECT compartment, epoch, key_sealed FROM {where}", *arguments):  # noqa: S608
            name = Compartment(row["compartment"]), row["epoch"]
            expected = self.roster.commitments[name]
            keys[name] = open_epoch_key(secret, recipient, *name, row["key_sealed"], expected)
        return keys

    def _all(self, query: str, *arguments: str | bytes) -> list[sqlite3.Row]:
        return self._rows.execute(query, arguments).fetchall()
