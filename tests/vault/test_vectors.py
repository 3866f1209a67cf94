"""The published vectors: what opens, what is refused, and that they can be made again."""

from typing import Any

import pytest

from casework import errors
from casework.vault.fields import FIELDS, Field, Under
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


@pytest.mark.parametrize("field", [field for field in FIELDS if field.under is not Under.AUDIT])
def test_every_field_has_vectors(field: Field) -> None:
    """One that opens, and refused ones of the same field; audit entries have a file of their own."""
    loaded = load("field")
    accepted = [case for case in loaded["accept"] if case["given"]["field"] == field.id]
    refused = [case for case in loaded["reject"] if case["given"]["field"] == field.id]
    assert len(accepted) == 1 and len(refused) == 3


def test_every_file_is_read() -> None:
    """No file lies here unread, and none is missing."""
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == FILES == sorted(MAKERS)
