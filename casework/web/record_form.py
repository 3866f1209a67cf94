"""The form of one record of what others hold: a published figure, a request for access.

Shown, kept as a draft, saved once; where somebody else saved meanwhile, both are shown and nothing is lost.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from flask import flash, redirect
from flask_babel import gettext as _
from wtforms import BooleanField, Field

from casework.services.once import SavedBefore
from casework.web import kept_form, once
from casework.web.comparing import Rows
from casework.web.forms.kept import KeptRecordForm
from casework.web.kept_form import Answer
from casework.web.once import KeptAs


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...


View = TypeVar("View", bound=_Versioned)


@dataclass(frozen=True)
class Desk:
    """What differs from one kind of record to another.

    `address` is where a saved record stands, `saved` what is then said, `get` gives the record as it stands
    now (raises NotFound), `fill` a form of it.
    """

    page: str
    saved: Any
    address: Callable[[UUID], str]
    get: Callable[[UUID], Any]
    fill: Callable[[Any], KeptRecordForm]


def serve(
    desk: Desk, form: KeptRecordForm, kept_as: KeptAs, save: Callable[[], UUID], view: Any = None
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why."""

    def save_and_lead() -> Answer:
        try:
            record_id = save()
        except SavedBefore as saved:
            return once.lead_to_saved(desk.address(saved.record_id), saved.differs, form, kept_as)
        flash(str(desk.saved), "good")
        return redirect(desk.address(record_id))

    def meet() -> dict[str, Any]:
        return _meet(desk, form, next(iter(kept_as[1].values())))

    return kept_form.serve(desk.page, form, kept_as, save_and_lead, meet=meet, view=view, theirs=[])


def _meet(desk: Desk, form: KeptRecordForm, record_id: UUID) -> dict[str, Any]:
    """Give back what was entered, to be saved over what somebody else saved meanwhile."""
    now = desk.get(record_id)
    theirs = dict(_tell(desk.fill(now)))
    form.at(now.version).form_errors.append(
        _("Somebody else changed it meanwhile. Below stands what you wrote: look at theirs, then save.")
    )
    rows: Rows = [(label, mine, theirs[label]) for label, mine in _tell(form) if mine != theirs[label]]
    return {"view": now, "theirs": rows}


def _tell(form: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """Say what stands in each field: of a choice, what it is called."""
    for field in form:
        if getattr(field.widget, "input_type", "") == "hidden":
            continue
        yield str(field.label.text), _say(field)


def _say(field: Field) -> str:
    if isinstance(field, BooleanField):
        return str(_("yes") if field.data else _("no"))
    if hasattr(field, "iter_choices"):
        return next((str(choice.label) for choice in field.iter_choices() if choice.selected), "")
    return (field.data or "").strip()
