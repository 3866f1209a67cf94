"""Vectors of plain encodings: derivations, padding, documents, base64url, passphrases as text, shares."""

from typing import Any

from shamir_mnemonic import generate_mnemonics

from casework.vault import documents, encoding, labels, passphrase, recovery
from casework.vault.padding import Padding, pad
from tests.vectors.material import KEY, RECOVERY, Kept, tampered, vectors


def derivation(_kept: Kept) -> Any:
    """HKDF-SHA256 with a frame as info."""
    cases: list[tuple[str, labels.Label, list[bytes], int]] = [
        ("no context", labels.Label.SESSION_ID, [], 32),
        ("64 bytes", labels.Label.MEMBER_MLKEM768, [], 64),
    ]
    cases.append(("context", labels.Label.FIELD_KEY, [b"incident.coded", labels.u32(1)], 32))
    accept = []
    for name, label, context, length in cases:
        given = {"key": KEY.hex(), "label": label, "context": [p.hex() for p in context], "length": length}
        accept.append((name, given, labels.derive(KEY, label, *context, length=length).hex()))
    return vectors("A key derived under a label, with its context.", accept, [])


def padding(_kept: Kept) -> Any:
    """The three paddings."""
    lengths = [(Padding.NONE, 32), (Padding.STEPS, 0), (Padding.STEPS, 252), (Padding.STEPS, 253)]
    lengths += [(Padding.PADME, 0), (Padding.PADME, 1020), (Padding.PADME, 1021), (Padding.PADME, 3000)]
    accept = []
    for kind, length in lengths:
        given = {"padding": kind.value, "padded": pad(kind, b"x" * length).hex()}
        accept.append((f"{kind.value}, {length} bytes", given, (b"x" * length).hex()))
    steps = {"padding": "steps", "padded": pad(Padding.STEPS, b"words").hex()}
    padded = steps["padded"]
    reject = tampered(
        steps,
        empty={"padded": ""},
        length_cut={"padded": "000000"},
        one_byte_short={"padded": padded[:-2]},
        one_byte_long={"padded": padded + "00"},
        a_step_long={"padded": padded + "00" * 256},
        fill_not_zero={"padded": padded[:-2] + "01"},
        length_beyond_the_end={"padded": "000000fd" + padded[8:]},
        length_before_the_end={"padded": "00000004" + padded[8:]},
        padded_by_another_rule={"padded": pad(Padding.PADME, b"words").hex()},
    )
    return vectors("A padded text, and the text.", accept, reject)


def document(_kept: Kept) -> Any:
    """Canonical JSON."""
    good: list[dict[str, Any]] = [
        {},
        {"a": -1, "b": ["é", None, True, False], "c": {"d": 2**64}},
        {"é": "\u2028", "z": '\n"\\', "😀": "\x7f", "\uffee": ""},
    ]
    accept = [(f"document {n}", {"encoded": documents.encode(d).hex()}, d) for n, d in enumerate(good, 1)]
    bad = {
        "white space": b'{"a": 1}',
        "key twice": b'{"a":1,"a":1}',
        "keys out of order": b'{"b":1,"a":1}',
        "a list": b"[]",
        "a float": b'{"a":1.0}',
        "not a number": b'{"a":NaN}',
        "minus zero": b'{"a":-0}',
        "needless escape": b'{"a":"\\u0061"}',
        "lone surrogate": b'{"a":"\\ud800"}',
        "not UTF-8": b'{"a":"\xff"}',
        "byte order mark": b"\xef\xbb\xbf{}",
        "trailing byte": b"{}\n",
        "empty": b"",
    }
    reject = [(name, {"encoded": encoded.hex()}, "Tampered") for name, encoded in bad.items()]
    return vectors("A canonical document, in hex, and what it says.", accept, reject)


def base64url(_kept: Kept) -> Any:
    """Base64url without padding."""
    good = [b"", b"\0", b"\xfb\xff", bytes(range(32))]
    accept = [(f"{len(data)} bytes", {"text": encoding.to_text(data)}, data.hex()) for data in good]
    bad = {
        "padding": "AA==",
        "trailing bits": "AB",
        "one letter": "A",
        "the other alphabet": "+_8",
        "space": "AA AA",
    }
    reject = [(name, {"text": text}, "Tampered") for name, text in bad.items()]
    return vectors("Base64url, and the bytes in hex.", accept, reject)


def passphrase_text(_kept: Kept) -> Any:
    """What counts of a passphrase."""
    typed = [
        "Écluse  vingt-deux ŒUVRE",
        "e\u0301cluse\tvingt\u2013deux\u00a0œuvre ",
        "L\u2019eau  STRASSE straße ıI",
        "œ " * 600,
        "a" * 1023 + " b",
    ]
    accept = [
        (f"typed {n}", {"typed": text}, passphrase.normalise(text).decode())
        for n, text in enumerate(typed, 1)
    ]
    return vectors("A passphrase as typed, and what is compared.", accept, [])


def _numbered(share: str) -> str:
    return ", ".join(f"{number}. {word}" for number, word in enumerate(share.split(), start=1))


def shares(_kept: Kept) -> Any:
    """SLIP-39 shares."""
    split = recovery.split(RECOVERY.seed)
    first, second, third = split
    other = recovery.split(RECOVERY.seed)[1]
    accept = [
        (name, {"shares": chosen}, RECOVERY.seed.hex())
        for name, chosen in (
            ("first two", [first, second]),
            ("last two, backwards", [third, second]),
            ("all three", split),
            ("in capitals", [first.upper(), third]),
            ("three of five", recovery.split(RECOVERY.seed, 3, 5)[1:4]),
            ("one of one", recovery.split(RECOVERY.seed, 1, 1)),
        )
    ]
    reject = tampered(
        {},
        one_of_two={"shares": [first]},
        the_same_twice={"shares": [first, first]},
        of_two_splits={"shares": [first, other]},
        a_third_of_another_split={"shares": [first, second, other]},
        a_word_missing={"shares": [first.rsplit(" ", 1)[0], second]},
        a_word_exchanged={"shares": [first.rsplit(" ", 1)[0] + " academic", second]},
        none={"shares": []},
    )
    accept += [
        (name, {"shares": chosen}, RECOVERY.seed.hex())
        for name, chosen in (
            ("numbered, with commas", [_numbered(first), third]),
            ("twice the same, and another", [first, first, second]),
        )
    ]
    others: dict[str, dict[str, Any]] = {
        "of two groups": {"groups": [(2, 3), (2, 3)], "iteration_exponent": 0},
        "of a higher exponent": {"groups": [(2, 3)], "iteration_exponent": 1},
        "not extendable": {"groups": [(2, 3)], "iteration_exponent": 0, "extendable": False},
    }
    for name, kind in others.items():
        reject += [
            (name, {"shares": generate_mnemonics(1, master_secret=RECOVERY.seed, **kind)[0][:2]}, "Tampered")
        ]
    reject += tampered({}, a_word_more={"shares": [first + " academic", second]})
    return vectors("Recovery shares, and the seed.", accept, reject)


MAKERS = {
    "base64url": base64url,
    "derivation": derivation,
    "document": document,
    "padding": padding,
    "passphrase": passphrase_text,
    "recovery": shares,
}
