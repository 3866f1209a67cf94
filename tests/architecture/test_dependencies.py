"""What is installed is pinned, hashed, and there for a reason that somebody wrote down."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9A-Za-z.]* \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock: str) -> None:
    """No address, no option, no comment: what is installed depends on nobody's settings."""
    assert PIN.sub("", (ROOT / lock).read_text()) == ""


def test_both_locks_agree() -> None:
    """A package in both has one version, so that tests run what members run."""
    pin = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    ours, tools = (dict(pin.findall((ROOT / lock).read_text())) for lock in LOCKS)
    assert [name for name, version in tools.items() if ours.get(name, version) != version] == []


def test_every_direct_dependency_says_why_it_is_here() -> None:
    """docs/dependencies.md has a line for each name in the two .in files, and for no other."""
    wanted = {
        re.split(r"[\[>=<]", line)[0]
        for name in ("requirements.in", "requirements-dev.in")
        for line in (ROOT / name).read_text().splitlines()
        if re.match(r"[a-z]", line)
    }
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs/dependencies.md").read_text(), re.M))
    assert listed == wanted
