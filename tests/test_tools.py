"""What the Makefile calls: the translation check and the system's parts."""

import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import check_translations, system_parts

ROOT = Path(__file__).parent.parent


def _said(language: str, text: str, translation: str, *flags: str) -> list[str]:
    wanted = Catalog()
    wanted.add(text, flags=["python-format"] if "%" in text else [])
    translated = Catalog(locale=language)
    translated.add(text, translation, flags=[*flags, *(["python-format"] if "%" in text else [])])
    return check_translations.faults([message for message in wanted if message.id], language, translated)


def test_a_good_translation_has_no_fault() -> None:
    """Translated, not fuzzy, placeholders kept, spaces that do not break."""
    assert _said("fr", "Hello %(name)s:", "Bonjour %(name)s\N{NO-BREAK SPACE}:") == []
    assert _said("es", "Why, %(name)s?", "¿Por qué, %(name)s?") == []
    assert _said("es", "<b>No</b>!", "¡<b>No</b>!") == []


@pytest.mark.parametrize(
    ("language", "text", "translation", "flags", "fault"),
    [
        ("fr", "Hello", "", (), "not translated"),
        ("fr", "Hello", "Bonjour", ("fuzzy",), "fuzzy"),
        ("fr", "Hello %(name)s", "Bonjour %(nom)s", (), "nom"),
        ("fr", "Who?", "Qui ?", (), "a space"),
        ("es", "Who?", "Quién?", (), "a sign of punctuation"),
        ("es", "No!", "No!", (), "a sign of punctuation"),
        ("es", "“Yes”", "«Sí»", (), "a sign of punctuation"),
        ("es", "Say <b>no</b>", "Diga no", (), "other marks"),
    ],
)
def test_each_fault_is_named(
    language: str, text: str, translation: str, flags: tuple[str, ...], fault: str
) -> None:
    """The line says what is wrong and shows the text."""
    said = _said(language, text, translation, *flags)
    assert len(said) == 1
    assert fault in said[0]
    assert text in said[0]


def test_a_text_without_translation_is_named() -> None:
    """What `make messages` has not yet brought into the catalogue is a fault too."""
    wanted = Catalog()
    message = wanted.add("Hello")
    assert check_translations.faults([message], "fr", Catalog(locale="fr")) == [
        "fr: not in the catalogue (make messages): 'Hello'"
    ]


def test_a_missing_part_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing may be installed, the message says what to install and how, and the run fails."""
    monkeypatch.setenv("CHROMIUM", "/nonexistent")
    monkeypatch.setattr("shutil.which", lambda _name, path="": None)
    assert system_parts.main() == 1
    assert "brew install --cask chromium" in capsys.readouterr().err


def test_make_help_lists_every_target() -> None:
    """A target that a person may type explains itself."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    targets = set(phony.removeprefix(".PHONY:").split()) - {"FORCE"}
    assert {line.split()[1] for line in listed.splitlines() if line.startswith("  make ")} == targets
