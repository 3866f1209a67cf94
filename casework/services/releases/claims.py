"""What a file says of itself: of which release it is, and whether its content fits the checksum it states.

This needs no database and no keys: whoever has a file can ask. That it fits means that nobody changed one
without the other. Whether the checksum is the organization's, only the organization can say.
"""

import io
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from casework.domain.documents import Document
from casework.reports.publication.archive import SUMS
from casework.reports.publication.release_json import FORMAT
from casework.reports.publication.release_json import encode as encode_file
from casework.vault import documents
from casework.vault.ledger import release_checksum

MOST_BYTES = 64 * 1024 * 1024
"""All files of an archive together, once unpacked: what is larger is none of ours."""
MOST_FILES = 1000
"""In an archive: four tables in three languages are about two hundred."""
MOST_JSON_BYTES = 4 * 1024 * 1024
"""Of a release as JSON. Once it is read it takes thirty times as much memory, where it is made for that."""
MOST_STATED = 1000
"""Different checksums in a file: one that states more states none."""

_KEYS = {"format", "checksum", "content", "standing"}
_STATED = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_SUM = re.compile(rb"([0-9a-f]{64}) [ *]([\w.\-]{1,200})")
_NAMED = re.compile(r"release-([1-9][0-9]{0,6})[.-]")
_LISTED = b"PK\x01\x02"  # before each file that an archive lists
_KINDS = (
    (b"%PDF", ".pdf"),
    (b"\x89PNG", ".png"),
    (b"{", ".json"),
    (b"<svg", ".svg"),
    (b"<?xml", ".svg"),
    (b"<!doctype html", ".html"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says. `suffix` is what the names of its kind end with, `number` 0 where it says none.

    `stated` are the checksums that stand in it, its own among them; `computed` is that of its content, empty
    where it has none to compute it of. `is_whole` tells whether nothing in it contradicts itself; `damaged`
    names the files of an archive that are missing, changed or too many, `held` are all that are in it; of a
    list of hashes, which has the suffix of `SUMS`, those hashes.
    """

    suffix: str
    number: int = 0
    organization: str = ""
    stated: frozenset[str] = frozenset()
    computed: str = ""
    is_whole: bool = True
    damaged: tuple[str, ...] = ()
    held: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def read_claim(name: str, data: bytes) -> Claim:
    """Read what a file says of itself; its name may tell of which release it is."""
    held = unpack(data) if data.startswith(b"PK") else {}
    suffix = _sniff(data, held)
    if suffix == ".csv" and (listed := _read_sums(data)):
        return listed
    claim = _read_json(data) if suffix == ".json" else _read_archive(held) if suffix == ".zip" else None
    if claim is not None:
        return claim
    named = _NAMED.search(name)
    return Claim(suffix, number=int(named[1]) if named else 0, stated=_list_stated(held.values() or [data]))


def _list_stated(texts: Iterable[bytes]) -> frozenset[str]:
    """List the checksums that stand anywhere in texts; none where they are too many to be said by us."""
    found: set[str] = set()
    for one in chain.from_iterable(map(_STATED.finditer, texts)):
        found.add(one[0].decode())
        if len(found) > MOST_STATED:
            return frozenset()
    return frozenset(found)


def _sniff(data: bytes, held: Mapping[str, bytes]) -> str:
    """Tell what kind a file is, by what the names of that kind end with."""
    if data.startswith(b"PK"):
        return ".xlsx" if "xl/workbook.xml" in held else ".zip"
    begin = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    known = (suffix for magic, suffix in _KINDS if begin.startswith(magic.lower()))
    return next(known, ".csv")


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name; none where it is broken, too large, or names one twice.

    What it says of sizes is a claim: no more is inflated. Ours are stored or deflated; what else there is
    inflates more than it is asked for. What lists too many files is not even listed.
    """
    if data.count(_LISTED) > MOST_FILES:
        return {}
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            sizes, names = sum(one.file_size for one in listed), {one.filename for one in listed}
            is_known = all(one.compress_type in (ZIP_STORED, ZIP_DEFLATED) for one in listed)
            if sizes > MOST_BYTES or len(names) < len(listed) or not is_known:
                return {}
            return {one.filename: _inflate(archive, one) for one in listed}
    except (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error):
        return {}


def _inflate(archive: ZipFile, one: ZipInfo) -> bytes:
    with archive.open(one) as file:
        content = file.read(one.file_size + 1)
    if len(content) != one.file_size:
        raise BadZipFile(one.filename)
    return content


def _read_json(data: bytes) -> Claim | None:
    """Read a release as JSON: one spelling alone is ours, so that no changed byte goes unseen."""
    if len(data) > MOST_JSON_BYTES:
        return None
    try:
        document = json.loads(data)
        if type(document) is not dict or document.keys() != _KEYS or document["format"] != FORMAT:
            return None
        content: Document = document["content"]
        checksum, computed = document["checksum"], release_checksum(documents.encode(content))
        number, organization = content["number"], content["organization"]
        is_whole = checksum == computed and encode_file(document) == data
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    if type(number) is not int or type(organization) is not str or type(checksum) is not str:
        return None
    return Claim(".json", number, organization, frozenset({checksum}), computed, is_whole)


def _read_archive(held: Mapping[str, bytes]) -> Claim | None:
    inner = next((name for name in held if re.fullmatch(r"release-[0-9]+\.json", name)), "")
    claim = _read_json(held[inner]) if inner else None
    if claim is None:
        return None
    lines = (line.partition("  ") for line in held.get(SUMS, b"").decode("utf-8", "replace").splitlines())
    sums = {name: digest for digest, _between, name in lines}
    damaged = {
        name for name in (held.keys() | sums.keys()) - {SUMS} if _differs(held.get(name), sums.get(name))
    }
    if not claim.is_whole:
        damaged.add(inner)
    return Claim(
        ".zip",
        claim.number,
        claim.organization,
        claim.stated,
        claim.computed,
        not damaged,
        tuple(sorted(damaged)),
        held,
    )


def _read_sums(data: bytes) -> Claim | None:
    """Read the list of hashes that lies in an archive; None of what is no such list, or too long for one."""
    lines = data.split()
    if not lines or len(lines) > 2 * MOST_FILES:
        return None
    found = [_SUM.fullmatch(line.rstrip(b"\r")) for line in data.strip().split(b"\n")]
    sums = {one[2].decode("utf-8", "replace"): one[1] for one in found if one}
    numbers = {int(named[1]) for name in sums if (named := _NAMED.match(name))}
    if None in found or len(numbers) != 1:
        return None
    return Claim(SUMS, number=numbers.pop(), held=sums)


def _differs(content: bytes | None, digest: str | None) -> bool:
    return content is None or sha256(content).hexdigest() != digest
