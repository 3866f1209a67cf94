"""Stories for those who read them: in their case, on their way, and once approved."""

from collections.abc import Collection, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from casework.domain.approval import OPEN
from casework.domain.permissions import Permission
from casework.domain.story import PublishedStory, Story
from casework.domain.storydraft import Offer
from casework.domain.traces.kinds import Weight
from casework.errors import Conflict, Invalid, NotFound, VaultError
from casework.services.access import get_case_row
from casework.services.casekeyring import open_case_keys
from casework.services.cases import CaseView, open_whole
from casework.services.context import Context
from casework.services.records import PersonView, open_case
from casework.services.stories.agreeing import all_agree, list_unasked
from casework.services.stories.rows import get_published_row, get_row, open_published, open_story
from casework.services.stories.telling import Asked, Traces, list_asked, mark_of, offer_for, trace
from casework.services.transactions import transaction
from casework.store import stories as store

_CLOSED = (VaultError, Invalid)


@dataclass(frozen=True, slots=True, repr=False)
class StoryLine:
    """A story of a case, as lists show it."""

    id: UUID
    case_id: UUID
    reference: str
    story: Story


@dataclass(frozen=True, slots=True, repr=False)
class StoryLines:
    """Stories, and for each that does not open the reference of its case, "" where that does not either."""

    lines: Sequence[StoryLine] = ()
    damaged: Sequence[str] = ()


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

    @property
    def has_to_change(self) -> bool:
        """Whether something stands in the texts that has to go."""
        return any(one.weight is Weight.BLOCKS for traced in self.traces.values() for one in traced.all)

    @property
    def asked(self) -> dict[str, Asked]:
        """The words that may stay where writer and approver say so, by key."""
        return list_asked(self.story.draft, self.traces)

    def may_be_approved_by(self, context: Context) -> bool:
        """Whether it waits for approval, and the member wrote nothing of it."""
        return context.may(Permission.APPROVE_RELEASES) and self.story.waits_for(context.member_id)


@dataclass(frozen=True, slots=True, repr=False)
class PublishedView:
    """An approved story, opened; `is_standing` where somebody of its case does not agree any more."""

    id: UUID
    version: int
    story: PublishedStory
    is_standing: bool


@dataclass(frozen=True, slots=True, repr=False)
class PublishedStories:
    """Approved stories, and the numbers of those that do not open."""

    views: Sequence[PublishedView]
    damaged: Sequence[int]


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


def _open_lines(context: Context, case_id: UUID, rows: Sequence[store.StoryRow]) -> StoryLines:
    """Open stories of a case, those that were approved first, by number; raises NotFound."""
    row = get_case_row(context, case_id)
    if not rows:
        return StoryLines()
    try:
        keys, reference = open_case_keys(context, case_id), open_case(context, row).reference
    except _CLOSED:
        return StoryLines(damaged=[""] * len(rows))
    lines: list[StoryLine] = []
    for one in rows:
        with suppress(*_CLOSED):
            lines.append(StoryLine(one.id, case_id, reference, open_story(keys, one)))
    lines.sort(key=lambda line: (not line.story.number, line.story.number, line.id))
    return StoryLines(lines, [reference] * (len(rows) - len(lines)))


def list_on_their_way(context: Context) -> StoryLines:
    """Return the stories that are not approved, of the cases that the member may open."""
    if not context.may(Permission.EDIT_CASES):
        return StoryLines()
    rows_of: dict[UUID, list[store.StoryRow]] = {}
    for row in store.list_unpublished():
        rows_of.setdefault(row.case_id, []).append(row)
    lines: list[StoryLine] = []
    damaged: list[str] = []
    for case_id, rows in rows_of.items():
        with suppress(NotFound):
            opened = _open_lines(context, case_id, rows)
            lines += opened.lines
            damaged += opened.damaged
    return StoryLines([line for line in lines if line.story.state in OPEN], damaged)


def list_to_approve(context: Context) -> StoryLines:
    """Return the stories that wait for the member's approval: none for whoever may not approve any."""
    if not context.may(Permission.APPROVE_RELEASES):
        return StoryLines()
    found = list_on_their_way(context)
    lines = [line for line in found.lines if line.story.waits_for(context.member_id)]
    return StoryLines(lines, found.damaged)


@dataclass(frozen=True, slots=True, repr=False)
class CaseStories:
    """The stories of a case, how many do not open, and who of it does not agree now that it is told."""

    lines: Sequence[StoryLine]
    damaged: int
    unasked: Sequence[PersonView]

    @property
    def standing(self) -> Sequence[StoryLine]:
        """Those that were approved, and now are to be withdrawn."""
        return [line for line in self.lines if line.story.number] if self.unasked else []


def find_stories(context: Context, case: CaseView) -> CaseStories:
    """Return what the page of a case says of its stories; raises NotFound."""
    opened = _open_lines(context, case.id, store.list_stories(case.id))
    return CaseStories(opened.lines, len(opened.damaged), list_unasked(context, case))


def list_published(context: Context) -> PublishedStories:
    """Return every approved story, the last one first."""
    context.require(Permission.COMPOSE_RELEASES)
    rows = store.list_published()
    standing = find_standing(context, [row.id for row in rows])
    views, damaged = [], []
    for row in reversed(rows):
        try:
            views.append(_view(context, row, standing))
        except _CLOSED:
            damaged.append(row.number)
    return PublishedStories(views, damaged)


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
