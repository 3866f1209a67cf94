"""Stories: a row in their case, and once approved another one that does not say of which case it is."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class StoryRow(Model):
    """A story in its case, under the case's keys. It goes with the case, and once the story is withdrawn."""

    __tablename__ = "story"
    __table_args__ = (Index("ix_story_case_id", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    narrative_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    narrative_version: Mapped[int]


class PublishedStoryRow(Model):
    """An approved story, under the id that it has in its case for as long as the case is there."""

    __tablename__ = "published_story"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[int] = mapped_column(unique=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def find_story(story_id: UUID) -> StoryRow | None:
    """Return the story with this id, in its case."""
    return db.session.get(StoryRow, story_id)


def list_stories(case_id: UUID | None = None) -> Sequence[StoryRow]:
    """Return the stories of a case, or of all, in no particular order."""
    query = select(StoryRow).order_by(StoryRow.id)
    return db.session.scalars(query if case_id is None else query.where(StoryRow.case_id == case_id)).all()


def list_unpublished() -> Sequence[StoryRow]:
    """Return the stories of all cases that were never approved, in no particular order."""
    published = select(PublishedStoryRow.id)
    return db.session.scalars(
        select(StoryRow).where(StoryRow.id.not_in(published)).order_by(StoryRow.id)
    ).all()


def find_cases_of(story_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Return of which case each of these stories is; one that is in none any more is left out."""
    rows = db.session.execute(select(StoryRow.id, StoryRow.case_id).where(StoryRow.id.in_(story_ids)))
    return {story_id: case_id for story_id, case_id in rows}


def find_published(story_id: UUID) -> PublishedStoryRow | None:
    """Return the approved story with this id."""
    return db.session.get(PublishedStoryRow, story_id)


def list_published() -> Sequence[PublishedStoryRow]:
    """Return every approved story, by number."""
    return db.session.scalars(select(PublishedStoryRow).order_by(PublishedStoryRow.number)).all()


def last_number() -> int:
    """Return the number of the story that was approved last, 0 before the first."""
    return db.session.scalar(select(func.max(PublishedStoryRow.number))) or 0
