"""A code, once shipped, stays: records sealed under it must open for decades."""

import json
from pathlib import Path

from casework.domain.pattern import starter_patterns
from casework.domain.vocabulary import LIST_NAMES, code_list

SHIPPED = json.loads((Path(__file__).parent / "shipped_codes.json").read_text(encoding="utf-8"))


def test_no_shipped_code_is_gone() -> None:
    """Every code ever shipped is still there. Add new ones to shipped_codes.json; never take one out."""
    now = {name: set(code_list(name).codes) for name in LIST_NAMES}
    now["starter_patterns"] = {str(pattern.starter) for pattern in starter_patterns()}
    gone = {name: sorted(set(codes) - now[name]) for name, codes in SHIPPED.items()}
    assert not any(gone.values()), gone


def test_every_code_is_recorded_as_shipped() -> None:
    """A new code is written down in the same change that adds it."""
    assert SHIPPED.keys() == {*LIST_NAMES, "starter_patterns"}
    assert all(set(code_list(name).codes) == set(SHIPPED[name]) for name in LIST_NAMES)
