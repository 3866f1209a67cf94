"""What the tests of cases and incidents log and post."""

from html.parser import HTMLParser
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from casework.domain.coded import normalise_multi
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentNarrative
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.services.context import Context
from casework.services.incidents import IncidentDraft, Logged, PersonDraft, log_incident
from casework.web.forms.people import PURPOSES

_UNSENT = {"submit", "button"}
NEW_PERSON = {"person_id": "", "version": ""}


def person(name: str = "Naïma B.", *roles: str, statistics: str = "given") -> PersonDraft:
    """Somebody with an answer about statistics."""
    return PersonDraft(
        identity=PersonIdentity(name=name),
        facts=PersonFacts(consents={"statistics": Consent(statistics)}),
        roles=normalise_multi("roles", roles),
    )


def log(
    context: Context,
    *people: PersonDraft,
    date: str = "2026-05-12",
    text: str = "A car, then a second one.",
    exact_place: str = "",
    case_id: UUID | None = None,
    team: frozenset[UUID] | None = None,
    patterns: tuple[UUID, ...] = (),
    **answers: Any,
) -> Logged:
    """Log an incident past the form; with `team` only they may open its case."""
    given = {"contact_type": "traffic_stop", "police_service": "spvm"} | answers
    draft = IncidentDraft(
        date=VagueDate.parse(date),
        answers=given,
        narrative=IncidentNarrative(text, exact_place),
        people=people or (person(),),
        patterns=patterns,
        team_only=team is not None,
        team=team or frozenset(),
    )
    return log_incident(context, draft, case_id)


def fields(**more: Any) -> dict[str, Any]:
    """The fewest fields that log an incident, and others."""
    fewest = {"precision": "day", "day": "2026-05-12", "police_service": "spvm"}
    return fewest | {"contact_type": "traffic_stop"} | more


def person_fields(position: int, **answers: Any) -> dict[str, Any]:
    """The fields of one person of the form."""
    asked = {f"consent_{purpose}": "not_asked" for purpose in PURPOSES}
    return {f"people-{position}-{name}": value for name, value in (NEW_PERSON | asked | answers).items()}


def read_form(client: FlaskClient, path: str) -> dict[str, list[str]]:
    """Return the fields of a page's main form as a browser without scripts would post them."""
    return parse_form(client.get(path, follow_redirects=True).text)


def parse_form(page: str) -> dict[str, list[str]]:
    """Return the fields of the form on this page, as `read_form` does."""
    return _parse(page, "data-draft-url")


def parse_all(page: str) -> dict[str, list[str]]:
    """Return the fields with which the page of a lost race posts mine again."""
    start = page.index('name="resolve"')
    return _parse(page[page.rindex("<form", 0, start) :], "action")


def parse_unsaved(page: str, path: str) -> dict[str, list[str]]:
    """Return the fields with which a page sends again what could not be saved."""
    return _parse(page[page.rindex("<form", 0, page.index(f'action="{path}')) :], "action")


def _parse(page: str, attribute: str) -> dict[str, list[str]]:
    reader = _FormReader(attribute)
    reader.feed(page)
    return reader.fields


class _FormReader(HTMLParser):
    """Reads the form with this attribute; what stands in a <template> is no part of it."""

    def __init__(self, attribute: str) -> None:
        super().__init__()
        self._attribute = attribute
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._templates = 0
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in what a control would send."""
        has = dict(attrs)
        self._inside = self._inside or (tag == "form" and self._attribute in has)
        self._templates += tag == "template"
        if not self._inside or self._templates:
            return
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "input" and name and has.get("type") not in _UNSENT:
            if has.get("type") not in ("checkbox", "radio") or "checked" in has:
                self.fields.setdefault(name, []).append(value)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self.fields[self._select] = [value]
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = [""]

    def handle_data(self, data: str) -> None:
        """Take in what stands in a text area; the line end after its tag is not of the text."""
        if self._textarea:
            self.fields[self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        """Leave a control, a template or the form."""
        self._inside = self._inside and tag != "form"
        self._templates -= tag == "template"
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea:
            text = self.fields[self._textarea][0]
            self.fields[self._textarea] = [text.removeprefix("\r\n").removeprefix("\n")]
            self._textarea = ""
