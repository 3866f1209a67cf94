"""The guides quote the screens: a button that was renamed, a picture that is gone, is found here."""

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
GUIDES = ROOT / "docs" / "guides"
LANGUAGES = {"en": "caseworker.md", "fr": "caseworker.fr.md"}
BOLD = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^):#]+)[^)]*\)")
PLACEHOLDER = re.compile(r"%\\\((?:\w+)\\\)s|\\\{\w+\\\}")
MOST_BYTES = 1_500_000


def read(language: str) -> str:
    """Return a guide as one line: a quotation may stand on two."""
    return re.sub(r"[ \n]+", " ", (GUIDES / LANGUAGES[language]).read_text(encoding="utf-8"))


def on_screens(language: str) -> set[str]:
    """Return every text that a screen may show in this language: of the catalogue and of the code lists."""
    with (ROOT / "casework/translations/fr/LC_MESSAGES/messages.po").open("rb") as file:
        messages = list(read_po(file, locale="fr"))
    sides = [(message.id if language == "en" else message.string) or "" for message in messages if message.id]
    texts = {text for side in sides for text in ((side,) if isinstance(side, str) else side)}
    for path in (ROOT / "casework/domain/data").glob("*.toml"):
        terms = tomllib.loads(path.read_text(encoding="utf-8")).get("terms", {})
        texts |= {term[language] for term in terms.values() if language in term}
    return texts


def lost(quoted: list[str], language: str) -> list[str]:
    """Return what no screen shows; only a time or a number may stand where a text has a gap."""
    texts = on_screens(language)
    filled = [PLACEHOLDER.sub(r".*\\d.*", re.escape(text)) for text in texts if "%(" in text]
    return [one for one in quoted if one not in texts and not any(re.fullmatch(text, one) for text in filled)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_bold_stands_on_a_screen(language: str) -> None:
    """Word for word, in the language of the guide."""
    quoted = BOLD.findall(read(language))
    assert len(quoted) > 100
    assert lost(quoted, language) == []


def test_a_renamed_button_is_found() -> None:
    """A word more, another language, a gap filled with words: none of it is taken for a text of a screen."""
    assert lost(["Save incident", "Draft kept 9:56 PM."], "en") == []
    assert lost(["Save the incident", "Draft kept soon."], "en") == ["Save the incident", "Draft kept soon."]
    assert lost(["Save incident"], "fr") == ["Save incident"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_and_links_are_there(language: str) -> None:
    """Each picture is in the guide's language and says in words what it shows."""
    text = read(language)
    pictures = PICTURE.findall(text)
    assert pictures
    assert [path for _, path in pictures if not path.endswith(f"-{language}.png")] == []
    assert [path for alt, path in pictures if len(alt) < 30] == []
    lost = [
        path for path in [path for _, path in pictures] + LINK.findall(text) if not (GUIDES / path).exists()
    ]
    assert lost == []


def test_both_languages_tell_the_same() -> None:
    """As many sections, and the same pictures in the same order."""
    texts = {language: (GUIDES / name).read_text(encoding="utf-8") for language, name in LANGUAGES.items()}
    headings = {len(re.findall(r"^##+ ", text, re.MULTILINE)) for text in texts.values()}
    english, french = (
        [path.replace(f"-{language}.png", "") for _, path in PICTURE.findall(text)]
        for language, text in texts.items()
    )
    assert len(headings) == 1
    assert english == french


def test_no_picture_lies_about() -> None:
    """Every picture is shown, and all of them together stay small."""
    files = {path.name for path in (GUIDES / "pictures").iterdir()}
    shown = {path for language in LANGUAGES for _, path in PICTURE.findall(read(language))}
    assert files == {Path(path).name for path in shown}
    assert sum(path.stat().st_size for path in (GUIDES / "pictures").iterdir()) < MOST_BYTES
    shown = {path for _, path in PICTURE.findall((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {path.name for path in (ROOT / "docs/pictures").iterdir()} == {Path(path).name for path in shown}
