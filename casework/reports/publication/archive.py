"""Everything of a release in one ZIP file, with the hash of each file."""

import io
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SUMS = "SHA256SUMS"
_UNIX = 3
_MODE = 0o644 << 16


def write_archive(files: Mapping[str, bytes], made_on: date) -> bytes:
    """Return the archive of files by name: the same files on the same day give the same bytes."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in {**files, SUMS: write_sums(files)}.items():
            about = ZipInfo(name, (made_on.year, made_on.month, made_on.day, 0, 0, 0))
            about.compress_type, about.create_system, about.external_attr = ZIP_DEFLATED, _UNIX, _MODE
            archive.writestr(about, content)
    return buffer.getvalue()


def write_sums(files: Mapping[str, bytes]) -> bytes:
    """Return the list of their hashes, as `sha256sum` writes and checks it."""
    sums = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "".join(sums).encode()
