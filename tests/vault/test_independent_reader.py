"""A reader written from docs/vault-format.md alone opens what casework writes, and refuses what it must."""

import ast
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.application import (
    ADVOCATE,
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    ORGANIZATION,
    PENDING,
    Template,
)
from tests.vault.reader import attachments, conventions, files, people, recovery, refusals, secondfactor
from tests.vault.reader.database import Database
from tests.vault.reader.envelope import FIELDS, open_own
from tests.vault.reader.holder import Holder, gather, sign_in
from tests.vault.reader.seals import Secret
from tests.vault.reader.tables import Tables
from tests.vault.reader.vectors import READERS
from tests.vault.story import CLOSED, DRAFTED, EMAIL, LATER, OPEN, TO_DO, Story, tell

VECTORS = Path(__file__).parents[1] / "vectors"
QUORUM = "a quorum"
SHARED = {
    "organization.profile",
    "organization.recovery",
    "organization.retention",
    "erasure.receipt",
    "member.profile",
    "pattern.definition",
    "invitation.details",
    "import.mapping",
    "saved_view.shared",
    "release.content",
    "published_story.content",
    "official_count.count",
    "access_request.request",
    "policy_event.event",
}
CODED = {
    "case.coded",
    "person.coded",
    "incident.coded",
    "follow_up.coded",
    "import.batch",
    "ledger_entry.entry",
}
CODED |= {"own_term.definition", "index.manifest", "dismissal.content"}
TEXTS = {
    "person.identity",
    "incident.narrative",
    "follow_up.narrative",
    "attachment.narrative",
    "story.narrative",
    "revision.identity",
    "revision.narrative",
}
# How many of the restricted case's, of which most have one.
CLOSED_ROWS = {"attachment.narrative": 0, "story.narrative": 0, "revision.narrative": 2}
# Of a case: a volatile row, a cookie, a URL, or nothing yet; opened by vectors alone. The wraps, the pin and
# the seed are no documents: opening the others needs them; nor are the index's columns, copies of the others.
ELSEWHERE = {"session.seed", "session.pin", "session.device", "search.text", "ceremony.state"}
ELSEWHERE |= {"upload.state", "upload.piece", "bundle.state", "saved_view.own"}
NO_DOCUMENT = {"case.key.identity", "case.key.narrative", "member.pin", "passphrase.seed", "index.column"}
Documents = dict[str, dict[str, Any]]


def cases(kind: str) -> list[Any]:
    """Return every vector of a kind, of all files, under its name."""
    loaded = {name: json.loads((VECTORS / f"{name}.json").read_text("utf-8")) for name in sorted(READERS)}
    return [
        pytest.param(name, case, id=f"{name}: {case['name']}")
        for name in loaded
        for case in loaded[name][kind]
    ]


@pytest.mark.parametrize(("name", "case"), cases("accept"))
def test_the_reader_accepts(name: str, case: dict[str, Any]) -> None:
    """What the vectors give is read as they say."""
    assert READERS[name](case["given"]) == case["result"]


@pytest.mark.parametrize(("name", "case"), cases("reject"))
def test_the_reader_refuses(name: str, case: dict[str, Any]) -> None:
    """What the vectors refuse is refused, by the error that they name."""
    with pytest.raises(refusals.Refused) as refused:
        READERS[name](case["given"])
    assert type(refused.value).__name__ == case["error"]


def test_the_reader_knows_every_vector() -> None:
    """No file is left out."""
    assert sorted(path.stem for path in VECTORS.glob("*.json")) == sorted(READERS)


def test_the_reader_imports_nothing_of_casework() -> None:
    """It stands on the standard library, the primitives and itself."""
    allowed = {"cryptography", "pyrage", "shamir_mnemonic", "sqlite3", "tarfile", "tests.vault.reader"}
    allowed |= {
        "ast",
        "base64",
        "binascii",
        "collections",
        "dataclasses",
        "datetime",
        "hashlib",
        "hmac",
        "io",
    }
    allowed |= {"json", "pathlib", "re", "typing", "unicodedata"}
    for file in (Path(__file__).parent / "reader").glob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                imported.add(node.module or "")
        named = {name if name.startswith("tests.") else name.partition(".")[0] for name in imported}
        assert all(name in allowed or name.startswith("tests.vault.reader.") for name in named), file.name


@pytest.fixture(scope="module")
def story(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory, bytecode_folder: Path
) -> Iterator[Story]:
    """The database that is read."""
    with tell(sqlite_template, tmp_path_factory.mktemp("story") / "instance", bytecode_folder) as told:
        yield told


def holder(story: Story, who: str) -> Holder:
    """Let somebody in."""
    if who == QUORUM:
        return gather(story.file, list(story.shares[1:4]))
    return sign_in(story.file, story.halves, who, story.words[who])


@pytest.fixture(scope="module")
def opened(story: Story) -> Callable[[str], Documents]:
    """What each reader opens, by field and row; read once."""
    read: dict[str, Documents] = {}

    def documents(who: str) -> Documents:
        if who not in read:
            read[who] = {}
            with closing(Database(story.file, holder(story, who))) as database:
                for field, row, document in database.documents():
                    read[who].setdefault(field, {})[row] = document
        return read[who]

    return documents


@pytest.mark.parametrize(
    ("who", "fields"),
    [
        (COORDINATOR, SHARED | CODED | TEXTS | {"draft.content", "member.anchor"}),
        (CASEWORKER, SHARED | CODED | TEXTS),
        (COLLEAGUE, SHARED | CODED | TEXTS | {"case.named", "member.second_factor"}),
        (ADVOCATE, SHARED | CODED),
        (QUORUM, SHARED | CODED | TEXTS | {"case.named", "draft.content"}),
    ],
)
def test_each_opens_their_own(
    story: Story, opened: Callable[[str], Documents], who: str, fields: set[str]
) -> None:
    """Every row that a role grants, and of the restricted case only who is named, and a quorum."""
    documents, rows = opened(who), _count_rows(story)
    named = who in (COLLEAGUE, QUORUM)
    assert documents.keys() == fields
    for field in fields & (CODED | {"pattern.definition", "invitation.details"}):
        elsewhere = {"import.batch": "import_batch", "index.manifest": "fact_index"}
        table = elsewhere.get(field, field.partition(".")[0])
        assert len(documents[field]) == rows[table]
    for field in fields & TEXTS:
        closed = 0 if named else CLOSED_ROWS.get(field, 1)
        assert len(documents[field]) == _count_sealed(story, field) - closed


def _count_sealed(story: Story, field: str) -> int:
    table, _, part = field.partition(".")
    with closing(Tables(story.file)) as tables:
        return sum(row[f"{part}_sealed"] is not None for row in tables.rows(table))


def _count_rows(story: Story) -> dict[str, int]:
    with closing(Tables(story.file)) as tables:
        return {name: len(tables.rows(name)) for name in tables.names}


def test_no_field_is_forgotten(opened: Callable[[str], Documents]) -> None:
    """Together they open every field of the document but those that lie in no lasting table."""
    read = {field for who in (COORDINATOR, COLLEAGUE, QUORUM) for field in opened(who)}
    assert read | ELSEWHERE | NO_DOCUMENT | {"invitation", "organization.log"} == FIELDS.keys()


def test_what_was_entered_is_read(story: Story, opened: Callable[[str], Documents]) -> None:
    """Names, texts, answers and references, each from the row that it was entered for."""
    documents = opened(QUORUM)
    (profile,) = documents["organization.profile"].values()
    assert profile == {"schema": 1, "name": ORGANIZATION, "languages": ["en", "fr"], "default_language": "en"}
    (shares,) = documents["organization.recovery"].values()
    assert (shares["threshold"], shares["shares"], shares["made_by"]) == (3, 5, story.hex(COORDINATOR))
    for login in (COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE, PENDING):
        expected = {"schema": 1, "display_name": login.title(), "language": "en"}
        assert documents["member.profile"][story.hex(login)] == expected
    assert "Kahnawà:ke" in {term["label_en"] for term in documents["own_term.definition"].values()}
    assert "Corner stops" in {pattern["name_en"] for pattern in documents["pattern.definition"].values()}
    assert "Nobody asked" in {event["name_en"] for event in documents["policy_event.event"].values()}
    noor = {"schema": 1, "display_name": "Noor", "language": "fr", "roles": ["advocate"]}
    assert noor in documents["invitation.details"].values()
    (rules,), (receipt,) = documents["organization.retention"].values(), documents["erasure.receipt"].items()
    assert (rules["months"], receipt[0]) == (24, story.erased.case_id.hex)
    assert receipt[1]["erased_by"] == story.hex(COORDINATOR)
    (draft,) = documents["draft.content"].values()
    form = {"path": "/incidents/new", "fields": {"text": [DRAFTED]}}
    assert draft == {"schema": 2, **form, "writer": story.hex(COORDINATOR)}


def test_the_texts_of_cases_are_read(story: Story, opened: Callable[[str], Documents]) -> None:
    """Old ones, one under the keys after a rotation, and a restricted one."""
    documents = opened(QUORUM)
    told = ((story.open_case, OPEN, CASEWORKER), (story.restricted, CLOSED, COLLEAGUE))
    for logged, text, owner in (*told, (story.later, LATER, COORDINATOR)):
        case = documents["case.coded"][logged.case_id.hex]
        assert (case["reference"], case["opened_by"]) == (logged.reference, story.hex(owner))
        narrative = documents["incident.narrative"][logged.incident_id.hex]
        assert (narrative["text"], narrative["exact_place"]) == (text, "rue Jarry, near the park")
        incident = documents["incident.coded"][logged.incident_id.hex]
        assert (incident["contact_type"], incident["date"]) == ("traffic_stop", "2026-05")
        (person,) = [one["person"] for one in incident["participations"]]
        identity = documents["person.identity"][person]
        name = "Abel Quiet" if text == CLOSED else "Teodor Vulcan"
        assert (identity["name"], identity["phone"]) == (name, "514 555 0132")
        assert documents["person.coded"][person]["consents"]["statistics"]["answer"] == "given"


def test_follow_ups_are_read(story: Story, opened: Callable[[str], Documents]) -> None:
    """The dates of a task, and what it says: in an open case, and in a restricted one."""
    documents = opened(QUORUM)
    for follow_up, owner in zip(story.follow_ups, (CASEWORKER, COLLEAGUE), strict=True):
        facts, texts = documents["follow_up.coded"][follow_up.hex], documents["follow_up.narrative"]
        assert (facts["kind"], facts["due"], facts["added_by"]) == (
            "task",
            "2026-11-26T14:05",
            story.hex(owner),
        )
        assert texts[follow_up.hex] == {"schema": 1, "title": TO_DO, "words": "", "rule": "s. 57"}


def test_a_file_of_a_case_is_read(story: Story, opened: Callable[[str], Documents]) -> None:
    """Every copy, from beside the database and from the backup, by what its document says."""
    document = opened(CASEWORKER)["attachment.narrative"][story.attached.hex]
    assert (document["name"], document["uncleaned"]) == ("corner.jpg", "")
    assert document["copies"].keys() == {"original", "cleaned", "preview"}
    secret = Secret(recovery.combine(list(story.shares[1:4])))
    _manifest, held = files.read_archive(files.open_age(secret, story.backup))
    for copy, said in document["copies"].items():
        place = attachments.Place(story.attached.bytes, copy, said["bytes"])
        sealed = story.files[f"{story.attached.hex}.{copy}"]
        content = attachments.open_file(conventions.from_base64url(said["key"]), place, sealed)
        assert hashlib.sha256(content).hexdigest() == said["sha256"]
        assert held[f"{story.attached.hex}.{copy}"] == sealed


def test_changes_are_read(story: Story, opened: Callable[[str], Documents]) -> None:
    """Who changed a person, and what it was: in an open case, and in a restricted one."""
    documents = opened(QUORUM)
    told = documents["revision.narrative"]
    emails = {key: one["changes"] for key, one in documents["revision.identity"].items()}
    assert sorted(told[key]["by"] for key in emails) == sorted(map(story.hex, (CASEWORKER, COLLEAGUE)))
    for key, changes in emails.items():
        assert changes == {"email": {"old": "", "new": EMAIL}}
        assert (told[key]["record"], told[key]["changes"]) == ("person", {})


def test_they_agree(opened: Callable[[str], Documents]) -> None:
    """Whoever opens a document reads the same in it."""
    for who in (COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE):
        for field, rows in opened(who).items():
            if not field.startswith("member.") or field == "member.profile":
                assert rows.items() <= opened(QUORUM)[field].items()


def test_the_named_of_a_restricted_case(story: Story, opened: Callable[[str], Documents]) -> None:
    """The one who is named, by their key's digest, and recovery's key of now."""
    (named,) = opened(COLLEAGUE)["case.named"].values()
    roster = holder(story, COLLEAGUE).roster
    assert named["named"].keys() == {story.hex(COLLEAGUE)}
    assert named["recovery"] == _digest(roster.recovery)


def _digest(public: bytes) -> str:
    framed = b"casework v1 member fingerprint\0" + len(public).to_bytes(4, "big") + public
    return hashlib.sha256(framed).hexdigest()


def test_the_second_factor_is_read(story: Story, opened: Callable[[str], Documents]) -> None:
    """Its codes are those of the member's app."""
    holding, row = holder(story, COLLEAGUE), story.hex(COLLEAGUE)
    with closing(Tables(story.file)) as tables:
        (member,) = tables.find("member", id=row)
    place = ("member.second_factor", holding.id, member["second_factor_version"])
    plain = open_own(holding.secret.seed, *place, member["second_factor_sealed"])
    factor = secondfactor.read_second_factor(plain)
    assert factor.encode() == plain
    assert factor.check(story.device.code(1_800_000_000), 1_800_000_000).last_step == 60_000_000


def test_the_roster_tells_the_whole_story(story: Story) -> None:
    """Who left is revoked, who came back is active under a new key, and every compartment has its epochs."""
    roster = holder(story, QUORUM).roster
    status = {member.hex(): standing.status for member, standing in roster.members.items()}
    active = {story.hex(login): "active" for login in (COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE)}
    assert status == active | {story.hex(PENDING): "revoked"}
    assert roster.newest == {"audit": 2, "coded": 4, "identity": 4, "narrative": 4, "shared": 4}
    assert roster.recovery_number > 1


@pytest.mark.parametrize("who", [COORDINATOR, QUORUM])
def test_the_audit_log_is_verified(story: Story, who: str) -> None:
    """Entry by entry, macs and rows too, to the end that the database names."""
    with closing(Database(story.file, holder(story, who))) as database:
        chain, bodies = database.audit()
    events = [body["event"] for body in bodies]
    assert chain.sequence == len(bodies) == chain.vouched + 1  # the backup was written without keys
    assert {"organization.founded", "member.revoked", "release.approved"} - set(events) == set()
    assert events[-1] == "backup.written"
    assert [body["member"] for body in bodies if body["event"] == "draft.kept"] == [story.hex(COORDINATOR)]
    chain.check_anchor(chain.sequence, chain.hash)
    with pytest.raises(refusals.Tampered):
        chain.check_anchor(chain.sequence, bytes(32))


def test_a_log_that_has_expired_is_verified_from_its_beginning(story: Story) -> None:
    """The record says where that is, an entry confirms it, and an anchor lies in what was there."""
    who = sign_in(story.after, story.halves, COORDINATOR, story.words[COORDINATOR])
    with closing(Database(story.after, who)) as database:
        chain, bodies = database.audit()
        documents = {field: document for field, _, document in database.documents()}
    assert documents["organization.log"]["expired_through"] == chain.sequence - len(bodies) > 0
    with closing(Database(story.file, holder(story, COORDINATOR))) as database:
        chain, _ = database.audit()
    anchor = documents["member.anchor"]
    chain.check_anchor(anchor["sequence"], bytes.fromhex(anchor["hash"]))


def test_a_changed_row_is_found(story: Story, tmp_path: Path) -> None:
    """A plain column changed, a row removed: the entries do not explain it."""
    changes = ['UPDATE "case" SET team_only = 1', "DELETE FROM pattern", "UPDATE member SET version = 9"]
    for number, statement in enumerate(changes):
        file = _changed(story, tmp_path / f"{number}.sqlite", statement)
        who = sign_in(file, story.halves, COORDINATOR, story.words[COORDINATOR])
        with closing(Database(file, who)) as database, pytest.raises(refusals.Tampered):
            database.audit()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO case_key SELECT case_id, compartment, generation, key_sealed FROM case_key_seal LIMIT 1",
        "INSERT INTO case_key_seal SELECT case_id, compartment, generation + 1, recipient_id, key_sealed"
        " FROM case_key_seal LIMIT 1",
        "UPDATE case_key_seal SET compartment = 'shared' WHERE compartment = 'identity'",
        "DELETE FROM case_access WHERE case_id = (SELECT case_id FROM case_key_seal)",
        "UPDATE case_key SET generation = generation + 1",
        "UPDATE person SET identity_version = identity_version + 1",
        "UPDATE incident SET coded_sealed = narrative_sealed",
        "UPDATE pattern SET definition_sealed = (SELECT definition_sealed FROM pattern LIMIT 1)",
        "UPDATE member SET second_factor_version = 7 WHERE second_factor_sealed IS NOT NULL",
        "UPDATE erasure SET receipt_sealed = zeroblob(290)",
    ],
)
def test_what_was_moved_or_planted_is_refused(story: Story, tmp_path: Path, statement: str) -> None:
    """A second key of a restricted case, somebody named besides, a version, another row's document."""
    file = _changed(story, tmp_path / "changed.sqlite", statement)
    who = sign_in(file, story.halves, COLLEAGUE, story.words[COLLEAGUE])
    with closing(Database(file, who)) as database, pytest.raises(refusals.Refused):
        list(database.documents())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM roster_entry WHERE number > 3",
        "UPDATE roster_entry SET signature = (SELECT signature FROM roster_entry LIMIT 1) WHERE number = 2",
        "UPDATE epoch_seal SET key_sealed = (SELECT key_sealed FROM epoch_seal LIMIT 1)",
        "DELETE FROM epoch_seal WHERE compartment = 'narrative'",
        "UPDATE member SET pin_version = pin_version + 1",
        "UPDATE member SET seed_version = seed_version + 1",
    ],
)
def test_a_changed_way_in_is_refused(story: Story, tmp_path: Path, statement: str) -> None:
    """The roster cut or forged, epoch keys moved or gone, versions raised."""
    file = _changed(story, tmp_path / "changed.sqlite", statement)
    with pytest.raises(refusals.Refused):
        sign_in(file, story.halves, CASEWORKER, story.words[CASEWORKER])


def _changed(story: Story, file: Path, statement: str, *values: Any) -> Path:
    shutil.copy(story.file, file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute(statement, values).rowcount > 0
        connection.commit()
    return file


def test_who_has_left_opens_nothing(story: Story, tmp_path: Path) -> None:
    """Not with the passphrase that opened everything before, nor with the old row put back."""
    assert sign_in(story.before, story.halves, PENDING, story.words[PENDING]).epochs.keys
    with pytest.raises(refusals.Refused):
        sign_in(story.file, story.halves, PENDING, story.words[PENDING])
    with closing(Tables(story.before)) as tables:
        (row,) = tables.find("member", id=story.hex(PENDING))
    columns = ("seed_sealed", "seed_version", "pin_sealed", "pin_version")
    names = ", ".join(f"{name} = ?" for name in columns)
    values = [row[name] for name in columns]
    statement = f"UPDATE member SET {names} WHERE id = ?"  # noqa: S608 - names of columns
    file = _changed(story, tmp_path / "put-back.sqlite", statement, *values, row["id"])
    with pytest.raises(refusals.Tampered, match="no member"):
        sign_in(file, story.halves, PENDING, story.words[PENDING])


def test_what_was_written_since_is_closed_to_old_keys(story: Story) -> None:
    """Every key that the one who left had, and the case that was logged after."""
    old = sign_in(story.before, story.halves, PENDING, story.words[PENDING])
    with closing(Database(story.file, old)) as database, closing(Tables(story.file)) as tables:
        (case,) = tables.find("case", id=story.later.case_id.hex)
        assert database.case_keys(case) == {}
        with pytest.raises(refusals.UnknownKey):
            old.epochs.open(
                "case.coded", bytes.fromhex(case["id"]), case["coded_version"], case["coded_sealed"]
            )


@pytest.mark.parametrize(
    ("halves", "login", "words", "error"),
    [
        (slice(0, 1), COORDINATOR, COORDINATOR, refusals.UnknownKey),
        (slice(None, None, -1), COORDINATOR, COORDINATOR, refusals.UnknownKey),
        (slice(None), "nobody", COORDINATOR, refusals.WrongPassphrase),
        (slice(None), COORDINATOR, COLLEAGUE, refusals.WrongPassphrase),
    ],
)
def test_who_is_not_let_in(
    story: Story, halves: slice, login: str, words: str, error: type[refusals.Refused]
) -> None:
    """Half a host key, another one, another name, another's passphrase."""
    given = (*story.halves[halves], b"")[:2]
    with pytest.raises(error):
        sign_in(story.file, given, login, story.words[words])


@pytest.mark.parametrize("take", [slice(0, 2), slice(0, 0)])
def test_too_few_shares_open_nothing(story: Story, take: slice) -> None:
    """Below the quorum."""
    with pytest.raises(refusals.Tampered):
        gather(story.file, list(story.shares[take]))


def test_the_shares_before_open_nothing_of_now(story: Story) -> None:
    """They opened the database of before the new split, and are refused by the roster since."""
    assert gather(story.before, list(story.old_shares[:2])).epochs.keys
    with pytest.raises(refusals.Tampered, match="another recovery key"):
        gather(story.file, list(story.old_shares[:2]))


def test_a_backup_and_its_ledger_are_read(story: Story, tmp_path: Path) -> None:
    """By the quorum: the database in it is whole, and the roster is the one of now."""
    secret = Secret(recovery.combine(list(story.shares[:3])))
    manifest, database = files.read_backup(secret, story.backup)
    (tmp_path / "restored.sqlite").write_bytes(database)
    restored = gather(tmp_path / "restored.sqlite", list(story.shares[:3]))
    now = holder(story, QUORUM)
    _, roster = files.read_ledger(secret, story.ledger)
    assert restored.roster.pin == roster.pin == now.roster.pin
    assert manifest["roster"]["number"] == roster.number
    with closing(Database(tmp_path / "restored.sqlite", restored)) as read:
        chain, _ = read.audit()
    assert manifest["audit"]["sequence"] == chain.sequence
    with pytest.raises(refusals.UnknownKey):
        files.read_backup(Secret(recovery.combine(list(story.old_shares[:2]))), story.backup)


def test_an_invitation_opens_with_its_link(story: Story) -> None:
    """The token in the link finds the row and opens its text; the pin is the roster's of then."""
    token, pin = people.read_link(story.link.rpartition("/")[2].rpartition("#")[2])
    with closing(Tables(story.file)) as tables:
        (row,) = tables.find("invitation", token_hash=people.token_name(token))
    message = json.loads(open_own(token, "invitation", bytes.fromhex(row["id"]), 1, row["message_sealed"]))
    assert ORGANIZATION in message.values()
    assert pin == holder(story, QUORUM).roster.pin
