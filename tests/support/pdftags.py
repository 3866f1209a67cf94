"""Reads what a tagged PDF tells those who do not see it: its structure, its alternative texts, its fonts."""

import io
from collections import Counter
from collections.abc import Iterator

import pikepdf


def walk(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Give every element of the structure, in reading order."""
    waiting = _below(pdf.Root.StructTreeRoot)
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting = _below(node) + waiting


def count_tags(content: bytes) -> Counter[str]:
    """Count the elements by their kind: "/TH"."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return Counter(str(node.S) for node in walk(pdf))


def read_alternatives(content: bytes) -> list[str]:
    """List the alternative texts of figures; an empty one where a figure has none."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [str(node.get("/Alt", "")) for node in walk(pdf) if node.S == pikepdf.Name.Figure]


def read_scopes(content: bytes) -> list[str]:
    """List what each heading of a table is for, "/Row" or "/Column"; empty where one does not say."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [_scope(node) for node in walk(pdf) if node.S == pikepdf.Name.TH]


def find_loose_fonts(content: bytes) -> list[str]:
    """List the fonts whose shapes the file does not bring."""
    loose = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == pikepdf.Name.FontDescriptor:
                if not any(name in found for name in ("/FontFile", "/FontFile2", "/FontFile3")):
                    loose.append(str(found.FontName))
    return loose


def read_strings(content: bytes) -> str:
    """Return every text of the file that is on no page: names, titles, alternatives, metadata."""
    parts: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for found in pdf.objects:
            parts += _strings(found)
            if isinstance(found, pikepdf.Stream) and found.get("/Type") == pikepdf.Name.Metadata:
                parts.append(found.read_bytes().decode("utf-8"))
    return "\n".join(parts)


def _strings(found: pikepdf.Object, deep: int = 0) -> Iterator[str]:
    if isinstance(found, pikepdf.String):
        yield str(found)
    elif isinstance(found, pikepdf.Array) and deep < 8:
        for one in found:
            yield from _strings(one, deep + 1)
    elif isinstance(found, pikepdf.Dictionary) and deep < 8:
        for key, one in found.items():
            if key not in ("/P", "/Parent", "/K", "/Pg") and not getattr(one, "is_indirect", False):
                yield from _strings(one, deep + 1)


def _scope(node: pikepdf.Object) -> str:
    attributes: list[pikepdf.Object] = list(node.get("/A", pikepdf.Array()))
    return next((str(one.get("/Scope")) for one in attributes if "/Scope" in one), "")


def _below(node: pikepdf.Object) -> list[pikepdf.Object]:
    found = node.get("/K")
    listed = list(found) if isinstance(found, pikepdf.Array) else [found]
    return [one for one in listed if isinstance(one, pikepdf.Dictionary) and "/S" in one]
