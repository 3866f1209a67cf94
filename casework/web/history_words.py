"""A change in words: which field, and its values before and after; longer texts compared word by word."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from casework.domain import revision
from casework.domain.act import CODED as ACT_LISTS
from casework.domain.act import LIST_OF
from casework.domain.coded import FIELDS
from casework.domain.dates import VagueDate
from casework.domain.moments import Moment
from casework.domain.ownterm import choose_terms
from casework.domain.revision import Change, Rewriting
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.domain.worddiff import ADDED, LEFT_OUT, REMOVED, SAME, Piece, compare_texts
from casework.errors import Invalid
from casework.services.history.reading import RevisionView
from casework.web.deadlines import write_when
from casework.web.forms.acts import name_kind
from casework.web.history_names import Names
from casework.web.language import label, language, vague_date, write_day
from casework.web.ownwords import say_codes, say_terms, term_book

_LABELS = {
    "name": _l("Name, or what to call them"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "birth_date": _l("Birth date"),
    "uci": _l("UCI"),
    "address": _l("Address"),
    "note": _l("Note"),
    "date": _l("Date"),
    "text": _l("What happened"),
    "exact_place": _l("Where exactly"),
    "patterns": _l("Patterns"),
    "rejected": _l("Rejected patterns"),
    "participations": _l("People"),
    "responsible": _l("Who accompanies it"),
    "access": _l("Who may open this case"),
    "hold_since": _l("On hold since"),
    "binned_on": _l("In the bin since"),
    "swept": _l("Moved to the bin by"),
    "title": _l("What has to be done"),
    "words": _l("In words"),
    "rule": _l("Rule that sets the date"),
    "when": _l("When"),
    "due": _l("Due on"),
    "person": _l("Whom it is about"),
    "people": _l("Whom it concerned"),
    "incident": _l("Incident that it belongs to"),
    "detention": _l("Detention that it belongs to"),
    "assigned_to": _l("Who sees to it"),
    "done_on": _l("Done on"),
    "deleted_on": _l("Deleted on"),
    "removed_on": _l("Removed on"),
    "by": _l("Who did it"),
    "officer": _l("Name or description of the officer"),
    "badge": _l("Badge number"),
    "unit": _l("Unit or station"),
    "plate": _l("Number or plate of the car"),
    "said": _l("What was done and said, and by whom"),
    "source": _l("Who or what tells of it"),
    "reliability": _l("How reliable that is"),
    "account_of": _l("Another account of"),
}
_ACT = "act"
_LABELS_OF = {(revision.ATTACHMENT, "name"): _l("Name of the file"), (_ACT, "what"): _l("What happened")}
_LISTS = {field.name: field.list_name for field in FIELDS.values()} | {
    "status": "case_status",
    "closing_reason": "closing_reason",
    "outcome": "review_outcome",
    "kind": "follow_up_kind",
}
# The place of a follow-up is where somebody is held.
_LISTS_OF = {(revision.FOLLOW_UP, "place"): "cbsa_action"} | {
    (_ACT, name): list_name for name, list_name in ACT_LISTS.items()
}
_DAYS = {"hold_since", "binned_on", "done_on", "deleted_on", "removed_on"}
_MOMENTS = {"when", "due"}
_SHORT_CHARACTERS = 60
"""Values up to here stand whole beside each other; of longer ones only what differs is marked."""


class Row(NamedTuple):
    """A field that changed: its label, its old and new value, or the stretches of a longer text."""

    label: str
    old: str
    new: str
    pieces: Sequence[Piece] = ()


def list_rows(view: RevisionView, names: Names) -> list[Row]:
    """Return the fields that a change is of, who somebody is first."""
    rows = []
    changes = {**view.identity, **view.told.changes}
    kind = view.told.record
    if view.told.part is not None:
        kind, changes = _ACT, _with_what(view, changes, names)
    own = _own_terms(changes.pop(revision.OWN_TERMS, None))
    for name in dict.fromkeys([*changes, *own]):
        change = changes.get(name)
        if name in own or change is None:
            rows += _finer(kind, name, change, own[name])
        elif name in (revision.MERGED, revision.ASIDE):
            continue  # `tell_merge` says it in a sentence
        elif name == "consents":
            rows += _consents(change)
        else:
            rows.append(_row(_label(kind, name), change, partial(_words, kind, name, names)))
    return rows


def _own_terms(change: Change | Rewriting | None) -> dict[str, tuple[list[UUID], list[UUID]]]:
    """Return by the field which own terms were chosen before and after."""
    old, new = (side if isinstance(side, dict) else {} for side in _one(change))
    return {
        field: ([UUID(hex=one) for one in old.get(field, ())], [UUID(hex=one) for one in new.get(field, ())])
        for field in {**old, **new}
    }


def _finer(
    kind: str, field: str, change: Change | Rewriting | None, own: tuple[list[UUID], list[UUID]]
) -> list[Row]:
    """Tell a change of an answer and its own terms; where the code stayed, of these and their parent."""
    if isinstance(change, Change):
        told = [
            say_codes(value, field, choose_terms({field: ids})) if value else ""
            for value, ids in zip(change, own, strict=True)
        ]
    else:
        terms = [term for ids in own for one in ids if (term := term_book().find(one))]
        parents = list(dict.fromkeys(term.parent for term in terms))
        told = [say_terms(field, FIELDS[field].list_name, ids, parents) for ids in own]
    row = _row(_label(kind, field), Change(*told), str)
    return [row] if told[0] != told[1] else []  # a merged term reads as the other one on both sides


def tell_merge(view: RevisionView, by: str, names: Names) -> str:
    """Say that a record was made by a merge, or stands for itself again; "" of any other change."""
    merged, aside = (_one(view.told.changes.get(name)) for name in (revision.MERGED, revision.ASIDE))
    if merged.new:
        what = _say(names.of_person, merged.new)
        return str(gettext("%(who)s merged: this record stands for that of %(name)s too.", who=by, name=what))
    if aside.old and not aside.new:
        return str(gettext("%(who)s took the merge back: this record stands for itself again.", who=by))
    return ""


def _one(change: Change | Rewriting | None) -> Change:
    return change if isinstance(change, Change) else Change(None, None)


def is_by_rule(view: RevisionView) -> bool:
    """Return whether a rule of retention did it, with the keys of the member whose name stands there."""
    swept = view.told.changes.get("swept")
    return isinstance(swept, Change) and swept.new == 1


def _row(title: str, change: Change | Rewriting, words: Callable[[Any], str]) -> Row:
    if isinstance(change, Rewriting):
        return Row(title, "", "", _apart(change.pieces))
    old, new = (_say(words, value) for value in change)
    if max(len(old), len(new)) <= _SHORT_CHARACTERS:
        return Row(title, old, new)
    return Row(title, old, new, _apart(compare_texts(old, new)))


def _apart(pieces: Iterable[Piece]) -> list[Piece]:
    """Set the blank before what went or came outside of it, and one between both: no mark hangs over."""
    apart: list[Piece] = []
    for piece in pieces:
        text = piece.text.lstrip(" ") if piece.kind in (REMOVED, ADDED) else piece.text
        if text != piece.text or (apart and piece.kind == ADDED and apart[-1].kind == REMOVED):
            apart.append(Piece(SAME, " "))
        if text or piece.kind == LEFT_OUT:
            apart.append(Piece(piece.kind, text))
    return apart


def _say(words: Callable[[Any], str], value: Any) -> str:
    """Say one value; what a later version cannot read any more stands as it was kept."""
    if value is None or value == "" or value == []:
        return ""
    try:
        return words(value)
    except (Invalid, AttributeError, KeyError, TypeError, ValueError):
        return str(value)


def _with_what(view: RevisionView, changes: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Join the kind and the code of a step, which a form asks for as one."""
    kinds, codes = changes.get("kind"), changes.get("code")
    if kinds is None and codes is None:
        return dict(changes)
    act = names.acts.get(view.told.part.hex) if view.told.part else None
    same = Change(act.kind, act.kind) if act else Change("", "")
    said = zip(kinds or same, codes or (Change(act.code, act.code) if act else Change("", "")), strict=True)
    what = Change(*([kind, code] for kind, code in said))
    return {"what": what} | {name: one for name, one in changes.items() if name not in ("kind", "code")}


def _consents(change: Change | Rewriting) -> list[Row]:
    values = change if isinstance(change, Change) else ({}, {})
    old, new = (value if isinstance(value, dict) else {} for value in values)
    return [
        _row(_say(_purpose, purpose), Change(old.get(purpose), new.get(purpose)), _consent)
        for purpose in dict.fromkeys([*old, *new])
        if old.get(purpose) != new.get(purpose)
    ]


def _purpose(code: str) -> str:
    return str(gettext("Consent: %(purpose)s", purpose=label(code, "consent_purpose")))


def _consent(entry: Any) -> str:
    day = f" ({write_day(date.fromisoformat(entry['on']))})" if entry["on"] else ""
    means = entry.get("how", NOT_ASKED)
    how = "" if means == NOT_ASKED else f", {label(means, 'consent_means')}"
    return label(entry["answer"], "consent_answer") + day + how


def _list_name(kind: str, name: str) -> str | None:
    return _LISTS_OF.get((kind, name)) or _LISTS.get(name)


def _label(kind: str, name: str) -> str:
    given = _LABELS_OF.get((kind, name))
    list_name = _list_name(kind, name)
    if given is None and list_name is not None and kind != _ACT:
        return code_list(list_name).labels[language()]
    return str(given or _LABELS.get(name, name))


def _words(kind: str, name: str, names: Names, value: Any) -> str:
    list_name = _list_name(kind, name)
    if list_name is not None:
        return ", ".join(label(code, list_name) for code in ([value] if isinstance(value, str) else value))
    if name in _DAYS:
        return write_day(date.fromisoformat(value))
    if name in _MOMENTS:
        return write_when(Moment.parse(value))
    match name:
        case "date":
            return vague_date(VagueDate.parse(value))
        case "what":
            return f"{name_kind(value[0])}, {label(value[1], LIST_OF[value[0]])}"
        case "swept":
            return str(gettext("a rule of retention")) if value else ""
        case "access":
            return _access(value, names)
    return _name_of(name, value, names)


def _access(value: Any, names: Names) -> str:
    members = ", ".join(sorted(names.of_member(key) for key in value["members"]))
    return {
        "everybody": str(gettext("All caseworkers")),
        "team": str(gettext("A team: %(members)s", members=members)),
        "named": str(gettext("Those named alone: %(members)s", members=members)),
    }[value["to"]]


def _participation(entry: Any, names: Names) -> str:
    roles = ", ".join(label(role, "role") for role in entry["roles"])
    return f"{names.of_person(entry['person'])} ({roles})"


def _name_of(name: str, value: Any, names: Names) -> str:
    match name:
        case "responsible" | "assigned_to":
            return names.of_member(value)
        case "participations":
            return ", ".join(_participation(entry, names) for entry in value)
        case "people":
            return ", ".join(names.of_person(key) for key in value)
        case "person":
            return names.of_person(value)
        case "patterns" | "rejected":
            return ", ".join(sorted(names.patterns.get(key, key) for key in value))
        case "incident":
            return names.incidents.get(value, "")
        case "account_of":
            return names.incidents.get(value) or str(gettext("an incident of another case"))
        case "detention":
            return names.follow_ups.get(value, "")
    return str(value)
