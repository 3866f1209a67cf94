"""No repr prints a secret: whoever adds a class with one of these fields is told."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "casework"
SECRET = re.compile(
    r"seed|secret|passphrase|password|cookie|token|shares?$|suggestion|typed|repeated"
    r"|^key$|_keys?$|^keys$|recovery_codes?|^words$|database_url"
)
HARMLESS = {
    "services/demonstration/members.py:DemonstrationMember.passphrase": "public: it stands in the source",
    "services/importing/mapping.py:ImportMapping.key": "the name of a column",
}
PLAIN = re.compile(r"\b(bytes|str|bytearray)\b")


def _classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and _prints_its_fields(node):
                yield f"{path.relative_to(ROOT)}:{node.name}", node


def _prints_its_fields(node: ast.ClassDef) -> bool:
    """Whether Python writes the class a repr of all its fields."""
    if any(isinstance(part, ast.FunctionDef) and part.name == "__repr__" for part in node.body):
        return False
    if any("NamedTuple" in ast.unparse(base) for base in node.bases):
        return True
    made = [ast.unparse(one) for one in node.decorator_list]
    return any("dataclass" in one and "repr=False" not in one for one in made)


def _secrets(node: ast.ClassDef) -> Iterator[str]:
    for part in node.body:
        if not isinstance(part, ast.AnnAssign) or not isinstance(part.target, ast.Name):
            continue
        hidden = part.value is not None and "repr=False" in ast.unparse(part.value)
        if SECRET.search(part.target.id) and PLAIN.search(ast.unparse(part.annotation)) and not hidden:
            yield part.target.id


def test_no_class_prints_a_secret() -> None:
    """A class with one writes its own __repr__, or `repr=False`: else a log or a traceback may hold it."""
    shown = {f"{name}.{field}" for name, node in _classes() for field in _secrets(node)}
    assert shown - HARMLESS.keys() == set(), "Write a __repr__ that shows nothing, or field(repr=False)."
