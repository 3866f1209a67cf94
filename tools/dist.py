"""Packs a release: the same commit gives the same bytes, whoever packs it, wherever and whenever.

`python -m tools.dist` writes `build/dist`: the source archive, what it stands on (SBOM), and SHA256SUMS.
The archive holds what git knows of the commit, and nothing else that lies about.
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
from pathlib import Path

from tools import sbom

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
    files = {name: _git_bytes("show", f"HEAD:{name}") for name in list_files()}
    executable = {line.split("\t")[1] for line in _git("ls-files", "-s").splitlines() if line[:6] == "100755"}
    name = f"casework-{version}"
    (TARGET / f"{name}.tar.gz").write_bytes(pack(name, files, executable, moment))
    bill = sbom.describe(version, (ROOT / "requirements.lock").read_text(), moment)
    (TARGET / f"{name}.cdx.json").write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n")
    (TARGET / "SHA256SUMS").write_text(sums(TARGET))
    print((TARGET / "SHA256SUMS").read_text(), end="")
    return 0


def read_version(root: Path) -> str:
    """The version of the project, from pyproject.toml."""
    version: str = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    return version


def list_files() -> list[str]:
    """The files of the commit, in the order of their names' bytes."""
    return sorted(_git_bytes("ls-files", "-z").decode().split("\0")[:-1], key=str.encode)


def pack(name: str, files: dict[str, bytes], executable: set[str], moment: int) -> bytes:
    """A .tar.gz whose bytes follow from what is in it and `moment` (seconds since 1970) alone."""
    out = io.BytesIO()
    # mtime 0 and no name in the gzip header; ustar has no owner's names but those given.
    with (
        gzip.GzipFile("", "wb", 9, out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mtime = len(content), moment
            entry.mode = 0o755 if path in executable else 0o644
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
