"""Text that a spreadsheet opens as text: no cell becomes a formula, and no remark a table of its own."""

import re

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Where a spreadsheet splits at something else than commas, the text after that is a cell of its own.
_INNER_FORMULA = re.compile(r"""([;\t\r\n]["'\s]*)(?=[=+\-@])""")


def remark(text: str) -> str:
    """Return a note line. It never needs quoting, so programs that skip lines beginning with # skip it."""
    plain = " ".join(text.replace(",", " ").replace('"', " ").split())
    return "# " + _INNER_FORMULA.sub(r"\1'", plain)


def harmless(text: str) -> str:
    """A spreadsheet takes a cell that begins like this for a formula; a leading apostrophe makes it text."""
    text = _INNER_FORMULA.sub(r"\1'", text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
