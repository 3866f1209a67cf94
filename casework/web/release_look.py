"""Looking at the numbers of a release or the answer to a question, and approving a release.

Begun here, done in the background, told once.
"""

from collections.abc import Callable
from uuid import UUID

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext

from casework.domain.question import Question
from casework.domain.releasedraft import ReleaseDraft
from casework.errors import CaseworkError, Conflict, DisclosureRefused, Invalid, TooSoon, VaultError
from casework.reports.publication import words
from casework.services.context import Context
from casework.services.releases import approving, previewing
from casework.services.releases.looks import Look, Stage
from casework.services.signing_in.sessions import is_open
from casework.web import release_page
from casework.web.background import run_in_background
from casework.web.faults import flash_faults, words_of
from casework.web.identity import member_cookie
from casework.web.language import language
from casework.web.refusal_words import explain_refusal

REFRESH_SECONDS = "2"
MOST_SECONDS = int(previewing.MOST_SECONDS)


def begin(context: Context, release_id: UUID) -> None:
    """Begin to look at a release; says why not where that cannot be."""
    try:
        _begin(context, lambda is_open: previewing.begin_look(context, release_id, is_open))
    except Invalid as invalid:
        flash_faults(invalid)


def begin_question(context: Context, question: Question) -> None:
    """Begin to answer a question; says when after too many, and raises Invalid naming a field."""
    _begin(context, lambda is_open: previewing.begin_question(context, question, is_open))


def begin_approval(context: Context, release_id: UUID, version: int, mark: str) -> None:
    """Begin to approve what was seen; says why not where that cannot be."""
    cookie = member_cookie()
    try:
        look = approving.begin_approval(context, release_id, version, mark, lambda: is_open(cookie))
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        run_in_background(lambda: approving.carry_out_approval(context, look, version, mark))


def stop(context: Context, release_id: UUID | None) -> None:
    """End the member's look, approval, or without a release their question at once, and say so."""
    is_stopped = previewing.stop_look(context, release_id)
    flash(_("Stopped. Nothing was changed.") if is_stopped else _("It had ended already."), "info")


def take(context: Context, release_id: UUID | None) -> Look | None:
    """Return the member's look, without a release at their question, as far as it is.

    What it ended with instead of numbers is said once.
    """
    look = previewing.find_look(context, release_id)
    if look is None or not look.is_finished or look.seen:
        return look
    if look.number:
        flash(_("Approved. From now on it stays as it is."), "good")
    elif look.fault:
        flash(_why_not(look.fault, look.draft), "bad")
    else:
        flash(_("The numbers could not be worked out. Look again."), "bad")
    previewing.stop_look(context, release_id)
    return None


def stage_in_words(look: Look) -> str:
    """Say what is done at the moment."""
    if look.approves:
        return str(_("The numbers are checked once more; then it is approved."))
    if look.stage is Stage.COUNTING:
        return str(_("Counting."))
    if look.stage is Stage.PROTECTING:
        hiding = str(_("Hiding what could point at somebody, and attacking what is left as others could."))
        return f"{hiding} {_beside_in_words(look.beside)}".strip()
    looking = str(_("These tables cannot be shown. Looking for coarser ones that can."))
    if look.trying is None:
        return looking
    asked = look.trying
    tables = ", ".join(
        str(_("“%(table)s”", table=release_page.table_in_words(names, asked.period)))
        for names in asked.tables
    )
    period = words.write_period(asked.period, language())
    trying = _("Tried now: %(tables)s (%(period)s).", tables=tables, period=period)
    return f"{looking} {trying}"


def _beside_in_words(count: int) -> str:
    """Say what the numbers are held against."""
    if not count:
        return ""
    return str(
        ngettext(
            "The numbers are held against your earlier release.",
            "The numbers are held against your %(num)d earlier releases.",
            count,
        )
    )


def _begin(context: Context, begin_look: Callable[[Callable[[], bool]], Look]) -> None:
    cookie = member_cookie()
    try:
        look = begin_look(lambda: is_open(cookie))
    except TooSoon as too_soon:
        flash(_say_when(too_soon), "bad")
    else:
        run_in_background(lambda: previewing.carry_out(context, look))


def _why_not(fault: CaseworkError, draft: ReleaseDraft) -> str:
    if isinstance(fault, Invalid):
        return words_of(fault)
    if isinstance(fault, DisclosureRefused):
        return explain_refusal(fault, draft.k, draft)
    if isinstance(fault, Conflict):
        return str(
            _("Not approved: the release, its numbers or the ledger changed since you looked. Look again.")
        )
    if isinstance(fault, VaultError):
        return str(_("A record does not open. Let a coordinator verify the database."))
    return str(
        _("Nothing was changed: what you may do here, or what is there, changed meanwhile. Look again.")
    )


def _say_when(too_soon: TooSoon) -> str:
    minutes = -(-too_soon.seconds // 60)
    return str(
        ngettext(
            "You looked at many numbers within an hour. Look again in one minute.",
            "You looked at many numbers within an hour. Look again in %(num)d minutes.",
            minutes,
        )
    )
