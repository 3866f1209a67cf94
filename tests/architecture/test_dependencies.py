"""What is installed is pinned, hashed, and there for a reason that somebody wrote down."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NAMES = ("requirements", "requirements-dev", "requirements-benchmarks")
PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9A-Za-z.]* \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(name: str) -> None:
    """No address, no option, no comment: what is installed depends on nobody's settings."""
    assert PIN.sub("", (ROOT / f"{name}.lock").read_text()) == ""


def test_what_runs_and_what_tests_agree() -> None:
    """A package in both has one version, so that tests run what members run."""
    pin = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    ours, tools = (dict(pin.findall((ROOT / f"{name}.lock").read_text())) for name in NAMES[:2])
    assert [name for name, version in tools.items() if ours.get(name, version) != version] == []


def test_every_direct_dependency_says_why_it_is_here() -> None:
    """docs/dependencies.md has a line for each name in the .in files, and for no other."""
    wanted = {
        re.split(r"[\[>=<]", line)[0]
        for name in NAMES
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if re.match(r"[a-z]", line)
    }
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs/dependencies.md").read_text(), re.M))
    assert listed == wanted
