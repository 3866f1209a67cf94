"""The public core can be used, and read, without the web application around it."""

import ast
import subprocess
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FRAMEWORKS = ("flask", "jinja2", "sqlalchemy", "werkzeug", "wtforms")
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(*sorted(sys.modules))
"""


@pytest.mark.parametrize("package", ["casework.domain", "casework.vault", "casework.disclosure"])
def test_the_core_loads_no_framework(package: str) -> None:
    """Importing every module of it brings in neither Flask nor SQLAlchemy, not even by a detour."""
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, package], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = result.stdout.split()
    assert package in loaded
    assert [name for name in loaded if name.split(".")[0] in FRAMEWORKS] == []


def test_domain_imports_only_the_standard_library() -> None:
    """The rules depend on Python, on themselves and on the names of errors, and on nothing that ages."""
    allowed = sys.stdlib_module_names
    strangers = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "casework" / "domain").rglob("*.py"))
        for name in _imported(path)
        if name.split(".")[0] not in allowed and not name.startswith(("casework.domain", "casework.errors"))
    ]
    assert strangers == [], "Move what needs a package to services, or write it with the standard library."


def _imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            full = resolve_name(module, ".".join(path.relative_to(ROOT).parent.parts))
            names += [f"{full}.{alias.name}" for alias in node.names]
    return names
