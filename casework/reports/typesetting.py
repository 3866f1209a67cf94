"""Typesets a laid-out document as a tagged PDF, in memory.

The words reach a template as data (`sys.inputs.document`, JSON), never as markup: nothing that somebody typed
is code. The fonts are those that casework brings; neither the system's fonts nor any file are touched.
"""

import io
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import typst

FONTS = Path(__file__).parent.parent / "static" / "vendor" / "fonts"


def typeset(
    template: bytes, document: Mapping[str, Any], finish: Callable[[pikepdf.Pdf], None] | None = None
) -> bytes:
    """Return the PDF: PDF/UA-1, or, where no font has a sign, only tagged and told so by `lacks_signs`.

    `finish` may change what was set before it is written. The same document gives the same bytes. Raises
    RuntimeError, which holds nothing of the document, where it cannot be set.
    """
    try:
        return _strip(_compile(template, document, accessible=True), finish)
    except typst.TypstError:
        pass  # what it says quotes the document
    try:
        told = {**document, "lacks_signs": True}
        return _strip(_compile(template, told, accessible=False), finish)
    except typst.TypstError:
        raise RuntimeError("the document could not be typeset") from None


@cache
def load_fonts() -> typst.Fonts:
    """Return the vendored font, and those that typst carries for signs which it lacks."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


def _compile(template: bytes, document: Mapping[str, Any], accessible: bool) -> bytes:
    return typst.compile(
        template,
        font_paths=load_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        pdf_standards=["ua-1"] if accessible else [],
    )


def _strip(content: bytes, finish: Callable[[pikepdf.Pdf], None] | None) -> bytes:
    """Take out which program made it: title and language stay."""
    stripped = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            del metadata["xmp:CreatorTool"]
        if "/Creator" in pdf.docinfo:
            del pdf.docinfo["/Creator"]
        if finish is not None:
            finish(pdf)
        pdf.save(stripped, deterministic_id=True)
    return stripped.getvalue()
