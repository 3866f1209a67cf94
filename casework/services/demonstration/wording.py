"""Small matters of spelling: capitals, apostrophes, elision, the spaces that French does not break."""

import re

_ELIDED = re.compile(r"\b([Dd]|[Qq]u|[Ll]orsqu|[Pp]uisqu)e (?=[AEIOUÀÂÉÈÊÎÏÔÛ])")
_SPACED = ((" :", "\u00a0:"), ("« ", "«\u00a0"), (" »", "\u00a0»"))


def capitalised(text: str) -> str:
    """Return the text with a capital first letter; the rest stays."""
    return text[:1].upper() + text[1:]


def curled(text: str, language: str) -> str:
    """Return the text as it is set: curly apostrophes, in French elisions and unbreaking spaces too."""
    if language == "fr":
        text = _ELIDED.sub(r"\1'", text)
        for plain, set_off in _SPACED:
            text = text.replace(plain, set_off)
    return text.replace("'", "’")
