"""The documents lead to what is there: no file is named that somebody has moved since."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = (
    "architecture.md",
    "disclosure.md",
    "import.md",
    "install.fr.md",
    "install.md",
    "interface.md",
    "legal-demands.md",
    "moving.md",
    "operating.md",
    "recovery.md",
    "threat-model.md",
)
BASES = tuple(ROOT / name for name in ("", "casework", "casework/disclosure", "casework/static", "docs"))
PATH = re.compile(r"`([a-z_]+/[a-z0-9_/.*-]*|[a-z_-]+\.(?:py|md|js|css|html))(?::\w+)?`")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_leads_somewhere(document: str) -> None:
    """A newcomer follows them from the table of docs/architecture.md, a reader of promises to the tests."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    named = PATH.findall(text) + re.findall(r"\]\(([^):#]+)\)", text)
    lost = [path for path in named if not any(_leads_somewhere(base, path) for base in BASES)]
    assert named
    assert lost == []


def test_decisions_are_numbered_once() -> None:
    """One number, one decision; the heading has the number of the file."""
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    headings = [path.read_text(encoding="utf-8").partition(".")[0] for path in files]
    assert headings == [f"# {number}" for number in range(1, len(files) + 1)]
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))


def _leads_somewhere(base: Path, path: str) -> bool:
    return any(base.glob(path)) if "*" in path else (base / path).exists()
