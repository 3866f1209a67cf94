"""What can be found in a text, how much it weighs, and what a case gives to look for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

NAME, NEAR_NAME, LIKE_NAME = "name", "near_name", "like_name"
"""A name of the case; what may be one misspelt; what may be a name or a plain word."""
KNOWN, NUMBER, LIKE_NUMBER = "known", "number", "like_number"
"""A number or address that the case has; a phone number, an e-mail address, a file; another long number."""
PLACE, TOWN, LANDMARK, LIKE_PLACE = "place", "town", "landmark", "like_place"
"""A place of the case, a street, station or school, a postal code; another city; another spot that people
know; what may be a place or a plain word."""
DATE, LIKE_DATE, DAY = "date", "like_date", "day"
"""A date or month; what may be one, or a word or first name; a day of the week or a holiday."""
TIME, LIKE_TIME = "time", "like_time"
"""A time of day; what may be one, or how long something took."""
AGE, LIKE_AGE = "age", "like_age"
"""An age finer than the bands; a number that is somebody's age in the case, and may count something else."""
OFFICER, NOTED, ORIGIN = "officer", "noted", "origin"
"""A badge, plate or rank with a name; a proper name in the notes of the case; a nationality or language."""


class Weight(IntEnum):
    """What a find does to a story: it is shown; it stays only if both say so of it; it has to go."""

    SHOWN = 0
    ASKED = 1
    BLOCKS = 2


WEIGHTS: Mapping[str, Weight] = {
    NAME: Weight.BLOCKS,
    KNOWN: Weight.BLOCKS,
    PLACE: Weight.BLOCKS,
    DATE: Weight.BLOCKS,
    TIME: Weight.BLOCKS,
    AGE: Weight.BLOCKS,
    NUMBER: Weight.BLOCKS,
    NEAR_NAME: Weight.ASKED,
    OFFICER: Weight.ASKED,
    LIKE_NAME: Weight.ASKED,
    TOWN: Weight.ASKED,
    LANDMARK: Weight.ASKED,
    LIKE_PLACE: Weight.ASKED,
    LIKE_DATE: Weight.ASKED,
    LIKE_TIME: Weight.ASKED,
    LIKE_AGE: Weight.ASKED,
    LIKE_NUMBER: Weight.ASKED,
    NOTED: Weight.ASKED,
    DAY: Weight.SHOWN,
    ORIGIN: Weight.SHOWN,
}
"""By kind; where finds overlap, the one that stands first here is kept."""

RANKS: Mapping[str, int] = {kind: rank for rank, kind in enumerate(WEIGHTS)}


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """What a case holds of its people.

    `areas` are what the places of its answers are called, `places` what was written of places, in words of
    their own; `towns` are places of other cases, too close to name; `ages` in whole years, `languages` all
    those that ship; `notes` are the accounts and notes of the case.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """What stands at `start` to `end` of a text, in characters."""

    start: int
    end: int
    kind: str

    @property
    def weight(self) -> Weight:
        """What it does to a story."""
        return WEIGHTS[self.kind]
