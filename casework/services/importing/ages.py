"""The age band that a list's words for an age stand for; none where they could be two."""

import re

from casework.domain.person import band_of_age
from casework.domain.vocabulary import UNKNOWN, code_list

_LAST_BAND_FROM = 65
_BETWEEN = re.compile(r"([0-9]{1,3}) ?(?:-|to|a|et)+ ?([0-9]{1,3})")
_OVER = r"\+|(?:years )?(?:and|or) (?:older|over)|ans et plus|anos (?:o|y) mas"
_FROM = re.compile(rf"([0-9]{{1,3}}) ?(?:{_OVER})")
_ALONE = re.compile(
    r"(?:aged? )?([0-9]{1,3})(?:[.,][0-9]{1,2})?(?: ?(?:years?(?: old)?|ans|yrs?|y|yo|y/o|anos))?"
)
_UNDER = re.compile(
    r"(?:<|under|below|less than|moins de|menos de|menor(?:es)? de) ?([0-9]{1,3})(?: ?(?:years?|ans|anos))?"
)
_MONTHS = re.compile(r"([0-9]{1,2}) ?(?:months?(?: old)?|mois|mos?|meses|mes)")


def find_age_band(plain: str) -> str | None:
    """Return the band of a folded text: "34 ans", "34,0", "25 to 34", "65+", "<12", "7 mois"."""
    if found := _BETWEEN.search(plain):
        bands = {band_of_age(int(found[1])), band_of_age(int(found[2]))}
        return bands.pop() if len(bands) == 1 else None
    if found := _FROM.search(plain):
        # "65 and over" is a band of ours only where ours begins there.
        from_ages = {band.attributes.get("from_age"): band.code for band in code_list("age_band")}
        return from_ages.get(int(found[1])) if int(found[1]) >= _LAST_BAND_FROM else None
    if found := _UNDER.fullmatch(plain):
        # "<18", as "minor", is several of ours: somebody has to say which.
        first, last = band_of_age(0), band_of_age(max(0, int(found[1]) - 1))
        return first if first == last else None
    if found := _MONTHS.fullmatch(plain):
        return band_of_age(int(found[1]) // 12)
    if found := _ALONE.fullmatch(plain):
        band = band_of_age(int(found[1]))
        return band if band != UNKNOWN else None
    return None
