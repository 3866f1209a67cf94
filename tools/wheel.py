"""Packs the wheel: the package, with what it finds beside itself in a checkout laid inside.

Templates and migrations lie beside `casework/` in the source, and `run.py` starts it: in the wheel they are
`casework/templates`, `casework/migrations` and `casework/__main__.py` (ADR 41). No build backend, as for the
archive: what is in it follows from the commit alone.
"""

import base64
import hashlib
import io
import re
import time
import tomllib
import zipfile
from collections.abc import Mapping

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_MOVED = {"templates/": "casework/templates/", "migrations/": "casework/migrations/"}
_STARTS = "casework/__main__.py"
_TAG = "py3-none-any"


def name_wheel(version: str) -> str:
    """The file's name, as the specification of wheels has it."""
    return f"casework-{version}-{_TAG}.whl"


def pack(version: str, files: Mapping[str, tuple[bytes, bool]], moment: int) -> bytes:
    """A wheel whose bytes follow from what is in it and `moment` (seconds since 1970) alone.

    `files` is the commit, as `dist.read_commit` gives it. Raises KeyError where a file is missing.
    """
    project = tomllib.loads(files["pyproject.toml"][0].decode())["project"]
    laid = _lay(files)
    info = f"casework-{version}.dist-info"
    laid[f"{info}/METADATA"] = _metadata(project, version, files["requirements.in"][0].decode()).encode()
    laid[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: casework\nRoot-Is-Purelib: true\nTag: {_TAG}\n".encode()
    )
    laid[f"{info}/entry_points.txt"] = b"[console_scripts]\ncasework = casework.__main__:main\n"
    laid[f"{info}/licenses/LICENSE"] = files["LICENSE"][0]
    lines = [_line(path, laid[path]) for path in sorted(laid)]
    laid[f"{info}/RECORD"] = "".join([*lines, f"{info}/RECORD,,\n"]).encode()
    return _zip(laid, moment)


def _lay(files: Mapping[str, tuple[bytes, bool]]) -> dict[str, bytes]:
    """By its place in the wheel each file of the package, its texts compiled."""
    laid = {_STARTS: files["run.py"][0]}
    for path, (content, _) in files.items():
        for place, moved in ({"casework/": "casework/"} | _MOVED).items():
            if path.startswith(place):
                laid[moved + path.removeprefix(place)] = content
    for path in [path for path in laid if path.endswith(".po")]:
        # Without the source: which is older than what, no two installers agree.
        laid[path.removesuffix(".po") + ".mo"] = _compile(laid.pop(path))
    return laid


def _compile(texts: bytes) -> bytes:
    out = io.BytesIO()
    write_mo(out, read_po(io.BytesIO(texts)), use_fuzzy=True)
    return out.getvalue()


def _metadata(project: Mapping[str, str], version: str, requirements: str) -> str:
    needs = re.findall(r"^[a-z][^\s#]*", requirements, re.MULTILINE)
    head = {
        "Metadata-Version": "2.4",
        "Name": project["name"],
        "Version": version,
        "Summary": project["description"],
        "License-Expression": project["license"],
        "License-File": "LICENSE",
        "Requires-Python": project["requires-python"],
    }
    return "".join(
        f"{key}: {value}\n" for key, value in [*head.items(), *(("Requires-Dist", n) for n in needs)]
    )


def _line(path: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    return f"{path},sha256={digest},{len(content)}\n"


def _zip(laid: Mapping[str, bytes], moment: int) -> bytes:
    """In the order of names, RECORD last; one time, one mode, no owner."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(laid, key=lambda path: (path.endswith("/RECORD"), path.encode())):
            entry = zipfile.ZipInfo(path, time.gmtime(moment)[:6])
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, laid[path], compresslevel=9)
    return out.getvalue()
