"""A consent: what somebody answered to one purpose, on which day, and how they said so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from .countable import GIVEN, REFUSED, WITHDRAWN
from .documents import Document, read_date, unreadable
from .vocabulary import NOT_ASKED, code_list

_KEYS = frozenset({"answer", "on", "how"})


@dataclass(frozen=True, slots=True)
class Consent:
    """An answer to one purpose, with the day and the way it was given when they are known."""

    answer: str = NOT_ASKED
    on: date | None = None
    how: str = NOT_ASKED

    @property
    def lacks_day(self) -> bool:
        """Whether a day would make it worth more: nobody can tell from when it holds."""
        return self.answer in (GIVEN, WITHDRAWN) and self.on is None

    def to_document(self) -> Document:
        """Give the plain form, as a part of a person's coded document."""
        return {"answer": self.answer, "on": self.on.isoformat() if self.on else None, "how": self.how}


def redate(after: Mapping[str, Consent], before: Mapping[str, Consent], today: date) -> Mapping[str, Consent]:
    """Give answers by purpose, each new no of today where it still has the day of the answer before it.

    Who says no today did not do so on the day on which they said yes: a form that keeps the day says so.
    """
    return {purpose: _redate(consent, before.get(purpose), today) for purpose, consent in after.items()}


def _redate(now: Consent, before: Consent | None, today: date) -> Consent:
    is_new = before is not None and now.answer != before.answer and now.answer in (REFUSED, WITHDRAWN)
    has_old_day = before is not None and now.on is not None and now.on == before.on
    return replace(now, on=today) if is_new and has_old_day else now


def read_consent(entry: Any) -> Consent:
    """Read what `Consent.to_document` gave; raises as `PersonFacts.from_document` catches."""
    if type(entry) is not dict or entry.keys() != _KEYS:
        raise unreadable()
    return _remembered_consent(entry["answer"], entry["on"], entry["how"])


# A hundred thousand people answered in a few thousand ways; what is unhashable is a TypeError.
@lru_cache(maxsize=1 << 12)
def _remembered_consent(answer: Any, day: Any, how: Any) -> Consent:
    on = None if day is None else read_date(day)
    return Consent(known_code(answer, "consent_answer"), on, known_code(how, "consent_means"))


def known_code(code: str, list_name: str) -> str:
    """Give the code as the list's own string; raises `UnknownTerm`."""
    return code_list(list_name).term(code).code
