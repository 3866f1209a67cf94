"""Follow-ups for the benchmark of pages: a note in each case, tasks ahead and late, people in detention."""

import random
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from casework.domain.dates import VagueDate
from casework.domain.followup import DETENTION, FollowUpFacts, FollowUpTexts
from casework.domain.moments import Moment
from casework.services.context import Context
from casework.services.followups.documents import write_facts, write_texts
from casework.services.records import NewCase
from casework.store.followups import FollowUp

TASK_EVERY, DETENTION_EVERY = 2, 500


def draw_follow_ups(context: Context, generation: int, case: NewCase, number: int) -> list[FollowUp]:
    """Seal the follow-ups of a new case: a note, a task in half, a detention in one of five hundred."""
    rows = []
    for facts, texts in _draw(context, number):
        row = FollowUp(id=uuid4(), case_id=case.row.id)
        write_facts(context, generation, row, facts)
        write_texts(case.keys, row, texts)
        rows.append(row)
    return rows


def _draw(context: Context, number: int) -> Iterator[tuple[FollowUpFacts, FollowUpTexts]]:
    chance, today = random.Random(number), context.runtime.today()

    def facts(kind: str, days: int, **others: object) -> FollowUpFacts:
        when = Moment(VagueDate.on(today + timedelta(days=days)))
        return FollowUpFacts(
            kind=kind,
            added_on=today,
            added_by=context.member_id,
            when=when,
            **others,  # type: ignore[arg-type]
        )

    yield facts("note", -chance.randrange(1, 300)), FollowUpTexts("", "They called again.")
    if number % TASK_EVERY == 0:
        due = Moment(VagueDate.on(today + timedelta(days=chance.randrange(-10, 120))))
        yield facts("task", 0, due=due), FollowUpTexts("Ask for the file", "")
    if number % DETENTION_EVERY == 0:
        yield facts(DETENTION, -chance.randrange(1, 40)), FollowUpTexts()
