"""What tells of somebody in other words: numbers word by word, decades of life, stations, misspelt names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.traces.finding import find_traces
from casework.domain.traces.kinds import (
    AGE,
    DATE,
    KNOWN,
    LANDMARK,
    LIKE_AGE,
    LIKE_DATE,
    NEAR_NAME,
    NUMBER,
    PLACE,
    TOWN,
    Known,
    Weight,
)
from casework.domain.traces.numerals import spell
from casework.domain.traces.spelling import letters_off

CASE = Known(
    names=("Sofiane Trabelsi", "Omar Diallo", "Mohamed Benali", "Sara Haddad", "Guadalupe Hernández"),
    numbers=("514-555-0132", "4471", "1967"),
    towns=("Parc-Extension", "Laval"),
)


def _found(text: str, known: Known = CASE) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_traces(text, known)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cinq cent quatorze, cinq cinq cinq, zéro un trente-deux", KNOWN),
        ("cinq-cent-quatorze cinq cent cinquante-cinq zéro cent trente-deux", KNOWN),
        ("five one four, five five five, oh one three two", KNOWN),
        ("five fourteen, triple five, oh one thirty-two", KNOWN),
        ("quinientos catorce, doble cinco cinco, cero uno treinta y dos", KNOWN),
        ("514 cinq cinq cinq zéro un trois deux", KNOWN),
        ("514 triple 5 zéro un trois deux", KNOWN),
        ("quatre quatre sept un", KNOWN),
        ("four thousand four hundred and seventy-one", KNOWN),
        ("mille neuf cent soixante-sept", KNOWN),
        ("nineteen sixty-seven", KNOWN),
        ("mil novecientos sesenta y siete", KNOWN),
        ("quatre cent trente-huit, trois deux un, quatre-vingt-dix-neuf soixante-dix", NUMBER),
        ("four three eight, three two one, ninety-nine seventy", NUMBER),
        ("cuatrocientos treinta y ocho, trescientos veintiuno, noventa y nueve setenta", NUMBER),
    ],
)
def test_a_number_told_in_words_is_found_whole(text: str, kind: str) -> None:
    """Digit by digit, in hundreds and tens, mixed with figures; also a year of birth."""
    assert _found(f"on a dit : {text}. Puis") == [(kind, text)]


@given(st.integers(2_000_000_000, 9_999_999_999), st.sampled_from([0, 1, 2]), st.sampled_from([1, 2]))
def test_every_phone_number_in_words_blocks(number: int, language: int, size: int) -> None:
    """In each language, digit by digit, or two at a time after the area."""
    digits = str(number)
    parts = [*digits[:4], *(digits[at : at + size] for at in range(4, len(digits), size))]
    words = " ".join(
        " ".join(list(spell(int(digit)))[language] for digit in (part if part[0] == "0" else [part]))
        for part in parts
    )
    weights = [one.weight for one in find_traces(f"appelez {words}", Known())]
    counts_up = digits in ("2345678901", "3456789012")
    assert weights == [Weight.BLOCKS] or counts_up


@pytest.mark.parametrize(
    "text",
    [
        "nine hundred and fifty thousand dollars",
        "neuf cent cinquante mille dollars",
        "novecientos cincuenta mil pesos",
        "one two three four five six seven eight",
        "un deux trois quatre cinq six sept",
        "two of us, three cars, four hours",
        "il a répété une fois, deux fois, trois fois",
    ],
)
def test_an_amount_and_counting_are_no_phone_number(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("a man in his mid-thirties", AGE, "his mid-thirties"),
        ("she is in her thirties", AGE, "her thirties"),
        ("in their early to mid 40s", AGE, "their early to mid 40s"),
        ("someone, late twenties", AGE, "late twenties"),
        ("a thirty-something man", AGE, "thirty-something"),
        ("in his late teens", AGE, "late teens"),
        ("une femme, mi-trentaine", AGE, "mi-trentaine"),
        ("un homme début vingtaine", AGE, "début vingtaine"),
        ("dans la trentaine avancée", AGE, "la trentaine avancée"),
        ("une trentaine avancée", AGE, "trentaine avancée"),
        ("elle approche la cinquantaine", AGE, "approche la cinquantaine"),
        ("dans la jeune soixantaine", AGE, "dans la jeune soixantaine"),
        ("il a passé la quarantaine", AGE, "passé la quarantaine"),
        ("un homme d'une quarantaine d'années", AGE, "homme d'une quarantaine d'années"),
        ("une trentenaire", AGE, "trentenaire"),
        ("un treintañero", AGE, "treintañero"),
        ("rondaba los cuarenta", AGE, "rondaba los cuarenta"),
        ("a sus sesenta años", AGE, "sus sesenta"),
        ("tiene treinta y pico años", AGE, "tiene treinta y pico años"),
        ("in the late 90s", LIKE_AGE, "late 90s"),
        ("début de la quarantaine", LIKE_AGE, "début de la quarantaine"),
        ("hace treinta y tantos años", LIKE_AGE, "treinta y tantos"),
    ],
)
def test_a_decade_of_life_is_finer_than_a_band(text: str, kind: str, found: str) -> None:
    """Bands begin at 25, 35, 45: beside one, “thirties” leaves five years, and “mid-thirties” three."""
    assert (kind, found) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "une trentaine de personnes",
        "la trentaine de policiers",
        "depuis une trentaine d'années",
        "nous étions une vingtaine",
        "mis en quarantaine",
        "twenty of us",
        "the nineties",
        "los años treinta",
        "sus veinte dólares",
        "treinta policías",
    ],
)
def test_what_is_counted_is_no_decade(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("au métro Jean-Talon", PLACE, "métro Jean-Talon"),
        ("au metro jean-talon, à Metro Jarry", PLACE, "Metro Jarry"),
        ("à la station de métro Berri-UQAM", PLACE, "station de métro Berri-UQAM"),
        ("le marché Jean-Talon", PLACE, "marché Jean-Talon"),
        ("au parc Jarry", PLACE, "parc Jarry"),
        ("la mosquée de l'Assuna", PLACE, "mosquée de l'Assuna"),
        ("l'école Saint-Luc", PLACE, "école Saint-Luc"),
        ("l’École Barthélemy-Vimont", PLACE, "École Barthélemy-Vimont"),
        ("au CLSC de Villeray", PLACE, "CLSC de Villeray"),
        ("à l'hôpital du Sacré-Cœur", PLACE, "hôpital du Sacré-Cœur"),
        ("at Jarry Park", PLACE, "Jarry Park"),
        ("near Berri station", PLACE, "Berri station"),
        ("the Jean-Talon Market", PLACE, "Jean-Talon Market"),
        ("at Lucille Teasdale High School", PLACE, "Lucille Teasdale High School"),
        ("en el parque La Fontaine", PLACE, "parque La Fontaine"),
        ("la estación Berri", PLACE, "estación Berri"),
        ("the church of Saint Rita", LANDMARK, "church of Saint Rita"),
        ("l'Université McGill", LANDMARK, "Université McGill"),
        ("at Concordia University", LANDMARK, "Concordia University"),
        ("le poste de quartier 33", LANDMARK, "poste de quartier 33"),
        ("dans l'autobus 165", LANDMARK, "autobus 165"),
        ("à Jean-Talon", LANDMARK, "Jean-Talon"),
        ("in the Mile End", LANDMARK, "Mile End"),
        ("on Roxham Road", LANDMARK, "Roxham Road"),
        ("in Parc Extension", TOWN, "Parc Extension"),
    ],
)
def test_a_station_a_school_a_quarter_is_a_place(text: str, kind: str, found: str) -> None:
    """With its name in any of the three languages; what everybody knows may stay where two people say so."""
    assert (kind, found) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "At school they laughed",
        "After church we went home",
        "the Catholic church",
        "Our School is old",
        "the Federal Court said no",
        "The Immigration Court",
        "a Food Drive",
        "L'école était fermée",
        "l'école primaire",
        "au métro, un soir",
        "Police station, he said",
        "High school was hard",
        "La Iglesia y la escuela",
        "le centre d'achats",
        "un bus de nuit",
    ],
)
def test_a_school_without_its_name_is_none(text: str) -> None:
    assert [one for one in _found(text) if one[0] in (PLACE, LANDMARK)] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("en mars", DATE),
        ("since May", DATE),
        ("depuis mai", DATE),
        ("le mois d'avril", DATE),
        ("mars dernier", DATE),
        ("au mois de mars", DATE),
        ("mi-avril", DATE),
        ("a finales de abril", DATE),
        ("en août", DATE),
        ("août", DATE),
        ("In October it snowed", DATE),
        ("le 3 mars", DATE),
        ("March 2026", DATE),
        ("Mars est une planète", LIKE_DATE),
        ("une barre Mars", LIKE_DATE),
        ("a March for housing", LIKE_DATE),
        ("Then May laughed", LIKE_DATE),
        ("April was born here", LIKE_DATE),
        ("in June's hands", LIKE_DATE),
        ("ma fille Avril", LIKE_DATE),
        ("Mai tremblait", LIKE_DATE),
        ("mi hermano Julio", LIKE_DATE),
        ("since may", LIKE_DATE),
        ("an august day", LIKE_DATE),
    ],
)
def test_a_month_is_told_from_a_word_by_what_stands_beside(text: str, kind: str) -> None:
    """What may be a word or first name is asked about, and can be kept; a date cannot."""
    assert [one[0] for one in _found(text)] == [kind]


@pytest.mark.parametrize(
    "text", ["May I come in?", "They may march again.", "We march for housing.", "May it be"]
)
def test_a_verb_is_no_month(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text", ["c'était le 13/11", "arrivé le 13 du mois", "el 13 del mes", "on 31/1", "01/12"]
)
def test_a_day_without_its_year_is_asked_about(text: str) -> None:
    assert [one[0] for one in _found(text)] == [LIKE_DATE]


@pytest.mark.parametrize(
    "text", ["open 24/7", "2/3 of them", "1/2 tasse", "32/11", "13/13", "3/4 del tiempo"]
)
def test_a_share_is_no_day(text: str) -> None:
    assert _found(text) == []


MISSPELT = {
    "one letter": "Sofianne Trabelsy Diallot Benalli Hadad Hernandes Guadelupe Mohammed",
    "two letters": "Soufyane Trabalsy Hernandis Gaudalupes Trebelssi Mohameds",
    "four letters": "Omer Umar Omarr Sarah Zara",
    "by sound": "Sufian Muhammad Muhamed Tarabulsi Sofyan",
}


@pytest.mark.parametrize("name", [name for names in MISSPELT.values() for name in names.split()])
def test_a_misspelt_name_is_asked_about(name: str) -> None:
    """Up to two letters off, or sounding the same, with a capital inside a sentence."""
    assert (NEAR_NAME, name) in _found(f"and then {name} left")


@pytest.mark.parametrize("name", "sofianne trabelsy diallot benalli hadad hernandis guadelupes".split())
def test_a_misspelt_name_in_small_letters_too(name: str) -> None:
    """One letter off, two for a long name; also where a sentence begins."""
    assert (NEAR_NAME, name) in _found(f"and then {name} left")
    assert (NEAR_NAME, name.capitalize()) in _found(f"{name.capitalize()} left")


@pytest.mark.parametrize(
    ("one", "other", "off"),
    [("omar", "omar", 0), ("omar", "omer", 1), ("omar", "oamr", 1), ("omar", "oma", 1), ("omar", "xomar", 1),
     ("sofiane", "soufyane", 2), ("trabelsi", "rtabelis", 2), ("omar", "sara", 3), ("a", "abcd", 3)],
)  # fmt: skip
def test_letters_are_counted(one: str, other: str, off: int) -> None:
    """Too many, too few, another one, two swapped; both ways, and no further than was asked."""
    assert letters_off(one, other, 2) == letters_off(other, one, 2) == off
    assert letters_off(one, other, 0) == min(off, 1)
