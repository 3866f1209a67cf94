"""Every sealed document of a database that a reader may open."""

from collections.abc import Iterator
from pathlib import Path

from tests.vault.reader.audit import Chain, Link, read_body
from tests.vault.reader.casekeys import CaseKeys, open_case_keys, open_record, read_named
from tests.vault.reader.conventions import Document, derive, read_with_schema
from tests.vault.reader.envelope import FIELDS, open_own
from tests.vault.reader.holder import Holder
from tests.vault.reader.recovery import open_draft, read_draft
from tests.vault.reader.refusals import require
from tests.vault.reader.rosterform import NOBODY
from tests.vault.reader.rows import Explained
from tests.vault.reader.seals import Secret
from tests.vault.reader.tables import Tables, to_id

# §4: where the fields under a compartment lie: field, table, prefix of its columns.
PLACES = (
    ("organization.profile", "organization", "profile"),
    ("organization.recovery", "organization", "recovery"),
    ("organization.retention", "organization", "retention"),
    ("organization.log", "organization", "log"),
    ("erasure.receipt", "erasure", "receipt"),
    ("member.profile", "member", "profile"),
    ("pattern.definition", "pattern", "definition"),
    ("invitation.details", "invitation", "details"),
    ("case.coded", "case", "coded"),
    ("person.coded", "person", "coded"),
    ("incident.coded", "incident", "coded"),
    ("follow_up.coded", "follow_up", "coded"),
    ("own_term.definition", "own_term", "definition"),
    ("import.batch", "import_batch", "batch"),
    ("import.mapping", "import_mapping", "mapping"),
    ("saved_view.shared", "saved_view", "shared"),
    ("release.content", "release", "content"),
    ("published_story.content", "published_story", "content"),
    ("official_count.count", "official_count", "count"),
    ("access_request.request", "access_request", "request"),
    ("policy_event.event", "policy_event", "event"),
    ("dismissal.content", "dismissal", "content"),
    ("ledger_entry.entry", "ledger_entry", "entry"),
    ("index.manifest", "fact_index", "manifest"),
)
OF_CASES = (
    ("case.named", "identity", "case", "id", "named"),
    ("person.identity", "identity", "person", "case_id", "identity"),
    ("incident.narrative", "narrative", "incident", "case_id", "narrative"),
    ("follow_up.narrative", "narrative", "follow_up", "case_id", "narrative"),
    ("attachment.narrative", "narrative", "attachment", "case_id", "narrative"),
    ("revision.identity", "identity", "revision", "case_id", "identity"),
    ("revision.narrative", "narrative", "revision", "case_id", "narrative"),
    ("story.narrative", "narrative", "story", "case_id", "narrative"),
)
Opened = tuple[str, str, Document]
"""Field, id of its row in hex, document."""


class Database:
    """A database file, read with what a holder has."""

    def __init__(self, file: Path, holder: Holder) -> None:
        """Open the file."""
        self._tables, self._holder = Tables(file), holder

    def close(self) -> None:
        """Let the file go."""
        self._tables.close()

    def documents(self) -> Iterator[Opened]:
        """Yield what lies under compartments, cases and the reader's own key."""
        held = {compartment for compartment, _ in self._holder.epochs.keys}
        for field, table, column in PLACES:
            if FIELDS[field].compartment in held:
                yield from self._under_compartment(field, table, column)
        for case in self._tables.rows("case"):
            yield from self._of_case(case)
        yield from self._own()
        yield from self._drafts()

    def _under_compartment(self, field: str, table: str, column: str) -> Iterator[Opened]:
        for row in self._tables.rows(table):
            sealed = row[f"{column}_sealed"]
            if sealed is not None:
                version: int = row[f"{column}_version" if f"{column}_version" in row else "version"]
                row_id = row["case_id"] if table == "erasure" else row["id"]
                plain = self._holder.epochs.open(field, to_id(row_id), version, sealed)
                yield field, row_id, read_with_schema(plain)

    def case_keys(self, case: Document) -> CaseKeys:
        """Return the keys of a case that the holder may open."""
        return open_case_keys(self._holder, self._tables, case)

    def _of_case(self, case: Document) -> Iterator[Opened]:
        keys = self.case_keys(case)
        held = {compartment for compartment, _ in keys}
        for field, compartment, table, link, column in OF_CASES:
            for row in self._tables.find(table, **{link: case["id"]}):
                if compartment not in held or row[f"{column}_sealed"] is None:
                    continue
                version, sealed = row[f"{column}_version"], row[f"{column}_sealed"]
                plain = open_record(keys, (field, compartment), to_id(row["id"]), version, sealed)
                if field == "case.named":
                    team = self._tables.find("case_access", case_id=case["id"])
                    require(read_named(plain)[0].keys() == {to_id(one["member_id"]) for one in team}, "named")
                yield field, row["id"], read_with_schema(plain)

    def _own(self) -> Iterator[Opened]:
        for row in self._tables.find("member", id=self._holder.id.hex()):
            for column in ("second_factor", "anchor"):
                if (sealed := row[f"{column}_sealed"]) is not None:
                    place = (f"member.{column}", self._holder.id, row[f"{column}_version"])
                    plain = open_own(self._holder.secret.seed, *place, sealed)
                    yield place[0], row["id"], read_with_schema(plain)

    def _drafts(self) -> Iterator[Opened]:
        is_recovery = self._holder.id == NOBODY
        for row in self._tables.rows("draft"):
            mine = row["member_id"] == self._holder.id.hex()
            if mine or (is_recovery and row["recovery_number"] == self._holder.roster.recovery_number):
                place = (int(is_recovery), to_id(row["id"]), row["version"])
                plain = open_draft(self._holder.secret, *place, row["content_sealed"])
                yield "draft.content", row["id"], read_draft(plain, to_id(row["member_id"]))

    def audit(self) -> tuple[Chain, list[Document]]:
        """Return the chain and its bodies, verified entry by entry and row by row."""
        keys = self._holder.epochs.keys
        mac_keys = {
            epoch: derive(key, "casework v1 audit mac")
            for (name, epoch), key in keys.items()
            if name == "shared"
        }
        secrets = {epoch: Secret(key) for (name, epoch), key in keys.items() if name == "audit"}
        expired = self._expired()
        chain, explained = Chain(mac_keys, secrets, *expired), Explained(is_whole=not expired)
        bodies: list[Document] = []
        for row in self._tables.rows("audit_entry", "sequence"):
            link = Link(row["sequence"], row["entry_sealed"], row["mac"], row["rows_hash"], row["hash"])
            body, rows = read_body(chain.read(link), link.rows_hash)
            explained.take(body["event"], link.mac is not None, rows or [])
            bodies.append(body)
        (head,) = self._tables.rows("write_head")
        require(
            (head["audit_sequence"], head["audit_hash"]) == (chain.sequence, chain.hash), "end of the log"
        )
        explained.check(self._tables)
        require(not expired or any(_confirms(body, *expired) for body in bodies), "beginning")
        return chain, bodies

    def _expired(self) -> tuple[int, bytes] | tuple[()]:
        for _, _, document in self._under_compartment("organization.log", "organization", "log"):
            if document["expired_through"]:
                return document["expired_through"], bytes.fromhex(document["expired_hash"])
        return ()


def _confirms(body: Document, through: int, hashed: bytes) -> bool:
    said = body["fields"]
    return body["event"] == "audit.expired" and (said["through"], said["hash"]) == (through, hashed.hex())
