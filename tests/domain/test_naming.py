"""Who is named in a restricted case, as it is sealed."""

from typing import Any
from uuid import UUID

import pytest

from casework.domain.naming import Naming
from casework.errors import Invalid

ANA, BO = (UUID(int=number) for number in (1, 2))
KEY, OTHER = "ab" * 32, "cd" * 32
NAMING = Naming({ANA: KEY}, OTHER)
WRITTEN: dict[str, Any] = {"schema": 1, "named": {ANA.hex: KEY}, "recovery": OTHER}


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 1 never changes, and reads back."""
    assert NAMING.to_document() == WRITTEN
    assert Naming.from_document(WRITTEN) == NAMING


def test_members_come_and_go() -> None:
    """Each under a key; naming somebody again gives them the key that they have now."""
    both = NAMING.with_member(BO, OTHER)
    assert both.named == {ANA: KEY, BO: OTHER}
    assert both.with_member(ANA, OTHER).named[ANA] == OTHER
    assert both.without(BO) == NAMING and NAMING.without(BO) == NAMING


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"more": 1},
        {"named": [ANA.hex]},
        {"named": {"ana": KEY}},
        {"named": {ANA.hex: KEY.upper()}},
        {"named": {ANA.hex: KEY[:-1]}},
        {"named": {ANA.hex: 1}},
        {"recovery": ""},
        {"recovery": None},
    ],
)
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """Another schema, other keys, an id or a digest in another form."""
    with pytest.raises(Invalid):
        Naming.from_document(WRITTEN | change)
