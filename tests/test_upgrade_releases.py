"""What an upgrade lays beside the release that runs."""

import subprocess
import sys
from pathlib import Path

from tools.upgrade.releases import unpack

ROOT = Path(__file__).parents[1]


def test_a_checkout_comes_whole_and_without_data(tmp_path: Path) -> None:
    """Every file that git knows; no instance, packages or caches, wherever somebody keeps them in it."""
    known = _ask("ls-files").splitlines()
    checkout, release = tmp_path / "checkout", tmp_path / "release"
    for name in known:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    for name in (
        "instance/casework.sqlite",
        "instance-demo/x",
        "build/x",
        ".venv/x",
        "casework/__pycache__/x.pyc",
    ):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    unpack(checkout, release)
    laid = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}
    assert laid == set(known)


def test_each_step_is_told_at_once(tmp_path: Path) -> None:
    """Also into a file: where the power goes, the last line says how far it came."""
    code = (
        "import os; from pathlib import Path; from tools.upgrade.steps import Upgrade;"
        "Upgrade(Path('.'), None)._say('== migrate'); os._exit(9)"
    )
    with (tmp_path / "log").open("w") as log:
        subprocess.run([sys.executable, "-Ec", code], cwd=ROOT, stdout=log, check=False)
    assert (tmp_path / "log").read_text() == "== migrate\n"


def _ask(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout
