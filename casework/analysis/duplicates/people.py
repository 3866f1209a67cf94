"""Everybody's description as columns of numbers, so that a hundred thousand can be compared at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .birthdates import read_birth_date
from .names import MOST_PARTS, name_parts, skeleton

Numbers = NDArray[np.int64]
NONE = -1
"""Stands where a part of a name, a telephone number or a UCI is missing."""

_DIGITS = re.compile(r"\d")
PHONE_DIGITS = 7
_LEAST_UCI_DIGITS = 8


@dataclass(frozen=True, slots=True, repr=False)
class Described:
    """A person as somebody wrote them down. Every text may be empty."""

    name: str
    birth_date: str = ""
    phone: str = ""
    uci: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class People:
    """Columns over n people; `parts` and `sounds` are (n, 4), `dates` (n, 3), the others (n,).

    `namesakes` is how many people's names sound the same, each person's own included. `words` and `heard`
    give the numbers in `parts` and `sounds`, in that order.
    """

    parts: Numbers
    sounds: Numbers
    dates: Numbers
    phones: Numbers
    ucis: Numbers
    namesakes: Numbers
    words: Mapping[str, int]
    heard: Mapping[str, int]

    def __len__(self) -> int:
        """Give n."""
        return len(self.phones)


def describe_people(people: Iterable[Described]) -> People:
    """Lay out what is compared of each person, in the order they come."""
    return _lay_out(people, {}, {})


def with_newcomer(people: People, newcomer: Described) -> People:
    """Lay out one more, as the last row."""
    one = _lay_out((newcomer,), dict(people.words), dict(people.heard))
    alike = people.sounds.sum(axis=1) == one.sounds.sum()  # soon told, and only of these it is looked at
    own, of_alike = np.sort(one.sounds, axis=1), np.sort(people.sounds[alike], axis=1)
    alike[alike] = (of_alike == own).all(axis=1)
    joined = {
        name: np.concatenate((getattr(people, name), getattr(one, name)))
        for name in ("parts", "sounds", "dates", "phones", "ucis")
    }
    namesakes = np.append(people.namesakes + alike, alike.sum() + 1)
    return People(**joined, namesakes=namesakes, words=one.words, heard=one.heard)


def without(people: People, rows: Numbers) -> People:
    """Take these rows out, and every word that nobody else has; the others move up, the numbers stay."""
    kept = np.delete(np.arange(len(people)), rows)
    sounds = np.sort(people.sounds, axis=1)
    namesakes = people.namesakes.copy()
    for row in rows:
        namesakes -= (sounds == sounds[row]).all(axis=1)
    return People(
        people.parts[kept],
        people.sounds[kept],
        people.dates[kept],
        people.phones[kept],
        people.ucis[kept],
        namesakes[kept],
        _unname(people.words, people.parts, kept, rows),
        _unname(people.heard, people.sounds, kept, rows),
    )


def _unname(named: Mapping[str, int], column: Numbers, kept: Numbers, gone: Numbers) -> dict[str, int]:
    """Give the words without those of these rows alone: the place of each, which is its number, stays."""
    suspects = np.unique(column[gone])
    alone = set(suspects[~np.isin(suspects, column[kept])].tolist())
    return {str(number) if number in alone else word: number for word, number in named.items()}


def _lay_out(people: Iterable[Described], words: dict[str, int], heard: dict[str, int]) -> People:
    # Most parts of names are many people's: each is sounded out once.
    sound_of: dict[str, str] = {}
    parts, sounds, dates, phones, ucis = [], [], [], [], []
    for person in people:
        names = name_parts(person.name)
        filling = [NONE] * (MOST_PARTS - len(names))
        parts.append([words.setdefault(part, len(words)) for part in names] + filling)
        for part in names:
            if part not in sound_of:
                sound_of[part] = skeleton(part)
        sounds.append([heard.setdefault(sound_of[part], len(heard)) for part in names] + filling)
        dates.append(read_birth_date(person.birth_date))
        phones.append(read_phone(person.phone))
        ucis.append(read_uci(person.uci))
    heard_parts = np.array(sounds, np.int64).reshape(-1, MOST_PARTS)
    return People(
        np.array(parts, np.int64).reshape(-1, MOST_PARTS),
        heard_parts,
        np.array(dates, np.int64).reshape(-1, 3),
        np.array(phones, np.int64),
        np.array(ucis, np.int64),
        _count_namesakes(heard_parts),
        words,
        heard,
    )


def _count_namesakes(sounds: Numbers) -> Numbers:
    _, which, count = np.unique(np.sort(sounds, axis=1), axis=0, return_inverse=True, return_counts=True)
    namesakes: Numbers = count.astype(np.int64)[which.ravel()]
    return namesakes


def read_phone(text: str) -> int:
    """Give the digits of a telephone number without the area code, or NONE."""
    return _number(text, PHONE_DIGITS, PHONE_DIGITS)


def read_uci(text: str) -> int:
    """Give a UCI, or NONE."""
    return _number(text, _LEAST_UCI_DIGITS, 10)


def _number(text: str, least: int, last: int) -> int:
    """Give the last digits as a number, or NONE where there are fewer than `least` or they say nothing."""
    digits = "".join(_DIGITS.findall(text))
    if len(digits) < least or len(set(digits)) == 1:
        return NONE
    return int(digits[-last:])
