"""Whether a file is one of ours, as it was released: held against the ledger, in memory, and kept nowhere."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.reports.publication.archive import SUMS, write_archive, write_sums
from casework.reports.publication.formats import File
from casework.services.context import Context
from casework.services.releases.claims import Claim, read_claim
from casework.services.releases.downloads import list_downloads
from casework.services.releases.ledger import Ledger, read_ledger
from casework.services.releases.reading import Published, Successor, checksum_of, take_release

MOST_SECONDS = 60.0
_MOST_SAID = 10  # of the files of an archive that differ


class Verdict(StrEnum):
    """What a file is."""

    AUTHENTIC = "authentic"
    CHANGED = "changed"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict. Unless it is foreign, `release_id` and `published` are the release that it says it is of.

    `name` is what the file is called where it is authentic. `differing` names files of an archive that are
    not as they were released, ten at the most.
    """

    verdict: Verdict
    claim: Claim
    release_id: UUID | None = None
    published: Published | None = None
    name: str = ""
    differing: tuple[str, ...] = ()

    @property
    def has_our_content(self) -> bool:
        """Whether its texts and numbers are as released, whatever else is: of JSON and archives alone."""
        return self.published is not None and self.claim.computed == self.published.checksum


def check_file(context: Context, name: str, data: bytes) -> Answer:
    """Say whether a file is as it was released. It is drawn again, as it was while the release stood too.

    A file that another version of casework drew counts as changed; `has_our_content` tells whether its
    numbers are ours all the same. Raises Tampered where the ledger is not whole, DisclosureRefused, and
    Invalid naming `file` where it cannot be told within `MOST_SECONDS`: many files had to be drawn.
    """
    context.require(Permission.COMPOSE_RELEASES)
    claim, ledger = read_claim(name, data), read_ledger(context)
    told: Answer | None = None
    until = time.monotonic() + MOST_SECONDS
    for release_id in _candidates(ledger, claim):
        published = take_release(context, ledger, release_id)
        compare = _COMPARING.get(claim.suffix, _compare)
        found, differing = compare(published, name, claim, data, until)
        if found:
            return Answer(Verdict.AUTHENTIC, claim, release_id, published, found)
        if told is None and _says_so(claim, published):
            told = Answer(Verdict.CHANGED, claim, release_id, published, differing=differing)
    return told or Answer(Verdict.FOREIGN, claim)


def _candidates(ledger: Ledger, claim: Claim) -> Iterator[UUID]:
    """List the releases that a file can be of; what says nothing of itself, CSV, can be of any."""
    says_nothing = claim.suffix == ".csv" and not claim.number
    for held in reversed(ledger.held):
        checksums = claim.stated | {claim.computed}
        if says_nothing or held.number == claim.number or checksum_of(held.release) in checksums:
            yield held.release_id


def _says_so(claim: Claim, published: Published) -> bool:
    """Whether a file says that it is of this release. One of another organization may have its number."""
    if published.checksum in claim.stated | {claim.computed}:
        return True
    is_ours = claim.organization in ("", published.organization)
    return is_ours and claim.number == published.number


def _compare(
    published: Published, name: str, claim: Claim, data: bytes, until: float
) -> tuple[str, tuple[str, ...]]:
    """Name the file of a release that is this one, byte for byte; empty where none is.

    Where a file has this very name no other is drawn: a document takes a second.
    """
    for standing in _standings(published):
        files = [file for file in list_downloads(standing)[:-1] if file.name.endswith(claim.suffix)]
        for file in [one for one in files if one.name == name] or files:
            if _draw(file, until) == data:
                return file.name, ()
    return "", ()


def _compare_archive(
    published: Published, _name: str, claim: Claim, data: bytes, until: float
) -> tuple[str, tuple[str, ...]]:
    """Name the archive of a release, where this is it; else the files in it that are not as they left."""
    held, differing = claim.held, None
    for standing in _standings(published):
        *files, everything = list_downloads(standing)
        drawn = {file.name: _draw(file, until) for file in files}
        if write_archive(drawn, published.made_on) == data:
            return everything.name, ()
        names = {one for one in (held.keys() | drawn.keys()) - {SUMS} if held.get(one) != drawn.get(one)}
        differing = names if differing is None else differing & names
    return "", tuple(sorted((differing or set()) | set(claim.damaged)))[:_MOST_SAID]


def _compare_sums(
    published: Published, _name: str, claim: Claim, data: bytes, until: float
) -> tuple[str, tuple[str, ...]]:
    """Name the list of the hashes of a release's files, where this is it; else the lines that are not so."""
    differing: set[str] | None = None
    for standing in _standings(published):
        drawn = {file.name: _draw(file, until) for file in list_downloads(standing)[:-1]}
        if write_sums(drawn) == data:
            return SUMS, ()
        sums = {name: sha256(content).hexdigest().encode() for name, content in drawn.items()}
        names = {one for one in claim.held.keys() | sums.keys() if claim.held.get(one) != sums.get(one)}
        differing = names if differing is None else differing & names
    return "", tuple(sorted(differing or ()))[:_MOST_SAID]


_COMPARING = {".zip": _compare_archive, SUMS: _compare_sums}


def _draw(file: File, until: float) -> bytes:
    if time.monotonic() > until:
        raise Invalid(
            file=N_(
                "It took too long to tell: it says that it is of many releases, or has another name."
                " Give it the name that it was released under, and ask again."
            )
        )
    return file.draw()


def _standings(published: Published) -> Iterator[Published]:
    """Give a release as it stands, and as it stood before it was withdrawn, or replaced, by each in turn."""
    standing = replace(published, is_withdrawn=False, reasons={}, withdrawn_on=None)
    after = published.successors
    before = [after[:at] for at in range(len(after), -1, -1)]
    stood = [(*some[:-1], Successor(some[-1].number)) for some in before if some and some[-1].is_withdrawn]
    forms: list[Published] = []
    for one in (published, standing):
        for successors in (*before, *stood):
            form = replace(one, successors=successors)
            if form not in forms:
                forms.append(form)
                yield form
