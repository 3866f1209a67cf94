"""A request for access to information: to whom, on which day, until when, and what became of it."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from casework.domain.accessrequest import AccessRequest, Law, propose_deadline
from casework.domain.messages import N_
from casework.errors import Invalid, noting
from casework.web.forms.coded import Choices, DayField, choose
from casework.web.forms.kept import KeptRecordForm

LAWS = {
    Law.FEDERAL: _l("Canada: Access to Information Act, s. 7 (30 days)"),
    Law.QUEBEC: _l("Québec: Act respecting Access, s. 47 (20 days, 10 more with notice)"),
    Law.OTHER: _l("Another law: enter the day yourself"),
}
_LATER = ("extended_to", "received_on", "appealed_on", "closed_on")


def offer_laws() -> Choices:
    """List the laws."""
    return [choose(law.value, str(text)) for law, text in LAWS.items()]


class AccessRequestForm(KeptRecordForm):
    """One request; the deadline is proposed where it is left empty."""

    body = StringField(_l("Sent to"))
    subject = StringField(_l("What you asked for"))
    law = SelectField(_l("Under which law"), choices=offer_laws, validate_choice=False)
    number = StringField(_l("Number of the request"))
    sent_on = DayField(_l("Sent on"))
    due_on = DayField(_l("Answer due on"))
    extended_to = DayField(_l("Extended to"))
    received_on = DayField(_l("Answer received on"))
    appealed_on = DayField(_l("Complaint or appeal on"))
    closed_on = DayField(_l("Closed on"))
    note = TextAreaField(_l("Note"))

    def fill(self, request: AccessRequest, version: int) -> "AccessRequestForm":
        """Show a request as it stands."""
        for name in ("body", "subject", "law", "number", "note"):
            self[name].data = str(getattr(request, name))
        for name in ("sent_on", "due_on", *_LATER):
            day = getattr(request, name)
            self[name].data = day.isoformat() if day else ""
        return self.at(version)

    def to_request(self) -> AccessRequest:
        """Return what was entered; raises Invalid naming every day that is wrong."""
        faults: dict[str, str] = {}
        days: dict[str, date | None] = {}
        for name in ("sent_on", "due_on", *_LATER):
            with noting(faults):
                days[name] = self[name].read()
        law = Law(self.law.data) if self.law.data in list(Law) else Law.OTHER
        sent_on = days.get("sent_on")
        if sent_on is None:
            faults.setdefault("sent_on", N_("Choose the day on which it was sent."))
        due_on = days.get("due_on") or (propose_deadline(law, sent_on) if sent_on else None)
        if due_on is None:
            faults.setdefault("due_on", N_("Choose the day by which the answer is due."))
        if faults or sent_on is None or due_on is None:
            raise Invalid(**faults)
        texts: dict[str, Any] = {
            name: self[name].data or "" for name in ("body", "subject", "number", "note")
        }
        later: dict[str, Any] = {name: days[name] for name in _LATER}
        return AccessRequest(
            law=law,
            sent_on=sent_on,
            due_on=due_on,
            **texts,
            **later,
        )
