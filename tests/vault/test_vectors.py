"""The published vectors: what opens, what is refused, and that they can be made again."""

from typing import Any

import pytest

from casework import errors
from tests.vectors.make import MAKERS, make
from tests.vectors.read import FOLDER, READERS, load

FILES = sorted(READERS)


def cases(kind: str) -> list[Any]:
    """Return every case of a kind, of all files, under its name."""
    return [
        pytest.param(name, case, id=f"{name}: {case['name']}") for name in FILES for case in load(name)[kind]
    ]


@pytest.mark.parametrize(("name", "case"), cases("accept"))
def test_accepted(name: str, case: dict[str, Any]) -> None:
    """What the specification gives is read as it says."""
    assert READERS[name](case["given"]) == case["result"]


@pytest.mark.parametrize(("name", "case"), cases("reject"))
def test_refused(name: str, case: dict[str, Any]) -> None:
    """What the specification refuses is refused, by the error that it names."""
    expected = getattr(errors, case["error"])
    with pytest.raises(expected) as refused:
        READERS[name](case["given"])
    assert type(refused.value) is expected


@pytest.mark.parametrize("name", FILES)
def test_vectors_are_made_again(name: str) -> None:
    """The script writes exactly the published file: nothing in it is unexplained."""
    assert make(name) == (FOLDER / f"{name}.json").read_text("utf-8")


def test_every_file_is_read() -> None:
    """No file lies here unread, and none is missing."""
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == FILES == sorted(MAKERS)
