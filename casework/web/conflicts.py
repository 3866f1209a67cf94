"""A lost race: what only one of the two changed is kept of each, and what both changed is asked about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.errors import Conflict
from casework.services.context import Context
from casework.services.history.reading import Stamp, last_change
from casework.services.membership.members import name_everybody
from casework.web.comparing import Rows, Sheet
from casework.web.forms.posted import read_optional_id
from casework.web.spots import say_at
from casework.web.threeway import Decided, decide, read_base, take_over, write_base

Answer = Response | tuple[str, int]

_RECORDS = {"act", "follow_up", "incident", "person"}
# What says which version was read, not what was written.
_NOT_WRITTEN = {"csrf_token", "version", "base", "asked", "resolve"}
_TRIES = 3


@dataclass(frozen=True, kw_only=True, repr=False)
class Standing:
    """A record as it stands now.

    `form` shows it, `sheet` tells it; `refill` makes the form of posted fields, `tell` tells such a form.
    `people` are, of an incident, the ids that its forms may name, each with the id and the version of now;
    `tidy` leaves out of posted fields who was added meanwhile as the same somebody. `part` is the act that it
    is, of the incident that is `record_id`.
    """

    what: str
    case_id: UUID
    record_id: UUID
    version: int
    spot: str
    form: Any
    sheet: Sheet
    refill: Callable[[MultiDict[str, str]], Any]
    tell: Callable[[Any], Sheet]
    people: Mapping[UUID, tuple[UUID, int]] = field(default_factory=dict)
    tidy: Callable[[MultiDict[str, str]], MultiDict[str, str]] = lambda fields: fields
    part: UUID | None = None


@dataclass(frozen=True, repr=False)
class Meeting:
    """Two versions of a record, as errors/409.html shows them.

    `rows` are what is asked about; `taken` is what the other one alone changed, `kept` names what I did.
    `fields`, `version` and `base` save what I decide; `by` and `at` say who saved, where that is known.
    """

    what: str
    rows: Rows
    action_url: str
    fields: Sequence[tuple[str, str]]
    version: int
    theirs_url: str
    asked: str = ""
    base: str = ""
    taken: Sequence[tuple[str, str]] = ()
    kept: Sequence[str] = ()
    by: str = ""
    at: Any = None
    is_mine: bool = False


def list_asked(mine: Sheet, now: Sheet) -> Rows:
    """Return what is asked about, of a form that puts both versions together."""
    return _rows(_posted_names(now) or [name for name in mine if name in now], mine, now)


def save(
    context: Context,
    form: Any,
    write: Callable[[Any], None],
    read: Callable[[], Standing],
    lead_on: Callable[[], Answer],
) -> Answer:
    """Save a changed record; where somebody else was faster, both changes, or ask; raises Invalid."""
    fields, taken, spot, tries = MultiDict(request.form), list[str](), "", 0
    if request.form.get("resolve") == "theirs":
        now = read()
        fields = take_over(_named(fields, now), now.form, _posted_names(now.sheet))
        form = now.refill(fields)
    while not _wins(form, write):
        now, tries = read(), tries + 1
        joined = _join(now, fields, form)
        if joined.is_open or tries == _TRIES:
            return show(_meet(context, now, joined))
        fields, form, spot = joined.fields, joined.form, now.spot
        taken += [now.sheet[name].label for name in joined.decided.theirs]
    answer = lead_on()
    _mention(taken, spot)
    return answer


@dataclass(frozen=True, repr=False)
class _Joined:
    """Mine with what the other one alone changed; `is_open` where something is to be asked."""

    fields: MultiDict[str, str]
    form: Any
    mine: Sheet
    decided: Decided
    is_open: bool


def _join(now: Standing, fields: MultiDict[str, str], form: Any) -> _Joined:
    base, mine = read_base(fields.get("base")), now.tell(form)
    decided, renewed = decide(base, mine, now.sheet), _renewed(fields, now)
    joined = now.tidy(take_over(renewed, now.form, decided.theirs))
    joined.setlist("version", [str(now.version)])
    joined.setlist("base", [write_base(now.sheet)])
    form = now.refill(joined)
    if form.validate():
        return _Joined(joined, form, mine, decided, base is None or bool(decided.asked))
    # Each may be sound by itself, and both together not: then all that differs is asked about.
    return _Joined(renewed, form, mine, decide(None, mine, now.sheet), True)


def show(meeting: Meeting) -> Answer:
    """Render the page of a lost race."""
    return render_template("errors/409.html", conflict=meeting), 409


def _meet(context: Context, now: Standing, joined: _Joined) -> Meeting:
    decided, mine = joined.decided, joined.mine
    posted = joined.fields.items(multi=True)
    meeting = Meeting(
        what=now.what,
        rows=_rows(decided.asked, mine, now.sheet),
        action_url=request.path,
        fields=[(name, value) for name, value in posted if name not in _NOT_WRITTEN],
        version=now.version,
        theirs_url=url_for("cases.show", case_id=now.case_id, _anchor=now.spot),
        asked=" ".join(decided.asked),
        base=write_base(now.sheet),
        taken=[(now.sheet[name].title, now.sheet[name].words) for name in decided.theirs],
        kept=[mine[name].title for name in decided.mine],
    )
    stamp = last_change(context, now.case_id, [now.record_id, *_people_of(now)], now.part)
    return _signed(context, meeting, stamp) if stamp else meeting


def _signed(context: Context, meeting: Meeting, stamp: Stamp) -> Meeting:
    by = name_everybody(context).get(stamp.by, "")
    return replace(meeting, by=by, at=stamp.at, is_mine=stamp.by == context.member_id)


def _people_of(now: Standing) -> set[UUID]:
    return {person_id for person_id, _version in now.people.values()}


def _rows(names: Sequence[str], mine: Sheet, now: Sheet) -> Rows:
    told = [(now.get(name) or mine[name], mine.get(name), now.get(name)) for name in names]
    rows = [
        (one.title, ours.words if ours else "", other.words if other else "") for one, ours, other in told
    ]
    return [row for row in rows if row[1] != row[2]]


def _named(fields: MultiDict[str, str], now: Standing) -> MultiDict[str, str]:
    """Return posted fields in which each known person has the id of now."""
    named = fields.copy()
    for name, value in fields.items():
        known = read_optional_id(value) if name.endswith("-person_id") else None
        if person := now.people.get(known or UUID(int=0)):
            named[name] = person[0].hex
    return named


def _renewed(fields: MultiDict[str, str], now: Standing) -> MultiDict[str, str]:
    """Return posted fields in which each known person has the id and the version of now."""
    renewed, versions = _named(fields, now), dict(now.people.values())
    for name, value in renewed.copy().items():
        version = name.removesuffix("person_id") + "version"
        if name.endswith("-person_id") and value and renewed.get(version):
            renewed[version] = str(versions.get(UUID(hex=value), renewed[version]))
    return renewed


def _mention(taken: Sequence[str], spot: str) -> None:
    """Say what was taken over: what is asked, and not what was answered, which would stand in a cookie."""
    if taken:
        what = " · ".join(dict.fromkeys(taken))
        said = gettext("Somebody else saved this while you were writing. Kept of theirs: %(what)s", what=what)
        say_at(spot, said)


def _posted_names(now: Sheet) -> list[str]:
    return [name for name in request.form.get("asked", "").split() if name in now]


def _wins(form: Any, write: Callable[[Any], None]) -> bool:
    try:
        write(form)
    except Conflict as conflict:
        if conflict.args[0] not in _RECORDS:
            raise
        return False
    return True
