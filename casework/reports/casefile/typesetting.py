"""Typesets a laid-out case file as a tagged PDF, in memory.

The words reach the template as data (`sys.inputs`), never as markup: nothing that somebody typed is code.
The fonts are those that casework brings; neither the system's fonts nor any file are touched.
"""

import io
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
import typst

FONTS = Path(__file__).parent.parent.parent / "static" / "vendor" / "fonts"


def typeset(document: Mapping[str, Any]) -> bytes:
    """Return the PDF: PDF/UA-1, or, where no font has a sign, only tagged and with a line that says so.

    Raises RuntimeError, which holds nothing of the document, where it cannot be set.
    """
    try:
        return _strip(_compile(document, accessible=True))
    except typst.TypstError:
        pass  # what it says quotes the document
    try:
        return _strip(_compile({**document, "lacks_signs": True}, accessible=False))
    except typst.TypstError:
        raise RuntimeError("the case file could not be typeset") from None


def _compile(document: Mapping[str, Any], accessible: bool) -> bytes:
    return typst.compile(
        _template(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        pdf_standards=["ua-1"] if accessible else [],
    )


def _strip(content: bytes) -> bytes:
    """Take out which program made it: title and language stay."""
    stripped = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            del metadata["xmp:CreatorTool"]
        if "/Creator" in pdf.docinfo:
            del pdf.docinfo["/Creator"]
        pdf.save(stripped, deterministic_id=True)
    return stripped.getvalue()


@cache
def _template() -> bytes:
    return (files(__package__) / "casefile.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Return the vendored font, and the one that typst carries for signs which that lacks."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
