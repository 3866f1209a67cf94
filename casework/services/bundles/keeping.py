"""Cases that a member chose, kept sealed under their own key while they decide, and for the way back after.

In the volatile store, as lists on their way in are: what was before a deed is on no disk and in no backup,
and goes after an hour, or with a restart of the machine. The deed itself stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID, uuid4

from casework.domain.documents import Document, read_uuid
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services.bundles.deeds import Line, Stay
from casework.services.context import Context
from casework.services.lists import Filter, list_exact_cases
from casework.store import bundles as store
from casework.store.volatilestore import writing
from casework.vault import documents
from casework.vault.fields import BUNDLE_STATE

KEPT_SECONDS = 3600
"""From when the cases were chosen, and again from when something was done with them."""

MOST = 500
"""So many cases go into one transaction, which keeps every other writer waiting: see docs/performance.md."""

_STALE_SECONDS = 60
"""After that whoever was busy was killed: another may try, and does nothing a second time."""

_KEPT = 10
"""A member's newest ones: choosing again and again fills no memory."""


class State(StrEnum):
    """How far it is."""

    CHOSEN = "chosen"
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What was done: to how many records in how many cases, what stayed and why, and what was before.

    `gone` counts the cases that the member could no longer open. Once it was taken back: how many are as
    before, and what could not be put back and why.
    """

    kind: str
    about: Mapping[str, str]
    records: int
    cases: int
    stays: Mapping[Stay, Sequence[Line]]
    befores: Sequence[Document] = ()
    gone: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Bundle:
    """Chosen cases. `wanted` are the fields of the list in which they were chosen: the way back to it.

    `is_busy`: something is being done with them at this moment.
    """

    id: UUID
    cases: tuple[UUID, ...]
    wanted: Mapping[str, str] = field(default_factory=dict)
    state: State = State.CHOSEN
    outcome: Outcome | None = None
    is_busy: bool = False


def choose(context: Context, case_ids: Sequence[UUID], wanted: Mapping[str, str]) -> UUID:
    """Keep these cases for a deed; raises Invalid naming `case` where there are none, or too many.

    Whether each is the member's is asked when something is done with it.
    """
    context.require(Permission.EDIT_CASES)
    chosen = tuple(dict.fromkeys(case_ids))
    if not chosen:
        raise Invalid(case=N_("Nothing was changed. Tick the cases first."))
    if len(chosen) > MOST:
        raise Invalid(case=N_("Nothing was changed. At most 500 cases go together: narrow the list first."))
    bundle = Bundle(uuid4(), chosen, dict(wanted))
    row = store.Bundle(id=bundle.id, member_id=context.member_id, version=0, ends_at_seconds=0)
    with writing() as batch:
        batch.delete(*store.list_bundles(context.member_id)[_KEPT - 1 :])
        batch.put(_seal(context, row, bundle))
    return bundle.id


def choose_all(context: Context, listed: Filter, wanted: Mapping[str, str]) -> UUID:
    """Keep all cases that a list shows, on every page, but those of similar names; raises as `choose`."""
    context.require(Permission.EDIT_CASES)
    return choose(context, list_exact_cases(context, listed), wanted)


def get_bundle(context: Context, bundle_id: UUID) -> Bundle:
    """Return one of the member's bundles; raises NotFound, for somebody else's too, and after its hour."""
    context.require(Permission.EDIT_CASES)
    return _open(context, _get_row(context, bundle_id))


@contextmanager
def claimed(context: Context, bundle_id: UUID, state: State) -> Iterator[Bundle | None]:
    """Yield a bundle that nobody else gets meanwhile; None where it is busy, or in another state.

    Then a button was pressed twice. Raises NotFound.
    """
    with writing() as batch:
        row = _get_row(context, bundle_id)
        bundle = _open(context, row)
        is_free = bundle.state is state and not bundle.is_busy
        if is_free:
            batch.put(replace(row, busy_since_seconds=context.runtime.now_seconds()))
    if not is_free:
        yield None
        return
    try:
        yield bundle
    finally:
        with writing() as batch:
            busy = store.find_bundle(bundle_id)
            if busy is not None:
                batch.put(replace(busy, busy_since_seconds=None))


def keep_outcome(context: Context, bundle: Bundle, state: State, outcome: Outcome) -> None:
    """Keep what was done with a bundle, for another hour."""
    with writing() as batch:
        row = _get_row(context, bundle.id)
        batch.put(_seal(context, row, replace(bundle, state=state, outcome=outcome)))


def _get_row(context: Context, bundle_id: UUID) -> store.Bundle:
    row, now = store.find_bundle(bundle_id), context.runtime.now_seconds()
    if row is None or row.member_id != context.member_id or row.ends_at_seconds <= now:
        raise NotFound("bundle")
    return row


def _seal(context: Context, row: store.Bundle, bundle: Bundle) -> store.Bundle:
    version = row.version + 1
    plain = documents.encode(
        {
            "schema": 1,
            "cases": [case_id.hex for case_id in bundle.cases],
            "wanted": dict(bundle.wanted),
            "state": bundle.state.value,
            "outcome": _write_outcome(bundle.outcome) if bundle.outcome else None,
        }
    )
    return replace(
        row,
        version=version,
        ends_at_seconds=context.runtime.now_seconds() + KEPT_SECONDS,
        state_sealed=context.secret.seal_own(BUNDLE_STATE, row.id, version, plain),
    )


def _open(context: Context, row: store.Bundle) -> Bundle:
    document = documents.decode(context.secret.open_own(BUNDLE_STATE, row.id, row.version, row.state_sealed))
    outcome = document["outcome"]
    return Bundle(
        row.id,
        tuple(read_uuid(case_id) for case_id in document["cases"]),
        document["wanted"],
        State(document["state"]),
        _read_outcome(outcome) if outcome else None,
        row.busy_since_seconds is not None
        and context.runtime.now_seconds() - row.busy_since_seconds < _STALE_SECONDS,
    )


def _write_outcome(outcome: Outcome) -> Document:
    stays = {
        stay.value: [
            [line.case_id.hex, line.reference, line.person_id.hex if line.person_id else None]
            for line in lines
        ]
        for stay, lines in outcome.stays.items()
    }
    return {
        "kind": outcome.kind,
        "about": dict(outcome.about),
        "records": outcome.records,
        "cases": outcome.cases,
        "stays": stays,
        "befores": list(outcome.befores),
        "gone": outcome.gone,
    }


def _read_outcome(document: Document) -> Outcome:
    stays = {
        Stay(stay): tuple(
            Line(read_uuid(case_id), reference, read_uuid(person_id) if person_id else None)
            for case_id, reference, person_id in lines
        )
        for stay, lines in document["stays"].items()
    }
    return Outcome(**{**document, "stays": stays})
