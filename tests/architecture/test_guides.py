"""The guides quote the screens: a button that was renamed, a picture that is gone, is found here."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
GUIDES = ROOT / "docs" / "guides"
LANGUAGES = {"en": ".md", "fr": ".fr.md"}
LEAST_QUOTED = {"caseworker": 100, "coordinator": 60, "advocate": 60}
"""Each guide, and how often at least it quotes a screen."""
BOLD = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^):#]+)[^)]*\)")
PLACEHOLDER = re.compile(r"%\\\((?:\w+)\\\)s|\\\{\w+\\\}")
MOST_BYTES = 1_500_000
"""Of the pictures of one guide, in both languages."""


every_guide = pytest.mark.parametrize("guide", LEAST_QUOTED)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def read(guide: str, language: str) -> str:
    """Return a guide as one line: a quotation may stand on two."""
    path = GUIDES / (guide + LANGUAGES[language])
    return re.sub(r"[ \n]+", " ", path.read_text(encoding="utf-8"))


def read_strings(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text of a TOML table, however deep."""
    for value in table.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from read_strings(value)


def read_data(path: Path) -> dict[str, Any]:
    """Read a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def on_screens(language: str) -> set[str]:
    """Return every text that a screen or a release may show in this language."""
    with (ROOT / "casework/translations/fr/LC_MESSAGES/messages.po").open("rb") as file:
        messages = list(read_po(file, locale="fr"))
    sides = [(message.id if language == "en" else message.string) or "" for message in messages if message.id]
    texts = {text for side in sides for text in ((side,) if isinstance(side, str) else side)}
    for path in (ROOT / "casework/domain/data").glob("*.toml"):
        terms = read_data(path).get("terms", {})
        texts |= {term[language] for term in terms.values() if language in term}
        texts |= {label for label in [read_data(path).get("label", {}).get(language)] if label}
    for path in (ROOT / "casework/reports/publication").rglob("texts.toml"):
        texts |= set(read_strings(read_data(path)[language]))
    return texts


def lost(quoted: list[str], language: str) -> list[str]:
    """Return what no screen shows; only a time or a number may stand where a text has a gap."""
    texts = on_screens(language)
    filled = [PLACEHOLDER.sub(r".*\\d.*", re.escape(text)) for text in texts if "%(" in text]
    return [one for one in quoted if one not in texts and not any(re.fullmatch(text, one) for text in filled)]


def test_every_guide_is_looked_at() -> None:
    """A guide that is not named here, or is missing in a language, is found."""
    names = {guide + ending for guide in LEAST_QUOTED for ending in LANGUAGES.values()}
    assert {path.name for path in GUIDES.glob("*.md")} == names


@every_guide
@every_language
def test_what_is_bold_stands_on_a_screen(guide: str, language: str) -> None:
    """Word for word, in the language of the guide."""
    quoted = BOLD.findall(read(guide, language))
    assert len(quoted) > LEAST_QUOTED[guide]
    assert lost(quoted, language) == []


def test_a_renamed_button_is_found() -> None:
    """A word more, another language, a gap filled with words: none of it is taken for a text of a screen."""
    assert lost(["Save incident", "Draft kept 9:56 PM."], "en") == []
    assert lost(["Save the incident", "Draft kept soon."], "en") == ["Save the incident", "Draft kept soon."]
    assert lost(["Save incident"], "fr") == ["Save incident"]


@every_guide
@every_language
def test_pictures_and_links_are_there(guide: str, language: str) -> None:
    """Each picture is in the guide's language and says in words what it shows."""
    text = read(guide, language)
    pictures = PICTURE.findall(text)
    assert pictures
    assert [path for _, path in pictures if not path.endswith(f"-{language}.png")] == []
    assert [path for alt, path in pictures if len(alt) < 30] == []
    lost = [
        path for path in [path for _, path in pictures] + LINK.findall(text) if not (GUIDES / path).exists()
    ]
    assert lost == []


@every_guide
def test_both_languages_tell_the_same(guide: str) -> None:
    """As many sections, and the same pictures in the same order."""
    texts = {code: (GUIDES / (guide + ending)).read_text("utf-8") for code, ending in LANGUAGES.items()}
    headings = {len(re.findall(r"^##+ ", text, re.MULTILINE)) for text in texts.values()}
    english, french = (
        [path.replace(f"-{language}.png", "") for _, path in PICTURE.findall(text)]
        for language, text in texts.items()
    )
    assert len(headings) == 1
    assert english == french


@every_guide
def test_pictures_stay_small(guide: str) -> None:
    """Those of one guide together: it is read on a phone too."""
    shown = {path for language in LANGUAGES for _, path in PICTURE.findall(read(guide, language))}
    assert sum((GUIDES / path).stat().st_size for path in shown) < MOST_BYTES


def test_no_picture_lies_about() -> None:
    """Every picture is shown."""
    texts = [read(guide, language) for guide in LEAST_QUOTED for language in LANGUAGES]
    shown = {Path(path).name for text in texts for _, path in PICTURE.findall(text)}
    assert {path.name for path in (GUIDES / "pictures").iterdir()} == shown
    readme = {path for _, path in PICTURE.findall((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {path.name for path in (ROOT / "docs/pictures").iterdir()} == {Path(path).name for path in readme}
