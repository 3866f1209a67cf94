"""The releases beside each other, and the link that says which one runs."""

import hashlib
import os
import shutil
import tarfile
import tomllib
from pathlib import Path

from tools.upgrade.journal import sync_folder

_AT_THE_TOP = shutil.ignore_patterns(".git", ".venv", "instance*", "build")
_ANYWHERE = shutil.ignore_patterns("__pycache__", "*.mo")


class Failed(Exception):
    """A step did not do what it should; the message is for whoever looks after the server."""


def read_version(source: Path) -> str:
    """Return the version of an archive or a folder; raises Failed where it is not one of casework's."""
    try:
        if source.is_dir():
            return _version((source / "pyproject.toml").read_bytes())
        with tarfile.open(source) as archive:
            top = archive.getnames()[0].split("/")[0]
            content = archive.extractfile(f"{top}/pyproject.toml")
            assert content is not None  # noqa: S101 (a file, or KeyError before)
            return _version(content.read())
    except (OSError, tarfile.TarError, KeyError, IndexError, AssertionError) as error:
        raise Failed(f"{source} is neither a release of casework nor a folder with one") from error


def check_sum(archive: Path) -> None:
    """Hold an archive against SHA256SUMS beside it; raises Failed where they differ, or there is none."""
    listed = archive.with_name("SHA256SUMS")
    if not listed.is_file():
        raise Failed(f"there is no {listed} to hold {archive.name} against: bring it along")
    sums = {line[66:]: line[:64] for line in listed.read_text().splitlines()}
    if sums.get(archive.name) != hashlib.sha256(archive.read_bytes()).hexdigest():
        raise Failed(f"{archive.name} is not the file that {listed} names: it may be damaged, or another's")


def unpack(source: Path, target: Path) -> None:
    """Lay a release into its folder, whole or not at all: root's alone to change, for all to read."""
    part = target.with_name(f"{target.name}.unfinished")
    for left in (part, target):
        if left.exists():
            shutil.rmtree(left)
    if source.is_dir():
        copy_checkout(source, part)
    else:
        with tarfile.open(source) as archive:
            for entry in archive:
                if (
                    not (entry.isfile() or entry.isdir())
                    or ".." in Path(entry.name).parts
                    or entry.name[0] == "/"
                ):
                    raise Failed(f"{source} holds {entry.name}, which is no plain file")
            archive.extractall(part)  # noqa: S202 (looked at above)
        (inner,) = part.iterdir()
        for each in inner.iterdir():
            each.rename(part / each.name)
        inner.rmdir()
    for path in (part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    os.sync()
    part.rename(target)
    sync_folder(target.parent)


def copy_checkout(source: Path, target: Path) -> None:
    """Copy the code of a folder that somebody works in, without data, packages and what was built there."""

    def left_behind(folder: str, names: list[str]) -> set[str]:
        found = _ANYWHERE(folder, names)
        return found | _AT_THE_TOP(folder, names) if Path(folder) == source else found

    shutil.copytree(source, target, ignore=left_behind, symlinks=True)


def point(link: Path, name: str) -> None:
    """Let the link lead to another release, at once."""
    part = link.with_name(f"{link.name}.unfinished")
    part.unlink(missing_ok=True)
    part.symlink_to(f"releases/{name}")
    os.replace(part, link)
    sync_folder(link.parent)


def _version(pyproject: bytes) -> str:
    project = tomllib.loads(pyproject.decode())["project"]
    if project["name"] != "casework":
        raise KeyError("name")
    return str(project["version"])
