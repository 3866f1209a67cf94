"""What lists call their columns, in English, French and Spanish: by it a column's place is guessed."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz

from casework.domain.coded import PERSON_FIELDS
from casework.domain.folding import fold
from casework.services.importing import consentwords
from casework.services.importing.people import FURTHER, MOST_PEOPLE, of_person
from casework.services.importing.targets import CONSENT_TARGETS

KEY = "key"
GROUP = "group"
"""What rows have in common that tell of one incident."""
NOTE = "note"
DATE_TARGETS = ("date", "date_year", "date_month", "date_day")
IDENTITY_TARGETS = ("name", "phone", "email", "birth_date", "uci", "address", "note_on_person")
NARRATIVE_TARGETS = ("text", "exact_place")

PERSON_TARGETS = (*IDENTITY_TARGETS, *(field.name for field in PERSON_FIELDS), "roles", *CONSENT_TARGETS)
FURTHER_TARGETS = tuple(of_person(target, number) for number in FURTHER for target in PERSON_TARGETS)

_NEAR = 90
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"(.*?[^\W\d]) ?(c?)([1-9])")
_SMALL_WORDS = re.compile(r"\b(?:d|de|del|des|du|el|l|la|las|le|les|los|of|the)\b")
_ORDINALS = {
    2: "2e 2eme 2nd 2a deuxieme seconde second segunda",
    3: "3e 3eme 3rd 3a troisieme third tercera",
    4: "4e 4eme 4th 4a quatrieme fourth cuarta",
}
_ORDINAL = {word: number for number, words in _ORDINALS.items() for word in words.split()}
_NTH_PERSON = re.compile(rf"(.*?) ?\b({'|'.join(_ORDINAL)}) (?:person|personne|persona)\b ?(.*)")
_PERSON_FIRST = re.compile(r"(?:person|personne|persona|p|victime?|victima|suspect|subject) ?([1-9]) (.+)")
_ABOUT_PERSON = re.compile(
    r"^(?:subject|suspect|person|perceived|reported|arrestee|detainee|civilian|driver|individual|victim|"
    r"complainant|client|personne|sujet|victime|persona|victima)s? (?:reported |perceived )?"
)
_PLAINLY = re.compile(r" (?:description|desc|code|name|percue?|declaree?)$")
_OFFICER_WORDS = frozenset(
    "officer officers ofcr agent agents agente policier policiere policiers oficial oficiales matricule "
    "badge supervisor sergeant".split()
)


@cache
def _known() -> dict[str, str]:
    text = (files(__package__) / "headings.toml").read_text(encoding="utf-8")
    named = tomllib.loads(text)
    return {simplify_heading(name): target for target, names in named.items() for name in names}


@cache
def _known_by_main_words() -> dict[str, str]:
    """Give what headings stand for by their words without articles: "No de dossier" is "No dossier"."""
    return {_main_words(simple): target for simple, target in _known().items()}


def simplify_heading(heading: str) -> str:
    """Give a heading's words alone: "Perceived_Race", "perceivedRace" and "PERCEIVED RACE:" are one."""
    return " ".join(_BETWEEN.sub(" ", fold(_CAMEL.sub(" ", heading.strip()))).split())


def is_known_heading(text: str) -> bool:
    """Return whether lists are known to call a column so."""
    return simplify_heading(text) in _known()


def score_heading(heading: str) -> tuple[str, float] | None:
    """Return what a heading most likely stands for, and how likely it is, from 0 to 1.

    What is said of an officer is none of ours. "Suspect race" is the race; "Name 2" or "Person 2 name" is the
    second person's.
    """
    simple = simplify_heading(heading)
    if not simple or simple.isdecimal():
        return None
    if simple in _known():
        return _known()[simple], 1.0
    if is_about_officer(heading):
        return None
    if is_about_consent(heading):
        return _score_consent(simple)
    simple = _number_persons(_main_words(simple))
    if (target := _known_by_main_words().get(simple)) is not None:
        return target, 0.95
    if (numbered := _NUMBERED.fullmatch(simple)) and (target := _known_by_main_words().get(numbered[1])):
        number = int(numbered[3])
        is_alike = bool(numbered[2]) or heading.strip().endswith(f"({number})")
        return _of_number(target, number, is_alike)
    bare = _ABOUT_PERSON.sub("", _PLAINLY.sub("", simple))
    if bare != simple and (target := _known_by_main_words().get(bare)) in PERSON_TARGETS:
        return str(target), 0.9
    return _score_likeness(simple)


def _main_words(simple: str) -> str:
    return " ".join(_SMALL_WORDS.sub(" ", simple).split()) or simple


def _number_persons(words: str) -> str:
    """Give "Person 2 name" and "Nom 2e personne" as "name 2" and "nom 2"."""
    if (nth := _NTH_PERSON.fullmatch(words)) and (what := f"{nth[1]} {nth[3]}".strip()):
        return f"{what} {_ORDINAL[nth[2]]}"
    return _PERSON_FIRST.sub(r"\2 \1", words)


def is_about_officer(heading: str) -> bool:
    """Return whether a column tells of the police, not of the person that they met."""
    return not _OFFICER_WORDS.isdisjoint(simplify_heading(heading).split())


def is_about_consent(heading: str) -> bool:
    """Return whether a column likely holds what people agreed to; to be searched by police is none of it."""
    return consentwords.is_about_consent(simplify_heading(heading))


def _score_consent(simple: str) -> tuple[str, float] | None:
    simple = _PERSON_FIRST.sub(r"\2 \1", simple)
    numbered = _NUMBERED.fullmatch(simple)
    target = consentwords.guess_consent_target(numbered[1] if numbered else simple)
    number = int(numbered[3]) if numbered else 1
    return (of_person(target, number), 0.9) if target and number <= MOST_PEOPLE else None


def _of_number(target: str, number: int, is_alike: bool) -> tuple[str, float] | None:
    """Tell the columns of a second person from one of two columns that are called alike."""
    if number == 1 or (is_alike and target in IDENTITY_TARGETS):
        return target, 0.95
    if target in PERSON_TARGETS and number <= MOST_PEOPLE and not is_alike:
        return of_person(target, number), 0.9
    return (NOTE, 0.5) if target in PERSON_TARGETS or is_alike else None


def _score_likeness(simple: str) -> tuple[str, float] | None:
    words = simple.count(" ")
    alike = [
        (name, target) for name, target in _known().items() if len(name) > 4 and name.count(" ") == words
    ]
    scored = [(fuzz.ratio(simple, name), target) for name, target in alike]
    score, target = max(scored, default=(0.0, ""))
    return (target, 0.8 * score / 100) if score >= _NEAR else None
