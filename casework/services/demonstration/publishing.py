"""One story that has left the demonstration: written by the caseworker, approved by the coordinator."""

from collections.abc import Mapping

from casework.domain.permissions import Role
from casework.domain.storychecks import ABSENT, CHANGED, ITEMS
from casework.domain.storydraft import Details, StoryDraft, StoryTexts
from casework.services.cases import CaseView, get_case
from casework.services.context import Context
from casework.services.demonstration.sources import story
from casework.services.demonstration.wording import curled
from casework.services.lists import Filter, list_cases
from casework.services.stories.agreeing import list_unasked
from casework.services.stories.approving import approve_story
from casework.services.stories.reading import get_story, list_on_their_way, list_published
from casework.services.stories.telling import offer_for
from casework.services.stories.writing import create_story, submit_story

_TOLD = ("age_band", "contact_group", "province", "season")
_AFTER = 12
"""Those of the newest cases are for other stories."""
_CHECKS = dict.fromkeys(ITEMS, CHANGED) | dict.fromkeys(("media", "photos", "injuries"), ABSENT)


def publish_story(contexts: Mapping[Role, Context]) -> None:
    """Write, submit and approve the story; where there is one already, that stays."""
    writer, approver = contexts[Role.CASEWORKER], contexts[Role.COORDINATOR]
    if list_published(approver).views or list_on_their_way(approver).lines:
        return
    case = _find_case(writer)
    if case is None:
        return
    story_id = create_story(writer, case.id, _draft(case))
    submit_story(writer, case.id, story_id, 1, _CHECKS)
    seen = get_story(approver, case.id, story_id)
    approve_story(approver, case.id, story_id, seen.version, seen.mark, ITEMS)


def _find_case(context: Context) -> CaseView | None:
    """Return a case of one person who was stopped in a car, and agrees that it is told."""
    for line in list_cases(context, Filter(mine=False), whole=True).lines[_AFTER:]:
        is_one = len(line.names) == 1 and not line.restricted
        if is_one and line.latest and line.latest.contact_type == "traffic_stop":
            case = get_case(context, line.id)
            if all(offer_for(case)[name] for name in _TOLD) and not list_unasked(context, case):
                return case
    return None


def _draft(case: CaseView) -> StoryDraft:
    texts = {
        code: StoryTexts(curled(said["title"], code), curled(said["account"], code))
        for code, said in story().items()
    }
    offer = offer_for(case)
    return StoryDraft(texts=texts, details=Details(**{name: offer[name][0] for name in _TOLD}))
