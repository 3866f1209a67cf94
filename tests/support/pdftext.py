"""Reads the words of a PDF back: what a reader would copy out of it, page by page."""

import io
import re
from typing import Any

import pikepdf

_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def read_pages(content: bytes) -> list[str]:
    """Return the text of each page, its lines joined by spaces."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [_read_page(page) for page in pdf.pages]


def _read_page(page: Any) -> str:
    fonts = {name: _read_map(font) for name, font in page.Resources.Font.items()}
    codes: dict[int, str] = {}
    parts: list[str] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "Tf":
                codes = fonts[str(operands[0])]
            case "Tj":
                parts.append(_decode(bytes(operands[0]), codes))
            case "TJ":
                shown = [one for one in operands[0] if isinstance(one, pikepdf.String)]
                parts += [_decode(bytes(one), codes) for one in shown]
            case "ET":
                parts.append(" ")
            case _:
                pass
    return " ".join("".join(parts).replace("\u00a0", " ").split())


def _decode(shown: bytes, codes: dict[int, str]) -> str:
    pairs = [int.from_bytes(shown[at : at + 2]) for at in range(0, len(shown), 2)]
    return "".join(codes.get(pair, "\ufffd") for pair in pairs)


def _read_map(font: Any) -> dict[int, str]:
    text = font.ToUnicode.read_bytes().decode("ascii")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        found |= {int(code, 16): _unicode(to) for code, to in _PAIR.findall(block)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, to in _RANGE.findall(block):
            start = int(first, 16)
            found |= {code: chr(int(to, 16) + code - start) for code in range(start, int(last, 16) + 1)}
    return found


def _unicode(hexed: str) -> str:
    return bytes.fromhex(hexed).decode("utf-16-be")
