"""Writes the vectors again: `python -m tests.vectors.make`, from the project's folder.

Everything is made from fixed keys and a counter in place of randomness, so that a second run writes the
same bytes. Only HPKE and age take randomness of their own: what they sealed is kept from the files.
A vector, once published, is never changed; a new version of a format adds vectors.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

from casework.vault import labels
from tests.vectors import (
    makers_bodies,
    makers_erasures,
    makers_fields,
    makers_files,
    makers_keys,
    makers_lists,
    makers_places,
    makers_rosters,
    makers_signin,
    makers_streams,
    makers_texts,
)
from tests.vectors.material import Kept
from tests.vectors.read import FOLDER, load

MAKERS: Mapping[str, Callable[[Kept], Any]] = (
    makers_signin.MAKERS
    | makers_fields.MAKERS
    | makers_texts.MAKERS
    | makers_places.MAKERS
    | makers_keys.MAKERS
    | makers_lists.MAKERS
    | makers_files.MAKERS
    | makers_bodies.MAKERS
    | makers_rosters.MAKERS
    | makers_erasures.MAKERS
    | makers_streams.MAKERS
)


@contextmanager
def counted_randomness() -> Iterator[None]:
    """Replace the system's randomness by SHA-256 of a counter, for test vectors only."""
    numbers = count()

    def counted(length: int) -> bytes:
        return labels.derive(bytes(32), labels.Label.SESSION_ID, b"%d" % next(numbers), length=length)

    with (
        patch("os.urandom", counted),
        patch("shamir_mnemonic.shamir.RANDOM_BYTES", counted),
    ):
        yield


def make(name: str) -> str:
    """Return the text of one file."""
    kept = Kept(load(name)["accept"] if (FOLDER / f"{name}.json").exists() else [])
    with counted_randomness():
        return json.dumps(MAKERS[name](kept), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    for made in MAKERS:
        (FOLDER / f"{made}.json").write_text(make(made), "utf-8")
