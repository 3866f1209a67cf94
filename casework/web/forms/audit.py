"""The filter of the audit log."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from casework.domain.messages import N_
from casework.errors import Invalid
from casework.services.auditing.browsing import LogFilter
from casework.services.auditing.groups import Group
from casework.services.auditing.naming import Names, find_case
from casework.web.audit_words import GROUPS
from casework.web.forms.coded import DayField, choose
from casework.web.forms.posted import read_optional_id


class LogFilterForm(FlaskForm):
    """What the log shows. It is posted, and leads to an address that names ids only."""

    class Meta:
        """The token is checked for every post, whatever the form."""

        csrf = False

    what = SelectField(_l("What"), default="", validate_choice=False)
    who = SelectField(_l("Who"), default="", validate_choice=False)
    case = StringField(_l("Reference of a case"))
    first = DayField(_l("From"))
    last = DayField(_l("To"))

    @classmethod
    def read(cls, names: Names, first_day: date) -> "LogFilterForm":
        """Return the filter of this request; without one, of the days since `first_day`."""
        form = cls(formdata=request.form if request.method == "POST" else request.args)
        form.what.choices = [
            choose("", str(_l("All"))),
            *(choose(g.value, str(n)) for g, n in GROUPS.items()),
        ]
        form.who.choices = [choose("", str(_l("All")))]
        form.who.choices += [choose(member.hex, name) for member, name in names.members.items()]
        if request.method == "GET":
            case_id = read_optional_id(form.case.data)
            form.case.data = names.cases.get(case_id, "") if case_id else ""
            if "first" not in request.args:
                form.first.data = first_day.isoformat()
        return form

    def to_filter(self, names: Names) -> LogFilter:
        """Return what to look for; raises Invalid naming fields that say nothing sensible."""
        typed, before = (self.case.data or "").strip(), request.args.get("before", "")
        first, last = self.first.read(), self.last.read()
        if first and last and last < first:
            raise Invalid(last=N_("This day comes before the first one. Choose a later day, or none."))
        return LogFilter(
            group=Group(self.what.data) if self.what.data in tuple(Group) else None,
            member=read_optional_id(self.who.data),
            case=find_case(names, typed) if typed else None,
            first_day=first if first != date.min else None,
            last_day=last if last != date.max else None,
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        )


class HoldForm(FlaskForm):
    """Until when the log is held; without a day, until somebody ends it."""

    until = DayField(_l("Until (empty: until somebody ends it)"))


def query_of(wanted: LogFilter) -> dict[str, Any]:
    """Return a filter as an address holds it. An empty first day stays there: it means all of the log."""
    query: dict[str, str] = {
        "what": wanted.group.value if wanted.group else "",
        "who": _hex(wanted.member),
        "case": _hex(wanted.case),
        "last": wanted.last_day.isoformat() if wanted.last_day else "",
    }
    first = wanted.first_day.isoformat() if wanted.first_day else ""
    return {name: value for name, value in query.items() if value} | {"first": first}


def _hex(value: UUID | None) -> str:
    return value.hex if value else ""
