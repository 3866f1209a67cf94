"""How the server is, for coordinators: each finding in plain words, and no path, record or name."""

from datetime import date, datetime

from flask import Blueprint, current_app, render_template
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from casework.domain.permissions import Permission
from casework.services.doctor.examining import examine
from casework.services.doctor.findings import TITLES, Finding, Size, State, Value
from casework.services.doctor.gathering import gather_facts
from casework.web.access import requires
from casework.web.identity import get_context, runtime
from casework.web.language import format_number, moment, write_day, write_size

pages = Blueprint("server", __name__)

_HEADINGS = {
    State.WRONG: _l("Wrong"),
    State.WARNING: _l("Look at this"),
    State.UNKNOWN: _l("Not known"),
    State.FINE: _l("In order"),
}
"""In this order on the page."""


@pages.get("/server")
@requires(Permission.MAKE_BACKUPS)
def show() -> str:
    """Say what is wrong with the server and what to do about it, the gravest first."""
    facts = gather_facts(runtime(), current_app.extensions["casework.surroundings"], get_context())
    findings = examine(facts)
    groups = [(state, str(heading), _list(findings, state)) for state, heading in _HEADINGS.items()]
    return render_template("server/show.html", groups=[group for group in groups if group[2]], at=facts.now)


def _list(findings: list[Finding], state: State) -> list[tuple[str, str, str]]:
    """Return title, sentence and advice of each."""
    return [
        (gettext(TITLES[finding.check]), _say(finding), gettext(finding.advice) if finding.advice else "")
        for finding in findings
        if finding.state == state
    ]


def _say(finding: Finding) -> str:
    values = {name: _write(value) for name, value in finding.values.items()}
    return str(gettext(finding.sentence, **values))


def _write(value: Value) -> str:
    match value:
        case Size():
            return write_size(value.bytes)
        case datetime():
            return moment(value)
        case date():
            return write_day(value)
        case int():
            return format_number(value)
    return value
