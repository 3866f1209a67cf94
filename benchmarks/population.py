"""People who do not exist, named as in the communities concerned, some of them written down twice.

A seeded generator: the same seed gives the same people. The second account of a person differs as accounts
do: another transliteration, a surname left out, the order turned round, accents gone, day and month swapped,
a wrong letter or digit, another telephone. Relatives share surnames, telephones and sometimes birthdays.
"""

import datetime
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from casework.analysis.duplicates.people import Described
from casework.domain.folding import fold

LATIN_GIVEN = (
    "María José Luis Carlos Juan Ana Carmen Rosa Jorge Miguel Alejandra Daniela Valentina Camila Andrés Óscar"
    " Héctor Guadalupe Ximena Mónica Ángel Jesús Sofía Lucía Martín Ramón Inés Beatriz Yolanda Wilson Yesenia"
    " Nelson Milagros Iván Julián Fernanda Gabriela Rocío Hernán Tomás Esteban Paola Marisol Nubia Edgar"
).split()
LATIN_SURNAME = (
    "García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz"
    " Reyes Cruz Morales Ortiz Gutiérrez Chávez Ramos Vargas Castillo Jiménez Moreno Romero Herrera Medina"
    " Aguilar Vega Castro Mendoza Guerrero Rojas Salazar Zapata Quispe Mamani Huamán Ixchop Tzul Cifuentes"
    " Ocampo Bermúdez Echeverría Villalobos Zúñiga Peña Núñez Ibáñez Cárdenas Arévalo Monterroso Menjívar"
).split()
HAITIAN_GIVEN = (
    "Jean Marie Pierre Joseph Wilner Fabiola Mirlande Guerline Frantz Emmanuel Rose-Marie Jean-Claude"
    " Wideline"
    " Stanley Nadège Ricardo Dieudonné Roseline Jacques Marie-Ange Islande Wilson Kervens Naïka Péguy Lovely"
    " Jean-Robert Yvrose Ronald Ketsia Daphnée Samuel Mackenson Judeline Esther Widson Claudette Evens"
).split()
HAITIAN_SURNAME = (
    "Jean Pierre Joseph Louis Charles François Baptiste Jean-Baptiste Saint-Louis Desrosiers Toussaint Dorvil"
    " Étienne Augustin Célestin Philippe Michel Laguerre Exantus Jean-Louis Fils-Aimé Saint-Fleur Dessalines"
    " Théodore Estimé Beauvoir Cadet Noël Vilmé Mésidor Lafortune Bellefleur Destin Cherestal Alexis"
    " Guillaume"
).split()
MAGHREBI_GIVEN = (
    "Mohamed Fatima Ahmed Youssef Khadija Amina Karim Rachid Samira Abdelkader Nadia Hassan Said Leïla Omar"
    " Zineb Hicham Malika Yassine Souad Mustapha Aïcha Brahim Soumia Abdellah Houria Nabil Meriem Bilal Naïma"
    " Tarik Ouarda Hakim Djamila Sofiane Chaima Ilyes Kheira Mourad Latifa Anouar Ghizlane Lotfi Wafa"
).split()
MAGHREBI_SURNAME = (
    "Benali Bouzid El_Amrani Haddad Belkacem Mansouri Cherif Ben_Salah Bennani Slimani Khelifi Tazi"
    " El_Idrissi"
    " Ziani Boukhari Ait_Ahmed Hamdi Chaoui Zeroual Guermah Saïdi Meziane Bouazza Brahimi Ouali Touati"
    " Ben_Youssef"
    " Lahlou Rahmani Djebbar Ghazi El_Fassi Kaddour Benchekroun Boudiaf Larbi Hamidou Messaoudi Othmani"
    " Jebali"
).split()
SOUTH_ASIAN_GIVEN = (
    "Muhammad Gurpreet Harpreet Priya Rajesh Sunita Abdul Ayesha Manpreet Sandeep Fatema Imran Lakshmi Suresh"
    " Nusrat Kavita Amrit Deepak Shahida Farhan Thanusha Sivakumar Nirmala Rubina Jaswinder Anil Tahmina"
    " Bushra"
    " Kamal Rahim Yogesh Meenakshi Arjun Zahra Shabnam Kulwinder Usman Parveen Dilshad Vijay Roshan Habib"
).split()
SOUTH_ASIAN_SURNAME = (
    "Singh Kaur Khan Ahmed Patel Sharma Hossain Rahman Begum Ali Gill Sandhu Dhillon Malik Chowdhury"
    " Akter Islam"
    " Kumar Sivalingam Nadarajah Thiruchelvam Uddin Hussain Iqbal Bhatti Grewal Sidhu Mahmood Qureshi"
    " Siddiqui"
    " Perera Fernando Thapa Gurung Rana Bhattarai Mukherjee Banerjee Das Reddy Iyer Choudhary Mehta Joshi"
).split()
TRANSLITERATIONS = (
    ("ou", "u"), ("ch", "sh"), ("ee", "i"), ("ss", "s"), ("mm", "m"), ("ouss", "us"), ("kh", "k"),
    ("dj", "j"),
    ("y", "i"), ("dh", "d"), ("th", "t"), ("z", "s"), ("v", "b"), ("w", "v"), ("q", "k"), ("aa", "a"),
    ("ï", "i"), ("gu", "g"), ("ph", "f"), ("c", "k"), ("en", "an"), ("e", "i"), ("oo", "u"), ("nn", "n"),
)  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Population:
    """People in the order they were written down; `entities` says who is who: equal numbers are one"
    " person."""

    people: Sequence[Described]
    entities: Sequence[int]


def make_population(count: int, seed: int, twice: float = 0.08) -> Population:
    """Make `count` descriptions, of which about the share `twice` describes somebody for the second time."""
    chance = random.Random(seed)
    people: list[Described] = []
    entities: list[int] = []
    while len(people) < count:
        first = len(people)
        for offset, person in enumerate(_household(chance)):
            people.append(person)
            entities.append(first + offset)
    extra = int(count * twice)
    people, entities = people[: count - extra], entities[: count - extra]
    for place in chance.sample(range(len(people)), extra):
        people.append(_again(chance, people[place]))
        entities.append(entities[place])
    order = list(range(len(people)))
    chance.shuffle(order)
    return Population([people[place] for place in order], [entities[place] for place in order])


def _household(chance: random.Random) -> list[Described]:
    given, surnames, joined = chance.choice(_COMMUNITIES)
    family = [_pick(chance, surnames) for _ in range(2)]
    phone = "514" + "".join(chance.choices("0123456789", k=7))
    size = chance.choices((1, 2, 3, 4), weights=(70, 15, 10, 5))[0]
    members = []
    for _ in range(size):
        day = datetime.date(1945, 1, 1) + datetime.timedelta(days=chance.randrange(365 * 70))
        uci = "".join(chance.choices("0123456789", k=8)) if chance.random() < 0.35 else ""
        members.append(
            Described(
                joined(_pick(chance, given), family, chance),
                day.isoformat() if chance.random() < 0.93 else str(day.year) * (chance.random() < 0.5),
                phone if chance.random() < 0.6 else "",
                uci,
            )
        )
    if size > 1 and chance.random() < 0.02:  # twins
        members[1] = replace(members[1], birth_date=members[0].birth_date)
    return members


def _pick(chance: random.Random, names: Sequence[str]) -> str:
    """Give a name; the first ones are common, as names are."""
    return names[
        min(int(chance.paretovariate(0.7)) - 1, len(names) - 1)
        if chance.random() < 0.5
        else chance.randrange(len(names))
    ].replace("_", " ")


def _latin(given: str, family: Sequence[str], chance: random.Random) -> str:
    second = f" {_pick(chance, LATIN_GIVEN)}" if chance.random() < 0.3 else ""
    return f"{given}{second} {family[0]} {family[1]}"


def _plain(given: str, family: Sequence[str], chance: random.Random) -> str:
    return f"{given} {family[0]}"


_COMMUNITIES = (
    (LATIN_GIVEN, LATIN_SURNAME, _latin),
    (HAITIAN_GIVEN, HAITIAN_SURNAME, _plain),
    (MAGHREBI_GIVEN, MAGHREBI_SURNAME, _plain),
    (SOUTH_ASIAN_GIVEN, SOUTH_ASIAN_SURNAME, _plain),
)


def _again(chance: random.Random, person: Described) -> Described:
    """Write a person down as somebody else would."""
    name = person.name
    for likelihood, change in _NAME_CHANGES:
        if chance.random() < likelihood:
            name = change(name, chance)
    born = person.birth_date
    if len(born) == 10:
        year, month, day = born.split("-")
        luck = chance.random()
        if luck < 0.10 and int(day) <= 12:
            born = f"{year}-{day}-{month}"
        elif luck < 0.15:
            born = _mistype(born, chance, "0123456789")
        elif luck < 0.20:
            born = ""
        elif luck < 0.5:
            born = f"{day}/{month}/{year}"
    phone = person.phone if chance.random() < 0.6 else "438" + "".join(chance.choices("0123456789", k=7))
    uci = person.uci if chance.random() < 0.7 else ""
    if uci and chance.random() < 0.03:
        uci = _mistype(uci, chance, "0123456789")
    return Described(name, born, phone * (chance.random() < 0.8), uci)


def _transliterate(name: str, chance: random.Random) -> str:
    written, other = chance.choice(TRANSLITERATIONS)
    return name.replace(written, other) if written in name else name.replace(other, written, 1)


def _drop_surname(name: str, chance: random.Random) -> str:
    parts = name.split()
    return " ".join(parts[:-1]) if len(parts) > 2 else name


def _turn_round(name: str, chance: random.Random) -> str:
    parts = name.split()
    return " ".join((*parts[1:], parts[0]))


def _mistype(text: str, chance: random.Random, letters: str = LETTERS) -> str:
    place = chance.choice([at for at, letter in enumerate(text) if letter.isalnum()])
    return text[:place] + chance.choice(letters) + text[place + 1 :]


def _without_accents(name: str, chance: random.Random) -> str:
    return fold(name)


def _shout(name: str, chance: random.Random) -> str:
    return name.upper().replace("-", " ")


_NAME_CHANGES: tuple[tuple[float, Callable[[str, random.Random], str]], ...] = (
    (0.35, _transliterate),
    (0.20, _drop_surname),
    (0.15, _turn_round),
    (0.12, _mistype),
    (0.40, _without_accents),
    (0.10, _shout),
)
