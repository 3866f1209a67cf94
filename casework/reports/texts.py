"""The words of a report that no code list has: the file texts.toml beside the module that asks."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from casework.domain.languages import ENGLISH, LANGUAGES


@cache
def read_texts(package: str, language: str) -> Mapping[str, Any]:
    """Return a package's texts, in English where a language has none yet; raises KeyError for no language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    texts = tomllib.loads((files(package) / "texts.toml").read_text(encoding="utf-8"))
    return _over(texts[ENGLISH], texts.get(language, {}))


def _over(english: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name: _over(text, own.get(name, {})) if isinstance(text, dict) else own.get(name, text)
        for name, text in english.items()
    }
