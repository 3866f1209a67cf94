"""An approved release as whoever draws from it gets it: what was frozen, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.disclosure.ledger.parts import parse_in_parts
from casework.disclosure.ledger.release import ProtectedRelease
from casework.domain.approval import State
from casework.domain.documents import Document
from casework.domain.earlier import Earlier
from casework.domain.official import OfficialCount
from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.domain.release import Release, follow
from casework.domain.releasedraft import Names, ReleaseTexts, find_text
from casework.errors import NotFound
from casework.services.context import Context
from casework.services.releases.late import Late, list_late
from casework.services.releases.ledger import Held, Ledger, read_ledger
from casework.services.releases.shelf import Shelf
from casework.services.statistics.dimensions import Unit
from casework.vault import documents
from casework.vault.ledger import release_checksum

PARSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Successor:
    """A release that came in the place of another one."""

    number: int
    is_withdrawn: bool = False
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """An approved release. The tables of `protected` are those of `tables`, the headline first.

    `checksum` covers `content`: all but what became of it since, `is_withdrawn` with its `reasons` by
    language and day, and `successors`, the releases that came in its place one after the other; and `late`,
    which follows from this document and earlier ones: what was registered late into their periods.
    `official` is what others counted of its time, None where that was not kept yet; `earlier` what it says of
    earlier releases of its time.
    """

    number: int
    made_on: date
    organization: str
    texts: Mapping[str, ReleaseTexts]
    unit: Unit
    period: Period
    tables: tuple[Names, ...]
    protected: ProtectedRelease
    content: bytes
    checksum: str
    is_withdrawn: bool
    reasons: Mapping[str, str]
    withdrawn_on: date | None
    successors: tuple[Successor, ...] = ()
    late: tuple[Late, ...] = ()
    official: tuple[OfficialCount, ...] | None = None
    earlier: tuple[Earlier, ...] = ()

    @property
    def replaced_by(self) -> int:
        """The number of the last release that came in its place, withdrawn or not; 0 of none."""
        return self.successors[-1].number if self.successors else 0

    @property
    def is_left_alone(self) -> bool:
        """Whether the last release that came in its place was withdrawn, so that none stands there."""
        return bool(self.successors) and self.successors[-1].is_withdrawn

    def text(self, kind: str, language: str) -> str:
        """Give the title, summary, demands or link in `language`, or in the first language that has one."""
        return find_text(self.texts, kind, language)


def read_release(context: Context, release_id: UUID, shelf: Shelf | None = None) -> Published:
    """Return an approved release; raises NotFound where there is none, Tampered, DisclosureRefused.

    `shelf` is what was opened for this page already.
    """
    context.require(Permission.COMPOSE_RELEASES)
    return take_release(context, read_ledger(context, shelf), release_id)


def take_release(context: Context, ledger: Ledger, release_id: UUID) -> Published:
    """Return an approved release of a ledger that was read; raises NotFound, DisclosureRefused."""
    for held in ledger.held:
        if held.release_id == release_id:
            return _publish(held, _protected(context, ledger, held), ledger)
    raise NotFound("release")


def verify_releases(context: Context) -> int:
    """Check the whole ledger, and attack each release together with those before it; returns how many.

    Raises Tampered or DisclosureRefused at the first that is not as it was approved.
    """
    context.require(Permission.COMPOSE_RELEASES)
    ledger = read_ledger(context)
    for held in ledger.held:
        _parse(ledger, held)
    return len(ledger.held)


def public_content(release: Release) -> Document:
    """Return what a checksum covers: texts, questions and numbers as they left."""
    assert release.frozen is not None  # noqa: S101 - only approved releases come here
    draft = release.draft.to_document()
    kept = {key: draft[key] for key in ("texts", "unit", "first", "last", "tables", "k")}
    frozen = release.frozen.to_document()
    left = ("number", "made_on", "organization", "document", "official", "earlier")
    schema = 1 + (release.frozen.official is not None) + (release.frozen.earlier is not None)
    return {"schema": schema, **kept, **{key: frozen[key] for key in left if key in frozen}}


def checksum_of(release: Release) -> str:
    """Return the checksum of an approved release: 64 hex digits."""
    return release_checksum(documents.encode(public_content(release)))


def _publish(held: Held, protected: ProtectedRelease, ledger: Ledger) -> Published:
    release, frozen = held.release, held.release.frozen
    assert frozen is not None  # noqa: S101 - so is every release of the ledger
    earlier = [one.release for one in ledger.held if one.number < held.number]
    return Published(
        frozen.number,
        date.fromisoformat(frozen.made_on),
        frozen.organization,
        release.draft.texts,
        Unit(release.draft.unit),
        release.draft.period,
        release.draft.tables,
        protected,
        documents.encode(public_content(release)),
        checksum_of(release),
        release.state is State.WITHDRAWN,
        release.reasons,
        release.withdrawn_on,
        _list_successors(release, ledger),
        list_late(protected.told, earlier),
        frozen.official,
        frozen.earlier or (),
    )


def _list_successors(release: Release, ledger: Ledger) -> tuple[Successor, ...]:
    after = follow(release, {one.number: one.release for one in ledger.held})
    return tuple(
        Successor(one.frozen.number, one.state is State.WITHDRAWN, one.withdrawn_on)
        for one in after
        if one.frozen
    )


def _protected(context: Context, ledger: Ledger, held: Held) -> ProtectedRelease:
    """Attack it once in each process: its hash names what was attacked, and all that came before."""
    known = context.runtime.released
    if held.hash not in known:
        known[held.hash] = _parse(ledger, held)
    return known[held.hash]


def _parse(ledger: Ledger, held: Held) -> ProtectedRelease:
    earlier = [one.entry.document for one in ledger.held if one.number < held.number]
    return parse_in_parts(held.entry.document, earlier, time_limit_seconds=PARSE_SECONDS)
