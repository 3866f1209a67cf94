"""What set-up and renewal show alike: choosing how many shares, one sheet a page, each typed back."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from casework.domain.quorum import PROPOSED
from casework.domain.recovery import REFUSALS
from casework.errors import ShareRefused
from casework.services.recovery.sharing import Sharing
from casework.services.recovery.waiting import Waiting
from casework.web.forms.sharing import QuorumForm
from casework.web.identity import runtime
from casework.web.qr import draw_qr

_ANOTHER_SHEET = 16
"""More words than this differ only where it is another sheet that was typed."""


def choosing(form: QuorumForm, sharing: Sharing | None) -> dict[str, Any]:
    """Return what the page needs on which the number of sheets is chosen."""
    return {"form": form, "sharing": sharing, "proposed": PROPOSED}


def sheet(sharing: Sharing, organization_name: str) -> dict[str, Any]:
    """Return what the page of the share that is due needs; it is the sheet that a printer gets."""
    return {
        "sharing": sharing,
        "organization_name": organization_name,
        "words": sharing.share.split(),
        "code": draw_qr(sharing.share.upper()),
        "made_on": runtime().today(),
    }


def what_differs(sharing: Sharing, typed: str) -> str:
    """Say how what was typed differs from the share that is due, without repeating a word."""
    missing, wrong = sharing.compare(typed)
    if missing > 0:
        return str(ngettext("One word is missing.", "%(num)d words are missing.", missing))
    if missing < 0:
        return str(ngettext("There is one word too many.", "There are %(num)d words too many.", -missing))
    if len(wrong) > _ANOTHER_SHEET:
        return str(
            _("Hardly a word agrees. Is it the right sheet? This is share %(number)s.", number=sharing.number)
        )
    text = ngettext(
        "Word %(numbers)s is not the one of this share. Look at your sheet; if it says so too, correct it.",
        "Words %(numbers)s are not those of this share. Look at your sheet; if it says so too, correct it.",
        len(wrong),
        numbers=", ".join(str(number) for number in wrong),
    )
    return str(text)


def say_refused(refused: ShareRefused) -> str:
    """Say why a share cannot be taken, in the reader's language."""
    return str(_(REFUSALS[refused.reason], numbers=", ".join(str(number) for number in refused.numbers)))


def say_waiting(waiting: Waiting) -> str:
    """Say how many restricted cases and drafts are not sealed to the shares in force."""
    cases = ngettext("%(num)d restricted case", "%(num)d restricted cases", waiting.cases)
    drafts = ngettext("%(num)d draft", "%(num)d drafts", waiting.drafts)
    return ", ".join(str(said) for said, count in ((cases, waiting.cases), (drafts, waiting.drafts)) if count)
