"""Packs a release: the same commit gives the same bytes, whoever packs it, wherever and whenever.

`python -m tools.dist` writes `build/dist`: the source archive, the wheel, what they stand on (SBOM), and
SHA256SUMS. The archive holds what git knows of the commit, and nothing else that lies about.
"""

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tools import sbom, wheel

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "dist"


def main() -> int:
    """Write the files of a release; 1 where what lies here is not what is committed."""
    changed = _git("status", "--porcelain", "--untracked-files=no")
    if changed:
        print(f"Not committed, so not in any release:\n{changed}", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for left in TARGET.iterdir():
        left.unlink()
    version = read_version(ROOT)
    moment = int(os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct"))
    name = f"casework-{version}"
    files = read_commit()
    (TARGET / f"{name}.tar.gz").write_bytes(pack(name, files, moment))
    (TARGET / wheel.name_wheel(version)).write_bytes(wheel.pack(version, files, moment))
    bill = sbom.describe(version, (ROOT / "requirements.lock").read_text(), moment)
    (TARGET / f"{name}.cdx.json").write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n")
    (TARGET / "SHA256SUMS").write_text(sums(TARGET))
    print((TARGET / "SHA256SUMS").read_text(), end="")
    return 0


def read_version(root: Path) -> str:
    """The version of the project, from pyproject.toml."""
    version: str = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    return version


def read_commit() -> dict[str, tuple[bytes, bool]]:
    """What is in the commit: by path its content, and whether it is a program."""
    with tarfile.open(fileobj=io.BytesIO(_git_bytes("archive", "--format=tar", "HEAD"))) as archive:
        return {
            entry.name: (content.read(), bool(entry.mode & 0o100))
            for entry in archive
            if entry.isfile() and (content := archive.extractfile(entry))
        }


def pack(name: str, files: Mapping[str, tuple[bytes, bool]], moment: int) -> bytes:
    """A .tar.gz whose bytes follow from what is in it and `moment` (seconds since 1970) alone."""
    out = io.BytesIO()
    # mtime 0 and no name in the gzip header; ustar has no owner's names but those given.
    with (
        gzip.GzipFile("", "wb", 9, out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for path in sorted(files, key=str.encode):
            content, is_program = files[path]
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mtime = len(content), moment
            entry.mode = 0o755 if is_program else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def sums(folder: Path) -> str:
    """The lines of SHA256SUMS, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def _git(*words: str) -> str:
    return _git_bytes(*words).decode().strip()


def _git_bytes(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
