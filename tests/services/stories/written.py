"""Stories for the tests: a case whose person agrees, what is told of it, and the way to approval."""

from dataclasses import replace
from uuid import UUID

from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.domain.storychecks import ITEMS
from casework.domain.storydraft import Details, StoryDraft, StoryTexts
from casework.services import cases, incidents
from casework.services.incidents import PersonDraft
from casework.services.stories.approving import approve_story
from casework.services.stories.reading import get_story
from casework.services.stories.writing import create_story, submit_story
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft

CHECKS = dict.fromkeys(ITEMS, "changed") | {"names": "absent"}
DETAILS = Details(age_band="25_34", region="africa", contact_group="ticket", season="2026-spring")
TEXTS = {
    "en": StoryTexts("A drive home", "One evening a car was stopped.\n\nThe driver had to wait."),
    "fr": StoryTexts("Un retour", "Un soir, une voiture a été arrêtée."),
}


def draft(**changes: object) -> StoryDraft:
    """Return a story in two languages."""
    return StoryDraft(**({"texts": TEXTS, "details": DETAILS} | changes))  # type: ignore[arg-type]


def log(founded: Founded, answer: str = "given", place: str = "", **kept: object) -> UUID:
    """Log a case of somebody who answered so to their story being told; `place` as it is coded."""
    someone = PersonDraft(
        identity=PersonIdentity(name="Teodor Vulcan", phone="514 555 0132", address="12 rue Rivard"),
        facts=PersonFacts(
            age_band="25_34", region_of_origin="western_africa", consents={"story": Consent(answer)}
        ),
        roles=("driver",),
    )
    told = incident_draft(people=(someone,), **kept)  # type: ignore[arg-type]
    if place:
        told = replace(told, answers={**told.answers, "place": place})
    return incidents.log_incident(founded.context(CASEWORKER), told).case_id


def answer(founded: Founded, case_id: UUID, said: str) -> None:
    """Let the first person of a case answer anew."""
    context = founded.context(CASEWORKER)
    person = cases.get_case(context, case_id).people[0]
    facts = replace(person.facts, consents={**person.facts.consents, "story": Consent(said)})
    cases.change_person(context, case_id, person.id, person.version, facts, person.identity)


def submit(founded: Founded, case_id: UUID, wanted: StoryDraft | None = None) -> UUID:
    """Let a caseworker write a story and submit it."""
    story_id = create_story(founded.context(CASEWORKER), case_id, wanted or draft())
    submit_story(founded.context(CASEWORKER), case_id, story_id, 1, CHECKS)
    return story_id


def approve(founded: Founded, case_id: UUID, story_id: UUID) -> int:
    """Let a coordinator look at it and approve it."""
    seen = get_story(founded.context(COORDINATOR), case_id, story_id)
    return approve_story(founded.context(COORDINATOR), case_id, story_id, seen.version, seen.mark, ITEMS)


def publish(founded: Founded) -> tuple[UUID, UUID]:
    """Return case and id of a story that was approved."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    approve(founded, case_id, story_id)
    return case_id, story_id
