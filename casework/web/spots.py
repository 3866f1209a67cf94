"""The way back to where a record stands on the page of its case, with what was done said beside it."""

from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

_AT = "at "


def lead_back_to_spot(case_id: UUID, spot: str, said: str) -> Response:
    """Go back to a spot of the page of a case; `said` is shown there, and not at the head of the page.

    A spot is the id of an element: the kind of record and, where there are several, its random id.
    """
    say_at(spot, said)
    return redirect(url_for("cases.show", case_id=case_id, _anchor=spot))


def say_at(spot: str, said: str) -> None:
    """Say something beside a record, on the page of its case."""
    flash(said, f"{_AT}{spot}")
