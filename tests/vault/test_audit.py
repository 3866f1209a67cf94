"""The audit log shows whatever was changed, removed, reordered or added in it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from casework.errors import Tampered, UnknownKey
from casework.vault import audit
from casework.vault.audit import AuditHead, AuditKey, AuditLink, MacKey
from tests.vault.cast import ANA, AUDIT, BEN, OTHER_ROW, ROW, flipped, keyring

KEY = AuditKey(1, AUDIT.public)
MAC = keyring().audit_mac_key()
MACS = {MAC.epoch: MAC.key}
ROWS = [("incident.coded", ROW, 1, b"one"), ("person.coded", OTHER_ROW, 2, b"two")]


def chain(*macs: MacKey | None) -> list[AuditLink]:
    """Return a chain with one entry per key; None writes one that nobody vouches for."""
    links: list[AuditLink] = []
    for sequence, mac_key in enumerate(macs, start=1):
        previous = links[-1].hash if links else audit.GENESIS_HASH
        rows_hash = audit.hash_rows([("incident.coded", ROW, sequence, b"sealed")])
        made = audit.seal_entry(KEY, mac_key, sequence, previous, b"entry %d" % sequence, rows_hash)
        links.append(AuditLink(sequence, made.sealed, made.mac, rows_hash, made.hash))
    return links


LINKS = chain(MAC, None, MAC, None)


def test_a_chain_is_verified_and_read() -> None:
    """The head is the last entry; the last one under a member's key vouches for all before it."""
    assert audit.verify_chain(LINKS, MACS) == AuditHead(4, LINKS[3].hash, 3)
    previous = audit.GENESIS_HASH
    for link in LINKS:
        assert audit.open_entry(AUDIT, previous, link) == b"entry %d" % link.sequence
        assert audit.audit_epoch(link.sealed) == 1
        previous = link.hash


def test_a_chain_is_verified_in_parts() -> None:
    """From a head onwards, as from the beginning."""
    head = audit.verify_chain(LINKS[:2], MACS)
    assert audit.verify_chain(LINKS[2:], MACS, head) == audit.verify_chain(LINKS, MACS)


def rehashed(link: AuditLink, previous: bytes = audit.GENESIS_HASH) -> AuditLink:
    """Return the link with the hash that fits what it says, as a forger would write it."""
    made = audit.entry_hash(link.sequence, previous, link.sealed, link.mac, link.rows_hash)
    return replace(link, hash=made)


MAC_CHANGED = flipped(LINKS[0].mac or b"", 40)


TAMPERED: dict[str, Callable[[list[AuditLink]], list[AuditLink]]] = {
    "removed first": lambda links: links[1:],
    "removed middle": lambda links: [links[0], *links[2:]],
    "removed and renumbered": lambda links: [links[0], replace(links[2], sequence=2)],
    "reordered": lambda links: [links[0], links[2], links[1]],
    "repeated": lambda links: [links[0], links[0]],
    "body changed": lambda links: [replace(links[0], sealed=flipped(links[0].sealed, 99))],
    "rows changed": lambda links: [replace(links[0], rows_hash=bytes(32))],
    "hash changed": lambda links: [replace(links[0], hash=flipped(links[0].hash, 3))],
    "mac dropped": lambda links: [replace(links[0], mac=None)],
    "mac changed": lambda links: [rehashed(replace(links[0], mac=MAC_CHANGED))],
    "mac emptied": lambda links: [rehashed(replace(links[0], mac=b""))],
    "mac cut": lambda links: [rehashed(replace(links[0], mac=b"\0\0\0\1"))],
    "changed and rehashed": lambda links: [rehashed(replace(links[0], sealed=links[1].sealed))],
    "rows changed and rehashed": lambda links: [rehashed(replace(links[0], rows_hash=bytes(32)))],
    "keyless one rewritten under a later mac": lambda links: [
        links[0],
        (forged := rehashed(replace(links[1], sealed=links[0].sealed), links[0].hash)),
        rehashed(links[2], forged.hash),
    ],
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_tampering_shows(tamper: Callable[[list[AuditLink]], list[AuditLink]]) -> None:
    """Whatever is done to the stored log, verifying it fails."""
    with pytest.raises(Tampered):
        audit.verify_chain(tamper(LINKS), MACS)


def test_a_gap_shows_however_it_is_hashed() -> None:
    """An entry that leaves out a number is refused, even sealed and hashed as its number wants."""
    rows_hash = audit.hash_rows([])
    made = audit.seal_entry(KEY, MAC, 3, LINKS[0].hash, b"entry 3", rows_hash)
    with pytest.raises(Tampered, match="missing"):
        audit.verify_chain([LINKS[0], AuditLink(3, made.sealed, made.mac, rows_hash, made.hash)], MACS)


def test_stripped_macs_show_in_how_far_members_vouch() -> None:
    """Whoever strips the MACs and hashes anew is vouched for by nobody."""
    first = rehashed(replace(LINKS[0], mac=None))
    assert audit.verify_chain([first], MACS) == AuditHead(1, first.hash, 0)


def test_a_log_cut_short_shows_against_an_anchor() -> None:
    """The chain alone cannot know its end: an anchor does."""
    anchor = (4, LINKS[3].hash)
    assert audit.verify_chain(LINKS, MACS, anchor=anchor).sequence == 4
    assert audit.verify_chain(LINKS[:3], MACS).sequence == 3
    for links, wanted in ((LINKS[:3], anchor), (LINKS, (4, bytes(32))), ([], anchor)):
        with pytest.raises(Tampered, match="seen before"):
            audit.verify_chain(links, MACS, anchor=wanted)
    head = audit.verify_chain(LINKS, MACS)
    assert audit.verify_chain([], MACS, head, anchor) == head


def test_a_mac_of_an_unknown_epoch_is_an_unknown_key() -> None:
    """Who lacks an epoch of `shared` is told so, not that all is well."""
    with pytest.raises(UnknownKey):
        audit.verify_chain(LINKS, {})


def test_a_mac_under_another_key_is_refused() -> None:
    """Somebody without the key of `shared` cannot write in a member's name."""
    with pytest.raises(Tampered, match="no member"):
        audit.verify_chain(chain(MacKey(1, bytes(32))), MACS)


def test_an_entry_opens_in_its_place_only() -> None:
    """Another key, sequence, past, rows or epoch."""
    first, second = LINKS[:2]
    for secret, previous, link in (
        (ANA, audit.GENESIS_HASH, first),
        (AUDIT, second.hash, first),
        (AUDIT, audit.GENESIS_HASH, replace(first, sequence=2)),
        (AUDIT, audit.GENESIS_HASH, replace(first, sequence=-1)),
        (AUDIT, audit.GENESIS_HASH, replace(first, rows_hash=bytes(32))),
        (AUDIT, audit.GENESIS_HASH, replace(first, sealed=first.sealed[:5] + b"\2" + first.sealed[6:])),
        (AUDIT, audit.GENESIS_HASH, replace(first, sealed=b"\2" + first.sealed[1:])),
        (AUDIT, audit.GENESIS_HASH, replace(first, sealed=first.sealed[:-1])),
        (AUDIT, audit.GENESIS_HASH, replace(first, sealed=b"")),
    ):
        with pytest.raises(Tampered):
            audit.open_entry(secret, previous, link)


def test_writers_cannot_read() -> None:
    """The audit key is public: everybody writes, and only its secret reads."""
    with pytest.raises(Tampered):
        audit.open_entry(BEN, audit.GENESIS_HASH, LINKS[0])


def test_rows_are_checked() -> None:
    """Row, column, version and content count, their order does not."""
    link = AuditLink(1, b"", None, audit.hash_rows(ROWS), b"")
    audit.check_rows(link, ROWS[::-1])
    name, row, version, sealed = ROWS[0]
    for changed in (
        [],
        ROWS[:1],
        [*ROWS, ROWS[0]],
        [("person.coded", row, version, sealed), ROWS[1]],
        [(name, OTHER_ROW, version, sealed), ROWS[1]],
        [(name, row, 2, sealed), ROWS[1]],
        [(name, row, version, b""), ROWS[1]],
    ):
        with pytest.raises(Tampered):
            audit.check_rows(link, changed)


def test_entries_of_one_size_hide_what_happened() -> None:
    """Short entries are sealed to the same length."""
    sizes = {
        len(audit.seal_entry(KEY, None, 1, audit.GENESIS_HASH, bytes(length), bytes(32)).sealed)
        for length in (0, 100, 1000)
    }
    assert sizes == {6 + 1138 + 1024}
