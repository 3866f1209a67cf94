"""What of an answer on consent may have been overlooked: said after saving, never in the way of it."""

from collections.abc import Iterable

from flask import flash
from flask_babel import gettext

from casework.domain.person import PersonFacts
from casework.domain.vocabulary import PSEUDO_CODES
from casework.web.language import labels


def hint_at_days(before: PersonFacts, after: PersonFacts) -> None:
    """Flash for which purposes a new answer has no day, or still the day or means of the answer before."""
    changed = [
        purpose
        for purpose, consent in after.consents.items()
        if consent.answer != before.consent(purpose).answer
    ]
    undated = _name(purpose for purpose in changed if after.consent(purpose).lacks_day)
    same = _name(purpose for purpose in changed if _has_old_day(purpose, before, after))
    if undated:
        flash(
            gettext("A day is missing. Write when they answered, if you know: %(what)s.", what=undated),
            "info",
        )
    if same:
        flash(
            gettext("The answer is new, its day is not. Look whether it is right: %(what)s.", what=same),
            "info",
        )
    if alike := _name(purpose for purpose in changed if _has_old_means(purpose, before, after)):
        flash(
            gettext(
                "The answer is new, how it was given is not. Look whether it is right: %(what)s.", what=alike
            ),
            "info",
        )


def _has_old_means(purpose: str, before: PersonFacts, after: PersonFacts) -> bool:
    means = after.consent(purpose).how
    return means not in PSEUDO_CODES and before.consent(purpose).how == means


def _has_old_day(purpose: str, before: PersonFacts, after: PersonFacts) -> bool:
    day = after.consent(purpose).on
    return day is not None and before.consent(purpose).on == day


def _name(purposes: Iterable[str]) -> str:
    return labels(tuple(purposes), "consent_purpose")
