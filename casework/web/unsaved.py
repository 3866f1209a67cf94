"""What a form held that could not be saved: given back on the page that says so, to be sent again.

The browser's own way back does not bring it: no page of ours is kept in a cache, and then browsers forget
what was typed. Only forms that are kept as drafts come back, to whoever sent them, without what is secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException

from casework.web.access import SECRET_FIELDS, find_mark
from casework.web.identity import find_context

_LONG = 60
"""Characters from which a text is shown, to be copied or shortened; all else is sent again unseen."""

_NOT_WRITTEN = {"base", "asked", "earlier"}
"""What may be as long, and nobody wrote."""

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, repr=False)
class Unsaved:
    """A form to be sent again to `address`: `texts` are shown, `fields` are not."""

    address: str
    fields: Pairs
    texts: Pairs


def find_unsaved() -> Unsaved | None:
    """Return what was posted, its token included: asks neither the database nor the session."""
    return _find(request.form.get("csrf_token", "")) if _is_kept() else None


def find_unsaved_for_session() -> Unsaved | None:
    """Return what was posted with the token of the session that there is now.

    Only where the browser says that the form is one of ours: the token must not be lent to somebody else's.
    """
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return _find(generate_csrf()) if is_ours and _is_kept() and find_context() is not None else None


def is_of_draft() -> bool:
    """Return whether a form was posted that is kept as a draft."""
    mark = find_mark(current_app._get_current_object(), request.endpoint or "")  # type: ignore[attr-defined]
    return request.method == "POST" and mark is not None and bool(mark.keeps)


def _is_kept() -> bool:
    if not is_of_draft():
        return False
    most: int = request.max_form_parts or 0
    try:
        # Counted before it is taken apart: who sends many fields makes a page that is many times as long.
        return request.get_data().count(b"&") < most and bool(request.form)
    except HTTPException:
        return False  # larger than may be read


def _find(token: str) -> Unsaved:
    fields, texts = [("csrf_token", token)], list[tuple[str, str]]()
    for name, value in request.form.items(multi=True):
        if name not in SECRET_FIELDS:
            is_text = name not in _NOT_WRITTEN and (len(value) >= _LONG or "\n" in value)
            (texts if is_text else fields).append((name, value))
    return Unsaved(request.full_path.rstrip("?"), fields, texts)
