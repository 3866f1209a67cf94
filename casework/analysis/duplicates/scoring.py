"""How much speaks for two descriptions being one person, in bits (Fellegi and Sunter, 1969).

Each thing compared adds log2(m / u): m how often it comes out like that for one person written down twice,
u how often for two different people. A rare name that agrees says more than a common one (W. E. Winkler,
"Frequency-based matching in the Fellegi-Sunter model", 1989): u is read off the people themselves.
"""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.process import cpdist

from .names import MOST_PARTS
from .people import NONE, Numbers, People

Bits = NDArray[np.float64]

# What follows are the m and u that were chosen by; tests and the benchmark say how well they do.
LIKE_LETTERS = 0.88
"""Jaro-Winkler similarity, 0 to 1, from which two spellings may be one name."""
_LESS_FOR_LIKE = 2.0
_OTHER_NAME = -9.0
_MISSING_NAME = -9.0
_MORE_NAME = -0.5
_NO_NAME = -4.0
_SHARED_ORIGIN = 1.5
"""What each further part that agrees says less: given names and surnames of one origin go together."""
_AGREES = np.log2(np.array([0.94 * 65, 0.94 * 12, 0.94 * 30]))
_MISTYPED, _DIFFERS = -4.3, -5.5
_SWAPPED_DAY = -1.5
_SAME_PHONE, _SAME_PHONE_OTHER_NAME, _OTHER_PHONE = 7.0, 0.0, -1.0
_SAME_UCI, _LIKE_UCI, _OTHER_UCI = 22.0, 10.0, -9.0
_AT_ONCE = 100_000


def weigh_pairs(people: People, left: Numbers, right: Numbers) -> Bits:
    """Give the evidence for each pair (left[k], right[k]) in bits; above 0 speaks for one person."""
    weighed = [
        _weigh(people, left[at : at + _AT_ONCE], right[at : at + _AT_ONCE])
        for at in range(0, len(left), _AT_ONCE)
    ]
    return np.concatenate(weighed) if weighed else np.zeros(0)


def bound_pairs(people: People, left: Numbers, right: Numbers) -> Bits:
    """Give what `weigh_pairs` cannot exceed, without looking at the names: that is what takes long."""
    at_most = _most_of_names(people, left, right)
    return at_most + _weigh_rest(people, left, right, np.ones(len(left), bool))


def _weigh(people: People, left: Numbers, right: Numbers) -> Bits:
    bits, agree = _weigh_names(people, left, right)
    return np.minimum(bits, _most_of_names(people, left, right)) + _weigh_rest(people, left, right, agree)


def _weigh_rest(people: People, left: Numbers, right: Numbers, names_agree: NDArray[np.bool_]) -> Bits:
    bits: Bits = _weigh_dates(people.dates[left], people.dates[right])
    bits += _weigh_phones(people.phones[left], people.phones[right], names_agree)
    bits += _weigh_ucis(people.ucis[left], people.ucis[right])
    return bits


def _weigh_names(people: People, left: Numbers, right: Numbers) -> tuple[Bits, NDArray[np.bool_]]:
    """Match each part of the shorter name to another part of the longer one, as best it goes, in any order.

    Gives the bits, and whether every part of the shorter name found its like.
    """
    lengths = (people.parts != NONE).sum(axis=1)
    shorter = np.where(lengths[left] <= lengths[right], left, right)
    longer = np.where(lengths[left] <= lengths[right], right, left)
    a, b = people.parts[shorter][:, :, None], people.parts[longer][:, None, :]
    bits = _weigh_parts(people, *np.broadcast_arrays(a, b))
    bits[np.broadcast_to((a != NONE) & (b == NONE), bits.shape)] = _MISSING_NAME
    bits[np.broadcast_to((a == NONE) & (b != NONE), bits.shape)] = _MORE_NAME
    bits[np.broadcast_to((a == NONE) & (b == NONE), bits.shape)] = 0.0
    parts = np.arange(MOST_PARTS)
    matched = [bits[:, parts, list(order)] for order in permutations(parts)]
    sums = np.array([match.sum(axis=1) for match in matched])
    best: Bits = sums.max(axis=0)
    worst = np.array([match.min(axis=1) for match in matched])[sums.argmax(axis=0), np.arange(len(best))]
    best -= _SHARED_ORIGIN * np.maximum(lengths[shorter] - 1, 0)
    best[lengths[shorter] == 0] = _NO_NAME
    return best, worst > _OTHER_NAME


def _most_of_names(people: People, left: Numbers, right: Numbers) -> Bits:
    """Give what a whole name can say at the most: namesakes show how often two people are called that."""
    namesakes = np.maximum(people.namesakes[left], people.namesakes[right])
    most: Bits = np.log2(max(len(people), 2) / np.maximum(namesakes - 1, 1)) - 1.0
    return most


def _weigh_parts(people: People, a: Numbers, b: Numbers) -> Bits:
    """Weigh every part against every other, each two different words only once."""
    count = len(people.words)
    code = np.minimum(a, b) * count + np.maximum(a, b)
    code[(a == NONE) | (b == NONE)] = NONE
    codes, where = np.unique(code, return_inverse=True)
    bits = np.zeros(len(codes))
    known = codes != NONE
    first, second = codes[known] // count, codes[known] % count
    rarity = _rarity(people)
    least = np.minimum(rarity[first], rarity[second])
    told = np.full(len(first), _OTHER_NAME)
    told[_is_alike(people, first, second)] = 0.0
    bits[known] = np.where(told == 0.0, least - _LESS_FOR_LIKE, told)
    bits[known] = np.where(first == second, rarity[first], bits[known])
    weighed: Bits = bits[where].reshape(a.shape)
    return weighed


def _is_alike(people: People, first: Numbers, second: Numbers) -> NDArray[np.bool_]:
    words = list(people.words)
    letters = cpdist([words[i] for i in first], [words[j] for j in second], scorer=JaroWinkler.similarity)
    sounds = _sound_of_words(people)
    alike: NDArray[np.bool_] = (letters >= LIKE_LETTERS) | (sounds[first] == sounds[second])
    return alike


def _sound_of_words(people: People) -> Numbers:
    sounds = np.full(len(people.words), NONE, np.int64)
    known = people.parts != NONE
    sounds[people.parts[known]] = people.sounds[known]
    return sounds


def _rarity(people: People) -> Bits:
    """Give log2(m / u) of each word where it agrees; spellings that sound the same are one name."""
    known = people.parts != NONE
    having = np.bincount(people.sounds[known], minlength=len(people.heard))
    share = having[_sound_of_words(people)] / max(len(people), 2)
    rarity: Bits = np.clip(np.log2(0.95 / np.clip(share, 1e-6, 1.0)), 0.5, 14.0)
    return rarity


def _weigh_dates(a: Numbers, b: Numbers) -> Bits:
    apart = sum((a // ten % 10 != b // ten % 10).astype(np.int64) for ten in (1, 10, 100, 1000))
    bits: Bits = np.where(apart == 0, _AGREES, np.where(apart == 1, _MISTYPED, _DIFFERS))
    bits[(a <= 0) | (b <= 0)] = 0.0
    swapped = (a[:, 1] == b[:, 2]) & (a[:, 2] == b[:, 1]) & (a[:, 1] != a[:, 2])
    as_one = np.where(swapped, _AGREES[1:].sum() + _SWAPPED_DAY, bits[:, 1:].sum(axis=1))
    weighed: Bits = bits[:, 0] + as_one
    return weighed


def _weigh_phones(a: Numbers, b: Numbers, names_agree: NDArray[np.bool_]) -> Bits:
    same = np.where(names_agree, _SAME_PHONE, _SAME_PHONE_OTHER_NAME)  # relatives share one
    bits: Bits = np.where(a == b, same, _OTHER_PHONE)
    return np.where((a == NONE) | (b == NONE), 0.0, bits)


def _weigh_ucis(a: Numbers, b: Numbers) -> Bits:
    both = (a != NONE) & (b != NONE)
    bits = np.where(a == b, _SAME_UCI, _OTHER_UCI)
    near = np.flatnonzero(both & (a != b))
    if near.size:
        steps = cpdist(
            [str(number) for number in a[near]],
            [str(number) for number in b[near]],
            scorer=DamerauLevenshtein.distance,
        )
        bits[near[steps <= 1]] = _LIKE_UCI
    return np.where(both, bits, 0.0)
