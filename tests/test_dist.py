"""A release: the same bytes whoever packs it, and what it stands on told truly."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from contextlib import closing
from http.client import HTTPConnection
from importlib.metadata import distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from casework.app import find_beside
from tests.support.bucket import free_port
from tools import dist, sbom

ROOT = Path(__file__).parent.parent
MOMENT = 1_795_700_000
PACKED = (
    *("pyproject.toml", "requirements.in", "requirements.lock", ".gitignore", "LICENSE", "README.md"),
    *("run.py", "casework", "templates", "migrations", "tools", "deploy"),
)
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
    known = subprocess.run(["git", "ls-files", "-z", *PACKED], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, known.stdout.decode().split("\0")):
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, origin / name)
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
    version = dist.read_version(ROOT)
    made = (".tar.gz", "-py3-none-any.whl", ".cdx.json")
    assert set(first) == {*(f"casework-{version}{end}" for end in made), "SHA256SUMS"}
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


@pytest.mark.parametrize("python", ["3.11.2", "3.11.9", "3.13.5"])
def test_the_lock_is_whole_for_each_python(python: str) -> None:
    """Also for those that did not write it: Debian 12 has 3.11.2, and pip refuses what is not pinned."""
    lock = (ROOT / "requirements.lock").read_text()
    pins = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    place = {"python_full_version": python, "python_version": python.rpartition(".")[0], "extra": ""}
    wanted = {
        canonicalize_name(needed.name): name
        for name in pins & {canonicalize_name(each.name) for each in distributions()}
        for needed in map(Requirement, requires(name) or ())
        if needed.marker is None or needed.marker.evaluate(place)
    }
    assert len(wanted) > 20
    assert {name: by for name, by in wanted.items() if name not in pins} == {}


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


def test_a_wheel_starts_the_demonstration_by_itself(clones: list[Path], tmp_path: Path) -> None:
    """Far from any source: its own pages and migrations, its texts in French, a command on the records."""
    (packed,) = (each for name, each in release(clones[0]).items() if name.endswith(".whl"))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(installed)  # noqa: S202 (ours)
        recorded = [line.split(",")[0] for line in _record(archive).splitlines()]
        assert recorded == archive.namelist()
    settings = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
    settings |= {"PYTHONPATH": str(installed), "CASEWORK_CONFIG": "", "PYTHONDONTWRITEBYTECODE": "1"}
    settings["CASEWORK_VOLATILE_URL"] = f"sqlite:///{tmp_path}/memory/volatile.sqlite"
    words = [sys.executable, "-P", "-m", "casework", "--demo", "--port", str(free_port())]
    server = subprocess.Popen(words, cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True)
    with server:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = re.search(r"127\.0\.0\.1:\d+", said)
        assert address, said
        with closing(HTTPConnection(address[0], timeout=60)) as asked:
            asked.request("GET", "/sign-in", headers={"Accept-Language": "fr"})
            answer = asked.getresponse()
            page = answer.read().decode()
        server.terminate()
    assert (answer.status, "Phrase de passe" in page) == (200, True)


def _record(archive: zipfile.ZipFile) -> str:
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
    return archive.read(name).decode()


def test_both_places_of_templates_are_known(tmp_path: Path) -> None:
    """Beside the package, as in a checkout; within it, as in the wheel."""
    package = tmp_path / "casework"
    package.mkdir()
    assert find_beside("templates", package) == tmp_path / "templates"
    (package / "templates").mkdir()
    assert find_beside("templates", package) == package / "templates"
