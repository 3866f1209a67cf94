"""Modules and functions stay short enough to be read in one go."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MODULE_LINES = 300
FUNCTION_LINES = 40
MODULES = [*sorted((ROOT / "casework").rglob("*.py")), ROOT / "run.py"]


def test_no_module_is_too_long() -> None:
    """Nothing is longer than 300 lines."""
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    ]
    assert long == [], "Split by subject, one noun a module, and let the tests follow."


def test_no_function_is_too_long() -> None:
    """Nothing that runs as one is longer than 40 lines, its docstring included."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {lines} lines"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert long == [], "Name the steps: each becomes a function that can be tested alone."
