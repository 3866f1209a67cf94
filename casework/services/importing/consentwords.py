"""Which column says what people agreed to, and which of its words is which answer: guesses, and careful ones.

Nothing is taken for consent that is not plainly one, and no heading for a purpose that it does not name.
"""

import re
from collections.abc import Mapping
from functools import cache

from casework.domain.folding import fold
from casework.domain.vocabulary import code_list
from casework.services.importing.profiles import Column
from casework.services.importing.targets import CONSENT_ALL, CONSENT_HOW, CONSENT_ON
from casework.services.importing.vaguedates import Order, read_vague_date
from casework.services.importing.values import short_forms

_CONSENT_WORDS = frozenset(
    "agree agreed agrees agreement accord acuerdo autorisation autorizacion authorization authorisation "
    "permission permiso".split()
)
_OK = re.compile(r"(?:is it )?(?:ok|okay) (?:to|for|with|pour|para|con) ")
_SEARCH_WORDS = frozenset("search searched frisk fouille perquisition registro cacheo cateo".split())
# "Refused consent: yes" is no agreement.
_TURNED_ROUND = re.compile(
    r"\b(?:no|non|not|sans|without|sin|pas|refus\w*|rechaz\w*|withdr\w*|revo\w*|retir\w*|declin\w*|denie\w*)\b"
)
_PURPOSE_WORDS = {
    "consent_statistics": r"statisti\w*|stats?|estadisti\w*",
    "consent_story": (
        r"stor(?:y|ies)|recits?|temoignages?|relatos?|historias?|testimon\w*|publi\w*|medias?|press|presse|prensa"
    ),
    "consent_litigation": (
        r"litiga\w*|litigios?|litige|legal|court|lawsuits?|tribuna\w*|recours|juicio|judicia\w*"
    ),
    "consent_casework": r"casework|accompagnement|acompanamiento|suivi|seguimiento|follow up",
    CONSENT_ALL: (
        r"everything|all purposes|tout|toutes? (?:les )?(?:fins|finalites)|todo|todas (?:las )?finalidades"
    ),
}
_DAY_WORDS = re.compile(r"\b(?:date|dated|day|jour|fecha|dia|when|quand|cuando)\b")
_MEANS_WORDS = re.compile(r"\b(?:how|means|method|mode|moyen|medio|metodo|manera)\b")
# The day that something happened is never that of an agreement.
_HAPPENING = re.compile(
    r"\b(?:incidents?|incidentes?|events?|evenements?|eventos?|arrest\w*|stops?|contacts?|contactos?|births?|"
    r"naissance|nacimiento)\b"
)
_TICKS = {frozenset({"1", "0"}): ("1", "0"), frozenset({"o", "n"}): ("o", "n")}
"""What is plain by both standing there: the one is yes, the other no."""


def is_about_consent(words: str) -> bool:
    """Return whether a heading likely tells what people agreed to; to be searched by police is none of it.

    It is given in its words alone, folded.
    """
    apart = set(words.split())
    agrees = not apart.isdisjoint(_CONSENT_WORDS) or any(word.startswith("consent") for word in apart)
    return (agrees or _OK.match(words) is not None) and apart.isdisjoint(_SEARCH_WORDS)


def guess_consent_target(words: str) -> str | None:
    """Guess what a column about consent becomes; None where its heading does not say to what they agreed.

    Nor does one that turns the answer round, "refused consent", or that names two purposes.
    """
    if _TURNED_ROUND.search(words) or _HAPPENING.search(words):
        return None
    if _DAY_WORDS.search(words):
        return CONSENT_ON
    if _MEANS_WORDS.search(words):
        return CONSENT_HOW
    named = [target for target, pattern in _PURPOSE_WORDS.items() if re.search(rf"\b(?:{pattern})\b", words)]
    return named[0] if len(named) == 1 else None


def guess_consents(column: Column) -> dict[str, str]:
    """Guess what the values of a column say; what is not plain is left out, and so is a day."""
    guesses = {value: code for value, _count in column.values if (code := _guess_consent(value)) is not None}
    folded = {fold(value): value for value, _count in column.values}
    if ticks := _TICKS.get(frozenset(folded)):
        guesses |= {folded[ticks[0]]: "given", folded[ticks[1]]: "refused"}
    return guesses


def reads_as_day(text: str) -> bool:
    """Return whether a cell holds one whole day, in whichever order it is written."""
    return len(text) >= 6 and text[:1].isalnum() and _read_day(text) is not None


@cache
def _answers() -> Mapping[str, str]:
    return short_forms("consent_answer")


def _guess_consent(value: str) -> str | None:
    plain = fold(value).strip(" .!*()")
    return code_list("consent_answer").find(plain) or _answers().get(plain)


def _read_day(text: str) -> object:
    date = read_vague_date(text, Order.DAY_FIRST, 2099) or read_vague_date(text, Order.MONTH_FIRST, 2099)
    return date.day if date is not None else None
