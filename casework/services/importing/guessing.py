"""Guesses which a person corrects: what a column is, by heading and content; which code a value is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz

from casework.domain.coded import FIELDS
from casework.domain.folding import fold, fold_bare
from casework.domain.vocabulary import PSEUDO_CODES, code_list
from casework.services.importing.ages import find_age_band
from casework.services.importing.consentwords import guess_consents
from casework.services.importing.countries import find_region
from casework.services.importing.finer import NO_WORDS, TermWords, takes_terms
from casework.services.importing.headings import (
    GROUP,
    IDENTITY_TARGETS,
    KEY,
    NARRATIVE_TARGETS,
    NOTE,
    PERSON_TARGETS,
    is_about_consent,
    is_about_officer,
    is_known_heading,
    score_heading,
    simplify_heading,
)
from casework.services.importing.people import split_target
from casework.services.importing.profiles import Column
from casework.services.importing.targets import CONSENT_ANSWERS, CONSENT_HOW, CONSENT_ON, find_list, get_list
from casework.services.importing.values import short_forms

_NEAR = 88
_SHORTEST_NEAR = 5
# By their labels alone these are told from any column; others need a heading that says so.
_TOLD_BY_CONTENT = (
    *("gender", "police_service", "contact_type", "place"),
    *("racialised_identities", "immigration_status"),
)
_MOST_FIT = 0.7
_PARTS_OF_YEAR = ("date_month", "date_day")
_TELLING_PEOPLE = ("name", "gender", "age_band", "birth_date")
# What counts the rows of a file counts them anew in the next: any other number is better.
_COUNTED_ROWS = frozenset({"objectid", "object id", "fid", "row", "rownames", "index"})
# Lists call other things so too, a status open or closed: one of the values has to be an answer.
_LOOSE = frozenset(
    "status statut estatus type tipo nature category contact service force agency department region district "
    "result resultat resultado outcome issue origin origine origen reference capacity grounds colour color "
    "papel rol role".split()
)
_BETWEEN_ANSWERS = re.compile(r"\s*(?:[;,/|+&\n]|\s(?:et|and|y|e)\s)\s*", re.IGNORECASE)
_LEAST_BARE = 3
"""So few letters mean too much without what stands between them."""
# "Réfugié(e)", "résident.e": the same words as without.
_INCLUSIVE = re.compile(r"(?<=[a-z])[().-](?=(?:e|ne|se|a|s|es)\b)|(?<=[a-z])\)")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is taken for, with how likely that is."""

    heading: str
    target: str
    score: float


def guess_targets(columns: Sequence[Column]) -> dict[str, str]:
    """Guess for every heading what it is: a field, a date's part, or `key`; nothing where nothing fits.

    No field that takes one column gets two; names and narratives may be put together from several.
    """
    rows = max((column.filled for column in columns), default=0)
    guesses = [guess for column in columns if column.filled for guess in _guess(column, rows)]
    guesses = _settle_people(guesses)
    guesses.sort(key=lambda guess: -guess.score)
    chosen: dict[str, str] = {}
    for guess in guesses:
        several = split_target(guess.target)[0] in (*IDENTITY_TARGETS, *NARRATIVE_TARGETS, NOTE)
        if guess.heading not in chosen and (several or guess.target not in chosen.values()):
            chosen[guess.heading] = guess.target
    if "date_year" not in chosen.values():
        chosen |= {heading: NOTE for heading, target in chosen.items() if target in _PARTS_OF_YEAR}
    # In the order of the list: what is put together of several columns reads as it stands there.
    return {one.heading: chosen[one.heading] for one in columns if one.heading in chosen}


def _settle_people(guesses: list[Guess]) -> list[Guess]:
    """Believe in a second person where a column describes them: else "Phone 2" is a second number."""
    people = {split_target(guess.target) for guess in guesses}
    real = {number for base, number in people if base in _TELLING_PEOPLE}
    asked = {number for base, number in people if base in CONSENT_ANSWERS}
    settled = []
    for guess in guesses:
        base, number = split_target(guess.target)
        if base in (CONSENT_ON, CONSENT_HOW) and number not in asked:
            continue  # a day alone is no answer
        if number not in real and number > 1:
            guess = replace(guess, target=base if base in IDENTITY_TARGETS else NOTE, score=0.5)
        settled.append(guess)
    return settled


def guess_code(field_name: str, value: str, words: TermWords = NO_WORDS) -> str | None:
    """Guess which code of a field a value stands for: by own term, label, short form, age or likeness.

    Several codes stand with a blank between them, where the field takes several and every part is one:
    "anglais; tamoul".
    """
    found = _guess_one(field_name, value, words)
    if found is not None or field_name not in FIELDS or not FIELDS[field_name].multiple:
        return found
    parts = [_guess_one(field_name, part, words) for part in _BETWEEN_ANSWERS.split(value) if part]
    known = list(dict.fromkeys(part for part in parts if part is not None))
    is_whole = len(known) > 1 and None not in parts and not FIELDS[field_name].codes.exclusive & set(known)
    return " ".join(known) if is_whole else None


def _guess_one(field_name: str, value: str, words: TermWords) -> str | None:
    codes = get_list(field_name)
    if takes_terms(field_name) and (own := words.answer(codes.name, value)) is not None:
        return own
    if (found := codes.find(value)) is not None:
        return found
    if len(fold_bare(value)) >= _LEAST_BARE and (found := codes.find_bare(value)) is not None:
        return found
    plain = fold(value)
    if (short := short_forms(codes.name).get(plain)) is not None:
        return short
    if field_name == "age_band":
        return find_age_band(plain)
    if field_name == "region_of_origin" and (region := find_region(value)) is not None:
        return region
    return _find_near(codes.name, _INCLUSIVE.sub("", plain))


def guess_codes(field_name: str, column: Column, words: TermWords = NO_WORDS) -> dict[str, str]:
    """Guess the code of every value of a column; a value that nothing fits is left out."""
    if field_name in CONSENT_ANSWERS:
        return guess_consents(column)
    guesses = {value: guess_code(field_name, value, words) for value, _count in column.values}
    return {value: code for value, code in guesses.items() if code is not None}


def _guess(column: Column, rows: int) -> list[Guess]:
    guesses = []
    scored = score_heading(column.heading)
    if scored is not None and _fits(scored[0], column, rows):
        is_counted = scored[0] == KEY and _is_counted_heading(column.heading)
        guesses.append(Guess(column.heading, scored[0], 0.5 if is_counted else scored[1]))
    if scored is not None and scored[0] == KEY:
        if not column.is_unique and column.filled > 1 and not _is_counted_heading(column.heading):
            guesses.append(Guess(column.heading, GROUP, 0.45 * scored[1]))
        # The number of a case that has several rows, or a second one: it finds them again.
        guesses.append(Guess(column.heading, NOTE, 0.35))
    if _tells_rows_apart(column, rows) and scored is None and _counts_up(column.samples):
        guesses.append(Guess(column.heading, KEY, 0.4))
    told_by_content = column.values and (scored is None or scored[0] != NOTE)
    for field_name in _TOLD_BY_CONTENT if told_by_content else ():
        if field_name in PERSON_TARGETS and is_about_officer(column.heading):
            continue
        if (fit := _share_of_labels(field_name, column)) >= _MOST_FIT:
            guesses.append(Guess(column.heading, field_name, 0.6 * fit))
    looks_dated = any("-" in text or "/" in text for text in column.samples)
    if looks_dated and column.dates > 0.9 * column.filled and not is_about_consent(column.heading):
        guesses.append(Guess(column.heading, "date", 0.3))
    return guesses


def _is_counted_heading(heading: str) -> bool:
    """Return whether a column only counts the rows of its file."""
    return simplify_heading(heading) in _COUNTED_ROWS


def _tells_rows_apart(column: Column, rows: int) -> bool:
    return column.is_unique and column.filled == rows


def _counts_up(samples: Sequence[str]) -> bool:
    """Return whether these number the rows; in a short list other numbers differ by chance."""
    if not all(map(str.isdecimal, samples)):
        return False
    numbers = list(map(int, samples))
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _fits(target: str, column: Column, rows: int) -> bool:
    """Return whether a column can be what its heading says."""
    target, _person = split_target(target)
    if target == KEY:
        return rows == 1 or _tells_rows_apart(column, rows)
    if target in ("date", CONSENT_ON):
        dates = column.dates + column.serials
        return dates * 2 >= column.filled or (dates > 0 and is_known_heading(column.heading))
    if target == "date_year":
        return all(len(text) == 4 and text.isdecimal() for text in column.samples)
    if target in FIELDS and simplify_heading(column.heading) in _LOOSE:
        return any(guess_code(target, value) for value, _count in column.values)
    if target in CONSENT_ANSWERS:
        return bool(column.values) or column.dates > 0
    if find_list(target) is not None and target != "age_band":
        return bool(column.values)
    return True


def _share_of_labels(field_name: str, column: Column) -> float:
    find = FIELDS[field_name].codes.find
    short = short_forms(FIELDS[field_name].list_name)
    counted = [(find(value) or short.get(fold(value)), count) for value, count in column.values]
    named = [(code, count) for code, count in counted if code and code not in PSEUDO_CODES]
    if len(named) < 2:
        return 0.0
    return sum(count for _code, count in named) / column.filled


@cache
def _labels(list_name: str) -> tuple[tuple[str, str], ...]:
    """Return every folded label and alias of a list with its code, but of `other` and its like."""
    return tuple(
        (fold(spelling), term.code)
        for term in code_list(list_name)
        if term.code not in PSEUDO_CODES
        for spelling in (*term.labels.values(), *term.attributes.get("aliases", ()))
    )


def _find_near(list_name: str, plain: str) -> str | None:
    if len(plain) < _SHORTEST_NEAR:
        return None
    scores: dict[str, float] = {}
    for spelling, code in _labels(list_name):
        scores[code] = max(scores.get(code, 0.0), fuzz.ratio(plain, spelling))
    best = sorted(scores, key=lambda code: -scores[code])[:2]
    if not best or scores[best[0]] < _NEAR:
        return None
    # Two terms that are equally near: better none than the wrong one.
    return None if len(best) > 1 and scores[best[1]] >= _NEAR else best[0]
