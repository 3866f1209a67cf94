"""What the writers of a release decide: what is asked, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from casework.errors import Invalid

from .documents import Document, read_list, read_text, unreadable
from .folding import clean_line, clean_text
from .languages import ENGLISH, WRITTEN_IN
from .messages import N_
from .period import Period, read_quarter, write_quarter

MOST_TABLES = 4
LEAST_THRESHOLD = 5
"""In cases: what design and disclosure engine hold to be the lowest for anything that is published."""

_LONGEST = 100_000
_TEXT_KEYS = frozenset({"title", "summary", "demands", "link"})
_KEYS = frozenset({"texts", "unit", "first", "last", "tables", "k", "replaces"})

Names = tuple[str, ...]
"""The dimensions of a table, one or two, as `services/statistics/dimensions.py` names them."""


@dataclass(frozen=True, slots=True)
class ReleaseTexts:
    """The words of one language, each of which may be empty; `link` leads to where a reader can act."""

    title: str = ""
    summary: str = ""
    demands: str = ""
    link: str = ""

    def tidied(self, language: str) -> "ReleaseTexts":
        """Give them trimmed; `Invalid` names field and language, `title_fr`."""
        link = clean_line(self.link, f"link_{language}")
        if link and not link.startswith(("https://", "http://")):
            raise Invalid(**{f"link_{language}": N_("Write the whole address, beginning with https://.")})
        return ReleaseTexts(
            clean_line(self.title, f"title_{language}"),
            clean_text(self.summary, f"summary_{language}", _LONGEST),
            clean_text(self.demands, f"demands_{language}", _LONGEST),
            link,
        )


NO_TEXTS = ReleaseTexts()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDraft:
    """What its writers decide: what is asked, and what is said of it.

    The first of `tables` is the headline. `k` is the least number of cases of a number that is shown.
    `replaces` is the number of an earlier release in whose place this one comes, 0 of none.
    """

    unit: str
    period: Period
    tables: tuple[Names, ...] = ()
    texts: Mapping[str, ReleaseTexts]
    k: int = LEAST_THRESHOLD
    replaces: int = 0

    def __post_init__(self) -> None:
        """Tidy the texts; `Invalid` names what does not fit."""
        tidy = {code: self.texts.get(code, NO_TEXTS).tidied(code) for code in WRITTEN_IN}
        object.__setattr__(self, "texts", tidy)
        if self.k < LEAST_THRESHOLD:
            raise Invalid(k=N_("Choose a threshold of at least five cases."))
        if len(self.tables) > MOST_TABLES:
            raise Invalid(tables=N_("Choose at most four tables."))
        for at, names in enumerate(self.tables):
            if any(frozenset(names) == frozenset(other) for other in self.tables[:at]):
                raise Invalid(**{table_field(at): N_("Each table can be chosen once.")})

    @property
    def question(self) -> "ReleaseDraft":
        """Give what is asked, without the words: two drafts that ask the same have the same numbers."""
        return replace(self, texts={}, replaces=0)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it has a title and a summary in; English where there is none."""
        found = (code for code, texts in self.texts.items() if texts.title and texts.summary)
        return tuple(found) or (ENGLISH,)

    def require_whole(self) -> None:
        """Raise `Invalid` unless there is what a reviewer needs: a table, a title and a summary."""
        if not self.tables:
            raise Invalid(tables=N_("Choose at least one table."))
        if not any(texts.title and texts.summary for texts in self.texts.values()):
            raise Invalid(title_en=N_("Write a title and a summary in at least one language."))

    def text(self, kind: str, language: str) -> str:
        """Give the title, summary, demands or link in `language`, or in the first language that has one."""
        return find_text(self.texts, kind, language)

    def to_document(self) -> Document:
        """Give the plain form."""
        return {
            "texts": {code: _write_texts(self.texts[code]) for code in WRITTEN_IN},
            "unit": self.unit,
            "first": write_quarter(self.period.first),
            "last": write_quarter(self.period.last),
            "tables": [list(names) for names in self.tables],
            "k": self.k,
            "replaces": self.replaces,
        }

    @classmethod
    def from_document(cls, document: Document) -> "ReleaseDraft":
        """Read what `to_document` gave."""
        require_keys(document, _KEYS)
        texts = document["texts"]
        require_keys(texts, frozenset(WRITTEN_IN))
        return cls(
            unit=read_text(document, "unit"),
            period=Period(
                read_quarter(read_text(document, "first")), read_quarter(read_text(document, "last"))
            ),
            tables=tuple(tuple(map(_as_text, read_list(names))) for names in read_list(document["tables"])),
            texts={code: _read_texts(texts[code]) for code in WRITTEN_IN},
            k=read_number(document["k"]),
            replaces=read_number(document["replaces"]),
        )


def find_text(texts: Mapping[str, ReleaseTexts], kind: str, language: str) -> str:
    """Give a text in `language`, or in the first language that has one; empty where none has."""
    codes = sorted(WRITTEN_IN, key=lambda code: code != language)
    found = (getattr(texts[code], kind) for code in codes)
    return next((text for text in found if text), "")


def table_field(at: int) -> str:
    """Return by which name `Invalid` names one table of a draft, counted from 0: the first is `table_1`."""
    return f"table_{at + 1}"


def _write_texts(texts: ReleaseTexts) -> Document:
    return {
        "title": texts.title,
        "summary": texts.summary,
        "demands": texts.demands,
        "link": texts.link,
    }


def _read_texts(document: Any) -> ReleaseTexts:
    require_keys(document, _TEXT_KEYS)
    return ReleaseTexts(*(read_text(document, key) for key in ("title", "summary", "demands", "link")))


def require_keys(document: Any, keys: frozenset[str]) -> None:
    """Raise `Invalid` unless `document` has exactly these keys: a part of a document, without schema."""
    if type(document) is not dict or document.keys() != keys:
        raise unreadable()


def _as_text(value: Any) -> str:
    if type(value) is not str:
        raise unreadable()
    return value


def read_number(value: Any) -> int:
    """Give a whole number that is not negative; `Invalid` for anything else."""
    if type(value) is not int or value < 0:
        raise unreadable()
    return value
