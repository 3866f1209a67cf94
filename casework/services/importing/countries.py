"""The region that a country lies in, by its name in one of our languages."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel import Locale

from casework.domain.folding import fold
from casework.domain.languages import LANGUAGES

_BRACKETED = re.compile(r" ?\([^)]*\)")


def find_region(name: str) -> str | None:
    """Return the region of origin that a country lies in; None for what is no country's name."""
    return _regions().get(fold(name))


@cache
def _regions() -> Mapping[str, str]:
    """Return the region of every country's name and of its short forms, folded."""
    source = tomllib.loads((files(__package__) / "countries.toml").read_text(encoding="utf-8"))
    others = source.pop("names")
    regions = {code: region for region, codes in source.items() for code in codes.split()}
    named = [Locale(language).territories for language in LANGUAGES]
    found: dict[str, str] = {}
    for code, region in regions.items():
        for name in (*(names[code] for names in named if code in names), *others.get(code, ())):
            found[fold(name)] = region
            found.setdefault(fold(_BRACKETED.sub("", name)), region)
    return found
