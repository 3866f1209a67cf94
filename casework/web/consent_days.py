"""What of an answer on consent may have been overlooked: said after saving, never in the way of it."""

from collections.abc import Iterable
from dataclasses import replace

from flask import flash
from flask_babel import gettext

from casework.domain.consent import redate
from casework.domain.person import PersonFacts
from casework.domain.vocabulary import PSEUDO_CODES
from casework.services.incidents import IncidentDraft
from casework.services.records import PersonView
from casework.web.identity import runtime
from casework.web.language import labels


def redate_people(before: Iterable[PersonView], draft: IncidentDraft) -> IncidentDraft:
    """Give an incident as a form has it, but each new no of somebody who is known dated today."""
    known = {person.id: person.facts for person in before}
    people = (
        replace(one, facts=redate_facts(known[one.person_id], one.facts))
        if one.facts is not None and one.person_id in known
        else one
        for one in draft.people
    )
    return replace(draft, people=tuple(people))


def redate_facts(before: PersonFacts, after: PersonFacts) -> PersonFacts:
    """Give facts as a form has them, but each new no dated today where it has the old day."""
    return replace(after, consents=redate(after.consents, before.consents, runtime().today()))


def tell_redated(asked: Iterable[PersonFacts | None], saved: Iterable[PersonFacts | None]) -> None:
    """Flash for which purposes the day that was saved is today, and not the one that the form had."""
    redated = (
        purpose
        for was, now in zip(asked, saved, strict=True)
        for purpose, consent in (now.consents.items() if now and was else ())
        if was and consent.on != was.consent(purpose).on
    )
    if what := _name(dict.fromkeys(redated)):
        said = gettext(
            "The answer is new, so its day is today. If they answered on another day, write it: %(what)s.",
            what=what,
        )
        flash(said, "info")


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
