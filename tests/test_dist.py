"""A release: the same bytes whoever packs it, and what it stands on told truly."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools import dist, sbom

ROOT = Path(__file__).parent.parent
MOMENT = 1_795_700_000
FILES = {"b.txt": (b"second", False), "a.sh": (b"#!/bin/sh\n", True), "é/c.txt": (b"", False)}


def test_the_same_files_give_the_same_bytes() -> None:
    """Whatever order they are found in; another moment, name, mode or content gives others."""
    packed = dist.pack("casework-1", FILES, MOMENT)
    assert dist.pack("casework-1", dict(reversed(FILES.items())), MOMENT) == packed
    others = [
        dist.pack("casework-2", FILES, MOMENT),
        dist.pack("casework-1", FILES, MOMENT + 1),
        dist.pack("casework-1", FILES | {"a.sh": (b"#!/bin/sh\n", False)}, MOMENT),
        dist.pack("casework-1", FILES | {"b.txt": (b"Second", False)}, MOMENT),
    ]
    assert len({packed, *others}) == 5


def test_an_archive_tells_nothing_of_who_packed_it() -> None:
    """No owner, no name, one time, two modes, and one folder that all of it lies in."""
    with tarfile.open(fileobj=io.BytesIO(dist.pack("casework-1", FILES, MOMENT))) as archive:
        for entry in archive:
            assert (entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, "", "")
            assert entry.mtime == MOMENT
            assert entry.mode == (0o755 if entry.name.endswith(".sh") else 0o644)
            assert entry.name.startswith("casework-1/")


def release(clone: Path, **variables: str) -> dict[str, bytes]:
    """Pack the commit of a clone, and return the files of the release."""
    words = [sys.executable, "-m", "tools.dist"]
    env = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"} | variables
    subprocess.run(words, cwd=clone, env=env, check=True, stdout=subprocess.DEVNULL)
    return {path.name: path.read_bytes() for path in (clone / "build/dist").iterdir()}


def git(folder: Path, *words: str) -> str:
    """Run git as nobody in particular."""
    ours = [
        "git",
        "-c",
        "user.name=T",
        "-c",
        "user.email=t@example.org",
        "-c",
        "init.defaultBranch=main",
        *words,
    ]
    return subprocess.run(ours, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def clones(tmp_path: Path) -> list[Path]:
    """Two clones of one commit, at places and with modes of their own."""
    origin = tmp_path / "origin"
    origin.mkdir()
    for name in ("pyproject.toml", "requirements.lock", ".gitignore", "tools", "deploy", "README.md"):
        subprocess.run(["cp", "-r", str(ROOT / name), str(origin)], check=True)
    git(origin, "init", "-q")
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "-m", "one")
    made = [tmp_path / "here", tmp_path / "elsewhere" / "deep"]
    for clone, mask in zip(made, (0o022, 0o077), strict=True):
        before = os.umask(mask)
        git(tmp_path, "clone", "-q", str(origin), str(clone))
        os.umask(before)
    return made


def test_two_clones_give_one_release(clones: list[Path]) -> None:
    """Byte for byte, whatever the time zone, the language and the folder; its sums are those of its files."""
    first = release(clones[0], TZ="America/Toronto", LC_ALL="C")
    (clones[1] / "left-lying.txt").write_text("in no commit")
    second = release(clones[1], TZ="Asia/Tokyo", PYTHONHASHSEED="7")
    assert first == second
    assert {name.rpartition("-")[0] or name for name in first} == {"casework", "SHA256SUMS"}
    for line in first["SHA256SUMS"].decode().splitlines():
        digest, name = line.split()
        assert hashlib.sha256(first[name]).hexdigest() == digest
    (archive,) = (name for name in first if name.endswith(".tar.gz"))
    with tarfile.open(fileobj=io.BytesIO(first[archive])) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert names == set(git(clones[0], "ls-files").splitlines())


def test_what_is_not_committed_is_not_released(clones: list[Path]) -> None:
    """It says so and packs nothing."""
    (clones[0] / "README.md").write_text("changed")
    with pytest.raises(subprocess.CalledProcessError):
        release(clones[0])
    assert not (clones[0] / "build").exists()


def test_the_bill_of_materials_names_each_pin() -> None:
    """By package URL and version, with every hash of the lock, as CycloneDX 1.5 wants it."""
    lock = (ROOT / "requirements.lock").read_text()
    bill = sbom.describe("1.2.3", lock, MOMENT)
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
    assert {each["name"]: each["version"] for each in bill["components"]} == pins
    assert all(each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}" for each in bill["components"])
    told = {each["value"] for part in bill["components"] for each in part["properties"]}
    assert told == set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert json.dumps(bill) == json.dumps(sbom.describe("1.2.3", lock, MOMENT))
    assert bill["serialNumber"] != sbom.describe("1.2.4", lock, MOMENT)["serialNumber"]
