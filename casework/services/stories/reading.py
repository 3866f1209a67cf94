"""Stories for those who read them: in their case, on their way, and once approved."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from casework.domain.permissions import Permission
from casework.domain.story import OPEN, PublishedStory, State, Story
from casework.domain.storydraft import Offer
from casework.errors import Conflict, NotFound
from casework.services.access import get_case_row
from casework.services.casekeyring import open_case_keys
from casework.services.cases import CaseView, open_whole
from casework.services.context import Context
from casework.services.records import PersonView, open_case
from casework.services.stories.agreeing import all_agree, list_unasked
from casework.services.stories.rows import get_published_row, get_row, open_published, open_story
from casework.services.stories.telling import Traces, mark_of, offer_for, trace
from casework.services.transactions import transaction
from casework.store import stories as store


@dataclass(frozen=True, slots=True, repr=False)
class StoryLine:
    """A story of a case, as lists show it."""

    id: UUID
    case_id: UUID
    reference: str
    story: Story


@dataclass(frozen=True, slots=True, repr=False)
class StoryView:
    """A story in its case, opened, with what was found in it; `unasked` are those who do not agree now.

    `mark` is to be given back by whoever approves what they see here.
    """

    id: UUID
    version: int
    case: CaseView
    story: Story
    traces: Traces
    unasked: Sequence[PersonView]
    offer: Offer
    mark: str

    @property
    def may_go_on(self) -> bool:
        """Whether everybody agrees, and the case is not restricted."""
        return not self.unasked and not self.case.restricted

    @property
    def has_traces(self) -> bool:
        """Whether anything was found in the texts."""
        return any(traced.all for traced in self.traces.values())

    def may_be_approved_by(self, context: Context) -> bool:
        """Whether it waits for approval, and the member wrote nothing of it."""
        return (
            self.story.state is State.SUBMITTED
            and context.may(Permission.APPROVE_RELEASES)
            and context.member_id not in self.story.writers
        )


@dataclass(frozen=True, slots=True, repr=False)
class PublishedView:
    """An approved story, opened; `is_standing` where somebody of its case does not agree any more."""

    id: UUID
    version: int
    story: PublishedStory
    is_standing: bool


def get_story(context: Context, case_id: UUID, story_id: UUID) -> StoryView:
    """Open a story in its case; raises NotFound. An audit entry says that the case was read."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "case.read") as opened:
        opened.note(case=case_id)
        case = open_whole(context, case_id)
        row = get_row(case_id, story_id)
        story = open_story(open_case_keys(context, case_id), row)
        version, unasked = row.version, list_unasked(context, case)
    # A long text takes a while, in which others may save.
    traces = trace(context, case, story.draft)
    mark = mark_of(story, traces, version)
    return StoryView(story_id, version, case, story, traces, unasked, offer_for(case), mark)


def get_open_story(context: Context, case_id: UUID, story_id: UUID) -> StoryView:
    """Open a story that can still be changed; raises Conflict for one that was approved, NotFound."""
    view = get_story(context, case_id, story_id)
    if view.story.state not in OPEN:
        raise Conflict("story")
    return view


def list_of_case(context: Context, case_id: UUID) -> list[StoryLine]:
    """Return the stories of a case, those that were approved first, by number; raises NotFound."""
    return _open_lines(context, case_id, store.list_stories(case_id))


def _open_lines(context: Context, case_id: UUID, rows: Sequence[store.StoryRow]) -> list[StoryLine]:
    row = get_case_row(context, case_id)
    if not rows:
        return []
    keys, reference = open_case_keys(context, case_id), open_case(context, row).reference
    lines = [StoryLine(one.id, case_id, reference, open_story(keys, one)) for one in rows]
    return sorted(lines, key=lambda line: (not line.story.number, line.story.number, line.id))


def list_on_their_way(context: Context) -> list[StoryLine]:
    """Return the stories that are not approved, of the cases that the member may open."""
    if not context.may(Permission.EDIT_CASES):
        return []
    rows_of: dict[UUID, list[store.StoryRow]] = {}
    for row in store.list_unpublished():
        rows_of.setdefault(row.case_id, []).append(row)
    lines: list[StoryLine] = []
    for case_id, rows in rows_of.items():
        try:
            lines += _open_lines(context, case_id, rows)
        except NotFound:
            continue
    return [line for line in lines if line.story.state in OPEN]


@dataclass(frozen=True, slots=True, repr=False)
class CaseStories:
    """The stories of a case, and who of it does not agree, as of now, that it is told."""

    lines: Sequence[StoryLine]
    unasked: Sequence[PersonView]

    @property
    def standing(self) -> Sequence[StoryLine]:
        """Those that were approved, and now are to be withdrawn."""
        return [line for line in self.lines if line.story.number] if self.unasked else []


def find_stories(context: Context, case: CaseView) -> CaseStories:
    """Return what the page of a case says of its stories; raises NotFound."""
    return CaseStories(list_of_case(context, case.id), list_unasked(context, case))


def list_published(context: Context) -> list[PublishedView]:
    """Return every approved story, the last one first."""
    context.require(Permission.COMPOSE_RELEASES)
    rows = store.list_published()
    standing = find_standing(context, [row.id for row in rows])
    return [_view(context, row, standing) for row in reversed(rows)]


def get_published(context: Context, story_id: UUID) -> PublishedView:
    """Return an approved story; raises NotFound."""
    context.require(Permission.COMPOSE_RELEASES)
    return _view(context, get_published_row(story_id), find_standing(context, [story_id]))


def find_case_of(context: Context, story_id: UUID) -> UUID | None:
    """Return of which case a story is, to whoever may open that; None once the case is erased."""
    row = store.find_story(story_id)
    if row is None or not context.may(Permission.EDIT_CASES):
        return None
    try:
        return get_case_row(context, row.case_id).id
    except NotFound:
        return None


def find_standing(context: Context, story_ids: Collection[UUID]) -> Set[UUID]:
    """Return those of these approved stories in whose case somebody does not agree, as of now, to it.

    Needs coded answers alone, so that advocates learn of it too: that it is so, and not of whom.
    """
    context.require(Permission.COMPOSE_RELEASES)
    of_cases = store.find_cases_of(story_ids)
    agreed = {case_id: all_agree(context, case_id) for case_id in set(of_cases.values())}
    return {story_id for story_id, case_id in of_cases.items() if not agreed[case_id]}


def _view(context: Context, row: store.PublishedStoryRow, standing: Set[UUID]) -> PublishedView:
    story = open_published(context, row)
    return PublishedView(row.id, row.version, story, row.id in standing and not story.is_withdrawn)
