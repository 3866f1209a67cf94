"""The index beside the records, on both databases: after every deed the same numbers, never wrong ones."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from casework.analysis.columns import Block
from casework.domain.person import Consent
from casework.errors import IndexUnusable
from casework.services.accounts.deciding import tell_one
from casework.services.bin import bin_case, restore_case
from casework.services.cases import change_person, get_case
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_same
from casework.services.erasing import erase_case
from casework.services.exploring.asking import ask
from casework.services.incidents import log_incident
from casework.services.index import folding
from casework.services.index.blocks import open_block
from casework.services.index.checking import verify_index
from casework.services.index.facts import Facts, ask_index
from casework.services.index.manifest import Manifest, open_manifest
from casework.services.membership.leaving import revoke_member
from casework.store.cases import Case, Incident
from casework.store.database import db
from casework.store.factindex import FactColumn, FactIndex, find_index, list_columns
from casework.vault.fields import Compartment
from casework.vault.padding import padme
from tests.services.index.test_pages import QUESTIONS, told, without
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.counted import log_many
from tests.support.records import incident_draft

pytestmark = pytest.mark.both_databases

SERVICES = ("spvm", "sq", "tps", "spvm", "unknown", "spvm")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """What `app` runs on."""
    return str(request.param)


@pytest.fixture(autouse=True)
def _fold_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MOST_BEHIND", 0)


def same(founded: Founded, login: str = CASEWORKER) -> int:
    """See that the explorer counts by the index what it does by the records.

    Returns how many of the incidents statistics may count.
    """
    context = founded.context(login)
    with without("indexed", IndexUnusable("none")):
        by_records = [ask(context, question) for question in QUESTIONS]
    with without("facts", AssertionError("records were opened")) if has_blocks(context) else nullcontext():
        assert [told(ask(context, question)) for question in QUESTIONS] == [told(one) for one in by_records]
    return by_records[0].agreed


def has_blocks(context: Context) -> bool:
    """Tell whether this worker knows of blocks to ask."""
    runtime = context.runtime
    return bool(runtime.casebook.indexed(context.keyring, runtime.now_seconds()).manifest.pieces)


def fold(founded: Founded) -> None:
    """Fold, as the background does."""
    assert folding.fold_some(founded.context(CASEWORKER)) is False


def blocks(context: Context) -> list[Block]:
    """Every block, opened."""
    manifest = open_manifest(context.keyring, *find_index())
    return [open_block(context.keyring, piece) for piece in manifest.pieces]


def cases_in(context: Context) -> set[UUID]:
    """The cases that the blocks hold."""
    return {UUID(bytes=one.tobytes()) for block in blocks(context) for one in block["cases"].arrays["id"]}


def test_it_follows_every_deed(founded: Founded) -> None:
    """Folded or not: what is logged, withdrawn, joined, told twice, binned, brought back and erased."""
    context, coordinator = founded.context(CASEWORKER), founded.context(COORDINATOR)
    logged = log_many(context, SERVICES)
    assert same(founded) == len(SERVICES)
    case_ids = [one.case_id for one in logged]

    def withdraw() -> None:
        (someone,) = get_case(context, case_ids[0]).people
        facts = replace(someone.facts, consents={"statistics": Consent("withdrawn")})
        change_person(context, case_ids[0], someone.id, someone.version, facts, someone.identity)

    def version(case_id: UUID) -> int:
        return db.session.get_one(Case, case_id).version

    deeds: list[tuple[Callable[[], object], int]] = [
        (lambda: None, 6),
        (withdraw, 5),
        (lambda: tell_same(context, logged[1].people[0], logged[2].people[0]), 5),
        (lambda: tell_one(context, logged[3].incident_id, logged[4].incident_id), 4),
        (lambda: bin_case(context, case_ids[5], version(case_ids[5])), 3),
        (lambda: restore_case(context, case_ids[5]), 4),
        (lambda: bin_case(context, case_ids[5], version(case_ids[5])), 3),
        (lambda: erase_case(coordinator, case_ids[5]), 3),
        (lambda: log_many(context, ["sq"]), 4),
    ]
    for deed, count in deeds:
        deed()
        assert same(founded) == count
        fold(founded)
        assert same(founded) == count
        assert verify_index(context).is_sound
    assert has_blocks(context)


def test_who_is_erased_leaves_it_at_once(founded: Founded) -> None:
    """In the same transaction, with everything that was said there alone; the others stay."""
    context, coordinator = founded.context(CASEWORKER), founded.context(COORDINATOR)
    logged = log_many(context, ["spvm", "tps", "sq"])
    fold(founded)
    before = set(db.session.scalars(select(FactColumn.id)))
    gone = logged[1].case_id
    bin_case(context, gone, 1)
    assert gone in cases_in(context)
    erase_case(coordinator, gone)
    assert cases_in(context) == {logged[0].case_id, logged[2].case_id}
    said = {
        value for block in blocks(context) for value in block["incidents"].answers["police_service"].values
    }
    assert said == {"spvm", "sq"}
    assert not list_columns(before)
    assert same(founded) == 2


def test_without_keys_all_of_it_goes(founded: Founded) -> None:
    """Whoever deletes and cannot open the index leaves none of it behind."""
    context = founded.context(CASEWORKER)
    log_many(context, ["spvm", "tps"])
    fold(founded)
    db.session.execute(update(FactIndex).values(manifest_sealed=b"planted"))
    db.session.commit()
    case_id = log_many(context, ["sq"])[0].case_id
    bin_case(context, case_id, 1)
    erase_case(founded.context(COORDINATOR), case_id)
    assert find_index()[1] is None and not db.session.scalars(select(FactColumn.id)).all()
    assert same(founded) == 2


def _flip(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes((sealed[-1] ^ 1,))


@pytest.mark.parametrize("where", ["manifest", "column", "gone", "swapped"])
def test_what_is_hurt_is_not_used_and_is_made_anew(founded: Founded, where: str) -> None:
    """Never another number: the records answer, and the next fold mends the index."""
    context = founded.context(ADVOCATE)
    log_many(founded.context(CASEWORKER), SERVICES)
    fold(founded)
    (piece,) = open_manifest(context.keyring, *find_index()).pieces
    hurt, other = piece.columns["incidents.police_service"], piece.columns["incidents.contact_type"]
    column = db.session.get_one(FactColumn, hurt)
    if where == "manifest":
        _version, sealed = find_index()
        db.session.execute(update(FactIndex).values(manifest_sealed=_flip(sealed or b"")))
    elif where == "column":
        column.column_sealed = _flip(column.column_sealed)
    elif where == "gone":
        db.session.delete(column)
    else:
        column.column_sealed = db.session.get_one(FactColumn, other).column_sealed
    db.session.commit()
    context.runtime.casebook.drop_all()
    with pytest.raises(IndexUnusable) as refused:
        ask_index(context, lambda facts: facts.column("incidents", "police_service"))
    assert refused.value.reason == "hurt"
    assert verify_index(context).reason == "hurt"
    folding.rebuild(context)
    assert same(founded) == len(SERVICES)
    assert verify_index(context).is_sound


def test_a_record_taken_out_of_the_database_is_missed(founded: Founded) -> None:
    """By whoever writes to it past casework: the rows are counted, and the index is not used."""
    context = founded.context(ADVOCATE)
    logged = log_many(founded.context(CASEWORKER), SERVICES)
    fold(founded)
    db.session.execute(text("DELETE FROM incident WHERE id = :id"), {"id": _as_stored(logged[0].incident_id)})
    db.session.commit()
    context.runtime.casebook.drop_all()
    with pytest.raises(IndexUnusable) as refused:
        ask_index(context, lambda facts: facts.count("incidents"))
    assert refused.value.reason == "uneven"
    assert verify_index(context).differing == (logged[0].case_id,)


def _as_stored(id_: UUID) -> object:
    return id_.hex if db.engine.dialect.name == "sqlite" else id_


def test_a_record_that_does_not_open_closes_it(founded: Founded) -> None:
    """As it closes every table; the fold notes it, and does not try again until more is written."""
    context = founded.context(CASEWORKER)
    logged = log_many(context, SERVICES)
    row = db.session.get_one(Incident, logged[0].incident_id)
    row.coded_sealed = _flip(row.coded_sealed)
    db.session.commit()
    fold(founded)
    version, sealed = find_index()
    assert open_manifest(context.keyring, version, sealed).is_damaged
    fold(founded)
    assert find_index() == (version, sealed)
    with pytest.raises(IndexUnusable) as refused:
        ask_index(context, lambda facts: facts.count("incidents"))
    assert refused.value.reason == "damaged"


def test_an_older_index_put_back_tells_nothing_older(founded: Founded) -> None:
    """What was written since is read from the records, whatever the index says."""
    context = founded.context(CASEWORKER)
    log_many(context, SERVICES)
    fold(founded)
    version, sealed = find_index()
    columns = list_columns(set(db.session.scalars(select(FactColumn.id))))
    log_many(context, ["tps"])
    fold(founded)
    db.session.execute(update(FactIndex).values(version=version, manifest_sealed=sealed))
    db.session.add_all(FactColumn(id=id_, column_sealed=column) for id_, column in columns.items())
    db.session.commit()
    context.runtime.casebook.drop_all()
    assert same(founded) == len(SERVICES) + 1


def test_who_folds_beside_a_deletion_gives_way(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before somebody was erased is not put in place afterwards."""
    context, coordinator = founded.context(CASEWORKER), founded.context(COORDINATOR)
    logged = log_many(context, ["spvm", "sq"])
    bin_case(context, logged[0].case_id, 1)
    publish = folding._publish

    def erase_first(*arguments: object) -> bool:
        monkeypatch.setattr(folding, "_publish", publish)
        erase_case(coordinator, logged[0].case_id)
        return publish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(folding, "_publish", erase_first)
    assert folding.fold_some(context) is True
    assert find_index()[1] is None
    fold(founded)
    assert cases_in(context) == {logged[1].case_id}


def test_after_a_rotation_it_is_sealed_anew(founded: Founded) -> None:
    """Under the key that who has left does not have."""
    log_many(founded.context(CASEWORKER), SERVICES)
    fold(founded)
    revoke_member(founded.context(), founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id)
    context = founded.context(COLLEAGUE)
    old = open_manifest(context.keyring, *find_index())
    assert folding.fold_some(context) is False
    new = open_manifest(context.keyring, *find_index())
    epoch = context.keyring.write_epoch(Compartment.CODED)
    assert {piece.epoch for piece in old.pieces} == {epoch - 1}
    assert {piece.epoch for piece in new.pieces} == {epoch}
    assert same(founded, COLLEAGUE) == len(SERVICES)


def test_a_save_beside_it_is_seen(founded: Founded) -> None:
    """A worker that has the index in memory knows of the next save; columns folded away are read anew."""
    context = founded.context(CASEWORKER)
    log_many(context, ["spvm"])
    fold(founded)

    def services(facts: Facts) -> list[object]:
        assert facts.count("incidents") == len(facts.column("incidents", "contact_type"))
        return sorted(facts.column("incidents", "police_service").answers(), key=str)

    assert ask_index(context, services) == ["spvm"]
    log_incident(context, incident_draft())
    assert ask_index(context, services) == ["spvm", "unknown"]
    fold(founded)
    assert ask_index(context, lambda facts: len(facts.column("incidents", "raised_by"))) == 2


def test_blocks_are_filled_and_split(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several blocks count as one does; one that nothing changed in stays as it is."""
    monkeypatch.setattr("casework.services.index.blocks.ROWS_A_BLOCK", 4)
    monkeypatch.setattr(folding, "ROWS_A_BLOCK", 4)
    monkeypatch.setattr("casework.services.index.blocks.CASES_AT_ONCE", 2)
    context = founded.context(CASEWORKER)
    log_many(context, SERVICES * 2)
    fold(founded)
    first = open_manifest(context.keyring, *find_index())
    assert [piece.counts["incidents"] for piece in first.pieces] == [4, 4, 4]
    log_many(context, ["sq"])
    fold(founded)
    second = open_manifest(context.keyring, *find_index())
    assert set(first.pieces[0].columns.values()) <= _ids(second) and len(second.pieces) == 4
    assert same(founded) == 13


def test_nothing_of_it_lies_in_plain(founded: Founded) -> None:
    """No answer, no id and no column's name stands in what is stored, and each piece is padded."""
    context = founded.context(CASEWORKER)
    logged = log_many(context, SERVICES)
    fold(founded)
    _version, manifest = find_index()
    stored = [manifest or b"", *list_columns(set(db.session.scalars(select(FactColumn.id)))).values()]
    assert len(stored) > 30
    words = (b"spvm", b"traffic_stop", b"police_service", b"given", logged[0].case_id.bytes)
    assert not [word for word in words for one in stored if word in one or word.hex().encode() in one]
    assert {padme(len(one) - 34) for one in stored} == {len(one) - 34 for one in stored}


def _ids(manifest: Manifest) -> set[UUID]:
    return {id_ for piece in manifest.pieces for id_ in piece.columns.values()}
