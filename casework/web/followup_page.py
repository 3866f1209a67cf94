"""What the page of a case shows of its follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from casework.services.cases import CaseView
from casework.services.context import Context
from casework.services.followups.reading import CaseFollowUps, FollowUpView, read_follow_ups
from casework.web.deadlines import Clock
from casework.web.followup_form import new_form
from casework.web.forms.followups import FollowUpForm
from casework.web.once import name_form


@dataclass(frozen=True)
class FollowUpPage:
    """The clocks that run, what lies ahead and behind, and the two short forms."""

    now: datetime
    zone: tzinfo
    clocks: Sequence[Clock]
    found: CaseFollowUps
    note: FollowUpForm
    task: FollowUpForm

    def due_at(self, view: FollowUpView) -> datetime | None:
        """Return the instant after which it is late."""
        return view.facts.due_at(self.zone)

    def is_late(self, due_at: datetime | None) -> bool:
        """Whether something is overdue."""
        return due_at is not None and due_at <= self.now


def describe(context: Context, case: CaseView) -> FollowUpPage:
    """Describe the follow-ups of a case that was just opened."""
    found, now = read_follow_ups(context, case.id), context.runtime.now()
    note, task = new_form(context, case, "note"), new_form(context, case, "task")
    for name, form in (("note", note), ("task", task)):
        name_form(form)
        for field in form:
            field.id = f"{name}-{field.id}"  # both stand on one page
    clocks = [Clock(running.detention, running.due, now) for running in found.clocks]
    return FollowUpPage(now, context.runtime.timezone, clocks, found, note, task)
