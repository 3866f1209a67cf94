"""What of a case, and of what looks like it, keeps a story back; and what ordinary stories keep."""

import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.domain.traces.finding import find_traces
from casework.domain.traces.flat import flatten
from casework.domain.traces.kinds import (
    AGE,
    DATE,
    KNOWN,
    LIKE_AGE,
    LIKE_NAME,
    LIKE_PLACE,
    LIKE_TIME,
    NAME,
    NEAR_NAME,
    NOTED,
    NUMBER,
    ORIGIN,
    PLACE,
    TIME,
    TOWN,
    WEIGHTS,
    Known,
    Weight,
)
from casework.domain.traces.words import list_flat

CASE = Known(
    names=("Sofiane Trabelsi", "Rose Martin", "María de la Cruz"),
    numbers=("819 555-0159", "2025-3P9G", "1967", "4471"),
    areas=(
        "Sherbrooke",
        "Le Sud-Ouest",
        "Côte-des-Neiges–Notre-Dame-de-Grâce",
        "Côte-des-Neiges",
        "Notre-Dame-de-Grâce",
    ),
    places=(
        "Corner of Wickerby Street and Alder Mill Road",
        "behind the school",
        "44, rue des Forges, app. 3",
    ),
    towns=("Toronto", "Laval", "Sherbrooke"),
    ages=(57, 58, 6),
    languages=("Arabic", "Arabe", "Árabe"),
    notes=("He had been at work at Boulangerie Lafleur, in Lennoxville.",),
)
NOTHING = Known()
STORIES = tomllib.loads(Path(__file__).with_name("harmless_stories.toml").read_text(encoding="utf-8"))


def _found(text: str, known: Known = CASE) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_traces(text, known)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("It was Wickerby all over", PLACE, "Wickerby"),
        ("on wickerby street then", PLACE, "wickerby street"),
        ("past the Mill, he said", PLACE, "Mill"),
        ("Alder trees grow there", LIKE_PLACE, "Alder"),
        ("under the alder", LIKE_PLACE, "alder"),
        ("near Wickerbi they", LIKE_PLACE, "Wickerbi"),
        ("dans la rue des Forges", PLACE, "rue des Forges"),
        ("à Côte-des-Neiges", PLACE, "Côte-des-Neiges"),
        ("in SHERBROOKE", PLACE, "SHERBROOKE"),
        ("Au Sud-Ouest, il", PLACE, "Sud-Ouest"),
        ("dans le Sud Ouest", PLACE, "Sud Ouest"),
        ("we met in Toronto", TOWN, "Toronto"),
        ("on King Street West", PLACE, "King Street"),
        ("coin Jarry et Hutchison", PLACE, "coin Jarry"),
        ("sur l'autoroute 40", PLACE, "autoroute 40"),
        ("in Lennoxville", NOTED, "Lennoxville"),
        ("chez Lafleur", NOTED, "Lafleur"),
        ("with Sofianne", NEAR_NAME, "Sofianne"),
        ("with trabelsie", NEAR_NAME, "trabelsie"),
        ("with Sofaine", NEAR_NAME, "Sofaine"),
        ("with a SofianeTrabelsi", NAME, "SofianeTrabelsi"),
        ("one rose", LIKE_NAME, "rose"),
        ("Rose said so", NAME, "Rose"),
        ("his constat n° 12345", NUMBER, "constat n° 12345"),
        ("the number 4471", KNOWN, "4471"),
        ("born in 1967", KNOWN, "1967"),
        ("call 8195550159", KNOWN, "8195550159"),
        ("call +1 (819) 555.0159", KNOWN, "+1 (819) 555.0159"),
        ("five one four, five five five, oh one two", NUMBER, "five one four, five five five, oh one two"),
        ("see www.example.org/me now", NUMBER, "www.example.org/me"),
        ("at 9:15 pm", TIME, "9:15 pm"),
        ("at 9 p.m. they", TIME, "9 p.m."),
        ("vers 21 h 15", TIME, "vers 21 h 15"),
        ("à neuf heures du soir", TIME, "neuf heures du soir"),
        ("half past nine", TIME, "half past nine"),
        ("a las nueve", TIME, "a las nueve"),
        ("attendu 2 h 30", LIKE_TIME, "2 h 30"),
        ("some 58 came", LIKE_AGE, "58"),
        ("he, 58, came", AGE, "58"),
        ("fifty eight, and tired", AGE, "fifty eight"),
        ("à cinquante-huit ans", AGE, "à cinquante-huit ans"),
        ("cincuenta y ocho", AGE, "cincuenta y ocho"),
        ("She is 31.", AGE, "She is 31"),
        ("a man of 31, tired", AGE, "man of 31"),
        ("ma fille de six ans", AGE, "fille de six ans"),
        ("elle a 31 ans", AGE, "a 31 ans"),
        ("un hombre de 31 años", AGE, "hombre de 31 años"),
        ("a Tunisian man", ORIGIN, "Tunisian"),
        ("une Tunisienne", ORIGIN, "Tunisienne"),
        ("una tunecina", ORIGIN, "tunecina"),
        ("she spoke Arabic", ORIGIN, "Arabic"),
    ],
)
def test_it_is_found(text: str, kind: str, found: str) -> None:
    """Each kind, in the three languages; what the case has in any form."""
    assert (kind, found) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "58 dollars",
        "a mother of three children",
        "il y a 15 ans",
        "depuis 20 ans",
        "hace 5 años",
        "two years ago",
        "after 10 minutes drive",
        "2 hours on the highway",
        "six officers",
        "May I see it?",
        "notre dame",
        "the school",
        "un café à emporter",
        "Québec",
        "in French",
        "20 personnes",
        "they have 3 cars",
    ],
)
def test_it_keeps_nothing_back(text: str) -> None:
    assert [one for one in find_traces(text, CASE) if one.weight is Weight.BLOCKS] == []


COMMON_NAMES = Known(
    names=(
        "Mohamed Hassan Ali", "Marie Joseph", "José Luis García", "Ana María López", "Fatima Zahra Benali",
        "Jean-Baptiste Pierre", "Maya Singh", "Omar Diallo", "Karim Haddad", "Amélie Tremblay",
        "Grace Okafor", "Carmen Flores", "Daniel Castillo", "Linda Martinez", "Sara Cohen", "Nour Rahman",
        "Chantal Belanger",
    ),
    places=("Parc-Extension, rue Jean-Talon", "Marché Central"),
)  # fmt: skip
"""Seventeen people in one case: names that are near to many words."""


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("known", [CASE, COMMON_NAMES], ids=["plain words", "common names"])
def test_an_ordinary_story_goes_through(name: str, known: Known) -> None:
    """Beside a case called like plain words, and one of common names; one word is asked about at most."""
    found = find_traces(STORIES[name]["text"], known)
    assert [one for one in found if one.weight is Weight.BLOCKS] == []
    assert len([one for one in found if one.weight is Weight.ASKED]) <= 1


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Grâce à elle", LIKE_NAME, "Grâce"),
        ("Grace à elle", NAME, "Grace"),
        ("À elle, Grâce", NAME, "Grâce"),
        ("Grâce Okafor", NAME, "Grâce Okafor"),
        ("Pierre attendait", NAME, "Pierre"),
        ("Linda Martínez", NAME, "Linda Martínez"),
    ],
)
def test_a_plain_word_that_begins_a_sentence(text: str, kind: str, found: str) -> None:
    """Written otherwise than the name it may be plain; else it is the name, and has to go."""
    assert (kind, found) in _found(text, COMMON_NAMES)


def test_few_ordinary_stories_are_asked_about_at_all() -> None:
    """Each question costs two people a thought: beside common names a tenth of the stories has one."""
    assert len(STORIES) >= 24 and {one["language"] for one in STORIES.values()} == {"en", "fr", "es"}
    asked = [
        name
        for name, story in STORIES.items()
        if any(one.weight is Weight.ASKED for one in find_traces(story["text"], COMMON_NAMES))
    ]
    assert len(asked) <= len(STORIES) / 10, asked


_DAYS = {
    "en": [
        "first",
        "second",
        "third",
        "twelfth",
        "fifteenth",
        "twenty-first",
        "twenty second",
        "thirtieth",
        "1st",
    ],
    "fr": ["premier", "deux", "douze", "quinze", "vingt-et-un", "vingt et un", "trente", "1er", "31"],
    "es": ["primero", "uno", "doce", "quince", "veintiuno", "treinta y uno", "31"],
}
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
_SHAPES = {"en": ["{m} {d}", "the {d} of {m}", "{m} the {d}"], "fr": ["le {d} {m}"], "es": ["el {d} de {m}"]}


@pytest.mark.parametrize("language", _DAYS)
def test_every_date_in_words_is_found_whole(language: str) -> None:
    """Day and month together: a lone day would tell as much beside the season."""
    for day in _DAYS[language]:
        for month in _MONTHS[language]:
            for shape in _SHAPES[language]:
                written = shape.format(d=day, m=month)
                ((kind, found),) = _found(f"It was {written}, they say", NOTHING)
                assert kind == DATE and day in found and month in found


@given(day=st.dates(min_value=date(1000, 1, 1)))
def test_every_date_in_figures_is_found(day: date) -> None:
    """However it is divided."""
    whole = day.isoformat()
    for written in (whole, f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", f"{day:%m-%d-%Y}"):
        assert (DATE, written) in _found(f"on {written} at", NOTHING)


_SEPARATORS = st.sampled_from(["", " ", "-", ".", "\N{NO-BREAK SPACE}", " - "])


@given(st.integers(2_000_000_000, 9_999_999_999), _SEPARATORS, st.booleans())
def test_every_phone_number_blocks(number: int, between: str, is_whole: bool) -> None:
    """Any of a phone's length, however it is divided, with or without the area."""
    digits = str(number)
    parts = [digits[:3], digits[3:6], digits[6:]][0 if is_whole else 1 :]
    kinds = [one.weight for one in find_traces(f"call {between.join(parts)} now", NOTHING)]
    assert kinds == [Weight.BLOCKS]


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_of_day_blocks(hour: int, minute: int) -> None:
    """With its minutes, in each language's way."""
    for written in (f"{hour}:{minute:02}", f"vers {hour} h {minute:02}", f"à {hour}h{minute:02}"):
        assert [one.kind for one in find_traces(f"was {written}, he", NOTHING)] == [TIME]


@given(st.data(), st.sampled_from(["Sofiane", "Trabelsi", "Martin"]), st.booleans())
def test_one_letter_off_a_name_is_never_passed_over(data: st.DataObject, name: str, is_small: bool) -> None:
    """One too many, too few, another one, or two swapped, with and without a capital; but for plain words."""
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyzéàç"))
    swapped = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    deeds = [name[:at] + letter + name[at:], name[:at] + name[at + 1 :], swapped]
    word = data.draw(st.sampled_from([*deeds, name[:at] + letter + name[at + 1 :]]))
    word = word.lower() if is_small else word.capitalize()
    assume(not is_small or flatten(word) not in list_flat("ordinary", "words"))
    found = [one for one in find_traces(f"then {word} left", CASE) if one.weight >= Weight.ASKED]
    assert any((one.start, one.end) == (5, 5 + len(word)) for one in found)


@given(st.text(max_size=200))
def test_a_flat_text_has_every_letter_where_it_stood(text: str) -> None:
    """Else what is marked would not be what was found; and finds never overlap."""
    flat = flatten(text)
    assert len(flat) == len(text) and flatten(flat) == flat
    found = find_traces(text, CASE)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))


def test_every_kind_weighs_something() -> None:
    """What the case itself holds never passes."""
    assert {kind for kind, weight in WEIGHTS.items() if weight is Weight.BLOCKS} == {
        NAME, KNOWN, PLACE, DATE, TIME, AGE, NUMBER,
    }  # fmt: skip
