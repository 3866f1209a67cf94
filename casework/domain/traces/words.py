"""The word lists that traces are found by: a file each in `data/`, read once; each key by language."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from .flat import flatten


@cache
def read_words(name: str) -> Mapping[str, Any]:
    """Read `data/{name}.toml`, as it is written there."""
    return tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def list_written(name: str, key: str, language: str = "") -> tuple[str, ...]:
    """List the words of a key in a language, or in all of them, as they are written."""
    every = read_words(name)
    found: dict[str, None] = {}
    for words in [every[language]] if language else every.values():
        found |= dict.fromkeys(words.get(key, ()))
    return tuple(found)


def list_flat(name: str, key: str, language: str = "") -> tuple[str, ...]:
    """List the words of a key, each once, without case and accents."""
    return tuple(dict.fromkeys(map(flatten, list_written(name, key, language))))


def any_of(words: Iterable[str]) -> str:
    """Give a pattern that matches any of these, the longest first, whatever blank is between their words."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s++") for word in ordered) + ")"


def any_flat(name: str, key: str, language: str = "") -> str:
    """Give a pattern for a flat text that matches any word of a key."""
    return any_of(list_flat(name, key, language))
