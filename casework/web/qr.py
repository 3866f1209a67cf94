"""QR codes as one path of an inline SVG: shapes by attributes only, as the content policy wants."""

from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class QrCode:
    """A drawing of `size` by `size` modules; `pieces.qr` puts the quiet zone around it."""

    size: int
    path: str


def draw_qr(text: str) -> QrCode:
    """Draw a text so that a quarter of the drawing may be smudged; capitals and digits come out smaller."""
    rows = [bytes(row) for row in segno.make(text, error="q", micro=False, boost_error=False).matrix]
    path = "".join(_draw_row(row, top) for top, row in enumerate(rows))
    return QrCode(len(rows), path)


def _draw_row(row: bytes, top: int) -> str:
    path, left = "", 0
    for run in row.replace(b"\0", b" ").split(b" "):
        if run:
            path += f"M{left} {top}h{len(run)}v1h-{len(run)}z"
        left += len(run) + 1
    return path
