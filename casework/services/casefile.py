"""One case as a PDF for the person's lawyer: what the member may see of it, and of that what they chose."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from casework.domain.attachment import Attachment
from casework.domain.folding import clean_line
from casework.domain.languages import LANGUAGES
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.reports.casefile.contents import (
    CaseFile,
    FiledFollowUp,
    FiledIncident,
    FiledPerson,
    Part,
    RunningReview,
)
from casework.reports.casefile.layout import lay_out
from casework.reports.casefile.typesetting import typeset
from casework.services.attachments.keeping import list_files
from casework.services.cases import CaseView, open_whole
from casework.services.context import Context
from casework.services.followups.reading import FollowUpView, RunningClock, read_follow_ups
from casework.services.membership.members import name_everybody
from casework.services.organization import get_organization_profile
from casework.services.ownterms import get_term_book
from casework.services.transactions import transaction

__all__ = ["LONGEST_RECIPIENT", "FinishedFile", "Order", "Part", "export_case"]

LONGEST_RECIPIENT = 120


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: which parts, for whom, in which of our languages."""

    parts: frozenset[Part]
    made_for: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that leaves; its name says nothing of who is in it."""

    name: str
    content: bytes = field(repr=False)


def export_case(context: Context, case_id: UUID, order: Order) -> FinishedFile:
    """Return the case as a PDF, made in memory and stored nowhere; the audit log has which parts left.

    Raises Forbidden unless the member showed a moment ago who they are, NotFound as `get_case_row` does, and
    Invalid naming `parts`, `made_for` or `language`.
    """
    context.require(Permission.EXPORT_RECORDS)
    context.require_confirmed()
    made_for = _check(order)
    with transaction(context, "case.exported") as opened:
        case = open_whole(context, case_id)
        file = _gather(context, case, order.parts, made_for)
        opened.note(case=case_id, **{part.value: int(part in order.parts) for part in Part})
    # Set when the log has it: should this fail, the log says too much rather than too little.
    return FinishedFile(f"casework-{case.facts.reference}.pdf", typeset(lay_out(file, order.language)))


def _check(order: Order) -> str:
    """Return for whom it is, tidied; raises Invalid."""
    faults, made_for = {}, clean_line(order.made_for, "made_for")
    if not order.parts:
        faults["parts"] = N_("Choose at least one part.")
    if not made_for or len(made_for) > LONGEST_RECIPIENT:
        faults["made_for"] = N_("Write for whom the file is, for example the lawyer’s name.")
    if order.language not in LANGUAGES:
        faults["language"] = N_("Choose one of the listed answers.")
    if faults:
        raise Invalid(**faults)
    return made_for


def _gather(context: Context, case: CaseView, parts: Collection[Part], made_for: str) -> CaseFile:
    members = name_everybody(context)
    after = read_follow_ups(context, case.id)
    return CaseFile(
        organization=get_organization_profile(context).name,
        reference=case.facts.reference,
        status=case.facts.status,
        opened_on=case.facts.opened_on,
        made_at=context.runtime.now().astimezone(context.runtime.timezone),
        made_by=members[context.member_id],
        made_for=made_for,
        responsible=members.get(case.facts.responsible, ""),
        parts=frozenset(parts),
        people=[FiledPerson(one.id, one.identity, one.facts) for one in case.people],
        incidents=[FiledIncident(one.facts, one.narrative) for one in case.incidents],
        reviews=_file_reviews(context, after.clocks),
        ahead=_file_follow_ups(after.ahead),
        past=_file_follow_ups(tuple(reversed(after.past))),
        files=[_local(context, one.facts) for one in reversed(list_files(context, case.id).present)],
        members=members,
        own_terms=get_term_book(context),
    )


def _local(context: Context, facts: Attachment) -> Attachment:
    return replace(facts, added_at=facts.added_at.astimezone(context.runtime.timezone))


def _file_reviews(context: Context, clocks: Sequence[RunningClock]) -> list[RunningReview]:
    zone = context.runtime.timezone
    return [
        RunningReview(clock.due.number, clock.detention.facts.person, clock.due.due_at.astimezone(zone))
        for clock in clocks
    ]


def _file_follow_ups(views: Sequence[FollowUpView]) -> list[FiledFollowUp]:
    return [FiledFollowUp(view.facts, view.texts) for view in views]
