"""The contracts of import-linter hold, and each of them refuses what it is there to refuse."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SEEDS = [
    ("domain/planted.py", "import casework.services", "Dependencies point down only"),
    ("store/planted.py", "import casework.vault", "Dependencies point down only"),
    ("disclosure/planted.py", "import casework.vault", "Dependencies point down only"),
    ("planted/__init__.py", "", "Dependencies point down only"),
    ("config.py", "import casework.web", "Dependencies point down only"),
    ("domain/planted.py", "import flask", "The core knows no web framework"),
    ("disclosure/planted.py", "import sqlalchemy", "The core knows no web framework"),
    ("services/planted.py", "import cryptography.fernet", "Only the vault meets cryptography"),
    ("domain/planted.py", "import zxcvbn", "Only the vault meets cryptography"),
    ("web/planted.py", "import casework.vault", "Web and cli ask services"),
    ("web/planted.py", "import sqlalchemy", "Web and cli ask services"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, to be spoilt."""
    shutil.copytree(ROOT / "casework", tmp_path / "casework", ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_code_keeps_the_contracts(copy: Path) -> None:
    """As it stands, no import goes where it may not."""
    result = _lint_imports(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("module", "line", "contract"), SEEDS)
def test_a_seeded_violation_is_refused(copy: Path, module: str, line: str, contract: str) -> None:
    """One wrong import, or a package that no layer names, breaks the contract that forbids it."""
    planted = copy / "casework" / module
    planted.parent.mkdir(exist_ok=True)
    before = planted.read_text() if planted.exists() else ""
    planted.write_text(f"{before}{line}\n")
    result = _lint_imports(copy)
    broken = [said for said in result.stdout.splitlines() if " BROKEN" in said]
    assert result.returncode == 1
    assert any(said.startswith(contract) for said in broken), result.stdout
