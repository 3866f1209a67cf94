"""Typesets a laid-out case file."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from casework.reports import typesetting


def typeset(document: Mapping[str, Any]) -> bytes:
    """Return the PDF; raises RuntimeError, which holds nothing of the document, where it cannot be set."""
    return typesetting.typeset(_template(), document)


@cache
def _template() -> bytes:
    return (files(__package__) / "casefile.typ").read_bytes()
