"""What is found of people in a text, and what is not taken for it."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from casework.domain.traces.finding import find_traces
from casework.domain.traces.kinds import (
    DATE,
    DAY,
    KNOWN,
    LIKE_NAME,
    NAME,
    NUMBER,
    OFFICER,
    PLACE,
    TOWN,
    Known,
)

KNOWN_OF_CASE = Known(
    names=("Amina Diallo", "محمد علي", "Will O'Brien", "Zoë de la Rosa"),
    numbers=("514-555-0199", "1234-5678", "amina@example.org", "2026-K7QX"),
    towns=("Parc-Extension", "Laval", "marché Jean-Talon"),
)


def _found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_traces(text, KNOWN_OF_CASE)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("They asked Amina to wait.", NAME, "Amina"),
        ("“DIALLO!” he shouted", NAME, "DIALLO"),
        ("zoe and she waited; Zoe said", NAME, "Zoe"),
        ("قال محمد لهم", NAME, "محمد"),
        ("then amina diallo left", NAME, "amina diallo"),
        ("Amina-Diallo, he said", NAME, "Amina-Diallo"),
        ("the amina of old", LIKE_NAME, "amina"),
        ("She will wait.", LIKE_NAME, "will"),
        ("Call (514) 555 0199 now", KNOWN, "(514) 555 0199"),
        ("his UCI 1234 5678", KNOWN, "1234 5678"),
        ("write to amina@example.org.", KNOWN, "amina@example.org"),
        ("our file 2026-K7QX", KNOWN, "2026-K7QX"),
        ("their file 2025-M3RT", NUMBER, "2025-M3RT"),
        ("their file 2025-M3RTW", NUMBER, "2025-M3RTW"),
        ("their file 2025-m3rtwx", NUMBER, "2025-m3rtwx"),
        ("call 438 555 0102", NUMBER, "438 555 0102"),
        ("write to somebody@example.org", NUMBER, "somebody@example.org"),
        ("on March 3rd they came", DATE, "March 3rd"),
        ("le 3 mai, ils sont venus", DATE, "3 mai"),
        ("el 5 de marzo llegaron", DATE, "5 de marzo"),
        ("it was in April", DATE, "April"),
        ("c’était en mars", DATE, "mars"),
        ("on 2026-05-04 at noon", DATE, "2026-05-04"),
        ("am 04/05/2026", DATE, "04/05/2026"),
        ("un mardi matin", DAY, "mardi"),
        ("at 123, rue Saint-Denis", PLACE, "123, rue Saint-Denis"),
        ("at 12 Main Street", PLACE, "12 Main Street"),
        ("in H2X 1Y4", PLACE, "H2X 1Y4"),
        ("near Parc Extension", TOWN, "Parc Extension"),
        ("Badge no 4512 he said", OFFICER, "Badge no 4512"),
        ("with Sgt Tremblay", OFFICER, "Sgt Tremblay"),
        ("the car ABC 123", OFFICER, "ABC 123"),
    ],
)
def test_it_is_found(text: str, kind: str, found: str) -> None:
    """Each kind, in the three languages."""
    assert (kind, found) in _found(text)


SHORT = Known(names=("Li Wu", "Ng Bo", "Ben", "Van Ahmed Ben Salah", "Zoë de la Rosa", "I. Ray", "U Nu"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Li Wu came with Ng Bo", [(NAME, "Li Wu"), (NAME, "Ng Bo")]),
        ("WU, LI and bo", [(NAME, "WU"), (NAME, "LI")]),
        ("then li wu left", [(NAME, "li wu")]),
        ("u nu was there", [(NAME, "u nu")]),
        ("with Ben Salah, and a van", [(NAME, "Ben Salah")]),
        ("Ben said that Li waited", [(LIKE_NAME, "Ben"), (LIKE_NAME, "Li")]),
        ("I bring the van to a big city", []),
        ("La ruta de la vida; De la ville", []),
        ("LA RUTA DE LA VIDA", [(LIKE_NAME, "DE"), (LIKE_NAME, "LA")]),
    ],
)
def test_short_names_and_particles(text: str, expected: list[tuple[str, str]]) -> None:
    """With a capital they are shown, a whole name is always one; in small letters they are plain words."""
    found = find_traces(text, SHORT)
    assert [(one.kind, text[one.start : one.end]) for one in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        "They were stopped on the way home and had to wait for hours.",
        "Ils ont marché dans la rue toute la nuit, de la ville à la rivière.",
        "They may march again in 2026, in the spring.",
        "She had 3 children and 40 dollars.",
        "The officer asked an agent for papers.",
        "Une mine, un village naval.",
    ],
)
def test_nothing_is_found(text: str) -> None:
    """Plain words are no traces."""
    assert _found(text) == []


def test_finds_do_not_overlap() -> None:
    """Each letter belongs to one of them, and they come in the text's order."""
    text = "Amina Diallo, 12 rue Laval, H2X 1Y4, 514 555 0199, 3 mai 2026, badge 4512, Laval"
    found = find_traces(text, KNOWN_OF_CASE)
    assert all(one.end <= after.start for one, after in pairwise(found))
    assert [one.kind for one in found] == [NAME, PLACE, PLACE, KNOWN, DATE, OFFICER, TOWN]


LONG: dict[str, Callable[[int], str]] = {
    "blanks after a number": lambda size: "1" + " " * size,
    "blanks after a street": lambda size: "rue" + " " * size,
    "blanks after a badge": lambda size: "badge" + " " * size,
    "blanks after a day": lambda size: "4 of" + " " * size,
    "particles of a street": lambda size: "12 rue" + " de" * (size // 3),
    "letters": lambda size: "a" * size,
    "digits": lambda size: "1" * size,
    "numbers": lambda size: "1 " * (size // 2),
    "months": lambda size: "2026-05 a " * (size // 10),
    "ats": lambda size: "a@" * (size // 2),
    "dots": lambda size: "a@" + "." * size,
    "badges": lambda size: "badge-" * (size // 6),
    "names": lambda size: "Amina a " * (size // 8),
    "small names": lambda size: "amina " * (size // 6),
    "apostrophes": lambda size: "Aa'" * (size // 3),
    "capitals": lambda size: "Aa " * (size // 3),
    "digits in words": lambda size: "one " * (size // 4),
    "hours": lambda size: "vers neuf heures " * (size // 17),
    "ages": lambda size: "soixante-dix " * (size // 13),
    "links": lambda size: "a " + "de " * (size // 3),
    "words of their own": lambda size: " ".join(
        f"Ab{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676 % 26)}" for n in range(size // 6)
    ),
}


@pytest.mark.parametrize("make", LONG.values(), ids=LONG.keys())
def test_a_long_text_is_gone_through(make: Callable[[int], str]) -> None:
    """As long as an account may be; with a pattern that tries a long run again and again it would not end."""
    text = f"{make(100_000)}\nAmina"
    last = find_traces(text, KNOWN_OF_CASE)[-1]
    assert text[last.start : last.end] == "Amina"
