"""A picture of a PDF's first page, drawn by Typst out of a pipe: the file never lies on a disk."""

import io
import os
import threading
from typing import Any

import typst
from PIL import Image

from casework.evidence.images import PREVIEW_PIXELS, make_preview
from casework.evidence.refusals import DAMAGED, Uncleanable

_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#image("/dev/fd/{handle}", format: "pdf", page: 1, width: {width}pt)
"""


def draw_first_page(content: bytes) -> bytes:
    """Return a JPEG of the first page; raises Uncleanable where it cannot be drawn."""
    source, target = os.pipe()
    threading.Thread(target=_fill, args=(target, content), daemon=True).start()
    try:
        page = _PAGE.format(handle=source, width=PREVIEW_PIXELS)
        # Its types want both as bytes or both as text, and it takes only this.
        drawn: Any = typst.compile(page.encode(), root="/", format="png", ppi=72)  # type: ignore[call-overload]
    except (typst.TypstError, RuntimeError, OSError, ValueError):
        raise Uncleanable(DAMAGED) from None
    finally:
        os.close(source)
    pages = drawn if isinstance(drawn, list) else [drawn]
    with Image.open(io.BytesIO(pages[0] or b""), formats=["PNG"]) as image:
        return make_preview(image)


def _fill(target: int, content: bytes) -> None:
    try:
        with open(target, "wb") as pipe:
            pipe.write(content)
    except BrokenPipeError:
        return  # it was not read to its end
