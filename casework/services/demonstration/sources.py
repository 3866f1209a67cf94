"""The data files from which the demonstration is put together."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def world() -> Mapping[str, Any]:
    """Return contact types, places, services and how one thing leads to another."""
    return _read("world")


@cache
def people() -> Mapping[str, Any]:
    """Return names, origins and what is drawn about a person."""
    return _read("people")


@cache
def sentences(language: str) -> Mapping[str, Any]:
    """Return the sentence pieces of a language."""
    return _read(f"narratives_{language}")


@cache
def drafts() -> Sequence[Mapping[str, Any]]:
    """Return the forms that the caseworker has begun."""
    entries: Sequence[Mapping[str, Any]] = _read("drafts")["drafts"]
    return entries


@cache
def follow_ups() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what follows in some of the cases, by the role of who accompanies them."""
    return _read("follow_ups")


@cache
def steps() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return what is known of single steps of a pathway, by language and kind."""
    return _read("steps")


@cache
def dates() -> Mapping[str, Any]:
    """Return when the steps of older incidents were, and how that is known."""
    entries: Mapping[str, Any] = _read("steps")["dates"]
    return entries


@cache
def story() -> Mapping[str, Mapping[str, str]]:
    """Return the story that was published, by language."""
    texts: Mapping[str, Mapping[str, str]] = _read("story")["texts"]
    return texts


def _read(name: str) -> Mapping[str, Any]:
    text = (files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
