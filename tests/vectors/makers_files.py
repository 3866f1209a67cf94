"""Vectors of the files that leave the machine."""

from typing import Any

from casework.vault import backup
from tests.vectors.material import ANA, BEN, Kept, flip, tampered, vectors

TEXT = b"what a file holds"


def backups(kept: Kept) -> Any:
    """Age files to a key."""
    short = kept.value("one chunk", "sealed", backup.seal_bytes(ANA.public, TEXT).hex())
    given = {"seed": ANA.seed.hex(), "sealed": short}
    end = short.index(b"\n--- ".hex()) + 2 * (5 + 43 + 1)  # of the header, behind its MAC
    reject = tampered(
        given,
        another_version={"sealed": short.replace(b"/v1\n".hex(), b"/v2\n".hex(), 1)},
        header_changed={"sealed": flip(short, end // 2 - 20)},
        nonce_changed={"sealed": flip(short, end // 2 + 2)},
        chunk_changed={"sealed": flip(short, end // 2 + 20)},
        tag_changed={"sealed": flip(short, -1)},
        truncated={"sealed": short[:-2]},
        trailing_byte={"sealed": short + "00"},
        armoured={"sealed": b"-----BEGIN AGE ENCRYPTED FILE-----\n".hex() + short},
        empty={"sealed": ""},
    )
    reject.append(("another key", given | {"seed": BEN.seed.hex()}, "UnknownKey"))
    accept = [("one chunk", given, TEXT.hex())]
    return vectors("An age file to the X25519 half of a public key, and what it holds.", accept, reject)


MAKERS = {"backup": backups}
