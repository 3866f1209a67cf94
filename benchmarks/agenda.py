"""Follow-ups for the benchmark of pages: a note in each case, tasks ahead and late, people in detention."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from casework.domain.dates import VagueDate
from casework.domain.followup import DETENTION, FollowUpFacts, FollowUpTexts
from casework.domain.moments import Moment
from casework.services.casekeyring import open_case_keys_to_write
from casework.services.context import Context
from casework.services.followups.documents import write_facts, write_texts
from casework.services.transactions import transaction
from casework.store.database import db
from casework.store.followups import FollowUp

TASK_EVERY, DETENTION_EVERY = 2, 500
_BATCH = 500


def add_follow_ups(context: Context, cases: Sequence[UUID]) -> None:
    """Add a note to each case, a task to every second and a detention to one in five hundred."""
    for start in range(0, len(cases), _BATCH):
        with transaction(context, "follow_up.added") as opened:
            for number, case_id in enumerate(cases[start : start + _BATCH], start):
                keys = open_case_keys_to_write(context, case_id)
                for facts, texts in _draw(context, number):
                    row = FollowUp(id=uuid4(), case_id=case_id)
                    write_facts(context, opened.generation, row, facts)
                    write_texts(keys, row, texts)
                    db.session.add(row)
            opened.note(case=cases[start], follow_up=row.id)


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
