"""Two changed one record: what I started from, what I say, what stands there now.

What only the other one changed is taken over, what only I changed is kept, and I am asked about what both of
us changed. What I started from stands in my own form, as a digest of each answer: nothing of it is stored or
shown, and whoever forges it decides about their own answers alone, which they may give as they like anyway.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, SelectMultipleField

from casework.domain.vocabulary import NOT_ASKED
from casework.web.comparing import Sheet
from casework.web.forms.people import PURPOSES

_EMPTY: tuple[Any, ...] = ("", (), (NOT_ASKED,), NOT_ASKED, frozenset(), None)
_DATE = ("precision", "day", "month", "season", "year")
# Answers that more than one field of a form gives.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "date": _DATE,
    "when": (*_DATE, "time"),
    "due": ("due_day", "due_time"),
    "part": ("takes_part", "roles"),
} | {f"consent_{name}": (f"consent_{name}", f"consent_{name}_on", f"consent_{name}_how") for name in PURPOSES}


@dataclass(frozen=True, slots=True)
class Decided:
    """The names of answers: those to ask about, those to take over, those of mine alone."""

    asked: list[str]
    theirs: list[str]
    mine: list[str]


def write_base(sheet: Sheet) -> str:
    """Return what a form carries of what it started from; what was empty is left out."""
    digests = {name: _digest(said.value) for name, said in sheet.items() if said.value not in _EMPTY}
    return json.dumps(digests, separators=(",", ":"))


def start(form: Any, sheet: Sheet) -> None:
    """Write into a form that shows a record as it stands what it starts from."""
    form.base.data = write_base(sheet)


def read_base(text: str | None) -> Mapping[str, str] | None:
    """Return what `write_base` gave; None for anything else, as of a form from before there were any."""
    try:
        base = json.loads(text or "")
    except ValueError:
        return None
    return base if isinstance(base, dict) else None


def decide(base: Mapping[str, str] | None, mine: Sheet, now: Sheet) -> Decided:
    """Return what becomes of each answer; without a base I am asked about all that differs.

    So I am about somebody whom the base does not know: two records became one since, or one two.
    """
    decided, people = Decided([], [], []), {name.partition("/")[0] for name in base or () if "/" in name}
    for name in {**now, **mine}:
        them = _digest(now[name].value if name in now else None)
        if name not in mine:
            # Somebody whom my form does not know: they came into the incident meanwhile.
            if name.endswith("/part") and them:
                decided.theirs.append(name)
            continue
        me, was = _digest(mine[name].value), base.get(name, "") if base is not None else None
        if "/" in name and name.partition("/")[0] not in people:
            was = None
        if me != them:
            (decided.theirs if me == was else decided.mine if them == was else decided.asked).append(name)
    return _ask_about_the_gone(decided, now)


def _ask_about_the_gone(decided: Decided, now: Sheet) -> Decided:
    """Ask about somebody whom the other one took out and I changed: taken over, my change would be lost."""
    changed = {name.rpartition("/")[0] for name in (*decided.mine, *decided.asked)} - {""}
    for name in list(decided.theirs):
        person_id, _slash, answer = name.rpartition("/")
        if answer == "part" and now[name].value is None and person_id in changed:
            decided.theirs.remove(name)
            decided.asked.append(name)
    return decided


def take_over(fields: MultiDict[str, str], standing: Form, names: Iterable[str]) -> MultiDict[str, str]:
    """Return posted fields with these answers as the form gives them that shows how the record stands."""
    taken = fields.copy()
    for name in names:
        person_id, _slash, answer = name.rpartition("/")
        source: Any = _entry_of(standing, person_id) if person_id else standing
        prefix = _place_of(taken, person_id) if person_id else ""
        for part in _FIELDS.get(answer, (answer,)):
            if values := _posted(source[part]):
                taken.setlist(prefix + part, values)
            else:
                taken.poplist(prefix + part)
    return taken


def _entry_of(standing: Any, person_id: str) -> Any:
    return next(entry.form for entry in standing.people if entry.form.person_id.data == person_id)


def _place_of(fields: MultiDict[str, str], person_id: str) -> str:
    """Return the prefix of somebody's row, of a new one where they have none."""
    rows = {
        name.removesuffix("person_id"): value for name, value in fields.items() if name.endswith("-person_id")
    }
    for prefix, value in rows.items():
        if value == person_id:
            return prefix
    last = max((int(prefix.split("-")[1]) for prefix in rows), default=-1)
    fields[f"people-{last + 1}-person_id"] = person_id
    return f"people-{last + 1}-"


def _posted(field: Field) -> list[str]:
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectMultipleField):
        return [str(value) for value in field.data or ()]
    return ["" if field.data is None else str(field.data)]


def _digest(value: Any) -> str:
    if value in _EMPTY:
        return ""
    if isinstance(value, str):
        # A browser sends other line ends than are kept.
        value = "\n".join(value.split("\r\n")).strip()
    if isinstance(value, frozenset):
        value = sorted(value, key=str)
    return b64encode(sha256(repr(value).encode()).digest()[:9]).decode()
