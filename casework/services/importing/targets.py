"""What a column can become that has a code list of its own: the coded fields, and what people agreed to."""

from casework.domain.coded import FIELDS
from casework.domain.vocabulary import CodeList, code_list

PURPOSES = tuple(code_list("consent_purpose").codes)
CONSENT_ALL = "consent_all"
CONSENT_ON = "consent_on"
CONSENT_HOW = "consent_how"
CONSENT_ANSWERS = {CONSENT_ALL: PURPOSES, **{f"consent_{purpose}": (purpose,) for purpose in PURPOSES}}
"""Columns of answers, with the purposes that each is about."""

CONSENT_TARGETS = (*CONSENT_ANSWERS, CONSENT_ON, CONSENT_HOW)

DAYS = "\x1fday"
"""Among the values of a column of consents: every cell that holds a day. No cell reads so."""


def find_list(target: str) -> CodeList | None:
    """Return the code list that the values of a column become codes of; None where they stay words."""
    if target in CONSENT_ANSWERS:
        return code_list("consent_answer")
    if target == CONSENT_HOW:
        return code_list("consent_means")
    return FIELDS[target].codes if target in FIELDS else None


def get_list(target: str) -> CodeList:
    """Return the code list of a target that has one; raises KeyError."""
    found = find_list(target)
    if found is None:
        raise KeyError(target)
    return found
